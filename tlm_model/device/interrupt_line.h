// SPDX-License-Identifier: Apache-2.0
// Changes of the interrupt line, each driven at its own time and at most once a cycle: an accelerator that
// runs ahead of simulated time makes no glitch.
#pragma once

#include <deque>
#include <optional>
#include <systemc>

#include "device/clock.h"

namespace nvdla::device {

class InterruptLine {
 public:
  explicit InterruptLine(const Clock& clock) : clock_(clock) {}

  // Notified when due() has something to say.
  [[nodiscard]] const sc_core::sc_event& event() const { return event_; }

  void change(bool level, Cycle at) {
    edges_.push_back({at, level});
    notify();
  }
  // Low at once; changes to come are forgotten.
  void reset() {
    edges_.assign(1, {0, false});
    event_.notify(sc_core::SC_ZERO_TIME);
  }
  void follow_clock() {
    event_.cancel();
    notify();
  }
  // The level to drive now; nothing: it stays.
  [[nodiscard]] std::optional<bool> due() {
    std::optional<bool> level;
    while (!edges_.empty() && clock_.time_of(edges_.front().at) <= sc_core::sc_time_stamp()) {
      level = edges_.front().level;
      edges_.pop_front();
    }
    notify();
    return level;
  }

 private:
  struct Edge {
    Cycle at;
    bool level;
  };

  void notify() {
    if (edges_.empty()) return;
    const sc_core::sc_time at = clock_.time_of(edges_.front().at);
    const sc_core::sc_time& now = sc_core::sc_time_stamp();
    event_.notify(at > now ? at - now : sc_core::SC_ZERO_TIME);
  }

  const Clock& clock_;
  sc_core::sc_event event_;
  std::deque<Edge> edges_;  // not yet driven
};

}  // namespace nvdla::device
