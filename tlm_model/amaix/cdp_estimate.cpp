// SPDX-License-Identifier: Apache-2.0
#include "amaix/cdp_estimate.h"

#include "amaix/cdp_plan.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {

Estimate estimate_cdp(const CdpOperation& operation, const HardwareParameters& hardware,
                      const memory::MemorySystem& memory, Level level) {
  const CdpPlan plan = plan_cdp(operation, hardware);
  CdpReads reads(plan);
  CdpCore core(plan);
  const StreamSummary summary = summarise(reads, core, plan.timing, hardware);
  return estimate_stream(summary, plan.timing, Client::kCdp, Resource::kCdpCore, hardware, memory, level);
}

}  // namespace nvdla::amaix
