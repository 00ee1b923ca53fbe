// SPDX-License-Identifier: Apache-2.0
// nvdla-vp import: what others recorded, turned into the files that replay, dma and validate take.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace nvdla::command {

// Returns the exit status. Throws host::InputError, boost's and std::invalid_argument for wrong options.
int run_import(const std::vector<std::string>& arguments, std::ostream& out);

}  // namespace nvdla::command
