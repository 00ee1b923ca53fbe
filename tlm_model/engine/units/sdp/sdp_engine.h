// SPDX-License-Identifier: Apache-2.0
// SDP and SDP_RDMA in simulated time: executes amaix::SdpPlan.
//
// Model: the datapath takes runs of transfers. A run is what one write unit, one hand-over from CACC or one
// piece of read data covers; its first transfer enters at
//   max(previous entry + cycles_per_transfer, main input, operands, room towards memory or PDP)
// and the others follow every cycles_per_transfer cycles. A write unit (a chunk, or a beat in the scalable
// generation) that is complete leaves the datapath `depth` cycles later and reaches the bus `write` cycles
// after that. SDP is done a register behind the last beat that its write DMA has handed over; its interrupt
// comes `acknowledge` cycles after the last write is acknowledged. Lengths: amaix::SdpPathLengths.
// One event for each run, each read chunk and each write unit.
// Limits: operand values, LUT contents and thus saturation do not influence time, in hardware either.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "amaix/sdp_plan.h"
#include "engine/flow.h"
#include "engine/memory_interface.h"
#include "engine/operation_log.h"
#include "engine/scheduler.h"
#include "engine/units/sdp/sdp_fetch_group.h"
#include "engine/write_path.h"
#include "hardware/parameters.h"
#include "hardware/types.h"
#include "memory/ring_buffer.h"
#include "operation/sdp.h"

namespace nvdla::engine {

// Who starts SDP. Called in the cycle named, never ahead of time.
class SdpOwner {
 public:
  virtual ~SdpOwner() = default;
  // SDP_RDMA releases its group.
  virtual void on_sdp_fetch_done(Cycle at) = 0;
  // SDP releases its group; writes may still be under way.
  virtual void on_sdp_released(Cycle at) = 0;
  // The interrupt: all writes of the operation are acknowledged. In the order of start().
  virtual void on_sdp_done(OperationId id, Cycle at) = 0;
  virtual void on_sdp_warning(const std::string& text, Cycle at) = 0;
};

class SdpEngine : public Process, public MemoryClient, public DeliverySink, public DeliverySource {
 public:
  // `cvsram` may be null in configurations without it. Connects the clients sdp, sdpb, sdpn and sdpe.
  SdpEngine(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
            MemoryInterface* cvsram, OperationLog& log, SdpOwner& owner);

  // Neighbours on the fly; may stay unset.
  void connect_source(DeliverySource& source) { source_ = &source; }
  void connect_pdp(DeliverySink& sink) { pdp_ = &sink; }

  // SDP_RDMA takes a group in cycle `at` (>= now), for operation `id`. Fetches pair in order with operations
  // that have one.
  void fetch_start(OperationId id, const SdpFetch& fetch, Cycle at);
  // SDP takes a group in cycle `at`; `fetches`: the operation takes data of SDP_RDMA. Precondition: the
  // previous operation is released.
  void start(OperationId id, const SdpOperation& operation, bool fetches, Cycle at);

  // CACC hands over; may come before start().
  void deliver(const Delivery& delivery) override;
  // PDP has taken transfers.
  void on_taken(std::uint32_t transfers, Cycle at) override;

  void on_read(const ReadReturn& data) override;
  void on_write_acknowledged(const WriteReturn& write) override;
  void on_room(Client client, Cycle at) override;
  void follow_writes() override;
  void on_write_left(MemorySpace space, Cycle at, bool last) override { path_.left(space, at, last); }
  [[nodiscard]] std::uint64_t write_stalls() const override { return path_.stalled(); }

  [[nodiscard]] bool idle() const { return operations_.empty() && fetches_.empty(); }
  void reset();

 protected:
  void run(Cycle now) override;

 private:
  struct Operation {
    OperationId id;
    std::uint64_t tag = 0;
    amaix::SdpPlan plan;
    bool flying = false;
    bool to_pdp = false;
    std::optional<std::uint64_t> fetch;      // tag of its SDP_RDMA activation
    Resource datapath = Resource::kSdpCore;  // what sets cycles_per_transfer
    Cycle start = 0;
    std::uint64_t taken = 0;  // transfers that have entered
    amaix::SdpWalk walk;
    amaix::SdpRequest command;       // of the write DMA, the part not yet in a unit
    bool command_begins = false;     // nothing of it has been written
    bool command_halved = false;     // it begins inside a beat
    std::uint64_t command_left = 0;  // transfers that it still needs
    // Transfers of its data in all, and those that have entered.
    std::uint64_t command_transfers = 0, command_taken = 0;
    std::uint64_t unit_left = 0;  // transfers that its next unit still needs
    std::uint32_t unit_bytes = 0;
    std::uint64_t packet_entry_at = 0;  // transfers up to the last packet but one

    Cycle group_entry = 0;   // of the first of plan.group_transfers
    Cycle packet_entry = 0;  // when the last of those entered; SDP_RDMA's done depends on it
    bool finished = false;   // all transfers have entered
    Cycle data_done = 0;     // the last one has left the datapath
    std::optional<Cycle> release;
    bool released = false;  // and the owner knows
    std::uint32_t unacknowledged = 0;
    std::uint32_t pending = 0;  // units not yet handed to the memory interface
    Cycle last_acknowledge = 0;
    WriteReturn last_write;
    std::optional<Cycle> interrupt;
    std::uint64_t accepted = 0;            // transfers that have been taken from CACC
    memory::RingBuffer<Cycle> room;        // when the ones behind plan.ahead may be, see accept()
    memory::RingBuffer<Cycle> front_room;  // the same of plan.front
    bool blocked = false;                  // its output keeps the next run out
  };
  struct Unit {  // a complete write unit on its way to the memory interface
    std::uint64_t operation = 0;
    MemorySpace space = MemorySpace::kDbb;
    amaix::SdpRequest request;
    Cycle leaves = 0;  // the write DMA's slots
    Cycle slots = 0;
  };
  struct Inbound {
    Delivery delivery;
    std::uint32_t taken = 0;     // have entered the datapath, at the pace of its slowest stage
    std::uint32_t accepted = 0;  // have been taken from CACC
  };
  struct Fetch {
    SdpFetchGroup group;
    std::uint64_t transfers = 0;
    std::uint32_t packet_transfers = 1;
    std::optional<Cycle> done;
    bool reported = false;
    bool paired = false;   // its operation has looked at it
    bool used_up = false;  // by its operation
  };

  [[nodiscard]] Operation* active();
  [[nodiscard]] Operation* find(std::uint64_t tag);
  [[nodiscard]] Fetch* fetch_of(const Operation& operation);
  bool step(Operation& operation, Cycle now);
  void next_unit(Operation& operation);
  static bool next_command(Operation& operation);
  void enter(Operation& operation, std::uint64_t count, Cycle first, Cycle now);
  void accept(Operation& operation);
  void accept_ahead(const Operation& operation, const SdpFetchGroup& group);
  [[nodiscard]] Inbound* next_inbound();
  void forget_used();
  void take_input(Operation& operation, std::uint64_t count, Cycle last, Cycle now);
  void hand_to_pdp(const Operation& operation, std::uint64_t first, std::uint64_t count, Cycle leaves);
  void finish(Operation& operation, Cycle now);
  void push_unit(Operation& operation, const amaix::SdpRequest& request, Cycle leaves);
  void follow_data(Operation& operation, std::uint64_t count, Cycle first);
  [[nodiscard]] std::uint64_t of_datum(const amaix::SdpOutput& output) const;
  void flush(Cycle now);
  void conclude_fetches(Cycle now);
  void conclude_operations(Cycle now);
  void drop_surplus();
  void at(Cycle cycle) { next_wake_ = std::min(next_wake_, cycle); }
  [[nodiscard]] std::uint64_t output_room(const Operation& operation);
  void account_tail(const Operation& operation);
  // The last datum has left WDMA.
  [[nodiscard]] bool output_drained(const Operation& operation);
  [[nodiscard]] Cycle all_with_pdp() const;
  [[nodiscard]] std::int64_t write_places(const amaix::SdpPlan& plan);
  [[nodiscard]] Cycle write_back(const amaix::SdpPlan& plan) const;
  void hear_of_writes();
  void look_for_room(const Operation& operation, Cycle now);

  const HardwareParameters hardware_;
  const amaix::SdpPathLengths paths_;
  SdpPorts ports_;
  OperationLog& log_;
  SdpOwner& owner_;
  DeliverySource* source_ = nullptr;
  DeliverySink* pdp_ = nullptr;

  std::deque<Fetch> fetches_;
  std::uint64_t next_fetch_ = 0;         // tag of the next SDP_RDMA activation
  std::uint64_t next_paired_fetch_ = 0;  // tag that the next operation with a fetch gets
  std::deque<Operation> operations_;     // at most one not released, the last
  std::uint64_t next_operation_ = 0;
  std::deque<Inbound> inbound_;  // not taken and accepted completely
  memory::RingBuffer<Unit> units_;
  WritePath path_;
  Cycle pdp_taken_ = 0;                  // PDP has taken all but these
  std::uint64_t pdp_outstanding_ = 0;    // transfers handed to PDP and not taken
  const std::uint32_t pdp_pace_;         // amaix::pdp_pace()
  memory::RingBuffer<Cycle> pdp_takes_;  // the last that it has taken, of those that the FIFO holds
  Cycle last_accepted_ = 0;              // the last transfer taken ahead of its entry
  Cycle handed_at_ = 0;                  // the last unit, to the memory interface
  Cycle write_free_ = 0;                 // the write DMA's slots are taken up to here
  bool dropping_ = false;                // surplus transfers of CACC, up to the one marked last
  Cycle last_entry_ = 0;                 // of any operation
  Cycle next_entry_ = 0;                 // earliest, as far as the datapath is concerned
  Cycle next_wake_ = kNever;
};

}  // namespace nvdla::engine
