// SPDX-License-Identifier: Apache-2.0
// Read requests between MCIF's arbiter and the bus: who has won there cannot be overtaken any more.
//
// A granted chunk passes a few registers, then the counter of open beats, then the registers in front of the
// bus. Where counter or bus hold it back, those behind it fill the registers, and the arbiter stops when no
// place is left: whose turn it is was decided so many bursts before the slot that he gets was free
// (NV_NVDLA_MCIF_READ_IG_arb, _spt, _cvt; paths::kReadPlaces). Times are those of the bus, in which a request
// that nothing holds back is granted and sent in the same cycle. With C(b) the cycle of burst b, a chunk that
// begins with burst n is granted at
//   grant(n) >= C(n - places) + places
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>

#include "hardware/types.h"

namespace nvdla::amaix {

class ReadPipe {
 public:
  struct Chunk {
    std::uint32_t slot = 0;  // of the interface's accesses in flight
    std::uint32_t beats = 0;
    std::uint32_t bursts = 0;  // on the bus, one a cycle
  };

  // `places`: bursts that wait between arbiter and counter, at most kMost.
  explicit ReadPipe(std::uint32_t places) : places_(places) {
    assert(places_ > 0 && places_ <= kMost);
    clear();
  }

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] const Chunk& front() const { return chunks_[0]; }
  // The first cycle in which a chunk may be granted; kNever: one that waits has to leave before.
  [[nodiscard]] Cycle opens() const {
    return waiting_ >= places_ ? kNever : left_[(next_ + waiting_ - places_) % kMost] + Cycle{places_};
  }

  // No chunk that follows another one without a gap, the first of them granted in cycle `now`, finds it
  // closed.
  [[nodiscard]] bool flows(Cycle now) const {
    for (std::uint32_t burst = 1; burst <= places_; ++burst)
      if (left_[(next_ - burst) % kMost] > now - Cycle{burst}) return false;
    return count_ == 0;
  }

  void push(const Chunk& chunk) {
    chunks_[count_++] = chunk;
    waiting_ += chunk.bursts;
  }
  // The first that waits goes to the bus. Those that need not wait are not told of: behind them the arbiter's
  // own pace, a burst a cycle, is the slower one.
  void pop(Cycle at) {
    const std::uint32_t bursts = chunks_[0].bursts;
    waiting_ -= bursts;
    std::copy(chunks_.begin() + 1, chunks_.begin() + count_, chunks_.begin());
    --count_;
    for (std::uint32_t burst = 0; burst < bursts; ++burst) left_[next_++ % kMost] = at + Cycle{burst};
  }
  void clear() {
    count_ = waiting_ = 0;
    left_.fill(-Cycle{kMost});
  }

 private:
  static constexpr std::uint32_t kMost = 4;

  std::uint32_t places_;
  std::uint32_t count_ = 0;    // chunks that wait
  std::uint32_t waiting_ = 0;  // their bursts
  std::uint32_t next_ = 0;     // of those that have waited and left, modulo 2^32
  std::array<Chunk, kMost> chunks_{};
  std::array<Cycle, kMost> left_{};  // of the last of them, by number
};

}  // namespace nvdla::amaix
