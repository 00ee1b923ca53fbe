// SPDX-License-Identifier: Apache-2.0
#include "platform/simulation_context.h"

#include <memory>
#include <vector>

namespace nvdla::platform {

SimulationContext::SimulationContext()
    : context_(new sc_core::sc_simcontext), previous_(sc_core::sc_curr_simcontext) {
  sc_core::sc_curr_simcontext = context_;
}

SimulationContext::~SimulationContext() {
#if SC_VERSION_MAJOR < 3
  delete context_;
#else
  // 3.0.0 to 3.0.2 destroy the coroutine package before the threads that still refer to it, and crash if a
  // thread has not ended. The kernel is left to the end of the process.
  static std::vector<std::unique_ptr<sc_core::sc_simcontext> >* const left =
      new std::vector<std::unique_ptr<sc_core::sc_simcontext> >;
  left->emplace_back(context_);
#endif
  sc_core::sc_curr_simcontext = previous_;
}

}  // namespace nvdla::platform
