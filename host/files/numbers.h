// SPDX-License-Identifier: Apache-2.0
// Numbers of options and tables, read strictly: the whole text is the number, nothing in front of it or
// behind it, and no second meaning.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "hardware/types.h"

namespace nvdla::host {

// Decimal digits without leading zeros, or 0x and hexadecimal digits; at most `largest`.
[[nodiscard]] std::optional<std::uint64_t> parse_whole(std::string_view text, std::uint64_t largest);
// Decimal, with or without fraction and exponent: finite, not negative.
[[nodiscard]] std::optional<double> parse_real(std::string_view text);
// A whole number from `least` to kFarthest. Throws std::invalid_argument naming `what`.
[[nodiscard]] Cycle parse_cycles(std::string_view what, std::string_view text, Cycle least);

}  // namespace nvdla::host
