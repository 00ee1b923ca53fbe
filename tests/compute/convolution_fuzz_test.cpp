// SPDX-License-Identifier: Apache-2.0
// Proves that no descriptor, legal or not, makes the convolution read or write out of bounds (the sanitizers
// watch), and that a descriptor too large for the hardware is an error that names the register. Starts from a
// legal convolution and sets some fields to whatever their registers can hold.
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "compute/convolution.h"
#include "random_convolution.h"

namespace nvdla::compute {
namespace {

using test::RandomConvolution;

// Each sets one field; the register's width is beside it.
struct RandomField {
  std::uint32_t bits;
  std::function<void(RandomConvolution&, std::uint32_t)> set;
};

const std::vector<RandomField>& fields() {
  static const std::vector<RandomField> kFields = {
      {13, [](auto& c, auto v) { c.fetch.input.width = v + 1; }},
      {13, [](auto& c, auto v) { c.fetch.input.height = v + 1; }},
      {13, [](auto& c, auto v) { c.fetch.input.channels = v + 1; }},
      {13, [](auto& c, auto v) { c.fetch.input_ext.width = v + 1; }},
      {13, [](auto& c, auto v) { c.fetch.input_ext.height = v + 1; }},
      {13, [](auto& c, auto v) { c.sequence.input.width = v + 1; }},
      {13, [](auto& c, auto v) { c.sequence.input.height = v + 1; }},
      {13, [](auto& c, auto v) { c.sequence.input.channels = v + 1; }},
      {13, [](auto& c, auto v) { c.sequence.kernels = v + 1; }},
      {13, [](auto& c, auto v) { c.sequence.kernel_channels = v + 1; }},
      {5, [](auto& c, auto v) { c.sequence.kernel_width = v + 1; }},
      {5, [](auto& c, auto v) { c.sequence.kernel_height = v + 1; }},
      {13, [](auto& c, auto v) { c.sequence.output.width = v + 1; }},
      {13, [](auto& c, auto v) { c.sequence.output.height = v + 1; }},
      {3, [](auto& c, auto v) { c.sequence.stride_x = v + 1; }},
      {3, [](auto& c, auto v) { c.sequence.stride_y = v + 1; }},
      {3, [](auto& c, auto v) { c.fetch.stride_x = v + 1; }},
      {3, [](auto& c, auto v) { c.fetch.stride_y = v + 1; }},
      {5, [](auto& c, auto v) { c.sequence.dilation_x = v + 1; }},
      {5, [](auto& c, auto v) { c.sequence.dilation_y = v + 1; }},
      {5, [](auto& c, auto v) { c.sequence.padding.left = v; }},
      {5, [](auto& c, auto v) { c.sequence.padding.top = v; }},
      {5, [](auto& c, auto v) { c.fetch.padding.left = v; }},
      {6, [](auto& c, auto v) { c.fetch.padding.right = v; }},
      {5, [](auto& c, auto v) { c.fetch.padding.top = v; }},
      {5, [](auto& c, auto v) { c.sequence.batches = v + 1; }},
      {5, [](auto& c, auto v) { c.fetch.batches = v + 1; }},
      {6, [](auto& c, auto v) { c.fetch.pixel_format = v; }},
      {5, [](auto& c, auto v) { c.fetch.pixel_x_offset = v; }},
      {18, [](auto& c, auto v) { c.fetch.bytes_per_kernel = v + 1; }},
      {18, [](auto& c, auto v) { c.fetch.weight_bytes = v; }},
      {18, [](auto& c, auto v) { c.fetch.wmb_bytes = v; }},
      {31, [](auto& c, auto v) { c.fetch.data.line_stride = v; }},
      {31, [](auto& c, auto v) { c.fetch.data.surface_stride = v; }},
      {1, [](auto& c, auto v) { c.fetch.surface_packed = v != 0; }},
      {2, [](auto& c, auto v) { c.sequence.post_y_extension = 1U << (v % 3); }},
      {1, [](auto& c, auto v) { c.sequence.mode = static_cast<ConvolutionMode>(v); }},
      {1, [](auto& c, auto v) { c.sequence.input_format = static_cast<InputFormat>(v); }},
      {1, [](auto& c, auto v) { c.fetch.input_format = static_cast<InputFormat>(v); }},
      {1, [](auto& c, auto v) { c.fetch.input_precision = static_cast<Precision>(v); }},
      {5, [](auto& c, auto v) { c.accumulate.clip_truncate = v; }},
  };
  return kFields;
}

// Products of the whole operation, which must stay small enough to try many.
double work(const RandomConvolution& c) {
  const ConvolutionSequence& s = c.sequence;
  return static_cast<double>(s.kernels) * s.output.width * s.output.height * s.batches * s.kernel_width *
         s.kernel_height * (s.kernel_channels + 64.0);
}

class ConvolutionFuzz : public ::testing::TestWithParam<Precision> {};

TEST_P(ConvolutionFuzz, AnyDescriptorComputesOrIsAnError) {
  test::RandomConvolutions random(99 + static_cast<std::uint64_t>(GetParam()));
  std::uint32_t computed = 0, refused = 0;
  for (std::uint32_t i = 0; computed + refused < 250 && i < 4000; ++i) {
    RandomConvolution c = random.next(GetParam());
    for (std::uint32_t n = 1 + random.below(4); n > 0; --n) {
      const RandomField& field = fields()[random.below(static_cast<std::uint32_t>(fields().size()))];
      field.set(c, random.below(1U << (1 + random.below(field.bits))));
    }
    if (work(c) > 3e6) continue;
    const test::RandomMemory memory(i, GetParam(), true);
    try {
      const InputCube input = load_input(c.fetch, c.hardware, memory);
      const WeightSet weights = load_weights(c.fetch, memory);
      const Kernels* kernels = available_kernels()[i % available_kernels().size()];
      const Accumulators found =
          convolve(c.sequence, c.accumulate, input, weights, c.hardware, {1 + i % 2, kernels});
      const Accumulators expected = convolve_reference(c.sequence, c.accumulate, input, weights, c.hardware);
      // The fast path of Winograd knows one batch, as hardware does.
      if (c.sequence.mode == ConvolutionMode::kDirect || c.sequence.batches == 1) {
        ASSERT_EQ(found.values, expected.values) << "descriptor " << i;
      }
      ++computed;
    } catch (const std::length_error& error) {
      EXPECT_NE(std::string(error.what()).find(".D_DATA"), std::string::npos);
      ++refused;
    }
  }
  EXPECT_GT(computed, 150U);
  EXPECT_GT(refused, 0U);
}

INSTANTIATE_TEST_SUITE_P(Precisions, ConvolutionFuzz,
                         ::testing::Values(Precision::kInt8, Precision::kInt16, Precision::kFp16),
                         [](const auto& info) {
                           return info.param == Precision::kInt8    ? "int8"
                                  : info.param == Precision::kInt16 ? "int16"
                                                                    : "fp16";
                         });

}  // namespace
}  // namespace nvdla::compute
