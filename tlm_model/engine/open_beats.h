// SPDX-License-Identifier: Apache-2.0
// MCIF's counter of open read beats. A beat that returns in cycle t lets another one pass to the bus in cycle
// t + paths::kReadSlot, not before (NV_NVDLA_MCIF_READ_IG_cvt: os_cnt).
#pragma once

#include <array>
#include <cstdint>

#include "hardware/paths/memory_interface.h"
#include "hardware/types.h"

namespace nvdla::engine {

class OpenBeats {
 public:
  // Asked for and not returned.
  [[nodiscard]] std::uint32_t count() const { return open_; }
  // As the counter has it in cycle `now` where what has returned counts for `delay` cycles.
  [[nodiscard]] std::uint32_t counted(Cycle now, Cycle delay) const {
    std::uint32_t sum = open_;
    for (const Returned& each : returned_)
      if (each.at > now - delay) sum += each.beats;
    return sum;
  }
  void take(std::uint32_t beats) { open_ += beats; }
  void give(std::uint32_t beats, Cycle at) {
    open_ -= beats;
    Returned& last = returned_[static_cast<std::uint64_t>(at) % kKept];
    if (last.at != at) last = {at, 0};
    last.beats += beats;
  }
  void clear() {
    open_ = 0;
    returned_ = {};
  }

  // What counted() may have above count(): the beats of as many cycles, which end with a chunk.
  static constexpr std::uint32_t kMostReturned = 8;
  // The cycles that it looks back on.
  static constexpr std::uint32_t kKept = 4;
  static_assert(kKept >= paths::kReadSlot.cycles());

 private:
  struct Returned {
    Cycle at = -1;
    std::uint32_t beats = 0;
  };

  std::uint32_t open_ = 0;
  std::array<Returned, kKept> returned_{};  // of the last cycles, by number
};

}  // namespace nvdla::engine
