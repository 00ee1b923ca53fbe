// SPDX-License-Identifier: Apache-2.0
// Runs a program on the accelerator and the recordings' memories without SystemC. The cycles are those of the
// SystemC component on the platform's memories (platform/replay.h).
//
// Safe to call from many threads at once, also with the same program: a run has no state outside itself. The
// functions and listeners in the options are called in the thread of the run.
#pragma once

#include "host/program.h"
#include "host/replay.h"

namespace nvdla::host {

class SystemBus;

// Throws ReplayError; std::invalid_argument for inconsistent hardware or memory parameters.
[[nodiscard]] ReplayResult run(const Program& program, const ReplayOptions& options);
// The same on a bus that somebody has made for these options, which are checked.
[[nodiscard]] ReplayResult run_on(SystemBus& bus, const Program& program, const ReplayOptions& options);

}  // namespace nvdla::host
