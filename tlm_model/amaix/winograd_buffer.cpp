// SPDX-License-Identifier: Apache-2.0
#include "amaix/winograd_buffer.h"

#include <algorithm>

namespace nvdla::amaix {

void WinogradBuffer::start(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  per_cycle_ = std::max(1U, hardware.dbb_width_bytes / hardware.memory_atom_bytes);
  stride_ = fetch.stride_x;
  expected_.clear();
  cubes_.clear();
  taken_ = columns_ = 0;
  at_ = read_free_ = 0;
}

// Takes atoms of the head in the first cycle from `earliest` on in which the buffer has room.
void WinogradBuffer::step(std::uint32_t atoms, Cycle earliest) {
  at_ = std::max(at_, earliest);
  while (!cubes_.empty() && cubes_.front().end <= at_) cubes_.pop_front();
  while (cubes_.size() >= kCubes && cubes_[kCubes - 1].available <= at_) {
    at_ = cubes_.front().end;
    cubes_.pop_front();
  }
  taken_ += atoms;
  const DataRequest& head = expected_.front().request;
  if (taken_ == head.atoms) {
    if (head.bundle_end) {
      const std::uint32_t cube = kWinogradCube * stride_;
      columns_ += head.atoms;
      for (std::uint32_t i = columns_ / cube * stride_; i > 0; --i) {
        const Cycle available = at_ + kToRead;
        read_free_ = std::max(available, read_free_) + kCubeReads;
        cubes_.push_back({available, read_free_});
      }
      columns_ %= cube;
    }
    expected_.pop_front();
    taken_ = 0;
  }
  ++at_;
}

void WinogradBuffer::take_dummies() {
  while (!expected_.empty() && expected_.front().request.dummy) {
    const Expected head = expected_.front();
    for (std::uint32_t left = head.request.atoms; left > 0;) {
      const std::uint32_t atoms = std::min(left, per_cycle_);
      left -= atoms;
      step(atoms, head.at);
    }
  }
}

void WinogradBuffer::accept(Cycle arrival, std::uint32_t atoms) {
  take_dummies();
  if (!expected_.empty()) step(atoms, arrival);
}

Cycle WinogradBuffer::drain() {
  take_dummies();
  return read_free_ - 1;
}

}  // namespace nvdla::amaix
