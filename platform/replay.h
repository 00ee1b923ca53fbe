// SPDX-License-Identifier: Apache-2.0
// Replays one program on a complete SystemC platform (player, NVDLA, memories) and returns what happened. Can
// be called any number of times in one process: every call builds and removes a simulation of its own. Not
// thread safe: SystemC has one kernel. Without SystemC, and with the same result: host/runner.h.
#pragma once

#include "host/program.h"
#include "host/replay.h"

namespace nvdla::platform {

// Throws host::ReplayError; std::invalid_argument for inconsistent hardware or memory parameters.
[[nodiscard]] host::ReplayResult replay(const host::Program& program, const host::ReplayOptions& options);

}  // namespace nvdla::platform
