// SPDX-License-Identifier: Apache-2.0
// A memory port beat by beat, for closed forms that follow the reads of an operation: reads as they are asked
// for, and the writes that come in between. The rules are those of memory/memory_timing.h in fractions of
// cycles: a bucket gains bytes_per_cycle and holds a beat and a cycle's gain; when both directions wait, they
// take turns.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "hardware/parameters.h"
#include "memory/description.h"

namespace nvdla::amaix {

class WalkedPort {
 public:
  WalkedPort(const memory::MemoryDescription& memory, const HardwareParameters& hardware)
      : cost_(hardware.dbb_width_bytes / memory.bytes_per_cycle), empty_(-cost_ - 1) {}

  // A write of so many beats that is ready in cycle `ready`; calls in order of it. A port that moves more
  // than a beat a cycle has room for them.
  void write(double ready, double beats) {
    if (cost_ >= 1 && beats > 0) writes_.push_back({ready, beats});
  }
  // When a read beat moves that is ready in cycle `ready`.
  double read(double ready) {
    for (;;) {
      const double read = std::max(ready, last_read_ + 1);
      const double room = std::max(empty_ + cost_, free_);
      if (next_ == writes_.size()) return last_read_ = move(std::max(read, room));
      const double write = std::max(writes_[next_].ready, last_write_ + 1);
      const double at = std::max(std::min(read, write), room);
      const bool both = read <= at && write <= at;
      const bool reads = both ? !read_was_last_ : read <= at;
      move(at);
      if (both) {
        read_was_last_ = reads;
        free_ = at + 1;  // the other one waits, even if it would fit
      }
      if (reads) return last_read_ = at;
      last_write_ = at;
      if ((writes_[next_].beats -= 1) <= 0) ++next_;
    }
  }

 private:
  struct Write {
    double ready, beats;
  };
  // The bucket holds a beat and a cycle's gain.
  double move(double at) {
    empty_ = std::max(empty_, at - cost_ - 1) + cost_;
    return at;
  }

  const double cost_;  // cycles that a beat's bandwidth takes to gather
  double empty_;       // with nothing gathered since, the bucket would hold what it holds
  double free_ = 0;
  double last_read_ = -1, last_write_ = -1;
  bool read_was_last_ = false;
  std::vector<Write> writes_;
  std::size_t next_ = 0;
};

}  // namespace nvdla::amaix
