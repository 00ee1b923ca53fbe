// SPDX-License-Identifier: Apache-2.0
// The cycles of a row of events, by number, as far as they are known. The last kKept are kept.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "hardware/types.h"

namespace nvdla::amaix {

class Dates {
 public:
  static constexpr std::size_t kKept = 16;

  void add(Cycle at) { cycles_[count_++ % kKept] = last_ = at; }
  // None: not known yet. Precondition: one of the last kKept, or not known.
  [[nodiscard]] std::optional<Cycle> of(std::uint64_t number) const {
    if (number >= count_) return std::nullopt;
    return cycles_[number % kKept];
  }
  // From when on event `next` has room, where `places` of them fit between it and these, whose places come
  // back `distance` cycles later. None: not known yet.
  [[nodiscard]] std::optional<Cycle> room(std::uint64_t next, std::uint64_t places, Cycle distance) const {
    if (next < places) return 0;
    const std::optional<Cycle> left = of(next - places);
    if (!left) return std::nullopt;
    return *left + distance;
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] Cycle last() const { return last_; }  // -1: none

 private:
  std::array<Cycle, kKept> cycles_{};
  std::uint64_t count_ = 0;
  Cycle last_ = -1;
};

}  // namespace nvdla::amaix
