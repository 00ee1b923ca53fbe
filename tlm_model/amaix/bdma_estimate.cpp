// SPDX-License-Identifier: Apache-2.0
#include "amaix/bdma_estimate.h"

#include "amaix/bdma_plan.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {

Estimate estimate_bdma(const std::vector<BdmaTransfer>& transfers, const HardwareParameters& hardware,
                       const memory::MemorySystem& memory, Level level) {
  const BdmaPlan plan = plan_bdma(transfers, hardware);
  BdmaReads reads(plan);
  BdmaCore core(plan);
  const StreamSummary summary = summarise(reads, core, plan.timing, hardware);
  return estimate_stream(summary, plan.timing, Client::kBdma, Resource::kBdmaCore, hardware, memory, level);
}

}  // namespace nvdla::amaix
