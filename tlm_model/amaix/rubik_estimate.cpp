// SPDX-License-Identifier: Apache-2.0
#include "amaix/rubik_estimate.h"

#include "amaix/rubik_plan.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {

Estimate estimate_rubik(const RubikOperation& operation, const HardwareParameters& hardware,
                        const memory::MemorySystem& memory, Level level) {
  const RubikPlan plan = plan_rubik(operation, hardware);
  RubikReads reads(plan);
  RubikCore core(plan);
  const StreamSummary summary = summarise(reads, core, plan.timing, hardware);
  return estimate_stream(summary, plan.timing, Client::kRubik, Resource::kRubikCore, hardware, memory, level);
}

}  // namespace nvdla::amaix
