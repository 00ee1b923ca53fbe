// SPDX-License-Identifier: Apache-2.0
// Rubik in simulated time: executes amaix::RubikPlan through StreamEngine.
#pragma once

#include "amaix/rubik_plan.h"
#include "engine/stream_engine.h"
#include "hardware/types.h"
#include "operation/rubik.h"

namespace nvdla::engine {

class RubikEngine : public StreamEngine {
 public:
  RubikEngine(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
              MemoryInterface* cvsram, StreamOwner& owner)
      : StreamEngine(scheduler, hardware, dbb, cvsram, Client::kRubik, Resource::kRubikCore, owner) {}

  // Rubik takes a group in cycle `at` (>= now). on_stream_fetch_done() means nothing here: reads and writes
  // belong to one group.
  void start(const RubikOperation& operation, Cycle at);
};

}  // namespace nvdla::engine
