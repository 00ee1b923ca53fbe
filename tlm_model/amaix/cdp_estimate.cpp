// SPDX-License-Identifier: Apache-2.0
#include "amaix/cdp_estimate.h"

#include "amaix/cdp_plan.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {

StreamSummary summarise_cdp(const CdpOperation& operation, const HardwareParameters& hardware) {
  const CdpPlan plan = plan_cdp(operation, hardware);
  CdpReads reads(plan);
  CdpCore core(plan);
  return summarise(reads, core, plan.timing, hardware);
}

Estimate estimate_cdp(const CdpOperation& operation, const StreamSummary& summary,
                      const HardwareParameters& hardware, const memory::MemorySystem& memory, Level level) {
  return estimate_stream(summary, plan_cdp(operation, hardware).timing, Client::kCdp, Resource::kCdpCore,
                         hardware, memory, level);
}

Estimate estimate_cdp(const CdpOperation& operation, const HardwareParameters& hardware,
                      const memory::MemorySystem& memory, Level level) {
  return estimate_cdp(operation, summarise_cdp(operation, hardware), hardware, memory, level);
}

}  // namespace nvdla::amaix
