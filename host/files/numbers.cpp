// SPDX-License-Identifier: Apache-2.0
#include "host/files/numbers.h"

#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>

namespace nvdla::host {
namespace {

bool digit(char character) { return character >= '0' && character <= '9'; }

}  // namespace

std::optional<std::uint64_t> parse_whole(std::string_view text, std::uint64_t largest) {
  const bool hexadecimal = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  if (hexadecimal) {
    text.remove_prefix(2);
  } else if (text.size() > 1 && text[0] == '0') {
    return std::nullopt;  // octal for some readers, decimal for others
  }
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size() || value > largest) return std::nullopt;
  return value;
}

std::optional<double> parse_real(std::string_view text) {
  if (text.empty() || !(digit(text[0]) || (text[0] == '.' && text.size() > 1 && digit(text[1]))))
    return std::nullopt;
  if (text.size() > 1 && text[0] == '0' && digit(text[1])) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

Cycle parse_cycles(std::string_view what, std::string_view text, Cycle least) {
  const auto value = parse_whole(text, static_cast<std::uint64_t>(kFarthest));
  if (value && static_cast<Cycle>(*value) >= least) return static_cast<Cycle>(*value);
  throw std::invalid_argument(std::string(what) + ": '" + std::string(text) +
                              "' is not a number of cycles from " + std::to_string(least) + " to 2^50");
}

}  // namespace nvdla::host
