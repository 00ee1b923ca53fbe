// SPDX-License-Identifier: Apache-2.0
// CDMA's image path behind the memory: takes the atoms of a line off the bus and packs bundles into CBUF
// entries.
//
//   a request's atoms are taken as they come, at most one beat of atoms a cycle; padding takes the same
//   cycles without data when a bundle is complete, its atoms are read and written, one beat of atoms a cycle
//   (two planes: one cycle for the first and two for the second plane, one less in an odd bundle); bundles do
//   not overlap; the writes of two planes are a cycle behind the reads, but for a line's last one where it
//   ends early
// (CDMA_IMG_sg, CDMA_IMG_pack.) drain() is the cycle of the last write slot, in bus time.
#pragma once

#include <cstdint>

#include "amaix/convolution_plan.h"
#include "engine/scheduler.h"
#include "memory/ring_buffer.h"

namespace nvdla::engine {

class ImagePacker {
 public:
  void start(const ConvolutionFetch& fetch, const HardwareParameters& hardware);
  // In the order of amaix::DataRequests, dummies included.
  void expect(const amaix::DataRequest& request) { expected_.push(request); }
  // A beat with `atoms` atoms of the oldest request that still waits for data is on the bus in `arrival`.
  void accept(Cycle arrival, std::uint32_t atoms);
  // All beats have come: takes what padding is left.
  Cycle drain();

 private:
  void take(std::uint32_t atoms, Cycle at);
  void take_dummies();
  void finish_head();

  std::uint32_t per_cycle_ = 1;
  std::uint32_t planes_ = 1;
  memory::RingBuffer<amaix::DataRequest> expected_;
  std::uint32_t taken_ = 0;           // atoms of the head
  std::uint32_t waiting_ = 0;         // atoms that have come but do not fill a cycle yet
  std::uint32_t bundle_[2] = {0, 0};  // atoms of each plane in the open bundle
  Cycle tail_ = 0;                    // last read to the last write
  bool first_of_line_ = true;
  Cycle at_ = 0;  // the cycle of the last step
  Cycle pack_free_ = 0;
  Cycle last_write_ = 0;
};

}  // namespace nvdla::engine
