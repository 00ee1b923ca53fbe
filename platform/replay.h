// SPDX-License-Identifier: Apache-2.0
// Programs and compiled networks on a complete SystemC platform (CPU stand-in, NVDLA, memories): what happens
// is returned. Can be called any number of times in one process: every call builds and removes a simulation
// of its own. Not thread safe: SystemC has one kernel. Without SystemC, and with the same result:
// host/runner.h, host/network/network_runner.h.
#pragma once

#include "host/network/network_session.h"
#include "host/program.h"
#include "host/replay.h"

namespace nvdla::platform {

// Throws host::ReplayError; std::invalid_argument for inconsistent hardware or memory parameters.
[[nodiscard]] host::ReplayResult replay(const host::Program& program, const host::ReplayOptions& options);

// The driver as CPU of the platform. Throws as host::run_network().
[[nodiscard]] host::ReplayResult run_network(const host::Loadable& loadable,
                                             const host::ReplayOptions& options,
                                             const host::NetworkHooks& hooks = {});

}  // namespace nvdla::platform
