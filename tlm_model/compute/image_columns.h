// SPDX-License-Identifier: Apache-2.0
// Which elements of an image line the columns of the output take where Y extension puts n lines into one
// atomic operation (scalable generation, NV_NVDLA_CSC_dl.v).
//
// CSC asks for one entry of each of the n lines in n cycles, in which it issues n columns: the entry that
// holds the last element of the last of them. A line's columns are cut from this entry and the one before
// that was read for it, from a position that moves on by the step of a column and back by an entry with every
// read; it begins with the first byte of the last entry in every stripe. So the columns are right where n
// steps are at most one entry, what NVIDIA's programming guide demands. Beyond it
//   - the first read of a stripe has the entry of its last column, not that of its first;
//   - an entry that no last column ends in is never read, but the position moves as if it had been; beyond
//   the
//     two entries there are zeros;
//   - steps above an entry: the position stays at the last entry, which CBUF delivers shifted so that it
//   begins
//     with the last column of the n; all of them take that one;
//   - columns that are read for but not needed (a width that is no multiple of n) may lie in the next line.
//
// Limits: what CBUF holds behind the last line is taken for zero.
#pragma once

#include <cstdint>
#include <vector>

#include "hardware/parameters.h"
#include "operation/convolution.h"

namespace nvdla::compute {

class ImageColumns {
 public:
  // Nothing has been shifted in.
  static constexpr std::uint32_t kZero = ~0U;

  // Of a descriptor that keeps the rule there are none.
  ImageColumns() = default;
  ImageColumns(const ConvolutionSequence& sequence, const HardwareParameters& hardware);

  // Every column is where the descriptor says.
  [[nodiscard]] bool empty() const { return elements_.empty(); }
  // The place of element i of column x in its line as CBUF holds it, in whole entries; the next line follows.
  [[nodiscard]] std::uint32_t element(std::uint32_t x, std::uint32_t i) const {
    return elements_[std::size_t{x} * length_ + i];
  }
  // The same where the line is padding: padding, not zero.
  [[nodiscard]] bool padded(std::uint32_t x, std::uint32_t i) const {
    return padded_[std::size_t{x} * length_ + i];
  }
  // Elements of the whole entries of a line.
  [[nodiscard]] std::uint32_t line() const { return line_; }

 private:
  std::uint32_t length_ = 0, line_ = 0;
  std::vector<std::uint32_t> elements_;
  std::vector<bool> padded_;
};

// Whether the columns of the image lie further apart than their share of an atomic operation.
[[nodiscard]] bool columns_too_far(const ConvolutionSequence& sequence, const HardwareParameters& hardware);

}  // namespace nvdla::compute
