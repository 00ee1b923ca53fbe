// SPDX-License-Identifier: Apache-2.0
// Proves fp16 conversions on all patterns, rounding at every boundary between two fp16 numbers, and the
// rounding shift against exact division.
#include "compute/number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace nvdla::compute {
namespace {

// Value of a finite fp16 pattern by its definition.
double value_of(std::uint16_t h) {
  const int exponent = h >> 10U & 0x1f, fraction = h & 0x3ff;
  const double magnitude =
      exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return (h & 0x8000U) != 0 ? -magnitude : magnitude;
}

TEST(Number, EveryFp16PatternWidensToItsValue) {
  for (std::uint32_t h = 0; h < 0x10000; ++h) {
    const auto pattern = static_cast<std::uint16_t>(h);
    const std::uint32_t wide = fp16_to_fp32(pattern);
    const std::uint32_t sign = (h & 0x8000U) << 16U;
    if (fp16_is_nan(pattern)) {
      ASSERT_EQ(wide, sign | 0x7f800000U | (h & 0x3ffU));
    } else if ((h & 0x7fffU) == 0x7c00U) {
      ASSERT_EQ(wide, sign | 0x7f7fffffU);
    } else {
      ASSERT_EQ(float_of(wide), value_of(pattern)) << h;
      ASSERT_EQ(wide & 0x80000000U, sign);
      ASSERT_EQ(fp32_to_fp16(wide), pattern);
    }
  }
  EXPECT_EQ(fp32_to_fp16(0x7f7fffffU), 0x7bff);
  EXPECT_EQ(fp32_to_fp16(0xff800000U), 0xfbff);
  EXPECT_EQ(fp32_to_fp16(0xff800123U), 0xfd23);
}

TEST(Number, NarrowingRoundsToNearestEvenBetweenAnyTwoNeighbours) {
  for (std::uint32_t h = 0; h < 0x7bff; ++h) {
    const auto low = static_cast<std::uint16_t>(h), high = static_cast<std::uint16_t>(h + 1);
    const auto middle = static_cast<float>((value_of(low) + value_of(high)) / 2);  // exact in fp32
    const std::uint32_t bits = bits_of(middle);
    ASSERT_EQ(fp32_to_fp16(bits - 1), low) << h;
    ASSERT_EQ(fp32_to_fp16(bits), (h & 1U) != 0 ? high : low) << h;
    ASSERT_EQ(fp32_to_fp16(bits + 1), high) << h;
    ASSERT_EQ(fp32_to_fp16((bits + 1) | 0x80000000U), high | 0x8000U) << h;
  }
}

TEST(Number, RoundingShiftTakesTiesAwayFromZero) {
  EXPECT_EQ(round_shift(3, 1), 2);
  EXPECT_EQ(round_shift(-3, 1), -2);
  EXPECT_EQ(round_shift(-1, 1), -1);
  EXPECT_EQ(round_shift(-1, 2), 0);
  std::mt19937_64 random(1);
  for (int i = 0; i < 200000; ++i) {
    const std::int64_t x = static_cast<std::int64_t>(random()) >> (random() % 60 + 4);
    const unsigned shift = static_cast<unsigned>(random() % 63);
    __extension__ using Wide = __int128;  // |x| + half as it is
    const Wide magnitude = x < 0 ? -static_cast<Wide>(x) : static_cast<Wide>(x);
    const Wide rounded =
        shift == 0 ? magnitude : (magnitude + (static_cast<Wide>(1) << (shift - 1))) >> shift;
    ASSERT_EQ(round_shift(x, shift), static_cast<std::int64_t>(x < 0 ? -rounded : rounded))
        << x << ' ' << shift;
  }
}

TEST(Number, SaturationKeepsTheRangeOfItsBits) {
  EXPECT_EQ(saturate<8>(127), 127);
  EXPECT_EQ(saturate<8>(128), 127);
  EXPECT_EQ(saturate<8>(-129), -128);
  EXPECT_EQ(saturate<32>(std::int64_t{1} << 31), 0x7fffffff);
  EXPECT_EQ(saturate<17>(-70000), -65536);
}

}  // namespace
}  // namespace nvdla::compute
