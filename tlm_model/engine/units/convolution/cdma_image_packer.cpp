// SPDX-License-Identifier: Apache-2.0
#include "engine/units/convolution/cdma_image_packer.h"

#include <algorithm>

#include "operation/pixel_format.h"

namespace nvdla::engine {

void ImagePacker::start(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  per_cycle_ = std::max(1U, hardware.dbb_width_bytes / hardware.memory_atom_bytes);
  planes_ = planar(fetch.pixel_format) ? 2 : 1;
  expected_.clear();
  taken_ = waiting_ = bundle_ = 0;
  first_of_line_ = true;
  at_ = pack_free_ = last_write_ = 0;
}

void ImagePacker::finish_head() {
  const amaix::DataRequest& head = expected_.front();
  if (head.slot == 0) bundle_ += head.atoms;
  if (head.bundle_end) {
    // The first bundle of a line is one atom longer, which it keeps for the alignment of the next.
    const std::uint32_t packed = bundle_ - (first_of_line_ && bundle_ > 0 ? 1 : 0);
    const std::uint32_t loops = (packed + per_cycle_ - 1) / per_cycle_;
    const std::uint32_t writes = planes_ == 2 ? 3 * loops : loops;
    const Cycle begin = std::max(at_, pack_free_);
    pack_free_ = begin + writes;
    if (writes > 0) last_write_ = pack_free_ - 1;
    bundle_ = 0;
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
