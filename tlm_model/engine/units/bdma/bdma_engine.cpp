// SPDX-License-Identifier: Apache-2.0
#include "engine/units/bdma/bdma_engine.h"

#include <memory>

namespace nvdla::engine {

void BdmaEngine::start(OperationId id, const std::vector<BdmaTransfer>& transfers, Cycle at) {
  const amaix::BdmaPlan plan = amaix::plan_bdma(transfers, hardware_);
  warn(plan.warnings);
  add_fetch(id, std::make_unique<amaix::BdmaReads>(plan), plan.timing, at);
  add_operation(id, std::make_unique<amaix::BdmaCore>(plan), plan.timing, true, at);
}

}  // namespace nvdla::engine
