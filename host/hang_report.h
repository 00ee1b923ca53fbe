// SPDX-License-Identifier: Apache-2.0
// Why an accelerator in which nothing happens any more is not done, from its registers.
#pragma once

#include <string>
#include <vector>

#include "engine/accelerator.h"

namespace nvdla::host {

// One line each: what is still running; a group that is enabled while CONSUMER stands at the other;
// interrupts that are set and masked.
[[nodiscard]] std::vector<std::string> hang_report(const engine::Accelerator& accelerator);

}  // namespace nvdla::host
