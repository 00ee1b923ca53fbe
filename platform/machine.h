// SPDX-License-Identifier: Apache-2.0
// All modules of one simulation: NVDLA, the memories of the options, the interrupt line, and a bus for what
// stands in for the CPU. One address space lies behind both ports.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <systemc>

#include "device/nvdla.h"
#include "host/replay.h"
#include "memory/sparse_store.h"
#include "platform/memory.h"
#include "platform/simulation_context.h"
#include "platform/tlm_bus.h"

namespace nvdla::platform {

class Machine : private engine::Listener {
 public:
  // `program` runs in the thread of the CPU; what it throws ends the simulation. `options` outlives this.
  // Throws std::invalid_argument for inconsistent hardware or memory parameters.
  Machine(const host::ReplayOptions& options, std::function<void()> program);

  Nvdla& device() { return device_; }
  TlmBus& bus() { return bus_; }

  // Simulates until nothing is pending, or until something stops it. Returns true when the program came to
  // its end.
  bool run();
  // What the program threw.
  [[nodiscard]] const std::exception_ptr& error() const { return error_; }
  // The access that no memory holds, where that ends the simulation.
  [[nodiscard]] std::optional<engine::Burst> refused() const;

 private:
  // While it lives, neither the component's warnings are printed, which reach the user through listeners, nor
  // the kernel's notes, such as that of sc_stop.
  class QuietReports {
   public:
    QuietReports();
    ~QuietReports();
    QuietReports(const QuietReports&) = delete;
    QuietReports& operator=(const QuietReports&) = delete;
  };

  void on_warning(const std::string& text, Cycle at) override;
  void run_program();

  const host::ReplayOptions& options_;
  std::function<void()> program_;
  SimulationContext context_;
  QuietReports quiet_;
  memory::SparseStore contents_;
  Nvdla device_;
  Memory dbb_;
  std::unique_ptr<Memory> cvsram_;
  sc_core::sc_signal<bool> interrupt_{"interrupt"};
  TlmBus bus_;
  bool finished_ = false;
  std::exception_ptr error_;
};

}  // namespace nvdla::platform
