// SPDX-License-Identifier: Apache-2.0
// Proves where the padding of CDMA meets its converter: in Winograd it is converted like the data among which
// it lies (NV_NVDLA_CDMA_wg.v), in an image it is not (NV_NVDLA_CDMA_cvt.v puts it in behind).
#include "compute/input_cube.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace nvdla::compute {
namespace {

// All bytes are zero.
class Zeros : public memory::ByteSource {
 public:
  void read(MemorySpace, std::uint64_t, unsigned char* data, std::size_t length) const override {
    std::fill_n(data, length, static_cast<unsigned char>(0));
  }
};

// (x - 3) * 2: data become -6, a padding of 10 becomes 14 where it is converted.
ConvolutionFetch fetch_of(Precision precision) {
  ConvolutionFetch fetch;
  fetch.input_precision = fetch.processing_precision = precision;
  fetch.input = {4, 4, 16};
  fetch.data.line_stride = 128;
  fetch.data.surface_stride = 512;
  fetch.padding = {2, 2, 2, 2, 10};
  fetch.convert_offset = 3;
  fetch.convert_scale = 2;
  return fetch;
}

TEST(InputCube, WinogradConvertsItsPadding) {
  for (const Precision precision : {Precision::kInt8, Precision::kInt16}) {
    ConvolutionFetch fetch = fetch_of(precision);
    fetch.mode = ConvolutionMode::kWinograd;
    fetch.input_ext = {8, 8, 16};
    for (const bool convert : {false, true}) {
      fetch.convert = convert;
      const InputCube cube = load_input(fetch, preset("nv_full"), Zeros());
      ASSERT_EQ(cube.width, 8U);
      ASSERT_EQ(cube.lines, 8U);
      EXPECT_EQ(*cube.line(0, 0), convert ? 14 : 10);
      EXPECT_EQ(*(cube.line(7, 0) + 7 * cube.channels), convert ? 14 : 10);
      EXPECT_EQ(*(cube.line(2, 0) + 2 * cube.channels), convert ? -6 : 0);
    }
    fetch.convert = true;
    fetch.padding.value = -10;  // as a byte too it is signed
    EXPECT_EQ(*load_input(fetch, preset("nv_full"), Zeros()).line(0, 0), -26);
  }
}

TEST(InputCube, AnImageIsPaddedBehindTheConverter) {
  ConvolutionFetch fetch = fetch_of(Precision::kInt8);
  fetch.input_format = InputFormat::kPixel;
  fetch.pixel_format = 0;  // R8
  fetch.convert = true;
  const InputCube cube = load_input(fetch, preset("nv_full"), Zeros());
  EXPECT_EQ(*cube.line(0, 0), 10);
  EXPECT_EQ(*(cube.line(0, 0) + 2 * cube.channels), -6);
}

}  // namespace
}  // namespace nvdla::compute
