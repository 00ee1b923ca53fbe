// SPDX-License-Identifier: Apache-2.0
#include "engine/units/rubik/rubik_engine.h"

#include <memory>

namespace nvdla::engine {

void RubikEngine::start(OperationId id, const RubikOperation& operation, Cycle at) {
  const amaix::RubikPlan plan = amaix::plan_rubik(operation, hardware_);
  warn(plan.warnings);
  add_fetch(id, std::make_unique<amaix::RubikReads>(plan), plan.timing, at);
  add_operation(id, std::make_unique<amaix::RubikCore>(plan), plan.timing, true, at);
}

}  // namespace nvdla::engine
