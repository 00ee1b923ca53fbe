// SPDX-License-Identifier: Apache-2.0
#include "engine/rubik_engine.h"

#include <memory>

namespace nvdla::engine {

void RubikEngine::start(const RubikOperation& operation, Cycle at) {
  const amaix::RubikPlan plan = amaix::plan_rubik(operation, hardware_);
  warn(plan.warnings);
  add_fetch(std::make_unique<amaix::RubikReads>(plan), plan.timing, at);
  add_operation(std::make_unique<amaix::RubikCore>(plan), plan.timing, true, at);
}

}  // namespace nvdla::engine
