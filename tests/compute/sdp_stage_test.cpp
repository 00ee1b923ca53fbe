// SPDX-License-Identifier: Apache-2.0
// Proves the integer sub-engines and the output converter of SDP against the rules written out in 128 bits,
// and what counts as saturated.
#include "compute/sdp_stage.h"

#include <gtest/gtest.h>

#include <random>

#include "compute/feature_cube.h"
#include "compute/sdp_output.h"

namespace nvdla::compute {
namespace {

__extension__ using Wide = __int128;

Wide clamp(Wide x, unsigned bits) {
  const Wide largest = (static_cast<Wide>(1) << (bits - 1)) - 1;
  return x > largest ? largest : (x < -largest - 1 ? -largest - 1 : x);
}

// x / 2^shift to nearest, ties away from zero.
Wide divide(Wide x, unsigned shift) {
  if (shift == 0) return x;
  const Wide magnitude = x < 0 ? -x : x;
  const Wide result = shift > 100 ? 0 : (magnitude + (static_cast<Wide>(1) << (shift - 1))) >> shift;
  return x < 0 ? -result : result;
}

Wide algorithm(std::uint32_t which, Wide a, Wide b) {
  return which == 0 ? std::max(a, b) : which == 1 ? std::min(a, b) : a + b;
}

struct Random {
  std::mt19937_64 bits{5};
  std::int32_t value() { return static_cast<std::int32_t>(bits()) >> (bits() % 32); }
  std::int16_t half() {
    return static_cast<std::int16_t>(static_cast<std::int16_t>(bits()) >> (bits() % 16));
  }
  bool flag() { return bits() % 2 == 0; }
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(bits() % n); }
};

TEST(SdpStage, XFollowsItsEquation) {
  Random random;
  for (int round = 0; round < 20000; ++round) {
    SdpStage stage;
    stage.alu_bypass = random.flag();
    stage.mul_bypass = random.flag();
    stage.relu_bypass = random.flag();
    stage.prelu = !stage.mul_bypass && random.flag();
    stage.alu_algorithm = random.below(3);
    stage.alu_from_dma = random.flag();
    stage.mul_from_dma = random.flag();
    stage.alu_operand = random.half();
    stage.mul_operand = random.half();
    stage.alu_shift = random.below(64);
    stage.mul_shift = random.below(64);
    std::int32_t x[8], in[8];
    std::int16_t alu[8], mul[8];
    for (int i = 0; i < 8; ++i) {
      x[i] = in[i] = random.value();
      alu[i] = random.half();
      mul[i] = random.half();
    }
    sdp_x_integer(stage, {alu, mul}, x, 8);
    for (int i = 0; i < 8; ++i) {
      const Wide operand = clamp(static_cast<Wide>(stage.alu_from_dma ? alu[i] : stage.alu_operand) *
                                     (static_cast<Wide>(1) << stage.alu_shift),
                                 32);
      const Wide a = stage.alu_bypass ? Wide{in[i]} : algorithm(stage.alu_algorithm, in[i], operand);
      const Wide factor = stage.mul_from_dma ? mul[i] : stage.mul_operand;
      Wide y;
      if (stage.mul_bypass) {
        y = clamp(divide(a, stage.mul_shift), 32);
      } else if (stage.prelu && a >= 0) {
        y = static_cast<std::int32_t>(static_cast<std::uint32_t>(a));
      } else {
        y = clamp(divide(a * factor, stage.mul_shift), 32);
      }
      if (!stage.relu_bypass && y < 0) y = 0;
      ASSERT_EQ(x[i], static_cast<std::int32_t>(y)) << in[i];
    }
  }
}

TEST(SdpStage, YConvertsItsOperandsMultipliesThenAdds) {
  Random random;
  for (int round = 0; round < 20000; ++round) {
    SdpStage stage;
    stage.alu_bypass = random.flag();
    stage.mul_bypass = random.flag();
    stage.prelu = !stage.mul_bypass && random.flag();
    stage.alu_algorithm = random.below(4);
    stage.alu_from_dma = random.flag();
    stage.mul_from_dma = random.flag();
    stage.alu_operand = random.value();
    stage.mul_operand = random.value();
    stage.mul_shift = random.below(random.flag() ? 64 : 1024);
    stage.alu_convert = random.flag();
    stage.mul_convert = random.flag();
    stage.alu_convert_offset = random.value();
    stage.mul_convert_offset = random.value();
    stage.alu_convert_scale = random.half();
    stage.mul_convert_scale = random.half();
    stage.alu_convert_truncate = random.below(64);
    stage.mul_convert_truncate = random.below(64);
    std::int32_t x[8], in[8];
    std::int16_t alu[8], mul[8];
    for (int i = 0; i < 8; ++i) {
      x[i] = in[i] = round % 50 == 0 ? INT32_MIN : random.value();
      alu[i] = random.half();
      mul[i] = random.half();
    }
    if (round % 50 == 0) stage.mul_operand = INT32_MIN;
    sdp_y_integer(stage, {alu, mul}, x, 8);
    const auto convert = [](bool on, Wide v, Wide offset, Wide scale, unsigned truncate) {
      return on ? clamp(divide((v - offset) * scale, truncate), 32) : v;
    };
    for (int i = 0; i < 8; ++i) {
      const Wide factor = stage.mul_from_dma ? convert(stage.mul_convert, mul[i], stage.mul_convert_offset,
                                                       stage.mul_convert_scale, stage.mul_convert_truncate)
                                             : Wide{stage.mul_operand};
      const Wide operand = stage.alu_from_dma ? convert(stage.alu_convert, alu[i], stage.alu_convert_offset,
                                                        stage.alu_convert_scale, stage.alu_convert_truncate)
                                              : Wide{stage.alu_operand};
      Wide m = in[i];
      if (!stage.mul_bypass && !(stage.prelu && m >= 0)) m = clamp(divide(m * factor, stage.mul_shift), 32);
      Wide y = m;
      if (!stage.alu_bypass)
        y = stage.alu_algorithm == 3 ? Wide{m == operand ? 0 : 1}
                                     : clamp(algorithm(stage.alu_algorithm, m, operand), 32);
      ASSERT_EQ(x[i], static_cast<std::int32_t>(y)) << in[i] << " shift " << stage.mul_shift;
    }
  }
}

SdpOperation converter(std::int32_t offset, std::int32_t scale, std::uint32_t shift, Precision out) {
  SdpOperation op;
  op.convert_offset = offset;
  op.convert_scale = scale;
  op.convert_shift = shift;
  op.output_precision = out;
  return op;
}

TEST(SdpOutput, ConvertsThroughSeventeenBits) {
  Random random;
  for (int round = 0; round < 50000; ++round) {
    const auto out = static_cast<Precision>(random.below(2));
    const SdpOperation op = converter(random.value(), random.half(), random.below(64), out);
    const std::int32_t x = random.value();
    unsigned char bytes[2] = {};
    sdp_convert(op, Generation::kV1, &x, 1, bytes);
    const Wide t =
        clamp(divide((static_cast<Wide>(x) - op.convert_offset) * op.convert_scale, op.convert_shift), 17);
    const auto expected = static_cast<std::int32_t>(clamp(t, out == Precision::kInt8 ? 8 : 16));
    ASSERT_EQ(out == Precision::kInt8 ? static_cast<signed char>(bytes[0])
                                      : static_cast<std::int16_t>(load16(bytes)),
              expected);
  }
}

TEST(SdpOutput, CountsWhatDidNotFitSeventeenBits) {
  const auto count = [](Generation generation, std::int32_t x, std::int32_t scale, std::uint32_t shift) {
    unsigned char out = 0;
    return sdp_convert(converter(0, scale, shift, Precision::kInt8), generation, &x, 1, &out);
  };
  // Clamped to eight bits only: not counted.
  EXPECT_EQ(count(Generation::kV1, 65535, 1, 0), 0U);
  EXPECT_EQ(count(Generation::kScalable, 65535, 1, 0), 0U);
  // One too large: V1 tolerates it, the scalable generation counts it.
  EXPECT_EQ(count(Generation::kV1, 65536, 1, 0), 0U);
  EXPECT_EQ(count(Generation::kScalable, 65536, 1, 0), 1U);
  EXPECT_EQ(count(Generation::kV1, 65537, 1, 0), 1U);
  EXPECT_EQ(count(Generation::kV1, -65538, 1, 0), 1U);
  // Rounds back into the range, but its floor is below it.
  EXPECT_EQ(count(Generation::kV1, -131073, 1, 1), 0U);
  EXPECT_EQ(count(Generation::kScalable, -4 * 65536 - 1, 1, 2), 1U);
  EXPECT_EQ(count(Generation::kScalable, -65536, 1, 0), 0U);
}

TEST(SdpOutput, CountsLargestMagnitudesOfFp16) {
  const std::int32_t x[3] = {70000, 65504, 1};
  unsigned char out[6] = {};
  EXPECT_EQ(sdp_convert(converter(0, 1, 0, Precision::kFp16), Generation::kV1, x, 3, out), 2U);
  EXPECT_EQ(load16(out + 4), 0x3c00);
  SdpOperation op = converter(5, 7, 3, Precision::kInt16);  // the converter rests
  op.processing_precision = Precision::kFp16;
  const std::int32_t floats[4] = {0x40200000, static_cast<std::int32_t>(0xc0200000), 0x7f800001, 0x47800000};
  unsigned char halves[8] = {};
  EXPECT_EQ(sdp_convert(op, Generation::kV1, floats, 4, halves), 0U);
  EXPECT_EQ(static_cast<std::int16_t>(load16(halves)), 3);  // 2.5, away from zero
  EXPECT_EQ(static_cast<std::int16_t>(load16(halves + 2)), -3);
  EXPECT_EQ(static_cast<std::int16_t>(load16(halves + 4)), -32768);  // NaN
  EXPECT_EQ(static_cast<std::int16_t>(load16(halves + 6)), 32767);
}

}  // namespace
}  // namespace nvdla::compute
