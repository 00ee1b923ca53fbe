// SPDX-License-Identifier: Apache-2.0
// One activation of SDP_RDMA: the read streams of one operation (main input, X1, X2, Y operands), from
// their requests to the datapath.
//
// Model: every stream asks for its next request as soon as the memory interface takes one, at most one a
// cycle, the first `request` cycles after the start. Data count as they come in; a beat on the bus in cycle
// t serves the datapath from t + read (main input) or t + operand (operands). A chunk's beats leave the
// latency FIFO, which gives the memory interface its credit back, when the FIFOs behind it have room
// (scalable generation: amaix::SdpStream::room_behind; data go on to where they are used ahead of the entry
// while the datapath waits for what is needed further behind) or the datapath has used the chunk up.
// Limits: beats of one chunk are taken as having come in consecutive cycles up to the last one; the few beats
// behind the latency FIFO of V1 are not counted as room; how far a wait for room or for Y reaches back.
#pragma once

#include <cstdint>
#include <vector>

#include "amaix/sdp_plan.h"
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
  // It waits for other things: `stand` is kSdpE for its Y, kSdp for its input or room.
  void stands_at(Client stand) { stand_ = stand; }
  // The datapath of `plan` has taken all transfers before `transfers`, the last of them in cycle `last`.
  void consumed(std::uint64_t transfers, Cycle last, const amaix::SdpPlan& plan);

  // Gives back the credits of what has gone on to the FIFOs behind the latency FIFO. Returns when the next
  // does so without further events, or kNever.
  [[nodiscard]] Cycle give_credits(Cycle now);

  // Every stream has asked for and received all it wants.
  [[nodiscard]] bool complete() const;
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
    Cycle first_beat = 0;
    Cycle last_beat = 0;
    std::uint32_t released = 0;  // beats that have left the latency FIFO
    std::uint64_t request = 0;   // bytes of the stream before its request
    bool last = false;           // of its request
  };
  struct Stream {
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
    std::uint64_t used = 0;   // bytes
    std::uint64_t taken = 0;  // records that have made room
    std::uint64_t room = 0;   // bytes that the latency FIFO and those behind it let pass so far
    struct Opening {
      std::uint64_t room;
      Cycle at;
    };
    memory::RingBuffer<Opening> openings;  // of it
    Cycle leaves = 0;                      // when the next beat may leave that FIFO, as the arbiter sees it
    memory::RingBuffer<Chunk> chunks;      // not used up
    std::size_t released = 0;              // the first of them, where room is followed
    FetchLedger ledger;
  };
  [[nodiscard]] Cycle entry_of(const Stream& stream, std::uint64_t first, std::uint64_t count,
                               const amaix::SdpPlan& plan) const;
  [[nodiscard]] Cycle beat_of(const Stream& stream, std::uint64_t byte) const;
  [[nodiscard]] Cycle beat_in(const Chunk& chunk, std::uint64_t byte) const;
  [[nodiscard]] std::uint32_t path(const Stream& stream) const;
  void release(const Stream& stream, Chunk& chunk, std::uint32_t beats);
  Cycle leave(Stream& stream, Chunk& chunk, Cycle now);
  [[nodiscard]] std::uint32_t beats_with_room(const Stream& stream, const Chunk& chunk) const;
  void make_room(Stream& stream, std::uint64_t transfers, Cycle last, const amaix::SdpPlan& plan);
  [[nodiscard]] std::uint64_t let_through(Client client, const amaix::SdpPlan& plan) const;
  [[nodiscard]] Cycle passed(Client client, std::uint64_t index, const amaix::SdpPlan& plan) const;
  // Bytes of the stream that may have left the latency FIFO when the datapath has taken so many records.
  [[nodiscard]] std::uint64_t room_behind(const Stream& stream, std::uint64_t records) const;

  const HardwareParameters& hardware_;
  SdpPorts ports_;
  OperationId id_;
  std::uint64_t tag_;
  Cycle start_;
  Client stand_ = Client::kSdp;  // whose data the datapath has waited for
  std::vector<Stream> streams_;
};

}  // namespace nvdla::engine
