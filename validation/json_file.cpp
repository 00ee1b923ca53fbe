// SPDX-License-Identifier: Apache-2.0
#include "validation/json_file.h"

#include "hardware/strict_json.h"
#include "host/files/byte_source.h"

namespace nvdla::validation {
namespace {

constexpr std::uint64_t kLargest = std::uint64_t{64} << 20;

}  // namespace

nlohmann::json read_json_file(const std::string& path) {
  const std::string text = host::read_file(path, kLargest);
  try {
    return parse_strict_json(text, host::input_name(path));
  } catch (const std::runtime_error& error) {
    throw host::InputError(error.what());
  }
}

}  // namespace nvdla::validation
