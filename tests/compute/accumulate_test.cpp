// SPDX-License-Identifier: Apache-2.0
// Proves CACC: widths at which accumulators saturate and that order then matters, the final rounding, the
// fraction bits that it does not see, and fp16 sums of 39 bits against exact arithmetic.
#include "compute/accumulate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "compute/convolution.h"

namespace nvdla::compute {
namespace {

// One output of one kernel with `operations` atomic operations of one channel block: a row of 1 x 32 x ...
// taps.
struct Single {
  ConvolutionSequence sequence;
  ConvolutionAccumulate accumulate;
  InputCube input;
  WeightSet weights;
};

// `blocks` of 64 channels, 32 x 32 taps: weight and data of operation i are those of `pattern(i)`.
template <class Pattern>
Single long_sum(Precision precision, std::uint32_t blocks, Pattern pattern) {
  Single c;
  c.sequence.processing_precision = precision;
  c.sequence.kernel_width = c.sequence.kernel_height = 32;
  c.sequence.kernel_channels = blocks * 64;
  c.sequence.input = {32, 32, blocks * 64};
  c.sequence.output = {1, 1, 1};
  c.input.precision = c.weights.precision = precision;
  c.input.lines = c.input.width = 32;
  c.input.channels = blocks * 64;
  c.input.elements.resize(std::size_t{32} * 32 * blocks * 64);
  for (std::uint32_t block = 0; block < blocks; ++block) {
    for (std::uint32_t tap = 0; tap < 1024; ++tap) {
      const auto [weight, data] = pattern(block * 1024 + tap);
      for (std::uint32_t i = 0; i < 64; ++i) {
        c.input.elements[std::size_t{tap} * blocks * 64 + block * 64 + i] = static_cast<std::int16_t>(data);
        c.weights.bytes.push_back(static_cast<unsigned char>(weight));
        if (precision == Precision::kInt16)
          c.weights.bytes.push_back(static_cast<unsigned char>(weight >> 8));
      }
    }
  }
  return c;
}

std::int32_t result_of(const Single& c, std::uint64_t& saturations) {
  const HardwareParameters& hardware = preset("nv_full");
  const Accumulators reference = convolve_reference(c.sequence, c.accumulate, c.input, c.weights, hardware);
  const Accumulators found = convolve(c.sequence, c.accumulate, c.input, c.weights, hardware);
  EXPECT_EQ(found.values, reference.values);
  EXPECT_EQ(found.saturations, reference.saturations);
  saturations = found.saturations;
  return found.at(0, 0, 0, 0);
}

TEST(Accumulate, Int8SaturatesAt34BitsInTheOrderOfOperations) {
  std::uint64_t saturations = 0;
  // 10240 operations of 2^20: all positive, the sum stops at 2^33 - 1.
  Single c = long_sum(Precision::kInt8, 10, [](std::uint32_t) { return std::pair{-128, -128}; });
  c.accumulate.clip_truncate = 4;
  EXPECT_EQ(result_of(c, saturations), 1 << 29);
  EXPECT_EQ(saturations, 0U);
  c.accumulate.clip_truncate = 2;  // 2^31 - 1/4 is rounded up and clamped
  EXPECT_EQ(result_of(c, saturations), 0x7fffffff);
  EXPECT_EQ(saturations, 1U);
  // 9216 of them, then 1024 of -(2^20 - 2^13): what saturation has cut off is not there to be taken away.
  c = long_sum(Precision::kInt8, 10, [](std::uint32_t i) { return std::pair{i < 9216 ? -128 : 127, -128}; });
  c.accumulate.clip_truncate = 4;
  const std::int64_t expected = (std::int64_t{1} << 33) - 1 - std::int64_t{1024} * 64 * 127 * 128;
  EXPECT_EQ(result_of(c, saturations), round_shift(expected, 4));
}

TEST(Accumulate, Int16SaturatesAt48Bits) {
  std::uint64_t saturations = 0;
  Single c = long_sum(Precision::kInt16, 3, [](std::uint32_t) { return std::pair{-32768, -32768}; });
  c.accumulate.clip_truncate = 31;  // 3072 * 2^36 stops at 2^47 - 1
  EXPECT_EQ(result_of(c, saturations), 1 << 16);
}

TEST(Accumulate, DeliveryRoundsTiesAwayAndClamps) {
  EXPECT_EQ(deliver_integer(3, 1).value, 2);
  EXPECT_EQ(deliver_integer(-3, 1).value, -2);
  EXPECT_EQ(deliver_integer(5, 2).value, 1);
  EXPECT_EQ(deliver_integer(-7, 2).value, -2);
  EXPECT_EQ(deliver_integer((std::int64_t{1} << 32) - 2, 1).value, 0x7fffffff);
  EXPECT_FALSE(deliver_integer((std::int64_t{1} << 32) - 2, 1).saturated);
  EXPECT_TRUE(deliver_integer((std::int64_t{1} << 32) - 1, 1).saturated);
  EXPECT_TRUE(deliver_integer(-(std::int64_t{1} << 33), 1).saturated);
  EXPECT_FALSE(deliver_integer(-(std::int64_t{1} << 32), 1).saturated);
  // What lies below the range counts, although it is rounded into it.
  EXPECT_TRUE(deliver_integer(-(std::int64_t{1} << 33) - 1, 2).saturated);
  EXPECT_EQ(deliver_integer(-(std::int64_t{1} << 33) - 1, 2).value, INT32_MIN);
}

TEST(Accumulate, DeliverySeesSixteenBitsOfTheFraction) {
  // -1.5 with something above the tie that 16 bits cannot show: taken for the tie, away from zero.
  const std::int64_t tie = -(std::int64_t{3} << 19);
  EXPECT_EQ(deliver_integer(tie, 20).value, -2);
  EXPECT_EQ(deliver_integer(tie + 15, 20).value, -2);
  EXPECT_EQ(deliver_integer(tie + 16, 20).value, -1);
  EXPECT_EQ(deliver_integer((tie >> 4) + 1, 16).value, -1);
}

// Nearest multiple of 2^e, ties away from zero.
__extension__ using Wide = __int128;
Wide round_to(Wide x, unsigned bits) {
  const bool negative = x < 0;
  Wide m = negative ? -x : x;
  unsigned length = 0;
  while ((m >> length) != 0) ++length;
  if (length > bits) {
    const unsigned drop = length - bits;
    m = ((m + (static_cast<Wide>(1) << (drop - 1))) >> drop) << drop;
  }
  return negative ? -m : m;
}

TEST(Accumulate, FloatSumsAreRoundedTo39BitsAfterEveryOperation) {
  std::mt19937_64 random(3);
  for (int run = 0; run < 3000; ++run) {
    FloatAccumulator accumulator;
    Wide exact = 0;  // in units of 2^-50
    const int steps = 1 + static_cast<int>(random() % 30);
    for (int i = 0; i < steps; ++i) {
      const auto exponent = static_cast<std::int32_t>(random() % 16 * 4);
      std::int64_t mantissa =
          static_cast<std::int64_t>(random() % (std::uint64_t{1} << 36)) - (std::int64_t{1} << 35);
      if (random() % 3 == 0) mantissa >>= random() % 35;
      // Now and then what takes the sum to nearly nothing.
      if (random() % 8 == 0)
        mantissa = static_cast<std::int64_t>(-(exact >> exponent) % (std::int64_t{1} << 35));
      accumulator.add(mantissa, exponent);
      exact = round_to(exact + (mantissa * (static_cast<Wide>(1) << exponent)), 39);
    }
    const auto rounded = static_cast<double>(round_to(exact, 24));
    ASSERT_EQ(std::ldexp(static_cast<double>(float_of(accumulator.deliver())), 50), rounded) << run;
  }
}

TEST(Accumulate, TheFirstNanStaysAndLeavesWithItsFractionInTheLowBits) {
  FloatAccumulator accumulator;
  accumulator.add(12345, 40);
  accumulator.add_nan(0xfe01);
  accumulator.add_nan(0x7d55);
  accumulator.add(1, 0);
  EXPECT_EQ(accumulator.deliver(), 0xff800201U);
  EXPECT_EQ(FloatAccumulator{}.deliver(), 0U);
}

}  // namespace
}  // namespace nvdla::compute
