// SPDX-License-Identifier: Apache-2.0
// What a program wanted to know of memory, and what came of it: one row for each check_crc and check_file.
#pragma once

#include <cstdint>
#include <string>

namespace nvdla::host {

enum class CheckResult : std::uint8_t {
  kEqual,
  kDifferent,
  kNotChecked  // this run computes no tensors: memory holds only what the program has put there
};

struct ContentCheck {
  std::string where;  // "file:line"
  std::string what;   // "CRC-32 of 2048 bytes at 0x80080000"
  std::string expected;
  std::string got;  // empty when not checked
  CheckResult result = CheckResult::kNotChecked;
};

}  // namespace nvdla::host
