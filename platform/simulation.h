// SPDX-License-Identifier: Apache-2.0
// One simulation in the life of the process: a kernel of its own, in which neither the component's warnings
// are printed, which reach the user through listeners, nor the kernel's notes, such as that of sc_stop.
#pragma once

#include "platform/simulation_context.h"

namespace nvdla::platform {

class Simulation {
 public:
  Simulation();
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

 private:
  SimulationContext context_;
};

}  // namespace nvdla::platform
