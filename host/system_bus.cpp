// SPDX-License-Identifier: Apache-2.0
#include "host/system_bus.h"

#include <algorithm>

#include "host/repetitions.h"

namespace nvdla::host {

using registers::AccessStatus;

SystemBus::SystemBus(const HardwareParameters& hardware, const engine::AcceleratorOptions& options,
                     const memory::PortDescription& dbb, const std::optional<memory::PortDescription>& cvsram)
    : own_(std::in_place, hardware, options, dbb, cvsram),
      system_(*own_),
      timing_(hardware.generation),
      dbb_(dbb),
      cvsram_(cvsram) {
  system_.accelerator().add_listener(*this, false);
}

SystemBus::SystemBus(engine::SimulatedSystem& system, const memory::PortDescription& dbb,
                     const std::optional<memory::PortDescription>& cvsram, Cycle first)
    : system_(system),
      timing_(system.accelerator().hardware().generation),
      dbb_(dbb),
      cvsram_(cvsram),
      next_(first) {
  system_.accelerator().add_listener(*this, false);
}

// Stopped: time stands still.
void SystemBus::advance_to_access(Cycle at) {
  if (system_.quiet_before() > at) return;
  (void)system_.run_until([this] { return stopped_; }, at - 1);
  if (!stopped_) system_.advance_to_access(at);
}

AccessStatus SystemBus::write(std::uint32_t offset, std::uint32_t value) {
  const engine::CsbTiming::Access access = timing_.write(offset, next_);
  next_ = access.finished;
  advance_to_access(access.effective);
  if (stopped_) return AccessStatus::kOk;
  return system_.accelerator().write(offset, value, access.effective, access.entered);
}

std::size_t SystemBus::store(const registers::RegisterWrite* writes, std::size_t count) {
  if (stopped_) return 0;
  const std::size_t quiet = engine::CsbTiming::surely_accepted(next_, system_.quiet_before());
  const std::size_t stored = system_.accelerator().store(writes, std::min(count, quiet));
  if (stored > 0) next_ = timing_.writes(stored, next_);
  return stored;
}

AccessStatus SystemBus::read(std::uint32_t offset, std::uint32_t& value) {
  const engine::CsbTiming::Access access = timing_.read(offset, next_);
  next_ = access.finished;
  return sample(offset, value, access.effective);
}

AccessStatus SystemBus::sample(std::uint32_t offset, std::uint32_t& value, Cycle at) {
  advance_to_access(at);
  if (stopped_) return AccessStatus::kOk;
  return system_.accelerator().read(offset, value, at);
}

engine::PollOutcome SystemBus::poll(const engine::PollRequest& request) {
  const engine::PollOutcome outcome =
      engine::poll(timing_, system_.accelerator().hardware().generation, *this, request, next_);
  next_ = outcome.finished;
  return outcome;
}

void SystemBus::on_interrupt(std::uint32_t /*status*/, Cycle /*at*/) { changed_ = true; }

Cycle SystemBus::wait_for_change(Cycle until) {
  changed_ = false;
  if (!system_.run_until([this] { return changed_ || stopped_; }, until) && !system_.idle()) return until;
  return system_.accelerator().now();
}

WaitEnd SystemBus::wait_for_interrupt(Cycle limit) {
  const Cycle until = limit > kNever - 1 - next_ ? kNever - 1 : next_ + limit;
  advance_to_access(next_);
  if (!system_.run_until([this] { return stopped_ || system_.accelerator().interrupt(); }, until)) {
    const bool idle = system_.idle();
    next_ = std::max(next_, idle ? system_.accelerator().now() : until);
    return idle ? WaitEnd::kIdle : WaitEnd::kLimit;
  }
  next_ = std::max(next_, system_.accelerator().now());
  return stopped_ ? WaitEnd::kStopped : WaitEnd::kRaised;
}

void SystemBus::drain() {
  (void)system_.run_until([this] { return stopped_; }, kNever);
}

void SystemBus::reset(Cycle settled) {
  drain();
  if (stopped_) return;
  const Cycle at = quiet_step(std::max(next_, system_.accelerator().now())) + kQuietStep;
  system_.advance(at);
  system_.accelerator().reset();
  timing_.reset();
  next_ = at + settled + 1;
}

bool SystemBus::holds(std::uint64_t address, std::uint64_t length) const {
  return dbb_.contains(address, length) || (cvsram_ && cvsram_->contains(address, length));
}

bool SystemBus::load_memory(std::uint64_t address, const unsigned char* data, std::size_t length) {
  if (!holds(address, length)) return false;
  system_.contents().write(address, data, length);
  return true;
}

bool SystemBus::store_memory(std::uint64_t address, unsigned char* data, std::size_t length) {
  if (!holds(address, length)) return false;
  system_.contents().read(address, data, length);
  return true;
}

}  // namespace nvdla::host
