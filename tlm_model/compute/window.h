// SPDX-License-Identifier: Apache-2.0
// What CSC hands to the MAC array: the elements of an atomic operation at one output position, with the
// padding that CSC adds (all sides of a feature cube, top and bottom of an image; CDMA has added what else
// there is). Elements beside an image line, which no legal descriptor asks for, are zero; see also
// image_columns.h.
#pragma once

#include <cstdint>

#include "compute/convolution_program.h"
#include "compute/input_cube.h"

namespace nvdla::compute {

class Window {
 public:
  // The arguments must outlive this.
  Window(const ConvolutionSequence& sequence, const ConvolutionProgram& program, const InputCube& input);

  // The slots of operation `index` for output (x, y), unused ones zero; Winograd: for the 2x2 tile (x, y),
  // transformed.
  void gather(std::uint32_t batch, std::uint32_t y, std::uint32_t x, std::size_t index,
              std::int16_t* slots) const;

  // `length` elements from `offset` on of the window's line `line`.
  void copy(std::uint32_t batch, std::uint32_t y, std::uint32_t x, const Segment& segment,
            std::int16_t* out) const;

 private:
  // As image_columns.h has it.
  void copy_column(std::int64_t line, std::uint32_t x, std::uint32_t length, std::int16_t* out) const;

  const ConvolutionSequence& sequence_;
  const ConvolutionProgram& program_;
  const InputCube& input_;
  std::int32_t pad_top_, pad_left_;  // of CSC
  std::int16_t pad_;
  std::uint32_t step_x_, step_y_;
};

}  // namespace nvdla::compute
