// SPDX-License-Identifier: Apache-2.0
// The core clock as arithmetic: which simulated time a cycle has, and which cycle a time. No event per cycle.
//
//   time_of(c)  = base time + (c - base cycle) * period
//   cycle_of(t) = the cycle whose edge is at t, or the next one
//
// The base moves to the next edge when the period changes, so that cycles count on.
#pragma once

#include <systemc>

#include "engine/scheduler.h"

namespace nvdla::device {

class Clock {
 public:
  explicit Clock(const sc_core::sc_time& period) : period_(period) {}

  [[nodiscard]] const sc_core::sc_time& period() const { return period_; }

  [[nodiscard]] sc_core::sc_time time_of(Cycle cycle) const {
    if (cycle >= base_) return edge_ + static_cast<double>(cycle - base_) * period_;
    const sc_core::sc_time back = static_cast<double>(base_ - cycle) * period_;
    return back < edge_ ? edge_ - back : sc_core::SC_ZERO_TIME;
  }

  [[nodiscard]] Cycle cycle_of(const sc_core::sc_time& time) const {
    if (time <= edge_) return base_;
    const auto period = period_.value();
    return base_ + static_cast<Cycle>(((time - edge_).value() + period - 1) / period);
  }

  // From the edge at `now`, or the next one, on.
  void change_period(const sc_core::sc_time& period, const sc_core::sc_time& now) {
    const Cycle next = cycle_of(now);
    edge_ = time_of(next);
    base_ = next;
    period_ = period;
  }

  // Before the simulation: the edge of cycle 0.
  void begin_at(const sc_core::sc_time& edge) { edge_ = edge; }

 private:
  sc_core::sc_time period_;
  sc_core::sc_time edge_;
  Cycle base_ = 0;
};

}  // namespace nvdla::device
