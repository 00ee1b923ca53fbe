// SPDX-License-Identifier: Apache-2.0
// Several programs at once, each on an accelerator of its own, all on the same memories
// (memory/shared_timing.h): what they cost each other. Contents are each one's own (engine/shared_system.h).
#pragma once

#include <vector>

#include "host/program.h"
#include "host/replay.h"

namespace nvdla::host {

struct TogetherRun {
  const Program* program = nullptr;  // not owned
  Cycle start = 0;                   // its first access is offered in cycle start + 1
  // Hardware and memories are those of the first run, for all. Played once: no repetitions.
  ReplayOptions options;
};

// Throws std::invalid_argument for no runs, for repetitions and for different hardware, and as check().
void check_together(const std::vector<TogetherRun>& runs);

// Without SystemC. Results in the order of the runs; cycles are those of the common time. With the component:
// platform/together.h. Throws ReplayError, of the first that fails; std::invalid_argument.
[[nodiscard]] std::vector<ReplayResult> run_together(const std::vector<TogetherRun>& runs);

}  // namespace nvdla::host
