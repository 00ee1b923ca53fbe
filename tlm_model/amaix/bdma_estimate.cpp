// SPDX-License-Identifier: Apache-2.0
#include "amaix/bdma_estimate.h"

#include "amaix/bdma_plan.h"
#include "amaix/linked_walk.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {

Estimate estimate_bdma(const std::vector<BdmaTransfer>& transfers, const HardwareParameters& hardware,
                       const memory::MemorySystem& memory, Level level) {
  const BdmaPlan plan = plan_bdma(transfers, hardware);
  BdmaReads reads(plan);
  BdmaCore core(plan);
  const StreamSummary summary = summarise(reads, core, plan.timing, hardware);
  if (level != Level::kRefined)
    return estimate_stream(summary, plan.timing, Client::kBdma, Resource::kBdmaCore, hardware, memory, level);
  BdmaReads again(plan);
  BdmaCore store(plan);
  const double beats = static_cast<double>(summary.dbb_read.bus_bytes + summary.cvsram_read.bus_bytes) /
                       hardware.dbb_width_bytes;
  const LinkedTimes linked =
      walk_linked(again, store, plan.timing, Client::kBdma, beats, false, memory, hardware);
  return estimate_stream(summary, plan.timing, Client::kBdma, Resource::kBdmaCore, hardware, memory, level,
                         nullptr, &linked);
}

}  // namespace nvdla::amaix
