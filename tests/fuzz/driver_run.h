// SPDX-License-Identifier: Apache-2.0
// Runs a driver's program on the accelerator and looks for broken promises while it runs.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "amaix/estimate.h"
#include "engine/events.h"
#include "tests/fuzz/driver_program.h"
#include "tests/torture/answer_times.h"

namespace nvdla::fuzz {

struct RunResult {
  std::vector<std::string> broken;  // promises, in words
  std::vector<engine::OperationRecord> operations;
  std::uint64_t events = 0;  // hash of all that was told, with its cycles
  std::uint64_t bursts = 0;
};

[[nodiscard]] RunResult run_program(const DriverProgram& program, amaix::Level level, Cycle settled_reset,
                                    const torture::Latencies& latencies);

}  // namespace nvdla::fuzz
