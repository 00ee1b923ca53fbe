// SPDX-License-Identifier: Apache-2.0
// The order of CDMA's data requests in Winograd mode (CDMA_wg).
//
// The extended cube (padded, its strides unfolded into channels) is fetched in groups of four lines. For each
// group: for each surface: for each line of a vertical stride: left padding, pixels, right padding, each in
// blocks of up to 8 atoms; a block is four requests, one for each line. Padding and lines outside of the
// input are dummies.
#include <algorithm>

#include "amaix/convolution_plan.h"

namespace nvdla::amaix {

namespace {

constexpr std::uint32_t kBlockAtoms = 8;
enum Section : std::uint32_t { kLeft, kPixels, kRight };

}  // namespace

void DataRequests::next_winograd() {
  const std::uint32_t atoms = section_ == kLeft     ? fetch_.padding.left
                              : section_ == kPixels ? fetch_.input.width
                                                    : fetch_.padding.right;
  const std::int64_t line = (std::int64_t{line_group_} * kWinogradCube + block_line_) * fetch_.stride_y +
                            phase_ - std::int64_t{fetch_.padding.top};
  current_.dummy = section_ != kPixels || line < 0 || line >= std::int64_t{fetch_.input.height};
  current_.atoms = std::min(kBlockAtoms, atoms - column_);
  current_.address = fetch_.data.address + std::uint64_t{surface_} * fetch_.data.surface_stride +
                     std::uint64_t{column_} * atom_bytes_;
  if (!current_.dummy) current_.address += static_cast<std::uint64_t>(line) * fetch_.data.line_stride;
  current_.grain_start = start_of_grain_;
  current_.bundle_end = block_line_ + 1 == kWinogradCube;
  start_of_grain_ = false;
}

void DataRequests::advance_winograd() {
  if (++block_line_ == kWinogradCube) {
    block_line_ = 0;
    column_ += current_.atoms;
    const bool pixels = section_ == kPixels;
    if (column_ == (section_ == kLeft ? fetch_.padding.left
                    : pixels          ? fetch_.input.width
                                      : fetch_.padding.right)) {
      column_ = 0;
      const bool line_end = section_ == kRight || (pixels && fetch_.padding.right == 0);
      section_ = !line_end ? section_ + 1 : fetch_.padding.left == 0 ? kPixels : kLeft;
      if (line_end && ++phase_ == fetch_.stride_y) {
        phase_ = 0;
        if (++surface_ == surfaces_) {
          surface_ = 0;
          start_of_grain_ = true;
          done_ = ++line_group_ * kWinogradCube >= fetch_.input_ext.height;
        }
      }
    }
  }
  if (!done_) next_winograd();
}

}  // namespace nvdla::amaix
