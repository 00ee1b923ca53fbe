// SPDX-License-Identifier: Apache-2.0
#include "host/together/together.h"

#include <functional>
#include <memory>
#include <stdexcept>

#include "engine/shared_system.h"
#include "host/runner.h"
#include "host/system_bus.h"
#include "host/together/conductor.h"

namespace nvdla::host {

void check_together(const std::vector<TogetherRun>& runs) {
  if (runs.empty()) throw std::invalid_argument("nothing to run");
  for (const TogetherRun& run : runs) {
    check(run.options);
    check_memories(*run.program, run.options);
    if (run.options.repeat != 1) throw std::invalid_argument("programs that run together run once");
    if (run.options.hardware.name != runs.front().options.hardware.name)
      throw std::invalid_argument("programs that run together run on the same hardware");
    if (run.start < 0 || run.start > kFarthest)
      throw std::invalid_argument("a start is 0 to 2^50 cycles after the first");
  }
}

std::vector<ReplayResult> run_together(const std::vector<TogetherRun>& runs) {
  check_together(runs);
  const ReplayOptions& common = runs.front().options;
  std::vector<engine::AcceleratorOptions> accelerators;
  accelerators.reserve(runs.size());
  for (const TogetherRun& run : runs) accelerators.push_back(accelerator_options(run.options));
  engine::SharedSystem system(common.hardware, accelerators, common.dbb, common.cvsram);
  Conductor conductor(system);
  std::vector<std::unique_ptr<SystemBus>> buses;
  std::vector<ReplayResult> results(runs.size());
  std::vector<std::function<void()>> drivers;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    buses.push_back(
        std::make_unique<SystemBus>(conductor.lane(i), common.dbb, common.cvsram, runs[i].start + 1));
    drivers.emplace_back([&, i] { results[i] = run_on(*buses[i], *runs[i].program, runs[i].options); });
  }
  conductor.run(drivers);
  return results;
}

}  // namespace nvdla::host
