// SPDX-License-Identifier: Apache-2.0
// A number has one reading, or none.
#include "host/files/numbers.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace nvdla::host {
namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

TEST(Numbers, Whole) {
  EXPECT_EQ(parse_whole("0", kMax), 0U);
  EXPECT_EQ(parse_whole("18446744073709551615", kMax), kMax);
  EXPECT_EQ(parse_whole("0xfF", kMax), 255U);
  EXPECT_EQ(parse_whole("0x010", kMax), 16U);
  EXPECT_EQ(parse_whole("10", 10), 10U);
  for (const char* text : {"", " 1", "1 ", "+1", "-1", "010", "00", "0x", "0x-1", "0x 1", "1e3", "1.0", "0b1",
                           "1_000", "18446744073709551616", "x1", "0xg", "1\n"}) {
    EXPECT_FALSE(parse_whole(text, kMax)) << text;
  }
  EXPECT_FALSE(parse_whole("11", 10));
}

TEST(Numbers, Real) {
  EXPECT_EQ(parse_real("12.5"), 12.5);
  EXPECT_EQ(parse_real("0.25"), 0.25);
  EXPECT_EQ(parse_real(".5"), 0.5);
  EXPECT_EQ(parse_real("1e3"), 1000.0);
  EXPECT_EQ(parse_real("0"), 0.0);
  for (const char* text :
       {"", " 1", "1 ", "+1", "-1", "010", "1e999", "inf", "nan", "0x10", "1,5", ".", "e3", "1e"}) {
    EXPECT_FALSE(parse_real(text)) << text;
  }
}

TEST(Numbers, Cycles) {
  EXPECT_EQ(parse_cycles("--limit", "0", 0), 0);
  EXPECT_EQ(parse_cycles("--limit", "1125899906842624", 1), kFarthest);
  for (const char* text : {"0", "1125899906842625", "9223372036854775807", "-1", "1e15", ""}) {
    EXPECT_THROW((void)parse_cycles("--limit", text, 1), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace nvdla::host
