// SPDX-License-Identifier: Apache-2.0
// Proves the floating-point rules of SDP, PDP and CDP: rounding against exact arithmetic, the edges of the
// range bit by bit, signs of zeros, NaN, and that the loops agree with the element-wise functions.
#include "compute/float_rules.h"

#include <gtest/gtest.h>

#include <random>

#include "compute/float_loops.h"

namespace nvdla::compute {
namespace {

constexpr std::uint32_t kOne = 0x3f800000U;

// A random pattern, often near the edges of the range.
std::uint32_t pattern(std::mt19937& random) {
  const std::uint32_t bits = random();
  switch (random() % 6) {
    case 0:
      return bits & kSignBit;
    case 1:
      return (bits & 0x807fffffU) | (1 + random() % 3) << 23U;
    case 2:
      return (bits & 0x807fffffU) | (252 + random() % 3) << 23U;
    default:
      return (bits & 0x807fffffU) | (100 + random() % 54) << 23U;
  }
}

// The rule by its definition, for a value that is exact in 113 bits.
std::uint32_t rounded(__float128 exact, std::uint32_t zero) {
  const __float128 magnitude = exact < 0 ? -exact : exact;
  const std::uint32_t sign = exact < 0 ? kSignBit : 0;
  int exponent = 0;
  __float128 scaled = magnitude;
  if (scaled == 0) return zero;
  while (scaled >= 2) scaled /= 2, ++exponent;
  while (scaled < 1) scaled *= 2, --exponent;
  const __float128 digits = scaled * 8388608;
  auto whole = static_cast<std::uint64_t>(digits);
  const __float128 rest = digits - static_cast<__float128>(whole);
  if (rest > 0.5 || (rest == 0.5 && (whole & 1U) != 0)) ++whole;
  if (whole == 16777216) whole /= 2, ++exponent;
  if (exponent < -126) return zero;
  if (exponent > 127) return sign | kFp32Largest;
  return sign | static_cast<std::uint32_t>(exponent + 127) << 23U |
         (static_cast<std::uint32_t>(whole) & 0x7fffffU);
}

TEST(FloatRules, SumsAndProductsAreRoundedOnceAndFlushed) {
  std::mt19937 random(2);
  for (int i = 0; i < 300000; ++i) {
    const std::uint32_t a = pattern(random);
    std::uint32_t b = pattern(random);
    if (i % 5 == 0) b = a ^ (random() & 0x80000007U);
    if (fp32_is_odd(b)) continue;
    const __float128 x = float_of(a), y = float_of(b);
    // A sum of nothing but digits: the sum's exponent gap has to fit the 113 bits.
    const int gap = std::abs(static_cast<int>(a >> 23U & 0xffU) - static_cast<int>(b >> 23U & 0xffU));
    if (gap < 88 || x == 0 || y == 0) {
      const __float128 sum = x + y;
      // Below the smallest normal number a sum is exact: it is flushed before it could be rounded.
      ASSERT_EQ(fp32_add(a, b), rounded(sum, sum_zero(a, b))) << std::hex << a << ' ' << b;
      ASSERT_EQ(fp32_sub(a, b), fp32_add(a, b ^ kSignBit));
    }
    ASSERT_EQ(fp32_mul(a, b), rounded(x * y, (a ^ b) & kSignBit)) << std::hex << a << ' ' << b;
  }
}

TEST(FloatRules, EdgesOfTheRange) {
  EXPECT_EQ(fp32_add(kFp32Largest, kFp32Largest), kFp32Largest);
  EXPECT_EQ(fp32_mul(kFp32Largest, kFp32Largest | kSignBit), kFp32Largest | kSignBit);
  // (1 - 2^-24) * 2^-126 is flushed though a host would round it up; (1 - 2^-25) * 2^-126 rounds to normal
  // first.
  EXPECT_EQ(fp32_mul(0x3f7fffffU, kFp32SmallestNormal), 0U);
  EXPECT_EQ(fp32_mul(0x3f800001U, 0x007ffffeU + 2U), 0x00800001U);
  EXPECT_EQ(fp32_add(0x00800001U, 0x80800000U), 0U);
}

TEST(FloatRules, ZerosTakeTheSignOfTheLargerOrFirstOperand) {
  EXPECT_EQ(fp32_add(kOne, kOne | kSignBit), 0U);
  EXPECT_EQ(fp32_add(kOne | kSignBit, kOne), kSignBit);
  EXPECT_EQ(fp32_add(0, kSignBit), 0U);
  EXPECT_EQ(fp32_add(kSignBit, 0), kSignBit);
  EXPECT_EQ(fp32_sub(kSignBit, 0), kSignBit);
  EXPECT_EQ(fp32_mul(kSignBit, kOne), kSignBit);
  EXPECT_EQ(fp17_add(kOne | kSignBit, kOne), kSignBit);
  EXPECT_EQ(fp17_mul(kSignBit, kOne | kSignBit), 0U);
}

TEST(FloatRules, TheFirstNanPasses) {
  const std::uint32_t nan = 0x7f800005U, other = 0xff800007U;
  for (auto f : {fp32_add, fp32_mul, fp32_max, fp32_min, fp17_add, fp17_mul}) {
    EXPECT_EQ(f(nan, other), nan);
    EXPECT_EQ(f(kOne, other), other);
    EXPECT_EQ(f(nan, kOne), nan);
  }
  EXPECT_EQ(fp32_sub(kOne, nan), nan | kSignBit);
}

TEST(FloatRules, MaximumAndMinimumOrderSignAndMagnitude) {
  EXPECT_EQ(fp32_max(kSignBit, 0), 0U);
  EXPECT_EQ(fp32_min(0, kSignBit), kSignBit);
  EXPECT_EQ(fp32_max(0xc0000000U, 0xbf800000U), 0xbf800000U);
  EXPECT_EQ(fp32_min(kOne, 0x40000000U), kOne);
  // The infinity of a register is above every number.
  EXPECT_EQ(fp32_max(kFp32Largest, 0x7f800000U), 0x7f800000U);
}

TEST(FloatRules, Fp17IsRoundedToTenBitsAndClamped) {
  std::mt19937 random(3);
  for (int i = 0; i < 300000; ++i) {
    const std::uint32_t a = fp17_from_bits((random() & 0x103ffU) | (1 + random() % 62) << 10U);
    const std::uint32_t b = fp17_from_bits((random() & 0x103ffU) | (1 + random() % 62) << 10U);
    const double product = static_cast<double>(float_of(a)) * float_of(b);
    const double step = std::ldexp(1.0, std::ilogb(product) - 10);
    const double nearest = std::nearbyint(product / step) * step;  // ties to even
    const std::uint32_t sign = (a ^ b) & kSignBit;
    const std::uint32_t expected = std::fabs(nearest) < 0x1p-30   ? sign
                                   : std::fabs(nearest) >= 0x1p32 ? sign | kFp17Largest
                                                                  : bits_of(static_cast<float>(nearest));
    ASSERT_EQ(fp17_mul(a, b), expected) << std::hex << a << ' ' << b;
    if (std::abs(std::ilogb(float_of(a)) - std::ilogb(float_of(b))) > 40) continue;
    const double sum = static_cast<double>(float_of(a)) + float_of(b);
    if (sum == 0) continue;
    const double grid = std::ldexp(1.0, std::ilogb(sum) - 10);
    const double near = std::nearbyint(sum / grid) * grid;
    const std::uint32_t side = sum < 0 ? kSignBit : 0;
    const std::uint32_t whole = std::fabs(near) < 0x1p-30   ? sum_zero(a, b)
                                : std::fabs(near) >= 0x1p32 ? side | kFp17Largest
                                                            : bits_of(static_cast<float>(near));
    ASSERT_EQ(fp17_add(a, b), whole) << std::hex << a << ' ' << b;
  }
}

TEST(FloatRules, NarrowingToFp17RoundsBeforeItFlushes) {
  EXPECT_EQ(fp32_to_fp17(0x30800000U), 0x30800000U);
  EXPECT_EQ(fp32_to_fp17(0x307fe000U), 0x30800000U);  // 2^-30 - 2^-41
  EXPECT_EQ(fp32_to_fp17(0xb07fdfffU), kSignBit);
  EXPECT_EQ(fp32_to_fp17(0x3f801000U), kOne);  // a tie, to even
  EXPECT_EQ(fp32_to_fp17(0x3f803000U), 0x3f804000U);
  EXPECT_EQ(fp32_to_fp17(0x7f000000U), kFp17Largest);
  EXPECT_EQ(fp32_to_fp17(0xff800123U), 0xff800123U);
}

TEST(FloatRules, RegistersHoldSeventeenBits) {
  EXPECT_EQ(fp17_from_bits(0x7c00), kOne);
  EXPECT_EQ(fp17_from_bits(0x17c00), kOne | kSignBit);
  EXPECT_EQ(fp17_from_bits(0x10000), kSignBit);
  EXPECT_EQ(float_of(fp17_from_bits(0x8200)), 3.0F);
  EXPECT_EQ(fp17_from_bits(0xfc01), 0x7f800001U);
}

TEST(FloatRules, FractionsRoundToEven) {
  EXPECT_EQ(fraction_to_fp17(0, 16), 0U);
  EXPECT_EQ(float_of(fraction_to_fp17(1, 16)), 0x1p-16F);
  EXPECT_EQ(float_of(fraction_to_fp17(0x8010, 16)), 0.5F);             // tie to even
  EXPECT_EQ(float_of(fraction_to_fp17(0x8030, 16)), 0.5F + 0x1p-10F);  // tie to even, upwards
  EXPECT_EQ(float_of(fraction_to_fp17(0xffff, 16)), 1.0F);
  EXPECT_EQ(fraction_to_fp17(15, 35), 0U);  // below 2^-30
  // More than 24 digits: a rounding to float first would make this a tie.
  EXPECT_EQ(float_of(fraction_to_fp17((std::uint64_t{1} << 34U) + (1U << 23U) + 1U, 35)), 0.5F + 0x1p-11F);
}

TEST(FloatLoops, ConvertEveryFp16AndEveryBoundaryBack) {
  for (std::uint32_t h = 0; h < 0x10000; ++h) {
    const std::uint32_t wide = fp16_to_fp32(static_cast<std::uint16_t>(h));
    ASSERT_EQ(fp16_to_fp32_select(h), wide);
    for (std::uint32_t step = 0; step < 0x4000; step += 0x7ff) {
      for (const std::uint32_t f : {wide + step, wide + step + 1}) {
        if (fp32_is_odd(f) && !fp32_is_nan(f)) continue;
        ASSERT_EQ(fp32_to_fp16_select(f), fp32_to_fp16(f)) << std::hex << f;
      }
    }
  }
  for (std::uint32_t f = kFp32SmallestNormal; f < kFp32Largest; f += 0x1234567U / 64)
    ASSERT_EQ(fp32_to_fp16_select(f), fp32_to_fp16(f)) << std::hex << f;
}

TEST(FloatLoops, AgreeWithTheFunctionsOnNormalNumbers) {
  std::mt19937 random(4);
  for (int round = 0; round < 2000; ++round) {
    std::int32_t x[64], y[64], sum[64], product[64];
    for (int i = 0; i < 64; ++i) {
      x[i] = static_cast<std::int32_t>(pattern(random));
      y[i] = i % 7 == 0 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(x[i]) ^ kSignBit)
                        : static_cast<std::int32_t>(pattern(random));
      if (i % 11 == 0) x[i] = 0x3f7fffff, y[i] = 0x00800000;
      sum[i] = product[i] = x[i];
    }
    ASSERT_FALSE(any_special(x, 64));
    add_normal(sum, y, 64);
    multiply_normal(product, y, 64);
    for (int i = 0; i < 64; ++i) {
      const auto a = static_cast<std::uint32_t>(x[i]), b = static_cast<std::uint32_t>(y[i]);
      ASSERT_EQ(static_cast<std::uint32_t>(sum[i]), fp32_add(a, b));
      ASSERT_EQ(static_cast<std::uint32_t>(product[i]), fp32_mul(a, b));
    }
  }
  for (const std::uint32_t special : {0x7f800000U, 0x7f800001U, 0xffc00000U, 1U, 0x807fffffU}) {
    const std::int32_t values[3] = {0, static_cast<std::int32_t>(special), 0x3f800000};
    EXPECT_TRUE(any_special(values, 3)) << std::hex << special;
  }
}

}  // namespace
}  // namespace nvdla::compute
