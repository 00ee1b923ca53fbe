// SPDX-License-Identifier: Apache-2.0
// Columns of an image with Y extension: where NVIDIA's programming guide allows them they are a step apart,
// elsewhere they are what NV_NVDLA_CSC_dl reads. tests/host/rtl_values_test.cpp has a recording of the
// latter.
#include "compute/image_columns.h"

#include <gtest/gtest.h>

#include <vector>

#include "hardware/parameters.h"

namespace nvdla::compute {
namespace {

ConvolutionSequence image(std::uint32_t lines, std::uint32_t channels, std::uint32_t stride,
                          std::uint32_t kernel, std::uint32_t width) {
  ConvolutionSequence s;
  s.input_format = InputFormat::kPixel;
  s.post_y_extension = lines;
  s.stride_x = stride;
  s.kernel_channels = kernel * channels;
  s.output.width = width;
  s.input = {(width - 1) * stride + kernel, 8, channels};
  return s;
}

// The elements of the first of each column.
std::vector<std::uint32_t> columns(const ConvolutionSequence& s, const HardwareParameters& hardware) {
  const ImageColumns columns(s, hardware);
  std::vector<std::uint32_t> result;
  for (std::uint32_t x = 0; x < s.output.width; ++x) result.push_back(columns.element(x, 0));
  return result;
}

TEST(ImageColumns, LieAStepApartWhereTheGuideAllowsThem) {
  std::uint32_t shapes = 0;
  for (const char* name : {"nv_small", "nv_small_256", "nv_medium_512"}) {
    const HardwareParameters hardware = preset(name);
    for (const std::uint32_t lines : {2U, 4U}) {
      const std::uint32_t room = hardware.atomic_c / lines;
      for (const std::uint32_t channels : {1U, 3U, 4U}) {
        for (std::uint32_t stride = 1; stride <= 8 && stride * channels <= room; ++stride) {
          for (std::uint32_t kernel = 1; kernel * channels <= room; ++kernel) {
            const ConvolutionSequence s = image(lines, channels, stride, kernel, 150);
            SCOPED_TRACE(std::string(name) + " lines " + std::to_string(lines) + " channels " +
                         std::to_string(channels) + " stride " + std::to_string(stride) + " kernel " +
                         std::to_string(kernel));
            EXPECT_FALSE(columns_too_far(s, hardware));
            const ImageColumns columns(s, hardware);
            for (std::uint32_t x = 0; x < s.output.width; ++x) {
              for (std::uint32_t i = 0; i < s.kernel_channels; ++i) {
                ASSERT_EQ(columns.element(x, i), x * stride * channels + i);
                ASSERT_TRUE(columns.padded(x, i));
              }
            }
            ++shapes;
          }
        }
      }
    }
  }
  EXPECT_GT(shapes, 200U);
}

TEST(ImageColumns, FurtherApartTakeWhatOneReadBrings) {
  const HardwareParameters hardware = preset("nv_small");  // entries of 8
  // Two lines, steps of 12: both columns take the second's, the first two the beginning of its entry; the
  // column that is missing at the end lies behind the line of 104.
  EXPECT_TRUE(columns_too_far(image(2, 4, 3, 1, 9), hardware));
  EXPECT_EQ(columns(image(2, 4, 3, 1, 9), hardware),
            (std::vector<std::uint32_t>{8, 8, 36, 36, 60, 60, 84, 84, 108}));
  EXPECT_EQ(ImageColumns(image(2, 4, 3, 1, 9), hardware).line(), 104U);
  // Steps of a whole entry: every second entry is read, but the position moves on by two entries and back by
  // one, so that behind the first column it has left what is held.
  constexpr std::uint32_t kZero = ImageColumns::kZero;
  EXPECT_EQ(columns(image(2, 4, 2, 1, 5), hardware),
            (std::vector<std::uint32_t>{8, kZero, kZero, kZero, kZero}));
}

}  // namespace
}  // namespace nvdla::compute
