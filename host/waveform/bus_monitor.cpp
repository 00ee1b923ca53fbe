// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/bus_monitor.h"

#include "host/text.h"

namespace nvdla::host {
namespace {

constexpr std::size_t kMostOpen = 100'000;  // of reads and bursts: more is not what the signals mean
constexpr std::array<Interrupt, kInterrupts> kSources{
    Interrupt::kSdp,   Interrupt::kCdp,      Interrupt::kPdp,        Interrupt::kBdma,
    Interrupt::kRubik, Interrupt::kCdmaData, Interrupt::kCdmaWeight, Interrupt::kCacc};

}  // namespace

void BusMonitor::fail(const std::string& what) const {
  throw InputError(reader_.file() + ": time " + std::to_string(sampler_.time()) + ": " + what);
}

void BusMonitor::require_known(Pin pin) const {
  if (!sampler_.known(pin)) fail(pin_name(pin) + " is unknown (x or z) while it is valid");
}

Client BusMonitor::client_of(Pin pin) const {
  require_known(pin);
  const std::uint64_t id = sampler_.value(pin);
  if (id >= kClients) fail(pin_name(pin) + " is " + std::to_string(id) + ", the AXI id of no client");
  return static_cast<Client>(id);
}

void BusMonitor::run() {
  EdgeSampler::Edges edges;
  while (sampler_.next(edges)) {
    // Both clocks at once: the access is of the cycle that ends here.
    if (edges.csb) csb_edge();
    if (edges.core) {
      core_edge();
      ++cycle_;
    }
  }
}

void BusMonitor::csb_edge() {
  if (sampler_.high(kPinReadValid)) {
    if (reads_.empty()) fail("nvdla2csb_valid without a read: the waveform begins inside an access");
    require_known(kPinReadData);
    CsbAccess access = reads_.front();
    reads_.pop_front();
    access.value = static_cast<std::uint32_t>(sampler_.value(kPinReadData));
    access.answered = cycle_;
    listener_.on_access(access);
  }
  if (!sampler_.high(kPinCsbValid)) return;
  if (offered_ == kNever) offered_ = cycle_;
  if (!sampler_.high(kPinCsbReady)) return;
  for (const Pin pin : {kPinCsbAddr, kPinCsbWrite}) require_known(pin);
  CsbAccess access;
  access.write = sampler_.high(kPinCsbWrite);
  access.offset = static_cast<std::uint32_t>(sampler_.value(kPinCsbAddr)) * 4;
  access.offered = offered_;
  access.accepted = access.answered = cycle_;
  offered_ = kNever;
  if (!access.write) {
    if (reads_.size() == kMostOpen) fail("reads over CSB are never answered: nvdla2csb_valid stays low");
    reads_.push_back(access);
    return;
  }
  require_known(kPinCsbData);
  access.value = static_cast<std::uint32_t>(sampler_.value(kPinCsbData));
  listener_.on_access(access);
}

void BusMonitor::core_edge() {
  if (sampler_.present(kPinReset)) {
    const bool reset = sampler_.known(kPinReset) && !sampler_.high(kPinReset);
    if (in_reset_ && !reset) released_ = cycle_;
    in_reset_ = reset;
  }
  if (sampler_.high(kPinInterrupt) != line_) {
    line_ = !line_;
    listener_.on_interrupt_line(line_, cycle_);
  }
  for (const Interrupt source : kSources) {
    const auto groups = static_cast<std::uint32_t>(sampler_.value(done_pin(source)) & 3U);
    std::uint32_t& before = done_[static_cast<std::size_t>(source)];
    if ((groups & ~before) != 0) listener_.on_done(source, groups & ~before, cycle_);
    before = groups;
  }
  axi_edge(MemorySpace::kDbb, ports_[0]);
  if (sampler_.present(axi_pin(MemorySpace::kCvsram, AxiPin::kArValid)))
    axi_edge(MemorySpace::kCvsram, ports_[1]);
}

void BusMonitor::burst(MemorySpace space, bool write) {
  const auto pin = [&](AxiPin read, AxiPin written) { return axi_pin(space, write ? written : read); };
  const Pin address = pin(AxiPin::kArAddr, AxiPin::kAwAddr), length = pin(AxiPin::kArLen, AxiPin::kAwLen);
  require_known(address);
  require_known(length);
  DmaBurst burst;
  burst.cycle = cycle_;
  burst.port = space;
  burst.write = write;
  burst.client = client_of(pin(AxiPin::kArId, AxiPin::kAwId));
  burst.address = sampler_.value(address);
  burst.beats = static_cast<std::uint32_t>(sampler_.value(length)) + 1;
  if (burst.beats == 0 || burst.beats > 256) fail(pin_name(length) + " is longer than an AXI burst can be");
  listener_.on_burst(burst);
}

void BusMonitor::axi_edge(MemorySpace space, Port& port) {
  const auto passes = [&](AxiPin valid, AxiPin ready) {
    return sampler_.high(axi_pin(space, valid)) && sampler_.high(axi_pin(space, ready));
  };
  if (passes(AxiPin::kArValid, AxiPin::kArReady)) {
    burst(space, false);
    if (sampler_.present(axi_pin(space, AxiPin::kRValid)) && sampler_.present(axi_pin(space, AxiPin::kRId))) {
      auto& open = port.reads[static_cast<std::size_t>(client_of(axi_pin(space, AxiPin::kArId)))];
      if (open.size() == kMostOpen) fail("reads are never answered: the R channel stays quiet");
      open.emplace_back(cycle_,
                        static_cast<std::uint32_t>(sampler_.value(axi_pin(space, AxiPin::kArLen))) + 1);
    }
  }
  if (passes(AxiPin::kAwValid, AxiPin::kAwReady)) burst(space, true);
  if (passes(AxiPin::kRValid, AxiPin::kRReady)) {
    Cycle asked = kNever;
    if (sampler_.present(axi_pin(space, AxiPin::kRId))) {
      const auto client = static_cast<std::size_t>(client_of(axi_pin(space, AxiPin::kRId)));
      auto& open = port.reads[client];
      if (open.empty()) fail("read data that no burst asked for: the waveform begins inside one");
      if (!port.begun[client]) asked = open.front().first;
      port.begun[client] = true;
      if (--open.front().second == 0) {
        open.pop_front();
        port.begun[client] = false;
      }
    }
    listener_.on_beat(space, false, asked, cycle_);
  }
  if (passes(AxiPin::kWValid, AxiPin::kWReady)) listener_.on_beat(space, true, kNever, cycle_);
  if (passes(AxiPin::kBValid, AxiPin::kBReady) && sampler_.present(axi_pin(space, AxiPin::kBId)))
    listener_.on_acknowledge(space, client_of(axi_pin(space, AxiPin::kBId)), cycle_);
}

}  // namespace nvdla::host
