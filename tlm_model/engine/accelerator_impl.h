// SPDX-License-Identifier: Apache-2.0
// The inside of Accelerator: what its translation units share. Not for users.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "engine/accelerator.h"
#include "engine/bdma_engine.h"
#include "engine/cdp_engine.h"
#include "engine/convolution_engine.h"
#include "engine/operation_log.h"
#include "engine/pdp_engine.h"
#include "engine/perf_counters.h"
#include "engine/port_tap.h"
#include "engine/rubik_engine.h"
#include "engine/sdp_engine.h"
#include "engine/unit_starter.h"
#include "registers/decoder.h"

namespace nvdla::engine {

class Timer : public Process {
 public:
  Timer(Scheduler& scheduler, std::function<void()> action)
      : Process(scheduler), action_(std::move(action)) {}

 protected:
  void run(Cycle /*now*/) override { action_(); }

 private:
  std::function<void()> action_;
};

struct Accelerator::Impl final : registers::RegisterListener, ConvolutionOwner, SdpOwner, StreamOwner {
  Impl(const HardwareParameters& parameters, const AcceleratorOptions& chosen);

  void on_enable(Unit unit, std::uint32_t group, Cycle entered) override;
  void on_bdma_queued() override;
  void on_written(Unit unit, std::uint32_t offset, std::uint32_t value) override;

  void on_data_done(Cycle at) override { raise(Interrupt::kCdmaData, starter(Unit::kCdma).group(), at); }
  void on_weight_done(Cycle at) override { raise(Interrupt::kCdmaWeight, starter(Unit::kCdma).group(), at); }
  void on_fetch_done(Cycle at) override;
  void on_sequence_done(Cycle at) override;
  void on_accumulate_done(Cycle at) override;
  void on_accumulate_interrupt(Cycle at) override;
  void warn(const std::string& text) override { log.warn(text, scheduler.now()); }
  // Of a descriptor's register: bits that are set and not stored, such as those of an unaligned address or of
  // a size of 0, which minus 1 is written as all ones.
  void warn_of_lost_bits(std::uint32_t offset, std::uint32_t value, Cycle at);

  void on_sdp_fetch_done(Cycle at) override {
    counters.end(Unit::kSdpRdma, starter(Unit::kSdpRdma).release(at));
  }
  void on_sdp_released(Cycle at) override { starter(Unit::kSdp).release(at); }
  void on_sdp_done(const SdpCompletion& completion) override;
  void on_sdp_warning(const std::string& text, Cycle at) override { log.warn(text, at); }

  void on_stream_fetch_done(Client unit, Cycle at) override;
  void on_stream_released(Client unit, Cycle at) override;
  void on_stream_done(Client unit, const StreamCompletion& completion) override;
  void on_stream_warning(Client /*unit*/, const std::string& text, Cycle at) override { log.warn(text, at); }

  void decode(Unit unit, std::uint32_t group);
  // Throw registers::DecodeError: what the units of one operation must agree on, when the last of them is
  // enabled.
  void check_convolution(Unit unit, std::uint32_t group);
  void check_sdp(std::uint32_t group);
  // Levels roofline and refined (accelerator_closed_form.cpp).
  void closed_form_started(Unit unit, std::uint32_t group, Cycle at);
  void closed_form_consider();
  void closed_form_convolution();
  void closed_form_single(Engine reported, std::initializer_list<Unit> parts, Interrupt source,
                          const std::function<amaix::Estimate(std::uint32_t group)>& estimate);
  void closed_form_finish();

  void unit_started(Unit unit, std::uint32_t group, Cycle at);
  void start_sdp(std::uint32_t group, Cycle at);
  void start_planar_fetch(Unit rdma, std::uint32_t group, Cycle at);
  void start_sequence(Cycle at);
  void raise(Interrupt source, std::uint32_t group, Cycle at);
  void finish(Engine unit, Interrupt source, std::deque<std::uint32_t>& groups, Cycle at);
  void reset(Cycle flush_done);
  UnitStarter& starter(Unit unit) { return *starters[static_cast<std::size_t>(unit)]; }

  const HardwareParameters hardware;
  const AcceleratorOptions options;
  Scheduler scheduler;
  registers::RegisterFile file;
  OperationLog log;
  MemoryInterface dbb, cvsram;
  PerfCounters counters;
  PortTap dbb_tap, cvsram_tap;
  ConvolutionEngine convolution;
  SdpEngine sdp;
  PdpEngine pdp;
  CdpEngine cdp;
  BdmaEngine bdma;
  RubikEngine rubik;
  Timer flush, lump_timer;
  std::array<std::unique_ptr<UnitStarter>, kUnits> starters;

  // Closed form: what a unit has taken and waits with, and operations under way.
  struct Taken {
    std::uint32_t group = 0;
    Cycle at = 0;
  };
  struct Lump {
    Cycle done = 0;
    std::vector<Unit> units;
    struct Report {
      Engine unit;
      Interrupt source;
      std::uint32_t group;
      Resource bound_by;
      Traffic dbb, cvsram;
    };
    std::vector<Report> reports;
    std::vector<std::pair<Interrupt, std::uint32_t>> other_interrupts;
  };
  std::array<std::optional<Taken>, kUnits> taken;
  std::vector<Lump> lumps;
  std::array<std::array<Cycle, 2>, kUnits> enabled_at{};
  std::array<Cycle, kEngines> last_done{};
  ConvolutionFetch last_fetch;

  // Operations decoded at OP_ENABLE, by group.
  std::array<ConvolutionFetch, 2> fetches;
  std::array<ConvolutionSequence, 2> sequences;
  std::array<ConvolutionAccumulate, 2> accumulates;
  std::array<std::uint32_t, 2> convolution_parts{};  // units of the pipeline enabled so far, one bit each
  std::array<SdpFetch, 2> sdp_fetches;
  std::array<SdpOperation, 2> sdp_operations;
  std::array<PdpOperation, 2> pdp_operations;
  std::array<CdpOperation, 2> cdp_operations;
  std::array<RubikOperation, 2> rubik_operations;
  std::array<std::vector<BdmaTransfer>, 2> bdma_transfers;  // launched
  std::vector<BdmaTransfer> bdma_queue;                     // not yet launched
  std::array<bool, 2> sdp_fetch_enabled{};  // SDP_RDMA takes part in the group's next operation
  std::optional<std::uint32_t> sdp_held;    // SDP has taken this group and waits for SDP_RDMA's OP_ENABLE
  // A read DMA of PDP or CDP begins when it has started and the unit it feeds is enabled in the same group.
  struct PlanarFetch {
    std::array<bool, 2> started{}, wanted{};
  };
  PlanarFetch pdp_fetch, cdp_fetch;
  // CSC, CMAC_A, CMAC_B, CACC: groups taken whose layer CSC has not begun (CACC may be a layer ahead).
  std::array<std::uint32_t, 4> sequence_waits{};
  // Groups whose interrupt comes after the unit has released them.
  std::deque<std::uint32_t> accumulate_groups, sdp_groups, pdp_groups, cdp_groups, bdma_groups, rubik_groups;
};

}  // namespace nvdla::engine
