// SPDX-License-Identifier: Apache-2.0
// nvdla-vp replay: plays a trace, a trace test of nvdla/hw or a log of the virtual platform on the model.
#pragma once

#include <string>
#include <vector>

namespace nvdla::command {

// Returns the exit status. Throws what main() turns into one.
int run_replay(const std::vector<std::string>& arguments);

}  // namespace nvdla::command
