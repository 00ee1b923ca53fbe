// SPDX-License-Identifier: Apache-2.0
// NaN and infinities on their way into CBUF: all that is fetched counts, also lanes that no channel has, and
// NAN_TO_ZERO makes zeros of the NaN of data and of weights (NV_NVDLA_CDMA_cvt.v, _wt.v).
#include "compute/special_numbers.h"

#include <gtest/gtest.h>

#include <vector>

#include "compute/input_cube.h"
#include "compute/weight_set.h"
#include "hardware/parameters.h"

namespace nvdla::compute {
namespace {

constexpr std::uint16_t kNan = 0xfe01, kInfinity = 0x7c00, kOne = 0x3c00, kLargest = 0x7bff;

// The numbers repeat from address 0 on.
class Memory : public memory::ByteSource {
 public:
  explicit Memory(std::vector<std::uint16_t> numbers) : numbers_(std::move(numbers)) {}
  void read(MemorySpace, std::uint64_t address, unsigned char* data, std::size_t length) const override {
    for (std::size_t i = 0; i < length; ++i)
      data[i] = static_cast<unsigned char>(numbers_[(address + i) / 2 % numbers_.size()] >>
                                           8 * ((address + i) % 2));
  }

 private:
  std::vector<std::uint16_t> numbers_;
};

ConvolutionFetch fetch_of(bool nan_to_zero) {
  ConvolutionFetch fetch;
  fetch.input_precision = fetch.processing_precision = Precision::kFp16;
  fetch.input = {4, 2, 5};  // of 16 lanes
  fetch.data.line_stride = 4 * 32;
  fetch.data.surface_stride = 2 * 4 * 32;
  fetch.kernels = 2;
  fetch.bytes_per_kernel = 8;
  fetch.weight_bytes = 16;
  fetch.nan_to_zero = nan_to_zero;
  return fetch;
}

TEST(SpecialNumbers, AreToldApart) {
  const unsigned char bytes[] = {0x00, 0x7c, 0x01, 0x7c, 0xff, 0xff, 0xff, 0x7b, 0x00, 0xfc, 0x01};
  const SpecialNumbers count = count_special(bytes, sizeof bytes);
  EXPECT_EQ(count.nans, 2U);
  EXPECT_EQ(count.infinities, 2U);
}

TEST(SpecialNumbers, OfDataCountInEveryLaneOfAnAtom) {
  for (const bool flush : {false, true}) {
    // An atom is 16 numbers: the third and the last lane.
    const Memory memory({kOne, kOne, kNan, kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne, kOne,
                         kInfinity, kNan});
    const InputCube cube = load_input(fetch_of(flush), preset("nv_full"), memory);
    EXPECT_EQ(cube.special.nans, 2U * 8);
    EXPECT_EQ(cube.special.infinities, 8U);
    ASSERT_EQ(cube.elements.size(), 5U * 8);
    EXPECT_EQ(static_cast<std::uint16_t>(cube.elements[2]), flush ? 0 : kNan);
    EXPECT_EQ(static_cast<std::uint16_t>(cube.elements[1]), kOne);
  }
}

TEST(SpecialNumbers, OfWeightsAreFlushedToo) {
  for (const bool flush : {false, true}) {
    const Memory memory({kOne, kNan, kInfinity, kLargest});
    const WeightSet weights = load_weights(fetch_of(flush), memory);
    EXPECT_EQ(weights.special.nans, 2U);
    EXPECT_EQ(weights.special.infinities, 2U);
    std::int16_t elements[8];
    weights.copy(0, 8, elements);
    const std::uint16_t nan = flush ? 0 : kNan;
    const std::uint16_t expected[8] = {kOne, nan, kInfinity, kLargest, kOne, nan, kInfinity, kLargest};
    for (int i = 0; i < 8; ++i) EXPECT_EQ(static_cast<std::uint16_t>(elements[i]), expected[i]) << i;
  }
}

}  // namespace
}  // namespace nvdla::compute
