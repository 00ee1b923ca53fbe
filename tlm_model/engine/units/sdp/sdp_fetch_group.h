// SPDX-License-Identifier: Apache-2.0
// One activation of SDP_RDMA: the read streams of one operation (main input, X1, X2, Y operands), from
// their requests to the datapath.
//
// Model: every stream asks for its next request as soon as the memory interface takes one, at most one a
// cycle, the first `request` cycles after the start. Data count as they come in; a beat on the bus in cycle
// t serves the datapath from t + read (main input) or t + operand (operands). A chunk's beats leave the
// latency FIFO, which gives the memory interface its credit back, when the FIFOs behind it have room
// (scalable generation: amaix::SdpReorder) or the datapath has used the chunk up. A record is used when its
// last transfer, m from 0, has come there:
//   used(m) = place + max over the streams S of (data of transfer m - held(S) + held(S)),
//                     entry(m - held(Y)) + held(Y) where Y sets the pace,   at least used(m - 1) + 1
// with held: the transfers between here and where S, or Y's pack, waits (amaix::SdpPlan::run_ahead); entries
// are at Y's pace. SDP_RDMA is done behind the last record but one's use.
// Limits: beats of one chunk are taken as having come at equal distances; the few beats behind the latency
// FIFO of V1 are not counted as room; a wait for room behind the datapath holds up entries only.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "amaix/sdp_plan.h"
#include "amaix/sdp_reorder.h"
#include "engine/fetch_ledger.h"
#include "engine/memory_interface.h"
#include "engine/scheduler.h"
#include "hardware/parameters.h"
#include "memory/ring_buffer.h"

namespace nvdla::engine {

// The memory interfaces that SDP reaches. A configuration without CVSRAM has one only.
struct SdpPorts {
  MemoryInterface* dbb = nullptr;
  MemoryInterface* cvsram = nullptr;

  [[nodiscard]] MemoryInterface& of(MemorySpace space) const {
    return space == MemorySpace::kCvsram && cvsram != nullptr ? *cvsram : *dbb;
  }
  // Whose port that is.
  [[nodiscard]] MemorySpace space(MemorySpace wanted) const {
    return cvsram != nullptr ? wanted : MemorySpace::kDbb;
  }
};

class SdpFetchGroup {
 public:
  SdpFetchGroup(const amaix::SdpFetchPlan& plan, const HardwareParameters& hardware, const SdpPorts& ports,
                OperationId id, std::uint64_t tag, Cycle start);

  // The operation that the data are for.
  [[nodiscard]] OperationId id() const { return id_; }
  [[nodiscard]] std::uint64_t tag() const { return tag_; }
  // Hands on requests while there is room.
  void issue(Cycle now);
  void on_read(const ReadReturn& data);

  // Transfers, counted from the operation's first, that all streams can serve with what has arrived. All
  // of them once everything has arrived.
  [[nodiscard]] std::uint64_t transfers_ready() const;
  // Earliest cycle in which transfer `first` may enter the datapath of `plan` if `count` of them follow each
  // other at its pace. Precondition: first + count <= transfers_ready(), count > 0.
  [[nodiscard]] Cycle earliest_entry(std::uint64_t first, std::uint64_t count,
                                     const amaix::SdpPlan& plan) const;
  // The operation has waited until `entry` for the stream that sets earliest_entry() of the same arguments.
  void explain(OperationLog& log, std::uint64_t first, std::uint64_t count, const amaix::SdpPlan& plan,
               Cycle entry);
  // CACC's next transfers can enter the datapath from cycle `at` on, one a cycle.
  void input(std::uint32_t transfers, Cycle at);
  // Its operation has begun, with this datapath.
  void pair(const amaix::SdpPlan& plan);
  // The datapath of `plan` has taken all transfers before `transfers`, the last of them in cycle `last`. The
  // plan must live until drain().
  void consumed(std::uint64_t transfers, Cycle last, const amaix::SdpPlan& plan);

  // Transfers from CACC that SDP has taken, or will when they come, with the data that are here: at least
  // those that have entered. And not before when transfer `index` of them could have entered, if nothing but
  // operands had kept it. Scalable generation.
  [[nodiscard]] std::uint64_t taken() const;
  // The same where the pace of a later stage is followed elsewhere: operands that are not here keep out what
  // is behind.
  [[nodiscard]] std::uint64_t let_in() const;
  [[nodiscard]] Cycle taken_at(std::uint64_t index) const { return passed(taken_, index); }
  // Gives back the credits of what has gone on to the FIFOs behind the latency FIFO. Returns when the next
  // does so without further events, or kNever.
  [[nodiscard]] Cycle give_credits(Cycle now);

  // Every stream has asked for and received all it wants.
  [[nodiscard]] bool complete() const { return incomplete_ == 0; }
  // It is known when the last packet but one has been used. Else the cycle of its entry is taken.
  [[nodiscard]] bool packet_used() const { return packets_ == 0; }
  // The cycle of SDP_RDMA's done, when `entry` is the cycle in which the last packet but one entered the
  // datapath of this plan. Precondition: complete().
  [[nodiscard]] Cycle done_at(Cycle entry, const amaix::SdpPlan& plan) const;
  // Takes whatever is left out of the latency FIFOs.
  void drain();

 private:
  struct Chunk {
    std::uint64_t end = 0;  // bytes of the stream up to and including this chunk
    std::uint32_t bytes = 0;
    std::uint32_t lead = 0;  // bytes of its first beat that were not asked for
    std::uint32_t beats = 0;
    std::uint32_t places = 0;  // in the latency FIFO: V1 packs, otherwise one a beat
    Cycle first_beat = 0;
    Cycle last_beat = 0;
    std::uint32_t released = 0;  // places that it has left
    std::uint64_t request = 0;   // bytes of the stream before its request
    bool last = false;           // of its request
  };
  using RunAheads = std::vector<amaix::SdpPlan::RunAhead>;
  struct Stream {
    explicit Stream(const amaix::SdpStream& stream) : plan(stream), walk(stream.walk), reorder(stream) {}

    amaix::SdpStream plan;
    amaix::SdpWalk walk;
    amaix::SdpRequest next;
    bool more = false;
    Cycle earliest = 0;  // of the next request
    std::uint64_t total = 0;
    std::uint64_t arrived = 0;
    std::uint64_t usable = 0;   // of them, in data that are complete
    std::uint64_t request = 0;  // bytes before the request that arrives
    Cycle last_beat = 0;
    std::uint64_t used = 0;     // bytes
    amaix::SdpReorder reorder;  // what is behind the latency FIFO
    std::uint64_t pack = 0;     // bytes before the pack that is in unpack, or enters it
    bool whole = false;         // all of that is there
    std::uint64_t uses = 0;     // of its records, that `reorder` knows of
    std::uint64_t passed = 0;   // the last transfer looked at for these, and when it was used
    Cycle passed_at = 0;
    std::optional<Cycle> packet;  // the last packet but one was used
    // Of the datapath that takes its data: what amaix::SdpPlan and entry_path() say of the stream.
    Cycle registers = 0, path = 0;
    amaix::SdpPlan::RunAhead slow;     // where Y sets the pace
    RunAheads stand;                   // where the data of each stream are waited for
    std::uint64_t reach = 0;           // the most of their transfers
    Cycle leaves = 0;                  // when the next beat may leave that FIFO, as the arbiter sees it
    memory::RingBuffer<Chunk> chunks;  // not used up
    std::size_t released = 0;          // the first of them, where room is followed
    FetchLedger ledger;
  };
  [[nodiscard]] Cycle entry_of(const Stream& stream, std::uint64_t first, std::uint64_t count,
                               const amaix::SdpPlan& plan) const;
  [[nodiscard]] Cycle beat_of(const Stream& stream, std::uint64_t byte) const;
  [[nodiscard]] static Cycle beat_at(const Chunk& chunk, std::uint64_t beat);
  [[nodiscard]] Cycle beat_in(const Chunk& chunk, std::uint64_t byte) const;
  [[nodiscard]] std::uint32_t path(const Stream& stream) const;
  void release(const Stream& stream, Chunk& chunk, std::uint32_t places);
  Cycle let_out(Stream& stream, Cycle now);
  Cycle leave(Stream& stream, Chunk& chunk, Cycle now);
  [[nodiscard]] bool pack_out(const Stream& stream) const;
  [[nodiscard]] std::uint32_t beats_with_room(const Stream& stream, const Chunk& chunk) const;
  void follow(const amaix::SdpPlan& plan);
  void tell_uses(Stream& stream);
  [[nodiscard]] std::uint64_t end_of_use(const Stream& stream) const;
  void use_packet(Stream& stream);
  [[nodiscard]] std::uint64_t let_through(const RunAheads& stand, std::uint64_t most) const;
  [[nodiscard]] Cycle used_at(Stream& stream, std::uint64_t end) const;
  [[nodiscard]] Cycle passed(const RunAheads& stand, std::uint64_t index) const;

  const HardwareParameters& hardware_;
  SdpPorts ports_;
  OperationId id_;
  std::uint64_t tag_;
  Cycle start_;
  const amaix::SdpPlan* datapath_ = nullptr;  // what it has taken: all before transfers_, the last in last_
  std::uint64_t transfers_ = 0;
  Cycle last_ = 0;
  RunAheads taken_;             // of what comes from CACC
  std::uint64_t packet_ = 0;    // transfers up to the last packet but one
  std::size_t packets_ = 1;     // streams that have not used it; none, before these are known
  std::size_t incomplete_ = 0;  // streams of which data are missing
  struct Input {
    std::uint64_t begin, end;  // transfers
    Cycle at;                  // of the first
  };
  bool flying_;
  std::uint64_t come_ = 0;            // transfers from CACC
  memory::RingBuffer<Input> inputs_;  // of those that have not entered
  std::vector<Stream> streams_;
};

}  // namespace nvdla::engine
