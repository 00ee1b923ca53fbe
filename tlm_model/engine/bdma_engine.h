// SPDX-License-Identifier: Apache-2.0
// BDMA in simulated time: executes amaix::BdmaPlan through StreamEngine.
#pragma once

#include <vector>

#include "amaix/bdma_plan.h"
#include "engine/stream_engine.h"
#include "hardware/types.h"
#include "operation/bdma.h"

namespace nvdla::engine {

class BdmaEngine : public StreamEngine {
 public:
  BdmaEngine(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
             MemoryInterface* cvsram, StreamOwner& owner)
      : StreamEngine(scheduler, hardware, dbb, cvsram, Client::kBdma, Resource::kBdmaCore, owner) {}

  // A group is launched in cycle `at` (>= now) with the transfers queued for it. Without transfers it is done
  // at once. on_stream_fetch_done() means nothing here: load and store belong to one group.
  void start(const std::vector<BdmaTransfer>& transfers, Cycle at);
};

}  // namespace nvdla::engine
