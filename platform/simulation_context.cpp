// SPDX-License-Identifier: Apache-2.0
#include "platform/simulation_context.h"

namespace nvdla::platform {

SimulationContext::SimulationContext()
    : context_(new sc_core::sc_simcontext), previous_(sc_core::sc_curr_simcontext) {
  sc_core::sc_curr_simcontext = context_;
}

SimulationContext::~SimulationContext() {
  delete context_;
  sc_core::sc_curr_simcontext = previous_;
}

}  // namespace nvdla::platform
