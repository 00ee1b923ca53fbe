// SPDX-License-Identifier: Apache-2.0
// nvdla-vp run: a compiled network on the model, inputs in, outputs and times out.
#pragma once

#include <string>
#include <vector>

namespace nvdla::command {

// Returns the exit status. Throws what main() turns into one.
int run_network(const std::vector<std::string>& arguments);

}  // namespace nvdla::command
