// SPDX-License-Identifier: Apache-2.0
#include "amaix/bdma_estimate.h"

#include "amaix/bdma_plan.h"
#include "amaix/linked_estimate.h"

namespace nvdla::amaix {

Estimate estimate_bdma(const std::vector<BdmaTransfer>& transfers, const HardwareParameters& hardware,
                       const memory::MemorySystem& memory, Level level) {
  const BdmaPlan plan = plan_bdma(transfers, hardware);
  return estimate_linked<BdmaReads, BdmaCore>(plan, Client::kBdma, Resource::kBdmaCore, false, hardware,
                                              memory, level);
}

std::unique_ptr<LinkedLayer> linked_bdma(const std::vector<BdmaTransfer>& transfers,
                                         const HardwareParameters& hardware) {
  return std::make_unique<PlannedLayer<BdmaPlan, BdmaReads, BdmaCore>>(plan_bdma(transfers, hardware),
                                                                       Client::kBdma, false);
}

}  // namespace nvdla::amaix
