// SPDX-License-Identifier: Apache-2.0
#include "amaix/rubik_estimate.h"

#include "amaix/linked_walk.h"
#include "amaix/rubik_plan.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {

Estimate estimate_rubik(const RubikOperation& operation, const HardwareParameters& hardware,
                        const memory::MemorySystem& memory, Level level) {
  const RubikPlan plan = plan_rubik(operation, hardware);
  RubikReads reads(plan);
  RubikCore core(plan);
  const StreamSummary summary = summarise(reads, core, plan.timing, hardware);
  if (level != Level::kRefined)
    return estimate_stream(summary, plan.timing, Client::kRubik, Resource::kRubikCore, hardware, memory,
                           level);
  RubikReads again(plan);
  RubikCore store(plan);
  const double beats = static_cast<double>(summary.dbb_read.bus_bytes + summary.cvsram_read.bus_bytes) /
                       hardware.dbb_width_bytes;
  const LinkedTimes linked =
      walk_linked(again, store, plan.timing, Client::kRubik, beats, true, memory, hardware);
  return estimate_stream(summary, plan.timing, Client::kRubik, Resource::kRubikCore, hardware, memory, level,
                         nullptr, &linked);
}

}  // namespace nvdla::amaix
