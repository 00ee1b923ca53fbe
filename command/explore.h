// SPDX-License-Identifier: Apache-2.0
// nvdla-vp explore and nvdla-vp merge: a space of designs, on all cores or many machines, and its front.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace nvdla::command {

// `arguments` are those behind the command's name. Exit status; throw UsageError, host::InputError,
// host::ReplayError.
[[nodiscard]] int run_explore(const std::vector<std::string>& arguments, std::ostream& out);
[[nodiscard]] int run_merge(const std::vector<std::string>& arguments, std::ostream& out);

}  // namespace nvdla::command
