// SPDX-License-Identifier: Apache-2.0
// What happens when a register unit has taken a group: the level of the model, chosen at construction.
#pragma once

#include "engine/units/unit.h"

namespace nvdla::engine {

class Execution {
 public:
  virtual ~Execution() = default;
  // `part` of `owner` has taken a group in cycle `at`, the present one.
  virtual void started(EngineUnit& owner, Unit part, Activation activation, Cycle at) = 0;
  virtual void reset() = 0;
};

}  // namespace nvdla::engine
