// SPDX-License-Identifier: Apache-2.0
// What the stages of the convolution pipeline tell each other and their owner.
#pragma once

#include <cstdint>
#include <string>

#include "engine/scheduler.h"

namespace nvdla::engine {

// Room in the CBUF, as CDMA sees it: taken by requests, given back by CSC's releases.
struct CbufUsage {
  std::uint64_t data_entries = 0;
  std::uint64_t data_capacity = 0;
  std::uint64_t weight_bytes = 0;
  std::uint64_t weight_capacity = 0;
  std::uint64_t mask_bytes = 0;
  std::uint64_t mask_capacity = 0;
};

// The register side of the pipeline: done bits, group hand-over, reports.
class ConvolutionOwner {
 public:
  virtual ~ConvolutionOwner() = default;
  virtual void on_data_done(Cycle at) = 0;
  virtual void on_weight_done(Cycle at) = 0;
  // CDMA releases its group.
  virtual void on_fetch_done(Cycle at) = 0;
  // CSC (and CMAC_A, CMAC_B) release theirs.
  virtual void on_sequence_done(Cycle at) = 0;
  virtual void on_accumulate_done(Cycle at) = 0;
  virtual void on_accumulate_interrupt(Cycle at) = 0;
};

}  // namespace nvdla::engine
