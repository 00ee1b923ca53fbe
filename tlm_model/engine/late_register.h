// SPDX-License-Identifier: Apache-2.0
// A pipe of branch master (eperl::pipe -is): a register and a skid register in front of it, which says a
// cycle late whether it has room. What is offered in the very cycle in which the skid register gets its place
// is taken there; when nothing is, it stays empty until the register's own has left:
//   taken(n) = max(taken(n - 1) + 1, left(n - 2) + 1)  or  taken(n) > left(n - 1)
//   out(n)   = max(taken(n), left(n - 1)) + 1
// Calls alternate: enter(), then leave() of the same.
#pragma once

#include <algorithm>

#include "hardware/types.h"

namespace nvdla::engine {

class LateRegister {
 public:
  // The next one is offered from cycle `at` on; returns the cycle in which it is taken.
  Cycle enter(Cycle at) {
    const Cycle place = std::max(taken_, left_before_) + 1;
    return taken_ = at <= place ? place : std::max(at, left_ + 1);
  }
  // From when on it stands at the output.
  [[nodiscard]] Cycle out() const { return std::max(taken_, left_) + 1; }
  void leave(Cycle at) {
    left_before_ = left_;
    left_ = at;
  }
  // Many have passed, one a cycle, the last of them in cycle `last`.
  void flow(Cycle last) {
    left_ = last;
    taken_ = left_before_ = last - 1;
  }

 private:
  static constexpr Cycle kLongAgo = -8;
  Cycle taken_ = kLongAgo, left_ = kLongAgo, left_before_ = kLongAgo;
};

}  // namespace nvdla::engine
