// SPDX-License-Identifier: Apache-2.0
#include "compute/image_columns.h"

#include <algorithm>

#include "operation/divide.h"
#include "operation/image_stripe.h"

namespace nvdla::compute {

namespace {

// Widths of CSC_dl's registers: the last element of the first columns, what it moves by, the position.
constexpr std::uint32_t kFirstMask = 0x3f, kMoveMask = 0x7f, kPositionMask = 0xff;

// The two entries that the columns of a line are cut from, element by element.
class Reader {
 public:
  Reader(std::uint32_t entry, std::uint32_t step, std::uint32_t length)
      : entry_(entry), step_(step), length_(length), held_(2 * std::size_t{entry}, ImageColumns::kZero) {}

  // The entry with element `last` of the line. True: it has been read.
  bool request(std::uint32_t last, bool first_of_stripe) {
    const std::uint32_t wanted = last / entry_;
    if (wanted == requested_ && !first_of_stripe) return false;
    requested_ = wanted;
    std::copy(held_.begin() + entry_, held_.end(), held_.begin());
    std::uint32_t from = wanted * entry_, count = entry_;
    if (step_ > entry_ && !first_of_stripe) {
      // What comes before the column is shifted out; a column that began in the entry before brings this
      // along through the second read port.
      const std::uint32_t end = last % entry_ + 1;
      from = wanted * entry_ + end - length_;
      count = end < length_ ? entry_ : entry_ + length_ - end;
    }
    for (std::uint32_t i = 0; i < entry_; ++i) held_[entry_ + i] = i < count ? from + i : ImageColumns::kZero;
    return true;
  }

  [[nodiscard]] std::uint32_t at(std::uint32_t position) const {
    return position < held_.size() ? held_[position] : ImageColumns::kZero;
  }

 private:
  std::uint32_t entry_, step_, length_;
  std::uint32_t requested_ = 0;
  std::vector<std::uint32_t> held_;
};

}  // namespace

bool columns_too_far(const ConvolutionSequence& sequence, const HardwareParameters& hardware) {
  const std::uint32_t lines = sequence.post_y_extension;
  return lines > 1 && sequence.stride_x * sequence.input.channels * lines > hardware.atomic_c;
}

ImageColumns::ImageColumns(const ConvolutionSequence& sequence, const HardwareParameters& hardware)
    : length_(sequence.kernel_channels) {
  const std::uint32_t entry = hardware.atomic_c, lines = sequence.post_y_extension;
  const std::uint32_t step = sequence.stride_x * sequence.input.channels, stripe = image_stripe(hardware);
  line_ = ceil_div(sequence.input.width * sequence.input.channels, entry) * entry;
  Reader reader(entry, step, length_);
  for (std::uint32_t first = 0; first < sequence.output.width; first += stripe) {
    std::uint32_t last = first * step + (((lines - 1) * step + length_ - 1) & kFirstMask);
    std::uint32_t position = entry, padding = entry;
    for (std::uint32_t i = 0; i < std::min(stripe, sequence.output.width - first); ++i) {
      const bool asks = i % lines == 0;
      const bool read = asks && reader.request(last, i == 0);
      if (asks) last += (lines * step) & kMoveMask;
      if (i > 0) {
        position = step > entry ? entry : (position + step - (read ? entry : 0)) & kPositionMask;
        padding = step > entry ? entry : (padding + step) & kPositionMask;
        if (asks) padding &= entry - 1;
      }
      for (std::uint32_t c = 0; c < length_; ++c) {
        elements_.push_back(reader.at(position + c));
        padded_.push_back(padding + c < 2 * entry);
      }
    }
  }
}

}  // namespace nvdla::compute
