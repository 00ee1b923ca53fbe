// SPDX-License-Identifier: Apache-2.0
// A device that writes down what the driver does with it (host/program.h). Operations take no time: at each
// wait for an interrupt all that can complete without the driver does.
//
// As in the recorded traces the wait is a poll of GLB.S_INTR_STATUS for the bits that are then set; values of
// other reads are not compared.
#pragma once

#include <string>

#include "host/driver/device_access.h"
#include "host/driver/instant_engines.h"
#include "host/program.h"

namespace nvdla::mapper {

class ProgramWriter final : public host::DeviceAccess {
 public:
  // `path` names the program in messages.
  ProgramWriter(const HardwareParameters& hardware, const std::string& path);

  // Both throw host::DriverError when the register does not take the access.
  void write_register(std::uint32_t offset, std::uint32_t value) override;
  std::uint32_t read_register(std::uint32_t offset) override;
  bool poll_register(std::uint32_t offset, std::uint32_t mask) override;
  bool wait_for_interrupt() override;
  void write_memory(MemorySpace, std::uint64_t, const unsigned char*, std::size_t) override {}
  void read_memory(MemorySpace, std::uint64_t, unsigned char*, std::size_t) override {}

  [[nodiscard]] const host::Program& program() const { return program_; }

 private:
  void add(host::CommandKind kind, std::uint32_t offset, std::uint32_t value);
  void check(registers::AccessStatus status, std::uint32_t offset);

  host::InstantEngines engines_;
  std::uint32_t interrupt_status_;
  bool waited_ = false;  // and the status has not been read since
  host::Program program_;
};

}  // namespace nvdla::mapper
