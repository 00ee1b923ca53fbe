// SPDX-License-Identifier: Apache-2.0
// nvdla-vp estimate: the closed-form levels side by side.
#pragma once

#include <string>
#include <vector>

namespace nvdla::command {

// Returns the exit status. Throws what main() turns into one.
int run_estimate(const std::vector<std::string>& arguments);

}  // namespace nvdla::command
