// SPDX-License-Identifier: Apache-2.0
// A small cache between NVDLA and DRAM: direct mapped, write back, allocates on reads and on writes of whole
// lines. It keeps tags, not data: the example looks at time only.
//
// A hit is answered kHitLatency after its request, one line a cycle. A miss fetches its line; the line that
// it displaces is written back first if it is dirty. Other requests pass a miss; responses come as they are
// done, which NVDLA's memory interface puts into order.
// Limits: no coherence, no prefetch, no limit of open misses.
#pragma once

#include <cstdint>
#include <vector>

namespace example {

class CacheTags {
 public:
  CacheTags(std::uint64_t bytes, std::uint32_t line_bytes)
      : line_bytes_(line_bytes), lines_(bytes / line_bytes) {}

  struct Outcome {
    bool hit = false;
    bool writes_back = false;
    std::uint64_t victim = 0;  // address of the line that is written back
  };
  // One whole line; `address` is aligned to it.
  Outcome access(std::uint64_t address, bool write) {
    const std::uint64_t number = address / line_bytes_;
    Line& line = lines_[number % lines_.size()];
    Outcome outcome;
    outcome.hit = line.valid && line.number == number;
    if (!outcome.hit) {
      outcome.writes_back = line.valid && line.dirty;
      outcome.victim = line.number * line_bytes_;
      line = {number, true, false};
    }
    line.dirty = line.dirty || write;
    (outcome.hit ? hits_ : misses_) += 1;
    return outcome;
  }
  [[nodiscard]] std::uint64_t hits() const { return hits_; }
  [[nodiscard]] std::uint64_t misses() const { return misses_; }

 private:
  struct Line {
    std::uint64_t number = 0;
    bool valid = false, dirty = false;
  };
  std::uint32_t line_bytes_;
  std::vector<Line> lines_;
  std::uint64_t hits_ = 0, misses_ = 0;
};

}  // namespace example
