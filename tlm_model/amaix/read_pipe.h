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
//
// Branch master's registers (eperl::pipe -is) say a cycle late that they have room: the skid register takes
// what comes in the very cycle in which it gets its place, and stays empty when nothing does, until the burst
// before it has left:
//   grant(n) = max(grant(n - 1) + 1, C(n - 2) + 2)  or  grant(n) >= C(n - 1) + 2
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>

#include "hardware/types.h"

namespace nvdla::amaix {

class ReadPipe {
 public:
  struct Item {              // a burst, or a chunk of several that stay together
    std::uint32_t slot = 0;  // of the interface's accesses in flight
    std::uint32_t beats = 0;
    std::uint32_t bursts = 1;  // on the bus, one a cycle
  };

  // `places`: bursts that wait between arbiter and counter, at most kMost; `late`: as on branch master.
  ReadPipe(std::uint32_t places, bool late) : places_(places), late_(late) {
    assert(places_ > 0 && places_ <= kMost);
    clear();
  }

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] const Item& front() const { return items_[0]; }
  // The first cycle in which a chunk may be granted, in cycle `now`; kNever: one that waits has to leave
  // before. `free`: the first one behind the last grant.
  [[nodiscard]] Cycle opens(Cycle now, Cycle free) const {
    if (waiting_ >= places_) return kNever;
    const Cycle place = std::max(free, left_[(next_ + waiting_ - places_) % kMost] + Cycle{places_});
    if (!late_ || place >= now) return place;
    return count_ > 0 ? kNever : left_[(next_ - 1) % kMost] + Cycle{places_};
  }

  // No chunk that follows another one without a gap, the first of them granted in cycle `now`, finds it
  // closed.
  [[nodiscard]] bool flows(Cycle now) const {
    for (std::uint32_t burst = 1; burst <= places_; ++burst)
      if (left_[(next_ - burst) % kMost] > now - Cycle{burst}) return false;
    return count_ == 0;
  }

  void push(const Item& item) {
    assert(count_ < items_.size());
    items_[count_++] = item;
    waiting_ += item.bursts;
  }
  // The first that waits goes to the bus. Those that need not wait are not told of: behind them the arbiter's
  // own pace, a burst a cycle, is the slower one.
  void pop(Cycle at) {
    const std::uint32_t bursts = items_[0].bursts;
    std::copy(items_.begin() + 1, items_.begin() + count_, items_.begin());
    --count_;
    waiting_ -= bursts;
    for (std::uint32_t burst = 0; burst < bursts; ++burst) left_[next_++ % kMost] = at + Cycle{burst};
  }
  void clear() {
    count_ = waiting_ = 0;
    left_.fill(-Cycle{kMost});
  }

 private:
  static constexpr std::uint32_t kMost = 4;
  static constexpr std::uint32_t kMostOfChunk = 16;

  std::uint32_t places_;
  bool late_;
  std::uint32_t count_ = 0;    // items that wait
  std::uint32_t waiting_ = 0;  // their bursts
  std::uint32_t next_ = 0;     // of those that have waited and left, modulo 2^32
  std::array<Item, kMost + kMostOfChunk> items_{};
  std::array<Cycle, kMost> left_{};  // of the last of them, by number
};

}  // namespace nvdla::amaix
