// SPDX-License-Identifier: Apache-2.0
// An average of int16 that leaves 16 bits keeps the low ones, as simulated on nv_full: a convolution that
// hands on -32768 everywhere, averaged over 3x2 with reciprocals that are a little large.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>

#include "compute/pdp_kernel.h"

namespace nvdla::compute {
namespace {

TEST(PdpAverage, OfInt16KeepsTheLowBitsOfWhatLeavesThem) {
  constexpr std::uint32_t kAtom = 32, kColumns = 3, kLines = 2;
  std::array<unsigned char, kColumns * kLines * kAtom> cube{};
  for (std::size_t i = 1; i < cube.size(); i += 2) cube[i] = 0x80;
  PdpOperation op;
  op.method = PoolingMethod::kAverage;
  op.precision = Precision::kInt16;
  op.kernel_width = kColumns;
  op.kernel_height = kLines;
  op.reciprocal_width = 65536 / 3 + 61;
  op.reciprocal_height = 65536 / 2;
  std::array<unsigned char, kAtom> out{};
  PoolingKernel(op, kAtom, true)({cube.data(), kColumns * kAtom, kLines, kColumns}, out.data());
  // -6 * 32768 * 21906 / 2^16 / 2 = -32859 = 0x17fa5 in 17 bits.
  EXPECT_EQ(out[0] | out[1] << 8U, 0x7fa5);
}

}  // namespace
}  // namespace nvdla::compute
