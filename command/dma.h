// SPDX-License-Identifier: Apache-2.0
// nvdla-vp dma: recorded bursts, or a list of accesses, on the memory alone.
#pragma once

#include <string>
#include <vector>

namespace nvdla::command {

// Returns the exit status. Throws what main() turns into one.
int run_dma(const std::vector<std::string>& arguments);

}  // namespace nvdla::command
