// SPDX-License-Identifier: Apache-2.0
// An accelerator and what it needs: NVDLA, the memories of the options, the interrupt line, and a bus for
// what stands in for the CPU. One address space lies behind both ports. Alone in a simulation of its own, or
// one of several that share their memories.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <systemc>

#include "device/nvdla.h"
#include "host/replay.h"
#include "memory/shared_timing.h"
#include "memory/sparse_store.h"
#include "platform/memory.h"
#include "platform/simulation.h"
#include "platform/tlm_bus.h"

namespace nvdla::platform {

// The rule of each memory that several machines use (memory/shared_timing.h).
struct SharedMemories {
  // Throws std::invalid_argument for a parameter out of range.
  SharedMemories(const host::ReplayOptions& options, std::uint32_t machines);
  memory::SharedTiming dbb;
  std::optional<memory::SharedTiming> cvsram;
};

class Machine : private engine::Listener {
 public:
  // `program` runs in the thread of the CPU; what it throws ends the simulation. `options` outlives this.
  // Throws std::invalid_argument for inconsistent hardware or memory parameters.
  Machine(const host::ReplayOptions& options, std::function<void()> program);
  // Number `master` of those that share `memories`, in a simulation that exists; with contents of its own.
  Machine(const host::ReplayOptions& options, std::function<void()> program, SharedMemories& memories,
          std::uint32_t master);

  Nvdla& device() { return device_; }
  TlmBus& bus() { return bus_; }

  // Simulates until nothing is pending, or until something stops it; all machines of the simulation.
  static void run();
  // The program came to its end.
  [[nodiscard]] bool finished() const { return finished_; }
  // What the program threw.
  [[nodiscard]] const std::exception_ptr& error() const { return error_; }
  // The access that no memory holds, where that ends the simulation.
  [[nodiscard]] std::optional<engine::Burst> refused() const;

 private:
  Machine(const host::ReplayOptions& options, std::function<void()> program, SharedMemories* memories,
          std::uint32_t master);
  void on_warning(const std::string& text, Cycle at) override;
  void run_program();

  const host::ReplayOptions& options_;
  std::function<void()> program_;
  std::optional<Simulation> own_;  // before all modules
  memory::SparseStore contents_;
  Nvdla device_;
  std::unique_ptr<Memory> dbb_, cvsram_;
  sc_core::sc_signal<bool> interrupt_;
  TlmBus bus_;
  bool finished_ = false;
  std::exception_ptr error_;
};

}  // namespace nvdla::platform
