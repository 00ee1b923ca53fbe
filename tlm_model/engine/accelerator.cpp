// SPDX-License-Identifier: Apache-2.0
#include "engine/accelerator.h"

#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <optional>

#include "engine/bdma_engine.h"
#include "engine/cdp_engine.h"
#include "engine/convolution_engine.h"
#include "engine/operation_log.h"
#include "engine/pdp_engine.h"
#include "engine/port_tap.h"
#include "engine/rubik_engine.h"
#include "engine/sdp_engine.h"
#include "engine/unit_starter.h"
#include "registers/decoder.h"

namespace nvdla::engine {

using registers::Interrupt;
using registers::Unit;

namespace {

// The CBUF is flushed after reset through its two write ports, one entry each a cycle (CDMA: flush counters).
// A simulation begins when reset has settled for this long, as the recordings do.
constexpr Cycle kSettledReset = 4096;
constexpr Cycle kSynchroniser = 8;

constexpr std::array<Unit, 13> kGroupUnits = {
    Unit::kBdma, Unit::kCdma,    Unit::kCsc, Unit::kCmacA,   Unit::kCmacB, Unit::kCacc, Unit::kSdpRdma,
    Unit::kSdp,  Unit::kPdpRdma, Unit::kPdp, Unit::kCdpRdma, Unit::kCdp,   Unit::kRubik};

// Both write ports flush one entry a cycle; V1's ports write half an entry. Then the reset synchroniser and
// the status registers of CDMA.
Cycle flush_cycles(const amaix::HardwareParameters& hardware) {
  const Cycle entries = Cycle{hardware.cbuf_banks} * hardware.cbuf_entries_per_bank;
  return (hardware.generation == amaix::Generation::kV1 ? entries : entries / 2) + kSynchroniser;
}

// The unit whose OP_ENABLE counts as the activation of a reported unit.
std::optional<ReportedUnit> reported_unit(Unit unit) {
  switch (unit) {
    case Unit::kCdma:
      return ReportedUnit::kConv;
    case Unit::kSdp:
      return ReportedUnit::kSdp;
    case Unit::kPdp:
      return ReportedUnit::kPdp;
    case Unit::kCdp:
      return ReportedUnit::kCdp;
    case Unit::kBdma:
      return ReportedUnit::kBdma;
    case Unit::kRubik:
      return ReportedUnit::kRubik;
    default:
      return std::nullopt;
  }
}

class Timer : public Process {
 public:
  Timer(Scheduler& scheduler, std::function<void()> action)
      : Process(scheduler), action_(std::move(action)) {}

 protected:
  void run(Cycle /*now*/) override { action_(); }

 private:
  std::function<void()> action_;
};

}  // namespace

struct Accelerator::Impl final : registers::RegisterListener, ConvolutionOwner, SdpOwner, StreamOwner {
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

  void on_stream_fetch_done(Client unit, Cycle at) override;
  void on_stream_released(Client unit, Cycle at) override;
  void on_stream_done(Client unit, const StreamCompletion& completion) override;
  void on_stream_warning(Client /*unit*/, const std::string& text, Cycle at) override { log.warn(text, at); }

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
  PdpEngine pdp;
  CdpEngine cdp;
  BdmaEngine bdma;
  RubikEngine rubik;
  Timer flush;
  std::array<std::unique_ptr<UnitStarter>, registers::kUnits> starters;

  // Operations decoded at OP_ENABLE, by group.
  std::array<amaix::ConvolutionFetch, 2> fetches;
  std::array<amaix::ConvolutionSequence, 2> sequences;
  std::array<amaix::SdpFetch, 2> sdp_fetches;
  std::array<amaix::SdpOperation, 2> sdp_operations;
  std::array<amaix::PdpOperation, 2> pdp_operations;
  std::array<amaix::CdpOperation, 2> cdp_operations;
  std::array<amaix::RubikOperation, 2> rubik_operations;
  std::array<std::vector<amaix::BdmaTransfer>, 2> bdma_transfers;  // launched
  std::vector<amaix::BdmaTransfer> bdma_queue;                     // not yet launched
  std::array<bool, 2> sdp_fetch_enabled{};  // SDP_RDMA takes part in the group's next operation
  // CSC, CMAC_A, CMAC_B, CACC: groups taken whose layer CSC has not begun (CACC may be a layer ahead).
  std::array<std::uint32_t, 4> sequence_waits{};
  // Groups whose interrupt comes after the unit has released them.
  std::deque<std::uint32_t> accumulate_groups, sdp_groups, pdp_groups, cdp_groups, bdma_groups, rubik_groups;
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
      pdp(scheduler, hardware, dbb, &cvsram, *this),
      cdp(scheduler, hardware, dbb, &cvsram, *this),
      bdma(scheduler, hardware, dbb, &cvsram, *this),
      rubik(scheduler, hardware, dbb, &cvsram, *this),
      flush(scheduler, [this] { file.set_cbuf_flushed(true); }) {
  for (const Unit unit : kGroupUnits) {
    starters[static_cast<std::size_t>(unit)] = std::make_unique<UnitStarter>(
        scheduler, file, unit,
        [this, unit](std::uint32_t group, Cycle at) { unit_started(unit, group, at); });
  }
  convolution.connect_sink(sdp);
  sdp.connect_source(convolution.source());
  sdp.connect_pdp(pdp);
  pdp.connect_source(sdp);
  file.set_listener(this);
  const Cycle flushed = flush_cycles(hardware);
  reset(flushed > kSettledReset + kSynchroniser ? flushed - kSettledReset : 0);
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
  pdp.reset();
  cdp.reset();
  bdma.reset();
  rubik.reset();
  bdma_queue.clear();
  for (const auto& unit : starters) {
    if (unit) unit->reset();
  }
  for (auto* groups :
       {&accumulate_groups, &sdp_groups, &pdp_groups, &cdp_groups, &bdma_groups, &rubik_groups}) {
    groups->clear();
  }
  sdp_fetch_enabled = {};
  sequence_waits = {};
  file.set_cbuf_flushed(flush_done <= scheduler.now());
  if (flush_done > scheduler.now()) flush.wake(flush_done);
}

// Decoding at OP_ENABLE lets an illegal descriptor be reported at the write that asks for it: the registers
// of an enabled group cannot change any more.
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
    case Unit::kPdp:
      pdp_operations[group] = registers::decode_pdp(file, group, hardware);
      return;
    case Unit::kCdp:
      cdp_operations[group] = registers::decode_cdp(file, group, hardware);
      return;
    case Unit::kRubik:
      rubik_operations[group] = registers::decode_rubik(file, group, hardware);
      return;
    case Unit::kBdma:
      bdma_transfers[group] = std::move(bdma_queue);
      bdma_queue.clear();
      if (bdma_transfers[group].empty()) {
        log.warn("BDMA: group " + std::to_string(group) + " launched without a queued transfer",
                 scheduler.now());
      }
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
  if (const std::optional<ReportedUnit> reported = reported_unit(unit)) log.enabled(*reported, group, at);
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
      ++sequence_waits[3];
      start_sequence(at);
      return;
    case Unit::kCsc:
      ++sequence_waits[0];
      start_sequence(at);
      return;
    case Unit::kCmacA:
      ++sequence_waits[1];
      start_sequence(at);
      return;
    case Unit::kCmacB:
      ++sequence_waits[2];
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
    case Unit::kPdpRdma:
      log.read_group(ReportedUnit::kPdp, group);
      pdp.fetch_start(registers::decode_pdp(file, group, hardware), at);
      return;
    case Unit::kPdp:
      pdp_groups.push_back(group);
      log.started(ReportedUnit::kPdp, group, at, pdp_operations[group].flying);
      pdp.start(pdp_operations[group], at);
      return;
    case Unit::kCdpRdma:
      log.read_group(ReportedUnit::kCdp, group);
      cdp.fetch_start(registers::decode_cdp(file, group, hardware), at);
      return;
    case Unit::kCdp:
      cdp_groups.push_back(group);
      log.started(ReportedUnit::kCdp, group, at, false);
      cdp.start(cdp_operations[group], at);
      return;
    case Unit::kBdma:
      bdma_groups.push_back(group);
      log.started(ReportedUnit::kBdma, group, at, false);
      for (std::size_t i = 0; i < bdma_transfers[group].size(); ++i) file.take_bdma_transfer();
      bdma.start(bdma_transfers[group], at);
      return;
    case Unit::kRubik:
      rubik_groups.push_back(group);
      log.started(ReportedUnit::kRubik, group, at, false);
      rubik.start(rubik_operations[group], at);
      return;
    default:
      return;
  }
}

// CSC issues when the units behind it have taken their groups too.
void Accelerator::Impl::start_sequence(Cycle at) {
  if (std::find(sequence_waits.begin(), sequence_waits.end(), 0U) != sequence_waits.end()) return;
  for (std::uint32_t& waiting : sequence_waits) --waiting;
  convolution.sequence_start(sequences[starter(Unit::kCsc).group()], at);
}

void Accelerator::Impl::raise(Interrupt source, std::uint32_t group, Cycle at) {
  file.raise(source, group);
  std::uint32_t status = 0;
  file.peek(file.map().offset(Unit::kGlb, "S_INTR_STATUS"), status);
  log.interrupt(status, at);
}

void Accelerator::Impl::finish(ReportedUnit unit, Interrupt source, std::deque<std::uint32_t>& groups,
                               Cycle at) {
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
  const std::uint64_t most =
      std::max({cycles.active, cycles.load, cycles.wait_data, cycles.wait_weights, cycles.wait_credits});
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

void Accelerator::Impl::on_stream_fetch_done(Client unit, Cycle at) {
  if (unit == Client::kPdp) starter(Unit::kPdpRdma).release(at);
  if (unit == Client::kCdp) starter(Unit::kCdpRdma).release(at);
}

void Accelerator::Impl::on_stream_released(Client unit, Cycle at) {
  switch (unit) {
    case Client::kPdp:
      starter(Unit::kPdp).release(at);
      return;
    case Client::kCdp:
      starter(Unit::kCdp).release(at);
      return;
    case Client::kBdma:
      starter(Unit::kBdma).release(at);
      return;
    default:
      starter(Unit::kRubik).release(at);
  }
}

void Accelerator::Impl::on_stream_done(Client unit, const StreamCompletion& completion) {
  const auto done = [&](ReportedUnit reported, Interrupt source, std::deque<std::uint32_t>& groups) {
    log.bound_by(reported, completion.bound_by);
    finish(reported, source, groups, completion.interrupt);
  };
  switch (unit) {
    case Client::kPdp:
      done(ReportedUnit::kPdp, Interrupt::kPdp, pdp_groups);
      return;
    case Client::kCdp:
      done(ReportedUnit::kCdp, Interrupt::kCdp, cdp_groups);
      return;
    case Client::kBdma:
      done(ReportedUnit::kBdma, Interrupt::kBdma, bdma_groups);
      return;
    default:
      done(ReportedUnit::kRubik, Interrupt::kRubik, rubik_groups);
  }
}

void Accelerator::Impl::on_bdma_queued() {
  try {
    bdma_queue.push_back(registers::decode_bdma(file, hardware));
  } catch (const registers::DecodeError& error) {
    log.fault(error.what(), scheduler.now());
  }
}

void Accelerator::Impl::on_written(Unit unit, std::uint32_t /*offset*/, std::uint32_t /*value*/) {
  if (unit != Unit::kMcif && unit != Unit::kCvif) return;
  MemoryInterface& memory = unit == Unit::kMcif ? dbb : cvsram;
  struct Weight {
    const char* name;
    const char* field;
    Client client;
  };
  static constexpr std::array<Weight, 10> kRead = {
      {{"CFG_RD_WEIGHT_0", "RD_WEIGHT_BDMA", Client::kBdma},
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
