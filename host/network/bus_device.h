// SPDX-License-Identifier: Apache-2.0
// The driver's device on a RegisterBus: accesses take the time that the bus gives them, polls and waits are
// the bus's own. An access that the hardware does not take ends in a DriverError with the register's name.
#pragma once

#include <sstream>
#include <string>

#include "host/driver/device_access.h"
#include "host/driver/driver_error.h"
#include "host/register_bus.h"
#include "registers/register_map.h"

namespace nvdla::host {

class BusDevice final : public DeviceAccess {
 public:
  // `wait_limit`: cycles that one wait for an interrupt or one poll may take.
  BusDevice(RegisterBus& bus, Generation generation, Cycle wait_limit)
      : bus_(bus), map_(registers::RegisterMap::of(generation)), wait_limit_(wait_limit) {}

  void write_register(std::uint32_t offset, std::uint32_t value) override {
    ++writes_;
    check(bus_.write(offset, value), offset, "write");
  }
  std::uint32_t read_register(std::uint32_t offset) override {
    std::uint32_t value = 0;
    ++reads_;
    check(bus_.read(offset, value), offset, "read");
    return value;
  }
  bool poll_register(std::uint32_t offset, std::uint32_t mask) override {
    const PollOutcome outcome = bus_.poll({offset, mask, mask, wait_limit_});
    reads_ += outcome.reads;
    if (outcome.end == PollEnd::kRefused) check(outcome.status, offset, "read");
    return outcome.end == PollEnd::kMet;
  }
  bool wait_for_interrupt() override { return bus_.wait_for_interrupt(wait_limit_) == WaitEnd::kRaised; }
  void write_memory(MemorySpace, std::uint64_t address, const unsigned char* data,
                    std::size_t length) override {
    if (length > 0 && !bus_.load_memory(address, data, length)) refuse(address, length);
  }
  void read_memory(MemorySpace, std::uint64_t address, unsigned char* data, std::size_t length) override {
    if (length > 0 && !bus_.store_memory(address, data, length)) refuse(address, length);
  }

  [[nodiscard]] std::uint64_t writes() const { return writes_; }
  [[nodiscard]] std::uint64_t reads() const { return reads_; }  // polls included

 private:
  void check(registers::AccessStatus status, std::uint32_t offset, const char* what) const {
    if (status == registers::AccessStatus::kOk) return;
    const std::size_t index = map_.at(offset);
    throw DriverError(
        std::string(what) + " of " +
        (index == registers::RegisterMap::kNone ? std::to_string(offset) : map_[index].full_name()) + ": " +
        std::string(registers::access_status_name(status)));
  }
  [[noreturn]] static void refuse(std::uint64_t address, std::size_t length) {
    std::ostringstream text;
    text << "no memory holds the " << length << " bytes at 0x" << std::hex << address
         << ": enlarge the memory or move its base";
    throw DriverError(text.str());
  }

  RegisterBus& bus_;
  const registers::RegisterMap& map_;
  Cycle wait_limit_;
  std::uint64_t writes_ = 0, reads_ = 0;
};

}  // namespace nvdla::host
