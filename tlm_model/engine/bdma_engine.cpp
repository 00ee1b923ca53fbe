// SPDX-License-Identifier: Apache-2.0
#include "engine/bdma_engine.h"

#include <memory>

namespace nvdla::engine {

void BdmaEngine::start(const std::vector<BdmaTransfer>& transfers, Cycle at) {
  const amaix::BdmaPlan plan = amaix::plan_bdma(transfers, hardware_);
  warn(plan.warnings);
  add_fetch(std::make_unique<amaix::BdmaReads>(plan), plan.timing, at);
  add_operation(std::make_unique<amaix::BdmaCore>(plan), plan.timing, true, at);
}

}  // namespace nvdla::engine
