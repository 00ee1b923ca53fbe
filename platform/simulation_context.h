// SPDX-License-Identifier: Apache-2.0
// A SystemC kernel of its own for one scope. SystemC elaborates once in a process' life; to simulate
// again, its kernel object has to be replaced. Modules must be destroyed before the context is.
// Works with the reference implementation (2.3.3 to 3.0.2), whose kernel is one replaceable object.
#pragma once

#include <systemc>

namespace nvdla::platform {

class SimulationContext {
 public:
  SimulationContext();
  ~SimulationContext();
  SimulationContext(const SimulationContext&) = delete;
  SimulationContext& operator=(const SimulationContext&) = delete;

 private:
  sc_core::sc_simcontext* context_;
  sc_core::sc_simcontext* previous_;
};

}  // namespace nvdla::platform
