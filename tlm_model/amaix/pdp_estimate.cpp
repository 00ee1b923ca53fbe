// SPDX-License-Identifier: Apache-2.0
#include "amaix/pdp_estimate.h"

#include <stdexcept>

#include "amaix/pdp_plan.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {

StreamSummary summarise_pdp(const PdpOperation& operation, const HardwareParameters& hardware) {
  const PdpPlan plan = plan_pdp(operation, hardware);
  PdpReads reads(plan_pdp_reads(fetch_of(operation), hardware));
  PdpCore core(plan);
  return summarise(reads, core, plan.timing, hardware);
}

Estimate estimate_pdp(const PdpOperation& operation, const StreamSummary& summary,
                      const HardwareParameters& hardware, const memory::MemorySystem& memory, Level level) {
  if (operation.flying) throw std::invalid_argument("PDP on the fly has no time of its own");
  return estimate_stream(summary, plan_pdp(operation, hardware).timing, Client::kPdp, Resource::kPdpCore,
                         hardware, memory, level);
}

Estimate estimate_pdp(const PdpOperation& operation, const HardwareParameters& hardware,
                      const memory::MemorySystem& memory, Level level) {
  if (operation.flying) throw std::invalid_argument("PDP on the fly has no time of its own");
  return estimate_pdp(operation, summarise_pdp(operation, hardware), hardware, memory, level);
}

}  // namespace nvdla::amaix
