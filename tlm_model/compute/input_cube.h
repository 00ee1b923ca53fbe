// SPDX-License-Identifier: Apache-2.0
// The input of a convolution as CBUF holds it behind CDMA's converter.
//   direct, feature   the cube as it is; padding is added by CSC
//   image             lines of pixels with left and right padding; a pixel is `channels` elements
//   Winograd          the cube padded on all sides, strides turned into channels:
//                     channel (sy * stride_x + sx) * C + c at (x, y) is c at (x * stride_x + sx, y * stride_y
//                     + sy)
// Elements are int8 sign-extended, int16, or the bits of an fp16. Reads only what CDMA requests: whole atoms
// of a feature cube, the pixels of an image. Source: nvdla/hw NV_NVDLA_CDMA_dc.v, _img.v, _wg.v.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compute/special_numbers.h"
#include "hardware/parameters.h"
#include "memory/contents.h"
#include "operation/convolution.h"

namespace nvdla::compute {

struct InputCube {
  Precision precision = Precision::kInt8;  // of processing
  std::uint32_t batches = 1;
  std::uint32_t lines = 0, width = 0, channels = 0;
  std::vector<std::int16_t> elements;  // [line][batch][x][channel]
  // fp16 input: among all that CDMA fetched, lanes of the last atom beyond the channels included.
  SpecialNumbers special;

  [[nodiscard]] std::size_t line_elements() const { return std::size_t{batches} * width * channels; }
  [[nodiscard]] const std::int16_t* line(std::uint32_t y, std::uint32_t batch) const {
    return elements.data() + y * line_elements() + std::size_t{batch} * width * channels;
  }
  // CSC releases the oldest lines (RLS_SLICES).
  void release(std::uint32_t count);
  // Appends the lines of a cube of the same shape; a cube of another shape replaces what is held.
  void append(InputCube more);
};

// What one operation fetches. Throws std::length_error, which names the registers, for a cube that is larger
// than the CBUF.
[[nodiscard]] InputCube load_input(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                                   const memory::ByteSource& source);

// Lines [first, first + count) of it, not for Winograd, whose lines CDMA distributes.
[[nodiscard]] InputCube load_input_lines(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                                         const memory::ByteSource& source, std::uint32_t first,
                                         std::uint32_t count);

}  // namespace nvdla::compute
