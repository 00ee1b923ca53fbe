// SPDX-License-Identifier: Apache-2.0
// MCIF's counter of open read beats. A beat that passes the bus in cycle t lets another one pass to the bus
// in cycle t + paths::kReadSlot, not before (NV_NVDLA_MCIF_READ_IG_cvt: os_cnt). Beats that wait on the bus
// for CDMA pass later than memory brings them; they are given with the cycle in which they will.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/scheduler.h"
#include "hardware/paths/memory_interface.h"
#include "hardware/types.h"
#include "memory/ring_buffer.h"

namespace nvdla::engine {

class OpenBeats {
 public:
  // Asked for and not given.
  [[nodiscard]] std::uint32_t count() const { return open_; }
  // What the counter has at most.
  [[nodiscard]] std::uint32_t most() const { return open_ + given_; }
  // As the counter has it in cycle `now` where what has passed counts for `delay` cycles, at most kKept.
  [[nodiscard]] std::uint32_t counted(Cycle now, Cycle delay) const {
    std::uint32_t sum = open_;
    for (std::size_t i = passed_.size(); i-- > 0 && passed_[i].at > now - delay;) sum += passed_[i].beats;
    return sum;
  }
  // The first cycle, not before `now`, in which at most `allowed` count; kNever: some that are not given must
  // pass before.
  [[nodiscard]] Cycle room(std::uint32_t allowed, Cycle now, Cycle delay) const {
    if (open_ > allowed) return kNever;
    std::uint32_t sum = open_;
    for (std::size_t i = passed_.size(); i-- > 0 && passed_[i].at > now - delay;) {
      sum += passed_[i].beats;
      if (sum > allowed) return passed_[i].at + delay;
    }
    return now;
  }
  void take(std::uint32_t beats) { open_ += beats; }
  // They pass in cycle `at`, behind those before them; what has passed kKept cycles before `now` is
  // forgotten.
  void give(std::uint32_t beats, Cycle at, Cycle now) {
    open_ -= beats;
    for (; !passed_.empty() && passed_.front().at <= now - kKept; passed_.pop())
      given_ -= passed_.front().beats;
    given_ += beats;
    last_ = std::max(last_, at);
    if (!passed_.empty() && passed_.back().at == last_) {
      passed_.back().beats += beats;
    } else {
      passed_.push({last_, beats});
    }
  }
  // The same of what nobody will ask about: the limit is further away than what can be asked for while they
  // count.
  void forget(std::uint32_t beats, Cycle at) {
    open_ -= beats;
    last_ = std::max(last_, at);
  }
  // When the last that was given passes.
  [[nodiscard]] Cycle last() const { return last_; }
  void clear() {
    open_ = given_ = 0;
    last_ = -1;
    passed_.clear();
  }

  static constexpr Cycle kKept = paths::kReadSlot.sum();

 private:
  struct Passed {
    Cycle at = -1;
    std::uint32_t beats = 0;
  };

  std::uint32_t open_ = 0;
  std::uint32_t given_ = 0;  // beats of passed_
  Cycle last_ = -1;
  memory::RingBuffer<Passed> passed_;  // in the order of time
};

}  // namespace nvdla::engine
