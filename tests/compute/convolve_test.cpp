// SPDX-License-Identifier: Apache-2.0
// Proves that every set of kernels, on one or several threads, gives the bits of the reference, which takes
// the atomic operations one by one. NVDLA_RANDOM_CASES sets how many random convolutions run for each
// precision.
#include <gtest/gtest.h>

#include <cstdlib>

#include "compute/convolution.h"
#include "random_convolution.h"

namespace nvdla::compute {
namespace {

std::uint32_t cases() {
  const char* text = std::getenv("NVDLA_RANDOM_CASES");
  return text != nullptr ? static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10)) : 120;
}

class Convolve : public ::testing::TestWithParam<Precision> {};

TEST_P(Convolve, VectorsAndThreadsGiveTheReferencesBits) {
  test::RandomConvolutions random(7 + static_cast<std::uint64_t>(GetParam()));
  std::uint64_t saturations = 0, nonzero = 0;
  for (std::uint32_t i = 0; i < cases(); ++i) {
    const test::RandomConvolution c = random.next(GetParam());
    const test::RandomMemory memory(i + 1, GetParam(), i % 4 == 0);
    const InputCube input = load_input(c.fetch, c.hardware, memory);
    const WeightSet weights = load_weights(c.fetch, memory);
    const Accumulators expected = convolve_reference(c.sequence, c.accumulate, input, weights, c.hardware);
    saturations += expected.saturations;
    for (const std::int32_t value : expected.values) nonzero += value != 0 ? 1 : 0;
    for (const Kernels* kernels : available_kernels()) {
      ConvolveOptions options;
      options.kernels = kernels;
      options.jobs = 1 + i % 3;
      const Accumulators found = convolve(c.sequence, c.accumulate, input, weights, c.hardware, options);
      ASSERT_EQ(found.values, expected.values) << "case " << i << " with " << kernels->name;
      ASSERT_EQ(found.saturations, expected.saturations) << "case " << i << " with " << kernels->name;
    }
  }
  EXPECT_GT(nonzero, cases() * 10U);
  if (GetParam() == Precision::kInt16) {  // int8 cannot get there with kernels of this size
    EXPECT_GT(saturations, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, Convolve,
                         ::testing::Values(Precision::kInt8, Precision::kInt16, Precision::kFp16),
                         [](const auto& info) {
                           return info.param == Precision::kInt8    ? "int8"
                                  : info.param == Precision::kInt16 ? "int16"
                                                                    : "fp16";
                         });

}  // namespace
}  // namespace nvdla::compute
