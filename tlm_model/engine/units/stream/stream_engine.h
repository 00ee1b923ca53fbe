// SPDX-License-Identifier: Apache-2.0
// PDP, CDP, BDMA and Rubik in simulated time: executes what amaix/stream_plan.h describes.
//
// Model: the read DMA offers one request a cycle while the memory interface takes them and no more than
// `queue` of PDP's and CDP's wait for their data (a cube of few columns has short requests); data wait in the
// latency FIFO, whose entries are given back when they move on to the reorder FIFOs in front of the core
// (*_RDMA_eg's ro_fifo), which a beat leaves with its last word. The core takes portions in order, see
// amaix/stream_plan.h for the times, and stalls while its output fills the places up to the arbiter of writes
// (amaix/write_chain.h) and its datapath. The unit's done (release of its group) is the last output's arrival
// in the write DMA; its interrupt comes `acknowledge` cycles after the last write is acknowledged. A plan
// that is `linked` (BDMA, Rubik) has no such core: its items go beat by beat through an amaix::WriteLink,
// whose back-pressure reaches the latency FIFO. One event for each portion, each credit and each piece of
// output. Limits: read DMA and core of one operation pair in order of their starts; when they disagree about
// the size of the cube, what is left over is dropped with a warning, and what is missing leaves the core
// running, as in hardware.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "amaix/stream_plan.h"
#include "amaix/write_chain.h"
#include "amaix/write_link.h"
#include "engine/fetch_ledger.h"
#include "engine/flow.h"
#include "engine/memory_interface.h"
#include "engine/operation_log.h"
#include "engine/scheduler.h"
#include "engine/write_path.h"
#include "hardware/clients.h"
#include "hardware/parameters.h"
#include "hardware/paths/movers.h"
#include "memory/ring_buffer.h"

namespace nvdla::engine {

// Who starts the unit. Called in the cycle named, never ahead of time.
class StreamOwner {
 public:
  virtual ~StreamOwner() = default;
  // The read DMA releases its group.
  virtual void on_stream_fetch_done(Cycle at) = 0;
  // The read DMA goes on to the last command of its group.
  virtual void on_stream_last_command(Cycle /*at*/) {}
  // The core releases its group; writes may still be under way.
  virtual void on_stream_released(Cycle at) = 0;
  // The interrupt: all writes of the operation are acknowledged. In the order of starts.
  virtual void on_stream_done(OperationId id, Cycle at) = 0;
  virtual void on_stream_warning(const std::string& text, Cycle at) = 0;
};

class StreamEngine : public Process, public MemoryClient {
 public:
  void on_read(const ReadReturn& data) override;
  void on_write_acknowledged(const WriteReturn& write) override;
  void on_room(Client client, Cycle at) override;
  void follow_writes() override;
  void on_write_left(MemorySpace space, Cycle at, bool last) override { path_.left(space, at, last); }
  [[nodiscard]] std::uint64_t write_stalls() const override { return link_stalls_ + path_.stalled(); }

  [[nodiscard]] bool idle() const { return fetches_.empty() && operations_.empty(); }
  // A request waits for the memory interface.
  [[nodiscard]] bool asks() const {
    return std::any_of(fetches_.begin(), fetches_.end(),
                       [](const Fetch& f) { return f.request.has_value(); });
  }
  void reset();

 protected:
  // `cvsram` may be null. Connects `client` to both interfaces.
  StreamEngine(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
               MemoryInterface* cvsram, Client client, Resource core, OperationLog& log, StreamOwner& owner);

  // `id`: the operation that the data are for.
  void add_fetch(OperationId id, std::unique_ptr<amaix::StreamReads> reads, const amaix::StreamTiming& timing,
                 Cycle at);
  // A core without read DMA takes what arrives through add_arrival().
  void add_operation(OperationId id, std::unique_ptr<amaix::StreamCore> core,
                     const amaix::StreamTiming& timing, bool fetches, Cycle at);
  // Data that do not come from memory; `done` transfers are reported through on_taken().
  void add_arrival(std::uint32_t bytes, std::uint32_t transfers, Cycle first, Cycle last);
  virtual void on_taken(std::uint32_t /*transfers*/, Cycle /*at*/) {}
  // What the core was busy with or waited for while a neighbour's operation `id` had no room until `until`.
  void explain_busy(OperationLog& log, OperationId id, Cycle until) {
    busy_.explain(log, id, until, Resource::kPartner);
  }
  // Of a plan that is `linked`: what its core made of a portion, item by item, and where it goes.
  struct LinkItem {
    const amaix::StreamItem& item;
    std::uint64_t tag = 0;
    Cycle start = 0;  // of the operation
    Cycle at = 0;     // in which a datum has come in
    const amaix::StreamTiming& timing;
  };
  virtual void present(const LinkItem& item);
  virtual void on_link_taken(const amaix::WriteLink::Taken& datum, const amaix::StreamTiming& timing);
  virtual void on_link_command(Cycle /*taken*/) {}
  // So many beats leave the latency FIFO, as the arbiter sees it, in cycle `at`.
  void free_beats(std::uint32_t beats, Cycle at) {
    for (std::uint32_t beat = 0; beat < beats; ++beat) credits_.push({last_space_, at});
  }
  [[nodiscard]] amaix::WriteLink& link() { return link_; }
  void warn(const std::vector<std::string>& warnings);
  void run(Cycle now) override;

  const HardwareParameters hardware_;

 private:
  struct Fetch {
    OperationId id;
    std::unique_ptr<amaix::StreamReads> reads;
    amaix::StreamTiming timing;
    Cycle next_request = 0;
    std::optional<amaix::StreamRequest> request;  // not yet accepted
    bool exhausted = false;
    std::uint32_t outstanding = 0;  // requests without all of their data
    // Of the request that arrives: bytes so far, and what waits for the rest of its datum.
    std::uint32_t request_bytes = 0, held_bytes = 0, held_beats = 0, held_places = 0;
    std::optional<Cycle> done;  // its core has taken everything
    bool reported = false;
    bool paired = false;
    bool dropped = false;  // its core is finished and wants no more
  };
  struct Portion {
    std::uint64_t fetch = 0;
    std::uint32_t bytes = 0, beats = 0, places = 0, transfers = 0;
    Cycle first = 0, last = 0;
    bool complete = false;
    bool ends = false;  // its request
  };
  struct Operation {
    OperationId id;
    std::uint64_t tag = 0;
    std::unique_ptr<amaix::StreamCore> core;
    amaix::StreamTiming timing;
    std::optional<std::uint64_t> fetch;  // tag of its read DMA's activation
    bool fetches = false;
    Cycle start = 0;
    std::optional<amaix::StreamStep> step;  // of the portion that is next
    Cycle free_at = 0;                      // the core can take the next portion
    std::int32_t read = 0;                  // timing.read of that portion
    bool begun = false;                     // it has taken one
    std::optional<Cycle> release;
    bool released = false;
    std::uint32_t pending = 0, unacknowledged = 0;
    std::uint32_t untaken = 0;  // data that the write link has not taken
    Cycle last_acknowledge = 0;
    WriteReturn last_write;
  };
  struct Output {
    OperationId id;
    std::uint64_t operation = 0;
    amaix::StreamRequest request;
    Cycle leaves = 0;
    std::uint32_t write = 0;
    bool linked = false;
    amaix::WaitingChunk chunk{};
  };
  struct Credit {
    MemorySpace space = MemorySpace::kDbb;
    Cycle at = 0;
  };

  [[nodiscard]] MemoryInterface* port(MemorySpace space) {
    return space == MemorySpace::kCvsram ? cvsram_ : dbb_;
  }
  [[nodiscard]] Operation* active();
  [[nodiscard]] Fetch* fetch(std::uint64_t tag);
  void pack(Fetch& from, const ReadReturn& data, Portion& portion) const;
  void issue(Cycle now);
  void take(Cycle now);
  void come(const ReadReturn& data, const amaix::StreamTiming& timing);
  void give_back();
  // The core has taken a portion, whose beats leave the FIFOs in front of it from `first` on.
  void leave(std::uint32_t beats, Cycle first, Cycle last, const amaix::StreamTiming& timing);
  bool take_one(Operation& operation, Cycle now);
  void put_out(Operation& operation, const amaix::StreamStep& step, Cycle entry);
  void leave_behind(Operation& operation, const Portion& portion, Cycle now);
  // The same of a plan that is `linked`.
  bool take_linked(Operation& operation);
  void follow_link(Cycle now);
  void drop_surplus(Cycle now);
  void flush(Cycle now);
  void give_credits(Cycle now);
  void conclude(Cycle now);
  void at(Cycle cycle) { next_wake_ = std::min(next_wake_, cycle); }
  // Something has happened that all of it looks at.
  void stir(Cycle cycle) {
    stirred_ = true;
    wake(cycle);
  }
  [[nodiscard]] Cycle next_room();
  // The output that has not been granted has places when the portion of `step` begins.
  [[nodiscard]] bool output_has_room(const amaix::StreamTiming& timing, const amaix::StreamStep& step);
  void look_at_outputs();
  // The last datum has left WDMA.
  [[nodiscard]] bool output_taken();
  [[nodiscard]] amaix::WaitingChunk chunk_of(const amaix::StreamOutput& output) const;
  void account_tail(const Operation& operation);

  MemoryInterface* dbb_;
  MemoryInterface* cvsram_;
  const Client client_;
  const Resource core_;
  OperationLog& log_;
  StreamOwner& owner_;
  FetchLedger ledger_;
  FetchLedger busy_;  // of the core's operations that take arrivals

  std::deque<Fetch> fetches_;
  std::uint64_t first_fetch_ = 0;  // tag of fetches_.front()
  std::uint64_t paired_ = 0;       // tag that the next operation with a fetch gets
  std::deque<Operation> operations_;
  std::uint64_t next_operation_ = 0;
  memory::RingBuffer<Portion> portions_;  // from memory, in the order of requests
  memory::RingBuffer<Portion> arrivals_;  // from a neighbour
  MemorySpace last_space_ = MemorySpace::kDbb;
  memory::RingBuffer<Output> outputs_;
  amaix::WriteLink link_;
  WritePath path_;  // of a plan that is not `linked`
  const amaix::WriteChain write_chain_;
  const std::size_t quiet_outputs_;                        // so many have a place whatever they are
  memory::RingBuffer<amaix::WaitingChunk> handed_chunks_;  // to the memory interfaces, the last of them
  memory::RingBuffer<amaix::WaitingChunk> waiting_;        // and outputs_, when they are looked at
  std::array<std::size_t, 2> handed_{};                    // its chunks in front of the arbiter, by memory
  Cycle link_taken_ = 0;                                   // its last datum
  Cycle item_taken_ = -1;                                  // its last command or datum
  std::uint64_t link_stalls_ = 0;                          // cycles in which one was not taken
  memory::RingBuffer<Credit> credits_;
  // Of beats in the order in which they come: when one could leave the latency FIFO, and when one leaves the
  // reorder FIFOs behind it, which hold `reorder_beats_`. One that is in both has been given back.
  memory::RingBuffer<Cycle> come_, gone_;
  std::uint32_t reorder_beats_ = 0, reorder_room_ = 0;
  // Requests that have a place in the read DMA's queue, and from when on its next places are free again.
  std::uint32_t queued_ = 0;
  memory::RingBuffer<Cycle> places_;
  Cycle given_back_ = 0;  // the last
  Cycle core_free_ = 0;   // of the operation before
  bool output_waits_ = false;
  MemorySpace blocked_space_ = MemorySpace::kDbb;  // of the output that waited
  Cycle next_wake_ = kNever;                       // but for credits
  Cycle room_at_ = kNever;                         // the next for them
  bool stirred_ = false;
};

}  // namespace nvdla::engine
