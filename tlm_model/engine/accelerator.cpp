// SPDX-License-Identifier: Apache-2.0
#include "engine/accelerator.h"

#include <algorithm>
#include <array>
#include <deque>
#include <functional>

#include "engine/convolution_engine.h"
#include "engine/operation_log.h"
#include "engine/port_tap.h"
#include "engine/sdp_engine.h"
#include "engine/unit_starter.h"
#include "registers/decoder.h"

namespace nvdla::engine {

using registers::Interrupt;
using registers::Unit;

namespace {

// The CBUF is flushed after reset through its two write ports, one entry each a cycle (CDMA: flush counters). A
// simulation begins when reset has settled for this long, as the recordings do.
constexpr Cycle kSettledReset = 4096;

constexpr std::array<Unit, 12> kPingPongUnits = {Unit::kCdma,    Unit::kCsc, Unit::kCmacA,   Unit::kCmacB,
                                                 Unit::kCacc,    Unit::kSdpRdma, Unit::kSdp, Unit::kPdpRdma,
                                                 Unit::kPdp,     Unit::kCdpRdma, Unit::kCdp, Unit::kRubik};

Cycle flush_cycles(const amaix::HardwareParameters& hardware) {
  return Cycle{hardware.cbuf_banks} * hardware.cbuf_entries_per_bank / 2;
}

class Timer : public Process {
 public:
  Timer(Scheduler& scheduler, std::function<void()> action) : Process(scheduler), action_(std::move(action)) {}

 protected:
  void run(Cycle /*now*/) override { action_(); }

 private:
  std::function<void()> action_;
};

}  // namespace

struct Accelerator::Impl final : registers::RegisterListener, ConvolutionOwner, SdpOwner {
  Impl(const amaix::HardwareParameters& parameters, const AcceleratorOptions& chosen);

  void on_enable(Unit unit, std::uint32_t group) override;
  void on_bdma_queued() override;
  void on_written(Unit unit, std::uint32_t offset, std::uint32_t value) override;

  void on_data_done(Cycle at) override { raise(Interrupt::kCdmaData, starter(Unit::kCdma).group(), at); }
  void on_weight_done(Cycle at) override { raise(Interrupt::kCdmaWeight, starter(Unit::kCdma).group(), at); }
  void on_fetch_done(Cycle at) override;
  void on_sequence_done(Cycle at) override;
  void on_accumulate_done(Cycle at) override;
  void on_accumulate_interrupt(Cycle at) override;
  void warn(const std::string& text) override { log.warn(text, scheduler.now()); }

  void on_sdp_fetch_done(Cycle at) override { starter(Unit::kSdpRdma).release(at); }
  void on_sdp_released(Cycle at) override { starter(Unit::kSdp).release(at); }
  void on_sdp_done(const SdpCompletion& completion) override;
  void on_sdp_warning(const std::string& text, Cycle at) override { log.warn(text, at); }

  void decode(Unit unit, std::uint32_t group);
  void unit_started(Unit unit, std::uint32_t group, Cycle at);
  void start_sequence(Cycle at);
  void raise(Interrupt source, std::uint32_t group, Cycle at);
  void finish(ReportedUnit unit, Interrupt source, std::deque<std::uint32_t>& groups, Cycle at);
  void reset(Cycle flush_done);
  UnitStarter& starter(Unit unit) { return *starters[static_cast<std::size_t>(unit)]; }

  const amaix::HardwareParameters hardware;
  const AcceleratorOptions options;
  Scheduler scheduler;
  registers::RegisterFile file;
  OperationLog log;
  MemoryInterface dbb, cvsram;
  PortTap dbb_tap, cvsram_tap;
  ConvolutionEngine convolution;
  SdpEngine sdp;
  Timer flush;
  std::array<std::unique_ptr<UnitStarter>, registers::kUnits> starters;

  // Operations decoded at OP_ENABLE, by group.
  std::array<amaix::ConvolutionFetch, 2> fetches;
  std::array<amaix::ConvolutionSequence, 2> sequences;
  std::array<amaix::SdpFetch, 2> sdp_fetches;
  std::array<amaix::SdpOperation, 2> sdp_operations;
  std::array<bool, 2> sdp_fetch_enabled{};  // SDP_RDMA takes part in the group's next operation
  // Groups whose interrupt comes after the unit has released them.
  std::deque<std::uint32_t> accumulate_groups, sdp_groups;
};

Accelerator::Impl::Impl(const amaix::HardwareParameters& parameters, const AcceleratorOptions& chosen)
    : hardware((amaix::check(parameters), parameters)),
      options(chosen),
      file(hardware),
      dbb(scheduler, hardware, MemorySpace::kDbb),
      cvsram(scheduler, hardware, MemorySpace::kCvsram),
      dbb_tap(scheduler, dbb, log, hardware.dbb_width_bytes, "DBB"),
      cvsram_tap(scheduler, cvsram, log, hardware.dbb_width_bytes, "CVSRAM"),
      convolution(scheduler, hardware, dbb, cvsram, *this),
      sdp(scheduler, hardware, dbb, &cvsram, *this),
      flush(scheduler, [this] { file.set_cbuf_flushed(true); }) {
  for (const Unit unit : kPingPongUnits) {
    starters[static_cast<std::size_t>(unit)] = std::make_unique<UnitStarter>(
        scheduler, file, unit, [this, unit](std::uint32_t group, Cycle at) { unit_started(unit, group, at); });
  }
  convolution.connect_sink(sdp);
  sdp.connect_source(convolution.source());
  file.set_listener(this);
  reset(std::max<Cycle>(0, flush_cycles(hardware) - kSettledReset));
}

void Accelerator::Impl::reset(Cycle flush_done) {
  scheduler.clear();
  file.reset();
  log.reset();
  dbb.reset();
  cvsram.reset();
  dbb_tap.reset();
  cvsram_tap.reset();
  convolution.reset();
  sdp.reset();
  for (const auto& unit : starters) {
    if (unit) unit->reset();
  }
  accumulate_groups.clear();
  sdp_groups.clear();
  sdp_fetch_enabled = {};
  file.set_cbuf_flushed(flush_done <= scheduler.now());
  if (flush_done > scheduler.now()) flush.wake(flush_done);
}

// Decoding at OP_ENABLE lets an illegal descriptor be reported at the write that asks for it: the registers of an enabled
// group cannot change any more.
void Accelerator::Impl::decode(Unit unit, std::uint32_t group) {
  switch (unit) {
    case Unit::kCdma:
      fetches[group] = registers::decode_fetch(file, group, hardware);
      return;
    case Unit::kCsc:
      sequences[group] = registers::decode_sequence(file, group, hardware);
      return;
    case Unit::kCacc:
      static_cast<void>(registers::decode_accumulate(file, group, hardware));
      return;
    case Unit::kSdpRdma:
      sdp_fetches[group] = registers::decode_sdp_fetch(file, group, hardware);
      sdp_fetch_enabled[group] = true;
      return;
    case Unit::kSdp:
      sdp_operations[group] = registers::decode_sdp(file, group, hardware);
      return;
    default:
      return;
  }
}

void Accelerator::Impl::on_enable(Unit unit, std::uint32_t group) {
  const Cycle at = scheduler.now();
  try {
    decode(unit, group);
  } catch (const registers::DecodeError& error) {
    log.fault(error.what(), at);
    return;
  }
  if (unit == Unit::kCdma) log.enabled(ReportedUnit::kConv, group, at);
  if (unit == Unit::kSdp) log.enabled(ReportedUnit::kSdp, group, at);
  starter(unit).enabled(group, at);
}

void Accelerator::Impl::unit_started(Unit unit, std::uint32_t group, Cycle at) {
  switch (unit) {
    case Unit::kCdma:
      log.started(ReportedUnit::kConv, group, at, false);
      convolution.fetch_start(fetches[group], at);
      return;
    case Unit::kCacc:
      accumulate_groups.push_back(group);
      start_sequence(at);
      return;
    case Unit::kCsc:
    case Unit::kCmacA:
    case Unit::kCmacB:
      start_sequence(at);
      return;
    case Unit::kSdpRdma:
      log.read_group(ReportedUnit::kSdp, group);
      sdp.fetch_start(sdp_fetches[group], at);
      return;
    case Unit::kSdp: {
      amaix::SdpOperation& operation = sdp_operations[group];
      operation.has_fetch = sdp_fetch_enabled[group];
      if (operation.has_fetch) operation.fetch = sdp_fetches[group];
      sdp_fetch_enabled[group] = false;
      sdp_groups.push_back(group);
      log.started(ReportedUnit::kSdp, group, at, operation.flying);
      sdp.start(operation, at);
      return;
    }
    default:
      return;
  }
}

// CSC issues when the units behind it have taken their groups too.
void Accelerator::Impl::start_sequence(Cycle at) {
  for (const Unit unit : {Unit::kCsc, Unit::kCmacA, Unit::kCmacB, Unit::kCacc}) {
    if (!starter(unit).running()) return;
  }
  convolution.sequence_start(sequences[starter(Unit::kCsc).group()], at);
}

void Accelerator::Impl::raise(Interrupt source, std::uint32_t group, Cycle at) {
  file.raise(source, group);
  std::uint32_t status = 0;
  file.peek(file.map().offset(Unit::kGlb, "S_INTR_STATUS"), status);
  log.interrupt(status, at);
}

void Accelerator::Impl::finish(ReportedUnit unit, Interrupt source, std::deque<std::uint32_t>& groups, Cycle at) {
  log.done(unit, at);
  const std::uint32_t group = groups.front();
  groups.pop_front();
  raise(source, group, at);
}

void Accelerator::Impl::on_fetch_done(Cycle at) {
  log.fetched();
  starter(Unit::kCdma).release(at);
}

void Accelerator::Impl::on_sequence_done(Cycle at) {
  starter(Unit::kCmacA).release(at);
  starter(Unit::kCmacB).release(at);
  starter(Unit::kCsc).release(at);
}

void Accelerator::Impl::on_accumulate_done(Cycle at) {
  const SequenceCycles& cycles = convolution.sequence_cycles();
  const std::uint64_t most = std::max({cycles.active, cycles.load, cycles.wait_data, cycles.wait_weights,
                                       cycles.wait_credits});
  const amaix::ConvolutionFetch& fetch = fetches[accumulate_groups.back()];
  const auto memory = [](MemorySpace space) {
    return space == MemorySpace::kDbb ? amaix::Resource::kDbb : amaix::Resource::kCvsram;
  };
  amaix::Resource bound = amaix::Resource::kMacArray;
  if (most == cycles.active) {
    bound = amaix::Resource::kMacArray;
  } else if (most == cycles.load) {
    bound = amaix::Resource::kWeightLoad;
  } else if (most == cycles.wait_weights) {
    bound = memory(fetch.weight_space);
  } else if (most == cycles.wait_credits) {
    bound = amaix::Resource::kCaccDelivery;
  } else {
    bound = amaix::Resource::kCdmaData;
  }
  log.bound_by(ReportedUnit::kConv, bound);
  starter(Unit::kCacc).release(at);
}

void Accelerator::Impl::on_accumulate_interrupt(Cycle at) {
  finish(ReportedUnit::kConv, Interrupt::kCacc, accumulate_groups, at);
}

void Accelerator::Impl::on_sdp_done(const SdpCompletion& completion) {
  log.bound_by(ReportedUnit::kSdp, completion.bound_by);
  finish(ReportedUnit::kSdp, Interrupt::kSdp, sdp_groups, completion.interrupt);
}

void Accelerator::Impl::on_bdma_queued() {}

void Accelerator::Impl::on_written(Unit unit, std::uint32_t /*offset*/, std::uint32_t /*value*/) {
  if (unit != Unit::kMcif && unit != Unit::kCvif) return;
  MemoryInterface& memory = unit == Unit::kMcif ? dbb : cvsram;
  struct Weight {
    const char* name;
    const char* field;
    Client client;
  };
  static constexpr std::array<Weight, 10> kRead = {{{"CFG_RD_WEIGHT_0", "RD_WEIGHT_BDMA", Client::kBdma},
                                                    {"CFG_RD_WEIGHT_0", "RD_WEIGHT_SDP", Client::kSdp},
                                                    {"CFG_RD_WEIGHT_0", "RD_WEIGHT_PDP", Client::kPdp},
                                                    {"CFG_RD_WEIGHT_0", "RD_WEIGHT_CDP", Client::kCdp},
                                                    {"CFG_RD_WEIGHT_1", "RD_WEIGHT_SDP_B", Client::kSdpB},
                                                    {"CFG_RD_WEIGHT_1", "RD_WEIGHT_SDP_N", Client::kSdpN},
                                                    {"CFG_RD_WEIGHT_1", "RD_WEIGHT_SDP_E", Client::kSdpE},
                                                    {"CFG_RD_WEIGHT_1", "RD_WEIGHT_CDMA_DAT", Client::kCdmaDat},
                                                    {"CFG_RD_WEIGHT_2", "RD_WEIGHT_CDMA_WT", Client::kCdmaWt},
                                                    {"CFG_RD_WEIGHT_2", "RD_WEIGHT_RBK", Client::kRubik}}};
  static constexpr std::array<Weight, 5> kWrite = {{{"CFG_WR_WEIGHT_0", "WR_WEIGHT_BDMA", Client::kBdma},
                                                    {"CFG_WR_WEIGHT_0", "WR_WEIGHT_SDP", Client::kSdp},
                                                    {"CFG_WR_WEIGHT_0", "WR_WEIGHT_PDP", Client::kPdp},
                                                    {"CFG_WR_WEIGHT_0", "WR_WEIGHT_CDP", Client::kCdp},
                                                    {"CFG_WR_WEIGHT_1", "WR_WEIGHT_RBK", Client::kRubik}}};
  for (const Weight& weight : kRead) {
    memory.set_read_weight(weight.client, file.field(unit, weight.name, weight.field, 0));
  }
  for (const Weight& weight : kWrite) {
    memory.set_write_weight(weight.client, file.field(unit, weight.name, weight.field, 0));
  }
  // The counters admit one more than the register says.
  memory.set_outstanding_limits(file.field(unit, "CFG_OUTSTANDING_CNT", "RD_OS_CNT", 0) + 1,
                                file.field(unit, "CFG_OUTSTANDING_CNT", "WR_OS_CNT", 0) + 1);
}

Accelerator::Accelerator(const amaix::HardwareParameters& hardware, const AcceleratorOptions& options)
    : impl_(std::make_unique<Impl>(hardware, options)) {}

Accelerator::~Accelerator() = default;

void Accelerator::bind_dbb(BusPort& port) { impl_->dbb_tap.bind(port); }

void Accelerator::bind_cvsram(BusPort& port) { impl_->cvsram_tap.bind(port); }

void Accelerator::complete(MemorySpace space, std::uint64_t burst_id, Cycle at) {
  impl_->scheduler.advance(at);
  (space == MemorySpace::kDbb ? impl_->dbb : impl_->cvsram).complete(burst_id, at);
}

void Accelerator::add_listener(Listener& listener) { impl_->log.add_listener(listener); }

registers::AccessStatus Accelerator::write(std::uint32_t offset, std::uint32_t value, Cycle at) {
  impl_->scheduler.advance(at);
  return impl_->file.write(offset, value);
}

registers::AccessStatus Accelerator::read(std::uint32_t offset, std::uint32_t& value, Cycle at) {
  impl_->scheduler.advance(at);
  return impl_->file.read(offset, value);
}

registers::AccessStatus Accelerator::peek(std::uint32_t offset, std::uint32_t& value) const {
  return impl_->file.peek(offset, value);
}

bool Accelerator::interrupt() const { return impl_->file.interrupt(); }

Cycle Accelerator::now() const { return impl_->scheduler.now(); }

Cycle Accelerator::next_event() { return impl_->scheduler.next(); }

void Accelerator::advance(Cycle until) { impl_->scheduler.advance(until); }

void Accelerator::reset() { impl_->reset(impl_->scheduler.now() + flush_cycles(impl_->hardware)); }

std::vector<std::string> Accelerator::unfinished() const { return impl_->log.unfinished(); }

const amaix::HardwareParameters& Accelerator::hardware() const { return impl_->hardware; }

const registers::RegisterFile& Accelerator::register_file() const { return impl_->file; }

}  // namespace nvdla::engine
