// SPDX-License-Identifier: Apache-2.0
// An accelerator with its memories in simulated time as a RegisterBus: register accesses take the times of
// the CSB, the first is offered in cycle 1, and the simulation advances as far as each needs.
#pragma once

#include <optional>

#include "engine/csb_poll.h"
#include "engine/csb_timing.h"
#include "engine/events.h"
#include "engine/system.h"
#include "host/register_bus.h"

namespace nvdla::host {

class SystemBus final : public RegisterBus, private engine::PollTarget, private engine::Listener {
 public:
  // With the recordings' memories (engine/system.h). Throws std::invalid_argument when hardware or memories
  // are inconsistent.
  SystemBus(const HardwareParameters& hardware, const engine::AcceleratorOptions& options,
            const memory::PortDescription& dbb, const std::optional<memory::PortDescription>& cvsram);
  // On a system of somebody else, who outlives this; the first access is offered in cycle `first`.
  SystemBus(engine::SimulatedSystem& system, const memory::PortDescription& dbb,
            const std::optional<memory::PortDescription>& cvsram, Cycle first);

  [[nodiscard]] engine::SimulatedSystem& system() { return system_; }

  registers::AccessStatus write(std::uint32_t offset, std::uint32_t value) override;
  std::size_t store(const registers::RegisterWrite* writes, std::size_t count) override;
  registers::AccessStatus read(std::uint32_t offset, std::uint32_t& value) override;
  engine::PollOutcome poll(const engine::PollRequest& request) override;
  WaitEnd wait_for_interrupt(Cycle limit) override;
  void stop() override { stopped_ = true; }
  [[nodiscard]] bool idle() override { return system_.idle(); }
  [[nodiscard]] Cycle now() const override { return next_; }
  [[nodiscard]] bool load_memory(std::uint64_t address, const unsigned char* data,
                                 std::size_t length) override;
  [[nodiscard]] bool store_memory(std::uint64_t address, unsigned char* data, std::size_t length) override;
  [[nodiscard]] bool holds(std::uint64_t address, std::uint64_t length) const override;

  // Runs until nothing is pending, or until the bus is stopped.
  void drain();
  // Waits until nothing is pending, resets the accelerator and lets the reset settle; the next access is
  // offered in the cycle after that.
  void reset(Cycle settled);
  [[nodiscard]] bool stopped() const override { return stopped_; }

 private:
  registers::AccessStatus sample(std::uint32_t offset, std::uint32_t& value, Cycle at) override;
  Cycle wait_for_change(Cycle until) override;
  void on_interrupt(std::uint32_t status, Cycle at) override;
  void advance_to_access(Cycle at);

  std::optional<engine::System> own_;
  engine::SimulatedSystem& system_;
  engine::CsbTiming timing_;
  const memory::PortDescription dbb_;
  const std::optional<memory::PortDescription> cvsram_;
  Cycle next_ = 1;        // the next access is offered here
  bool changed_ = false;  // the interrupt status, since wait_for_change looked
  bool stopped_ = false;
};

}  // namespace nvdla::host
