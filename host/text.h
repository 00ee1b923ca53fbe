// SPDX-License-Identifier: Apache-2.0
// Numbers in messages.
#pragma once

#include <cstdint>
#include <sstream>
#include <string>

namespace nvdla::host {

// "0x0000000c" with 8 digits; longer numbers take what they need.
[[nodiscard]] inline std::string hex(std::uint64_t value, int digits = 8) {
  std::ostringstream text;
  text << "0x" << std::hex;
  text.fill('0');
  text.width(digits);
  text << value;
  return text.str();
}

}  // namespace nvdla::host
