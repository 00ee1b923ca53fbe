// SPDX-License-Identifier: Apache-2.0
// Proves which NaN a maximum or minimum of fp16 gives where a window holds several: the first of the last
// line that has one (NV_NVDLA_PDP_CORE_unit1d.v, _cal2d.v; NVIDIA's functional model gives the same).
#include <gtest/gtest.h>

#include <array>
#include <cstdint>

#include "compute/pdp_kernel.h"

namespace nvdla::compute {
namespace {

constexpr std::uint32_t kAtom = 32, kColumns = 3, kLines = 3;

std::uint16_t pooled(PoolingMethod method, const std::array<std::uint16_t, kColumns * kLines>& values) {
  std::array<unsigned char, kColumns * kLines * kAtom> cube{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    cube[i * kAtom] = static_cast<unsigned char>(values[i]);
    cube[i * kAtom + 1] = static_cast<unsigned char>(values[i] >> 8U);
  }
  PdpOperation op;
  op.method = method;
  op.precision = Precision::kFp16;
  op.kernel_width = kColumns;
  op.kernel_height = kLines;
  std::array<unsigned char, kAtom> out{};
  PoolingKernel(op, kAtom, true)({cube.data(), kColumns * kAtom, kLines, kColumns}, out.data());
  return static_cast<std::uint16_t>(out[0] | out[1] << 8U);
}

TEST(PdpNan, TheFirstOfTheLastLineStays) {
  for (const PoolingMethod method : {PoolingMethod::kMax, PoolingMethod::kMin}) {
    // 0x7c01 to 0x7fff and 0xfc01 to 0xffff are NaN, 0x3c00 is 1.
    EXPECT_EQ(pooled(method, {0x7c01, 0x3c00, 0x7c02, 0x3c00, 0xfc03, 0x7c04, 0x3c00, 0x3c00, 0x3c00}),
              0xfc03);
    EXPECT_EQ(pooled(method, {0x7c01, 0x7c02, 0x7c03, 0x3c00, 0x3c00, 0x3c00, 0x3c00, 0x7c05, 0x7c06}),
              0x7c05);
    EXPECT_EQ(pooled(method, {0x3c00, 0x3c00, 0xfc01, 0x3c00, 0x3c00, 0x3c00, 0x3c00, 0x3c00, 0x3c00}),
              0xfc01);
  }
}

TEST(PdpNan, WithoutNanTheOrderIsThatOfSignAndMagnitude) {
  const std::array<std::uint16_t, 9> values = {0x0000, 0x8000, 0x3c00, 0xbc00, 0x7c00,
                                               0x0001, 0x8001, 0x4000, 0xfc00};
  EXPECT_EQ(pooled(PoolingMethod::kMax, values), 0x7c00);
  EXPECT_EQ(pooled(PoolingMethod::kMin, values), 0xfc00);
  EXPECT_EQ(
      pooled(PoolingMethod::kMax, {0x8000, 0x8000, 0x0000, 0x8001, 0x8000, 0x8000, 0x8000, 0x8000, 0x8000}),
      0x0000);
}

}  // namespace
}  // namespace nvdla::compute
