// SPDX-License-Identifier: Apache-2.0
#include "engine/units/convolution/cdma_image_packer.h"

#include <algorithm>

#include "operation/pixel_format.h"

namespace nvdla::engine {

namespace {

// CDMA_IMG_ctrl (pixel_early_end): whether what is left of a line of two planes fills its last write without
// a further one.
bool ends_early(const ConvolutionFetch& fetch, const HardwareParameters& hardware, std::uint32_t second) {
  const std::uint32_t bus = hardware.dbb_width_bytes;
  const std::uint32_t width = (fetch.padding.left + fetch.input.width + fetch.padding.right) % bus;
  const std::uint32_t pixel = pixel_bytes(fetch.pixel_format, 0) + pixel_bytes(fetch.pixel_format, 1);
  const std::uint32_t tail = (width * pixel + bus - 1) / bus % 8;
  if (bus == hardware.memory_atom_bytes) return tail == 1 || tail == 4 || (tail == 2 && 2 * width > bus);
  return tail == 1 || tail == 4 || ((tail == 2 || tail == 5) && (second & 2U) == 0);
}

}  // namespace

void ImagePacker::start(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  per_cycle_ = std::max(1U, hardware.dbb_width_bytes / hardware.memory_atom_bytes);
  planes_ = planar(fetch.pixel_format) ? 2 : 1;
  expected_.clear();
  taken_ = waiting_ = bundle_[0] = bundle_[1] = 0;
  first_of_line_ = true;
  at_ = pack_free_ = last_write_ = 0;
  if (planes_ == 2)
    tail_ = ends_early(fetch, hardware, amaix::DataRequests(fetch, hardware).line_atoms(1)) ? 0 : 1;
}

void ImagePacker::finish_head() {
  const amaix::DataRequest& head = expected_.front();
  bundle_[head.slot] += head.atoms;
  if (head.bundle_end) {
    // The first bundle of a line is one atom longer, which it keeps for the alignment of the next.
    std::uint32_t packed[2] = {bundle_[0], bundle_[1]};
    for (std::uint32_t& atoms : packed) atoms -= first_of_line_ && atoms > 0 ? 1 : 0;
    const std::uint32_t loops = (packed[0] + per_cycle_ - 1) / per_cycle_;
    const bool odd = packed[per_cycle_ == 1 ? 1 : 0] % 2 != 0;
    const std::uint32_t reads = planes_ == 2 ? 3 * loops - (odd ? 1 : 0) : loops;
    const Cycle begin = std::max(at_, pack_free_);
    pack_free_ = begin + reads;
    if (reads > 0) last_write_ = pack_free_ - 1 + tail_;
    bundle_[0] = bundle_[1] = 0;
    first_of_line_ = head.line_end;
  }
  expected_.pop();
  taken_ = 0;
}

void ImagePacker::take_dummies() {
  while (!expected_.empty() && expected_.front().dummy) {
    at_ += (expected_.front().atoms + per_cycle_ - 1) / per_cycle_;
    finish_head();
  }
}

void ImagePacker::take(std::uint32_t atoms, Cycle at) {
  at_ = std::max(at_ + 1, at);
  taken_ += atoms;
  if (taken_ == expected_.front().atoms) finish_head();
}

void ImagePacker::accept(Cycle arrival, std::uint32_t atoms) {
  waiting_ += atoms;
  for (;;) {
    take_dummies();
    if (expected_.empty()) return;
    const std::uint32_t step = std::min(per_cycle_, expected_.front().atoms - taken_);
    if (waiting_ < step) return;
    waiting_ -= step;
    take(step, arrival);
  }
}

Cycle ImagePacker::drain() {
  take_dummies();
  return last_write_;
}

}  // namespace nvdla::engine
