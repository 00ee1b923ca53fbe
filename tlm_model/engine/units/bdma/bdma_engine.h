// SPDX-License-Identifier: Apache-2.0
// BDMA in simulated time: executes amaix::BdmaPlan through StreamEngine.
#pragma once

#include <vector>

#include "amaix/bdma_plan.h"
#include "engine/units/stream/stream_engine.h"
#include "hardware/types.h"
#include "operation/bdma.h"

namespace nvdla::engine {

class BdmaEngine : public StreamEngine {
 public:
  BdmaEngine(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
             MemoryInterface* cvsram, OperationLog& log, StreamOwner& owner)
      : StreamEngine(scheduler, hardware, dbb, cvsram, Client::kBdma, Resource::kBdmaCore, log, owner) {}

  // A group is launched in cycle `at` (>= now) with the transfers queued for it. Without transfers it is done
  // at once.
  void start(OperationId id, const std::vector<BdmaTransfer>& transfers, Cycle at);
};

}  // namespace nvdla::engine
