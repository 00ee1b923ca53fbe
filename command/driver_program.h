// SPDX-License-Identifier: Apache-2.0
// A compiled network as a register program: NVIDIA's driver is run with it once, on the model, and its
// accesses are written down.
//
// Where the driver reads GLB's interrupt status, the program waits for the bits that it saw then, as the
// recorded traces do. Limits: the order in which the driver reacts is that of this run, also on other
// designs; layers of the CPU take no time.
#pragma once

#include <string>

#include "host/program.h"
#include "host/replay.h"

namespace nvdla::command {

// Throws host::InputError and host::ReplayError.
[[nodiscard]] host::Program driver_program(const std::string& loadable, const host::ReplayOptions& options);

}  // namespace nvdla::command
