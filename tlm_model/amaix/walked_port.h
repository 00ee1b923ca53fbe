// SPDX-License-Identifier: Apache-2.0
// A memory port beat by beat, for closed forms that follow the reads of an operation: reads as they are asked
// for, and the writes that come in between. The rules are those of memory/memory_timing.h in fractions of
// cycles: a bucket gains bytes_per_cycle and holds a beat and a cycle's gain; when both directions wait, they
// take turns.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "hardware/parameters.h"
#include "memory/description.h"

namespace nvdla::amaix {

class WalkedPort {
 public:
  WalkedPort(const memory::MemoryDescription& memory, const HardwareParameters& hardware)
      : cost_(hardware.dbb_width_bytes / memory.bytes_per_cycle), empty_(-cost_ - 1) {}

  // A write of so many beats that is ready in cycle `ready`; calls in order of it.
  void write(double ready, std::uint32_t beats) {
    if (beats > 0) writes_.push_back({ready, beats});
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
      const bool two = both && cost_ < 1;  // the bucket holds more than two beats
      const bool reads = both ? !read_was_last_ : read <= at;
      if (two || !reads) write_at(at);
      if (two || reads) last_read_ = move(at);
      if (both && !two) {
        read_was_last_ = reads;
        free_ = at + 1;  // the other one waits, even if it would fit
      }
      if (two || reads) return at;
    }
  }
  // When such a read beat moves at the earliest.
  [[nodiscard]] double earliest_read(double ready) const {
    return std::max({ready, last_read_ + 1, empty_ + cost_, free_});
  }
  // The next write beat moves if it can before cycle `until`, no read being ready.
  bool write_next(double until) {
    if (next_ == writes_.size()) return false;
    const double at = std::max({writes_[next_].ready, last_write_ + 1, empty_ + cost_, free_});
    if (at >= until) return false;
    write_at(at);
    return true;
  }
  // The last of all writes has moved, no read being left; none: 0.
  [[nodiscard]] double finish() {
    while (write_next(std::numeric_limits<double>::infinity())) {
    }
    return written_.empty() ? 0 : written_.back();
  }
  // When each write beat has moved, as far as they have.
  [[nodiscard]] const std::vector<double>& written() const { return written_; }

 private:
  struct Write {
    double ready;
    std::uint32_t beats;
  };
  void write_at(double at) {
    last_write_ = move(at);
    written_.push_back(at);
    if (--writes_[next_].beats == 0) ++next_;
  }
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
  std::vector<double> written_;
};

}  // namespace nvdla::amaix
