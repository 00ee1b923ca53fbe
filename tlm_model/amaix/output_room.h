// SPDX-License-Identifier: Apache-2.0
// What SDP moves for the kernel groups of a convolution, on the port of its weights, and by how much it holds
// up CACC: while weights still come it gets every second beat, or what their limit of open beats leaves, and
// all of them later. CACC is ahead of it by what the write path holds. Limits: weights that wait for room in
// their banks come when they may, not here.
#pragma once

#include <algorithm>
#include <optional>

namespace nvdla::amaix {

class OutputRoom {
 public:
  struct Port {
    double group = 0;            // beats of a group
    double beat = 1;             // cycles of one
    double read = 1;             // cycles of a beat of weights, if they have the port for themselves
    std::optional<double> held;  // beats that the write path holds; nothing: it never holds up
  };

  // The first is on the bus in cycle `first`; alone, all weights would have come in cycle `weights`.
  OutputRoom(const Port& port, double first, double weights) : port_(port), at_(first) {
    const double pace = std::max(2 * port.beat, port.read);
    shared_ = 1 / port.beat - 1 / pace;
    shared_until_ = first + (weights - first) / port.read * pace;
  }
  // By how much the next group's output is late that would all be there in cycle `end`.
  [[nodiscard]] double late(double end) {
    const bool behind = passed_ < computed_;
    computed_ += port_.group;
    if (!behind && (end - at_) * shared_ >= port_.group) {  // most groups of most layers
      passed_ = computed_;
      at_ = end;
      return 0;
    }
    passed_ = std::min(computed_, passed_ + passes(end));
    at_ = std::max(at_, end);
    const double lacking = port_.held ? computed_ - *port_.held - passed_ : 0;
    if (lacking <= 0) return 0;
    const double shared = std::clamp((shared_until_ - at_) * shared_, 0.0, lacking);
    const double late = (shared > 0 ? shared / shared_ : 0) + (lacking - shared) * port_.beat;
    passed_ += lacking;
    at_ += late;
    return late;
  }

 private:
  [[nodiscard]] double passes(double end) const {
    if (end <= at_) return 0;
    const double shared = std::clamp(shared_until_ - at_, 0.0, end - at_);
    return shared * shared_ + (end - at_ - shared) / port_.beat;
  }

  const Port port_;
  double at_;
  double shared_, shared_until_;  // beats a cycle beside weights
  double computed_ = 0, passed_ = 0;
};

}  // namespace nvdla::amaix
