// SPDX-License-Identifier: Apache-2.0
// Placeholder until the image path's rule is in place.
#pragma once
#include "amaix/hardware.h"
#include "amaix/operation.h"
#include "engine/scheduler.h"
namespace nvdla::engine {
class ImagePacker {
 public:
  void start(const amaix::ConvolutionFetch&, const amaix::HardwareParameters&) { last_ = 0; }
  void accept(Cycle arrival, std::uint32_t) { last_ = arrival > last_ ? arrival : last_ + 1; }
  Cycle drain() { return last_; }

 private:
  Cycle last_ = 0;
};
}  // namespace nvdla::engine
