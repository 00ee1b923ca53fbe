// SPDX-License-Identifier: Apache-2.0
// A compiled network as a register program: NVIDIA's driver is run with it once, on the model, and its
// accesses are written down, with the contents of memory where they are wanted.
//
// Where the driver reads GLB's interrupt status, the program waits for the bits that it saw then, as the
// recorded traces do. Limits: the order in which the driver reacts is that of this run, also on other
// designs; layers of the CPU take no time, and what they have computed in this run is loaded.
#pragma once

#include <cstdint>
#include <string>

#include "host/loadable/loadable.h"
#include "host/network/network_session.h"
#include "host/program.h"
#include "host/replay.h"

namespace nvdla::host {

// Writes the accesses of a run down: ReplayOptions::accesses.
class ProgramRecorder final : public AccessListener {
 public:
  // `path` names the program in messages; `contents`: what the driver puts into memory too.
  ProgramRecorder(const std::string& path, Generation generation, bool contents);

  void on_write(std::uint32_t offset, std::uint32_t value) override;
  void on_read(std::uint32_t offset, std::uint32_t value) override;
  void on_poll(std::uint32_t offset, std::uint32_t mask, std::uint32_t expected) override;
  void on_wait() override;
  void on_load(std::uint64_t address, const unsigned char* data, std::size_t length) override;

  [[nodiscard]] const Program& program() const { return program_; }

 private:
  void add(Program::Command command);

  std::uint32_t interrupt_status_;  // its offset
  bool contents_;
  Program program_;
};

struct DriverProgram {
  Program program;
  ReplayResult run;  // in which it was written down; its layers have names
};

// On the hardware, the memories and the level of the options. With contents where ReplayOptions::tensors says
// that values will be computed. Throws as run_network().
[[nodiscard]] DriverProgram driver_program(const Loadable& loadable, const ReplayOptions& options);

}  // namespace nvdla::host
