// SPDX-License-Identifier: Apache-2.0
// JSON documents of validation: bounds, notes, layers, recordings.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace nvdla::validation {

// The document in a file, a pipe or standard input ("-"), read strictly (hardware/strict_json.h). Throws
// host::InputError that names the file.
[[nodiscard]] nlohmann::json read_json_file(const std::string& path);

}  // namespace nvdla::validation
