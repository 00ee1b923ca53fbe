// SPDX-License-Identifier: Apache-2.0
#include "platform/together.h"

#include <memory>

#include "platform/program_run.h"

namespace nvdla::platform {

std::vector<host::ReplayResult> run_together(const std::vector<host::TogetherRun>& runs) {
  check_together(runs);
  std::vector<host::ReplayResult> results(runs.size());
  try {
    const Simulation simulation;
    SharedMemories memories(runs.front().options, static_cast<std::uint32_t>(runs.size()));
    std::vector<std::unique_ptr<ProgramRun>> played;
    for (std::size_t i = 0; i < runs.size(); ++i)
      played.push_back(std::make_unique<ProgramRun>(*runs[i].program, runs[i].options, results[i], memories,
                                                    static_cast<std::uint32_t>(i), runs[i].start));
    Machine::run();
    // What has stopped the simulation, before those that it has kept from their ends.
    for (const auto& run : played) run->check();
    for (const auto& run : played) run->finish();
  } catch (const sc_core::sc_report& report) {
    throw host::ReplayError(report.get_msg());
  }
  return results;
}

}  // namespace nvdla::platform
