// SPDX-License-Identifier: Apache-2.0
#include "amaix/rubik_estimate.h"

#include "amaix/linked_estimate.h"
#include "amaix/rubik_plan.h"

namespace nvdla::amaix {

Estimate estimate_rubik(const RubikOperation& operation, const HardwareParameters& hardware,
                        const memory::MemorySystem& memory, Level level) {
  const RubikPlan plan = plan_rubik(operation, hardware);
  return estimate_linked<RubikReads, RubikCore>(plan, Client::kRubik, Resource::kRubikCore, true, hardware,
                                                memory, level);
}

std::unique_ptr<LinkedLayer> linked_rubik(const RubikOperation& operation,
                                          const HardwareParameters& hardware) {
  return std::make_unique<PlannedLayer<RubikPlan, RubikReads, RubikCore>>(plan_rubik(operation, hardware),
                                                                          Client::kRubik, true);
}

}  // namespace nvdla::amaix
