// SPDX-License-Identifier: Apache-2.0
// Changes an input at random: bits flipped, cut, repeated, pieces moved, numbers replaced by awkward ones,
// the signs of the formats put where they do not belong. The same seed makes the same change.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>

namespace nvdla::fuzz {

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string operator()(std::string text) {
    for (std::uint64_t count = 1 + below(6); count > 0; --count) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = below(std::min<std::size_t>(text.size() - at, 40) + 1);
    switch (below(8)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 1:
        text.resize(at);
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(at, text.substr(at, length));
        break;
      case 4:
        text.insert(at, std::string(1, static_cast<char>(below(256))));
        break;
      case 5:
        replace_number(text, at);
        break;
      case 6:
        text.insert(at, text.substr(below(text.size() + 1), 1 + below(80)));
        break;
      default:
        text.insert(at, kTokens[below(std::size(kTokens))]);
        break;
    }
  }

  // The next number becomes an awkward one.
  void replace_number(std::string& text, std::size_t at) {
    const std::size_t first = text.find_first_of("0123456789", at);
    if (first == std::string::npos) return;
    std::size_t last = text.find_first_not_of("0123456789abcdefx.", first);
    if (last == std::string::npos) last = text.size();
    text.replace(first, last - first, kNumbers[below(std::size(kNumbers))]);
  }

  static constexpr const char* kTokens[] = {"\n", "\r\n", ",",  ",,", "#",   "//",       "(",    ");",
                                            "{",  "}",    "[",  "]",  "\"",  "'",        "=",    "\\",
                                            "0x", " ",    "\t", "%",  "../", "\xff\xfe", "null", "true"};
  static constexpr const char* kNumbers[] = {"0",
                                             "1",
                                             "-1",
                                             "+1",
                                             "00",
                                             "010",
                                             "0x",
                                             "0x0",
                                             "0.0",
                                             "1.5",
                                             "1048576",
                                             "4294967295",
                                             "4294967296",
                                             "0xffffffff",
                                             "9223372036854775807",
                                             "9223372036854775808",
                                             "0x7fffffffffffffff",
                                             "0xfffffffffffffffe",
                                             "0xffffffffffffffff",
                                             "18446744073709551616",
                                             "99999999999999999999999",
                                             "1e15",
                                             "1e308",
                                             "1e999",
                                             "-1e999",
                                             "1e-400",
                                             "nan",
                                             "inf"};
  std::mt19937_64 random_;
};

}  // namespace nvdla::fuzz
