// SPDX-License-Identifier: Apache-2.0
// Several programs at once with the SystemC component: an Nvdla, a bus and ways to the common memories for
// each. Without SystemC, and with the same result: host/together/together.h.
#pragma once

#include <vector>

#include "host/together/together.h"

namespace nvdla::platform {

// Throws as host::run_together. Not thread safe: SystemC has one kernel.
[[nodiscard]] std::vector<host::ReplayResult> run_together(const std::vector<host::TogetherRun>& runs);

}  // namespace nvdla::platform
