// SPDX-License-Identifier: Apache-2.0
// Rubik in simulated time: executes amaix::RubikPlan through StreamEngine and the register file.
#pragma once

#include "amaix/rubik_file.h"
#include "amaix/rubik_plan.h"
#include "engine/units/stream/stream_engine.h"
#include "hardware/types.h"
#include "operation/rubik.h"

namespace nvdla::engine {

class RubikEngine : public StreamEngine {
 public:
  RubikEngine(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
              MemoryInterface* cvsram, OperationLog& log, StreamOwner& owner)
      : StreamEngine(scheduler, hardware, dbb, cvsram, Client::kRubik, Resource::kRubikCore, log, owner),
        file_(link(), hardware.memory_atom_bytes, hardware.dbb_width_bytes / hardware.memory_atom_bytes) {}

  // Rubik takes a group in cycle `at` (>= now).
  void start(OperationId id, const RubikOperation& operation, Cycle at);
  void reset();

 private:
  void present(const LinkItem& item) override;
  void on_link_taken(const amaix::WriteLink::Taken& datum, const amaix::StreamTiming& timing) override;
  void on_link_command(Cycle taken) override { file_.command_taken(taken); }
  void free_read(const amaix::StreamTiming& timing);

  amaix::RubikFile file_;
};

}  // namespace nvdla::engine
