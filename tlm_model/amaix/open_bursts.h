// SPDX-License-Identifier: Apache-2.0
// How many read bursts a memory has open, for closed forms that follow reads beat by beat: a burst is
// accepted in the cycle behind the last beat of the one that makes room for it (memory/memory_timing.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hardware/parameters.h"
#include "memory/description.h"

namespace nvdla::amaix {

class OpenBursts {
 public:
  OpenBursts(const memory::MemoryDescription& memory, const HardwareParameters& hardware)
      : most_(memory.max_outstanding), beats_(hardware.max_burst_beats) {}

  // When beat `beat` of a request is accepted that is asked for in cycle `asked`.
  [[nodiscard]] double accepts(double asked, std::uint32_t beat) {
    const std::uint32_t behind = beat % beats_;
    if (behind == 0) {
      first_ = asked;
      if (ends_.size() >= most_) first_ = std::max(first_, ends_[ends_.size() - most_] + 1);
    }
    return std::max(asked, first_ + behind);
  }
  // It has come; the request has `beats`.
  void came(double at, std::uint32_t beat, std::uint32_t beats) {
    if (beat + 1 == beats || beat % beats_ + 1 == beats_) ends_.push_back(at);
  }

 private:
  const std::size_t most_;
  const std::uint32_t beats_;
  double first_ = 0;          // the burst's first beat was accepted
  std::vector<double> ends_;  // when the last beat of each burst came
};

}  // namespace nvdla::amaix
