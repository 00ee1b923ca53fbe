// SPDX-License-Identifier: Apache-2.0
// Level dynamic: every unit executes its operation in simulated time, against the memory that is bound.
#pragma once

#include "engine/core.h"
#include "engine/levels/execution.h"

namespace nvdla::engine {

class Dynamic : public Execution {
 public:
  explicit Dynamic(Core& core) : core_(core) {}
  void started(EngineUnit& owner, Unit part, Activation activation, Cycle at) override {
    core_.counters.begin(part, activation.group);
    owner.start(part, activation, at);
  }
  void reset() override {}

 private:
  Core& core_;
};

}  // namespace nvdla::engine
