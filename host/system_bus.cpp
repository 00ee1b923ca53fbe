// SPDX-License-Identifier: Apache-2.0
#include "host/system_bus.h"

#include <algorithm>

namespace nvdla::host {

using registers::AccessStatus;

SystemBus::SystemBus(const HardwareParameters& hardware, const engine::AcceleratorOptions& options,
                     const memory::PortDescription& dbb, const std::optional<memory::PortDescription>& cvsram)
    : system_(hardware, options, dbb, cvsram), timing_(hardware.generation), dbb_{dbb, {}} {
  if (cvsram) cvsram_.emplace(Contents{*cvsram, {}});
  system_.accelerator().add_listener(*this);
}

// Stopped: time stands still.
void SystemBus::advance_to_access(Cycle at) {
  while (!stopped_ && system_.step(at - 1)) {
  }
  if (!stopped_) system_.advance_to_access(at);
}

AccessStatus SystemBus::write(std::uint32_t offset, std::uint32_t value) {
  const engine::CsbTiming::Access access = timing_.write(offset, next_);
  next_ = access.finished;
  advance_to_access(access.effective);
  if (stopped_) return AccessStatus::kOk;
  return system_.accelerator().write(offset, value, access.effective, access.entered);
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
  while (!changed_ && !stopped_) {
    if (!system_.step(until)) return system_.idle() ? system_.accelerator().now() : until;
  }
  return system_.accelerator().now();
}

WaitEnd SystemBus::wait_for_interrupt(Cycle limit) {
  const Cycle until = limit > kNever - 1 - next_ ? kNever - 1 : next_ + limit;
  advance_to_access(next_);
  while (!stopped_ && !system_.accelerator().interrupt()) {
    if (system_.step(until)) continue;
    const bool idle = system_.idle();
    next_ = std::max(next_, idle ? system_.accelerator().now() : until);
    return idle ? WaitEnd::kIdle : WaitEnd::kLimit;
  }
  next_ = std::max(next_, system_.accelerator().now());
  return stopped_ ? WaitEnd::kStopped : WaitEnd::kRaised;
}

void SystemBus::drain() {
  while (!stopped_ && system_.step()) {
  }
}

const SystemBus::Contents* SystemBus::contents(std::uint64_t address, std::uint64_t length) const {
  if (dbb_.window.contains(address, length)) return &dbb_;
  if (cvsram_ && cvsram_->window.contains(address, length)) return &*cvsram_;
  return nullptr;
}

bool SystemBus::holds(std::uint64_t address, std::uint64_t length) const {
  return contents(address, length) != nullptr;
}

bool SystemBus::load_memory(std::uint64_t address, const unsigned char* data, std::size_t length) {
  const Contents* const found = contents(address, length);
  if (found == nullptr) return false;
  (found == &dbb_ ? dbb_ : *cvsram_).store.write(address, data, length);
  return true;
}

bool SystemBus::store_memory(std::uint64_t address, unsigned char* data, std::size_t length) {
  const Contents* const found = contents(address, length);
  if (found == nullptr) return false;
  found->store.read(address, data, length);
  return true;
}

}  // namespace nvdla::host
