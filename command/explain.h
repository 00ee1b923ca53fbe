// SPDX-License-Identifier: Apache-2.0
// nvdla-vp explain: why a network takes that long, and what would be faster.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace nvdla::command {

// `arguments` are those behind "explain". Returns the exit status; throws UsageError, host::InputError,
// host::ReplayError.
[[nodiscard]] int run_explain(const std::vector<std::string>& arguments, std::ostream& out);

}  // namespace nvdla::command
