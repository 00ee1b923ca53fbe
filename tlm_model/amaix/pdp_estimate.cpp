// SPDX-License-Identifier: Apache-2.0
#include "amaix/pdp_estimate.h"

#include <stdexcept>

#include "amaix/pdp_plan.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {

Estimate estimate_pdp(const PdpOperation& operation, const HardwareParameters& hardware,
                      const memory::MemorySystem& memory, Level level) {
  if (operation.flying) throw std::invalid_argument("PDP on the fly has no time of its own");
  const PdpPlan plan = plan_pdp(operation, hardware);
  PdpReads reads(plan_pdp_reads(fetch_of(operation), hardware));
  PdpCore core(plan);
  const StreamSummary summary = summarise(reads, core, plan.timing, hardware);
  return estimate_stream(summary, plan.timing, Client::kPdp, Resource::kPdpCore, hardware, memory, level);
}

}  // namespace nvdla::amaix
