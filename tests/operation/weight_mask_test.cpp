// SPDX-License-Identifier: Apache-2.0
// The mask bits of a kernel group against the bank of CBUF that they have.
#include "operation/weight_mask.h"

#include <gtest/gtest.h>

namespace nvdla {
namespace {

ConvolutionFetch fetch(std::uint32_t bytes_per_kernel, std::uint32_t kernels, Precision precision) {
  ConvolutionFetch result;
  result.bytes_per_kernel = bytes_per_kernel;
  result.kernels = kernels;
  result.processing_precision = precision;
  return result;
}

// nv_full: entries of 128 bytes, a bank of 32 KiB.
TEST(WeightMask, OfAGroupInEntries) {
  const HardwareParameters& hardware = preset("nv_full");
  // 32 kernels of 1024 bits are 4096 bytes, entries that no other group shares.
  EXPECT_EQ(mask_bytes_of_group(fetch(1024, 64, Precision::kInt8), hardware), 4096U);
  // 32 kernels of 1000 bits, 4000 bytes, are in requests for 4096; the next group begins in the entry after.
  for (const std::uint32_t kernels : {32, 64, 96})
    EXPECT_EQ(mask_bytes_of_group(fetch(1000, kernels, Precision::kInt8), hardware), 4096U);
  // Requests are aligned in memory.
  ConvolutionFetch apart = fetch(1000, 96, Precision::kInt8);
  apart.wmb_address = 0x80000080;
  EXPECT_EQ(mask_bytes_of_group(apart, hardware), 4096U + 128);
  // 16 kernels of 512 elements.
  EXPECT_EQ(mask_bytes_of_group(fetch(1024, 64, Precision::kFp16), hardware), 1024U);
}

// AlexNet's fc6, 9216 channels: 32 kernels have 36,864 bytes of mask. fc7, 4096 channels, 16 KiB.
TEST(WeightMask, OfAlexNetsFullyConnectedLayers) {
  const HardwareParameters& hardware = preset("nv_full");
  EXPECT_FALSE(mask_fits(fetch(9216, 4096, Precision::kInt8), hardware));
  EXPECT_TRUE(mask_fits(fetch(2 * 9216, 4096, Precision::kFp16), hardware));
  EXPECT_TRUE(mask_fits(fetch(4096, 4096, Precision::kInt8), hardware));
  EXPECT_TRUE(mask_fits(fetch(8192, 4096, Precision::kInt8), hardware));
  EXPECT_FALSE(mask_fits(fetch(8200, 4096, Precision::kInt8), hardware));
}

// As simulated: what runs and what hangs.
TEST(WeightMask, AtTheEdgeOfTheBank) {
  const HardwareParameters& hardware = preset("nv_full");
  EXPECT_TRUE(mask_fits(fetch(8192, 32, Precision::kInt8), hardware));
  EXPECT_TRUE(mask_fits(fetch(8192, 35, Precision::kInt8), hardware));
  EXPECT_TRUE(mask_fits(fetch(8168, 35, Precision::kInt8), hardware));
  EXPECT_TRUE(mask_fits(fetch(8168, 64, Precision::kInt8), hardware));
  EXPECT_TRUE(mask_fits(fetch(8184, 64, Precision::kInt8), hardware));
  EXPECT_FALSE(mask_fits(fetch(8224, 32, Precision::kInt8), hardware));
}

}  // namespace
}  // namespace nvdla
