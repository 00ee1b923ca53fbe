// SPDX-License-Identifier: Apache-2.0
// CDP and CDP_RDMA in simulated time: executes amaix::CdpPlan through StreamEngine.
#pragma once

#include "amaix/cdp_plan.h"
#include "engine/units/stream/stream_engine.h"
#include "hardware/types.h"
#include "operation/cdp.h"

namespace nvdla::engine {

class CdpEngine : public StreamEngine {
 public:
  CdpEngine(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
            MemoryInterface* cvsram, OperationLog& log, StreamOwner& owner)
      : StreamEngine(scheduler, hardware, dbb, cvsram, Client::kCdp, Resource::kCdpCore, log, owner) {}

  // CDP_RDMA takes a group in cycle `at` (>= now). Pairs in order with operations.
  void fetch_start(OperationId id, const CdpFetch& fetch, Cycle at);
  // CDP takes a group in cycle `at`. Precondition: the previous operation is released.
  void start(OperationId id, const CdpOperation& operation, Cycle at);
};

}  // namespace nvdla::engine
