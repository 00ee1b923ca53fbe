// SPDX-License-Identifier: Apache-2.0
#include "engine/accelerator.h"

#include <algorithm>
#include <sstream>

#include "engine/accelerator_impl.h"

namespace nvdla::engine {

namespace {

// The CBUF is flushed after reset through its two write ports, one entry each a cycle (CDMA: flush counters).
constexpr Cycle kSynchroniser = 8;

constexpr std::array<Unit, 13> kGroupUnits = {
    Unit::kBdma, Unit::kCdma,    Unit::kCsc, Unit::kCmacA,   Unit::kCmacB, Unit::kCacc, Unit::kSdpRdma,
    Unit::kSdp,  Unit::kPdpRdma, Unit::kPdp, Unit::kCdpRdma, Unit::kCdp,   Unit::kRubik};

// Both write ports flush one entry a cycle; V1's ports write half an entry. Then the reset synchroniser and
// the status registers of CDMA.
Cycle flush_cycles(const HardwareParameters& hardware) {
  const Cycle entries = Cycle{hardware.cbuf_banks} * hardware.cbuf_entries_per_bank;
  return (hardware.generation == Generation::kV1 ? entries : entries / 2) + kSynchroniser;
}

}  // namespace

Accelerator::Impl::Impl(const HardwareParameters& parameters, const AcceleratorOptions& chosen)
    : hardware((check(parameters), parameters)),
      options(chosen),
      file(hardware),
      dbb(scheduler, hardware, MemorySpace::kDbb),
      cvsram(scheduler, hardware, MemorySpace::kCvsram),
      counters(file, hardware.generation, dbb, cvsram),
      dbb_tap(scheduler, dbb, log, hardware.dbb_width_bytes, "DBB"),
      cvsram_tap(scheduler, cvsram, log, hardware.dbb_width_bytes, "CVSRAM"),
      convolution(scheduler, hardware, dbb, cvsram, *this),
      sdp(scheduler, hardware, dbb, &cvsram, *this),
      pdp(scheduler, hardware, dbb, &cvsram, *this),
      cdp(scheduler, hardware, dbb, &cvsram, *this),
      bdma(scheduler, hardware, dbb, &cvsram, *this),
      rubik(scheduler, hardware, dbb, &cvsram, *this),
      flush(scheduler, [this] { file.set_cbuf_flushed(true); }),
      lump_timer(scheduler, [this] { closed_form_finish(); }) {
  for (const Unit unit : kGroupUnits) {
    starters[static_cast<std::size_t>(unit)] = std::make_unique<UnitStarter>(
        scheduler, file, unit, hardware.generation,
        [this, unit](std::uint32_t group, Cycle at) { unit_started(unit, group, at); });
  }
  convolution.connect_sink(sdp);
  sdp.connect_source(convolution.source());
  sdp.connect_pdp(pdp);
  pdp.connect_source(sdp);
  file.set_listener(this);
  const Cycle flushed = flush_cycles(hardware);
  reset(flushed > options.settled_reset + kSynchroniser ? flushed - options.settled_reset : 0);
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
  taken = {};
  lumps.clear();
  last_done = {};
  last_fetch = {};
  for (const auto& unit : starters) {
    if (unit) unit->reset();
  }
  for (auto* groups :
       {&accumulate_groups, &sdp_groups, &pdp_groups, &cdp_groups, &bdma_groups, &rubik_groups}) {
    groups->clear();
  }
  convolution_parts = {};
  sdp_fetch_enabled = {};
  sdp_held.reset();
  pdp_fetch = cdp_fetch = {};
  sequence_waits = {};
  file.set_cbuf_flushed(flush_done <= scheduler.now());
  if (flush_done > scheduler.now()) flush.wake(flush_done);
}

Accelerator::Accelerator(const HardwareParameters& hardware, const AcceleratorOptions& options)
    : impl_(std::make_unique<Impl>(hardware, options)) {}

Accelerator::~Accelerator() = default;

void Accelerator::bind_dbb(BusPort& port) { impl_->dbb_tap.bind(port); }

void Accelerator::bind_cvsram(BusPort& port) { impl_->cvsram_tap.bind(port); }

void Accelerator::complete(MemorySpace space, std::uint64_t burst_id, Cycle at, Cycle span) {
  impl_->scheduler.advance(at);
  (space == MemorySpace::kDbb ? impl_->dbb : impl_->cvsram).complete(burst_id, at, span);
}

void Accelerator::add_listener(Listener& listener) { impl_->log.add_listener(listener); }

registers::AccessStatus Accelerator::write(std::uint32_t offset, std::uint32_t value, Cycle at,
                                           Cycle entered) {
  impl_->scheduler.advance(at);
  const registers::AccessStatus status = impl_->file.write(offset, value, std::max(at, entered));
  if (status == registers::AccessStatus::kIgnored) {
    const registers::RegisterMap& map = impl_->file.map();
    impl_->log.warn("write to " + map[map.at(offset)].full_name() + " " +
                        std::string(registers::access_status_name(status)),
                    at);
  } else if (status == registers::AccessStatus::kOk) {
    impl_->warn_of_lost_bits(offset, value, at);
  }
  return status;
}

registers::AccessStatus Accelerator::read(std::uint32_t offset, std::uint32_t& value, Cycle at) {
  impl_->scheduler.advance(at);
  return impl_->file.read(offset, value);
}

registers::AccessStatus Accelerator::peek(std::uint32_t offset, std::uint32_t& value) const {
  return impl_->file.peek(offset, value);
}

void Accelerator::Impl::warn_of_lost_bits(std::uint32_t offset, std::uint32_t value, Cycle at) {
  const registers::RegisterInfo& info = file.map()[file.map().at(offset)];
  const bool descriptor = info.name.substr(0, 2) == "D_" || info.name.substr(0, 4) == "CFG_";
  const std::uint32_t lost = value & ~info.write_mask;
  if (!descriptor || lost == 0) return;
  std::ostringstream text;
  text << "write to " << info.full_name() << " sets bits 0x" << std::hex << lost
       << ", which hardware does not store";
  log.warn(text.str(), at);
}

bool Accelerator::interrupt() const { return impl_->file.interrupt(); }

Cycle Accelerator::now() const { return impl_->scheduler.now(); }

Cycle Accelerator::next_event() { return impl_->scheduler.next(); }

void Accelerator::advance(Cycle until) { impl_->scheduler.advance(until); }

void Accelerator::reset() { impl_->reset(impl_->scheduler.now() + flush_cycles(impl_->hardware)); }

std::vector<std::string> Accelerator::unfinished() const { return impl_->log.unfinished(); }

const HardwareParameters& Accelerator::hardware() const { return impl_->hardware; }

const registers::RegisterFile& Accelerator::register_file() const { return impl_->file; }

}  // namespace nvdla::engine
