// SPDX-License-Identifier: Apache-2.0
// JSON documents that have one reading: RFC 8259, every key of an object once, numbers that fit, at most
// kDeepestJson objects and arrays inside each other.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace nvdla {

inline constexpr int kDeepestJson = 64;

// `name` is the file in messages. Throws std::runtime_error "name: what", with line and column for a syntax
// error.
[[nodiscard]] nlohmann::json parse_strict_json(const std::string& text, const std::string& name);

}  // namespace nvdla
