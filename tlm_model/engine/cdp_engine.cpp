// SPDX-License-Identifier: Apache-2.0
#include "engine/cdp_engine.h"

#include <memory>

namespace nvdla::engine {

void CdpEngine::fetch_start(const CdpOperation& operation, Cycle at) {
  const amaix::CdpPlan plan = amaix::plan_cdp(operation, hardware_);
  add_fetch(std::make_unique<amaix::CdpReads>(plan), plan.timing, at);
}

void CdpEngine::start(const CdpOperation& operation, Cycle at) {
  const amaix::CdpPlan plan = amaix::plan_cdp(operation, hardware_);
  warn(plan.warnings);
  add_operation(std::make_unique<amaix::CdpCore>(plan), plan.timing, true, at);
}

}  // namespace nvdla::engine
