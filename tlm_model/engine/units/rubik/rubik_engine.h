// SPDX-License-Identifier: Apache-2.0
// Rubik in simulated time: executes amaix::RubikPlan through StreamEngine.
#pragma once

#include "amaix/rubik_plan.h"
#include "engine/units/stream/stream_engine.h"
#include "hardware/types.h"
#include "operation/rubik.h"

namespace nvdla::engine {

class RubikEngine : public StreamEngine {
 public:
  RubikEngine(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
              MemoryInterface* cvsram, OperationLog& log, StreamOwner& owner)
      : StreamEngine(scheduler, hardware, dbb, cvsram, Client::kRubik, Resource::kRubikCore, log, owner) {}

  // Rubik takes a group in cycle `at` (>= now).
  void start(OperationId id, const RubikOperation& operation, Cycle at);
};

}  // namespace nvdla::engine
