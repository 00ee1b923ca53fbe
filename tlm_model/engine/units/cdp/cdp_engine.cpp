// SPDX-License-Identifier: Apache-2.0
#include "engine/units/cdp/cdp_engine.h"

#include <memory>

namespace nvdla::engine {

void CdpEngine::fetch_start(OperationId id, const CdpFetch& fetch, Cycle at) {
  CdpOperation reading;
  reading.precision = fetch.precision;
  const amaix::CdpPlan plan = amaix::plan_cdp(joined(reading, fetch), hardware_);
  add_fetch(id, std::make_unique<amaix::CdpReads>(plan), plan.timing, at);
}

void CdpEngine::start(OperationId id, const CdpOperation& operation, Cycle at) {
  const amaix::CdpPlan plan = amaix::plan_cdp(operation, hardware_);
  warn(plan.warnings);
  add_operation(id, std::make_unique<amaix::CdpCore>(plan), plan.timing, true, at);
}

}  // namespace nvdla::engine
