// SPDX-License-Identifier: Apache-2.0
// A register with a skid register, whose ready is that of the cycle before (eperl's pipe -is of the scalable
// generation). The second item is caught only in the cycle in which the first one is seen to stand: one that
// comes later waits outside, though the skid register is empty.
//   taken(n) = max(taken(n - 1), left(n - 2)) + 1  or  taken(n) > left(n - 1)
//   out(n)   = max(taken(n), left(n - 1)) + 1
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "hardware/types.h"

namespace nvdla::amaix {

class SkidPipe {
 public:
  // The first cycle from `at` on in which it takes the next item; none: one in it has to leave before.
  // Precondition: `at` is behind the last cycle in which it took one.
  [[nodiscard]] std::optional<Cycle> takes(Cycle at) const {
    if (inside_ == 2) return std::nullopt;
    if (at <= shown_) return shown_;  // the item before is not seen to stand
    if (inside_ == 1) return std::nullopt;
    return std::max(at, left_ + 1);
  }
  void take(Cycle at) {
    if (inside_++ == 0) shown_ = std::max(at, left_) + 1;
  }
  // Where all before have left: the item is offered from cycle `at` on; returns when it is taken.
  Cycle enter(Cycle at) {
    const Cycle taken = *takes(at);
    take(taken);
    return taken;
  }
  // From when on it offers its first item; none: it is empty.
  [[nodiscard]] std::optional<Cycle> offers() const {
    if (inside_ == 0) return std::nullopt;
    return shown_;
  }
  void leave(Cycle at) {
    left_ = at;
    if (--inside_ == 1) shown_ = at + 1;
  }
  // Many have passed, one a cycle, the last of them in cycle `last`.
  void flow(Cycle last) {
    inside_ = 0;
    shown_ = left_ = last;
  }

 private:
  static constexpr Cycle kLongAgo = std::numeric_limits<Cycle>::min() / 2;

  Cycle shown_ = kLongAgo;  // the first item inside, or the last that has left
  Cycle left_ = kLongAgo;
  std::uint32_t inside_ = 0;
};

}  // namespace nvdla::amaix
