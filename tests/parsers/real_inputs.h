// SPDX-License-Identifier: Apache-2.0
// Inputs of the repository for the parsers, by the name of the target that reads them: traces, recordings,
// bounds, compiled networks. What a user brings looks like them.
#pragma once

#include <string>
#include <vector>

namespace nvdla::fuzz {

[[nodiscard]] std::vector<std::string> real_inputs(const std::string& target);

}  // namespace nvdla::fuzz
