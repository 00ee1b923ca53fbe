// SPDX-License-Identifier: Apache-2.0
// nvdla-vp configs: the presets, or the configurations named, as configuration files.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace nvdla::command {

// One configuration: a JSON object, as --config takes it; several: an array of them. --schema: the schema of
// such a file. Throws std::invalid_argument for an unknown name, std::runtime_error for a wrong file.
int run_configs(const std::vector<std::string>& arguments, std::ostream& out);

}  // namespace nvdla::command
