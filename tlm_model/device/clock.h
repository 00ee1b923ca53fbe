// SPDX-License-Identifier: Apache-2.0
// The core clock as arithmetic: which simulated time a cycle has, and which cycle a time. No event per cycle.
//
//   time_of(c)  = base time + (c - base cycle) * period
//   cycle_of(t) = the cycle whose edge is at t, or the next one
//
// The base moves to the next edge when the period changes, so that cycles count on. What lies beyond the end
// of sc_time (213 days at a resolution of 1 ps) becomes its last value, sc_max_time(): such a wait never
// ends, and no time wraps round to an early one.
#pragma once

#include <systemc>

#include "engine/scheduler.h"

namespace nvdla::device {

// sc_max_time(), which is a call into SystemC's library each time.
[[nodiscard]] inline const sc_core::sc_time& end_of_time() {
  static const sc_core::sc_time kEnd = sc_core::sc_max_time();
  return kEnd;
}
[[nodiscard]] inline sc_core::sc_time saturated_sum(const sc_core::sc_time& a, const sc_core::sc_time& b) {
  return b > end_of_time() - a ? end_of_time() : a + b;
}
// The time that is `delay` from now.
[[nodiscard]] inline sc_core::sc_time after(const sc_core::sc_time& delay) {
  return saturated_sum(sc_core::sc_time_stamp(), delay);
}
[[nodiscard]] inline sc_core::sc_time saturated_product(Cycle cycles, const sc_core::sc_time& period) {
  const auto most = end_of_time().value() / period.value();
  if (static_cast<sc_dt::uint64>(cycles) > most) return end_of_time();
  return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(cycles) * period.value());
}

class Clock {
 public:
  explicit Clock(const sc_core::sc_time& period) : period_(period) { forget(); }

  [[nodiscard]] const sc_core::sc_time& period() const { return period_; }

  // Mostly asked for the cycle of the time before, or one soon after it.
  [[nodiscard]] sc_core::sc_time time_of(Cycle cycle) const {
    if (cycle < near_ || cycle - near_ > kSteps || near_time_ > far_) {
      near_ = cycle;
      near_time_ = far_time_of(cycle);
      return near_time_;
    }
    for (; near_ < cycle; ++near_) near_time_ += period_;
    return near_time_;
  }

  [[nodiscard]] Cycle cycle_of(const sc_core::sc_time& time) const {
    if (time <= edge_) return base_;
    return base_ + static_cast<Cycle>(((time - edge_).value() - 1) / period_.value() + 1);
  }

  // From the edge at `now`, or the next one, on.
  void change_period(const sc_core::sc_time& period, const sc_core::sc_time& now) {
    const Cycle next = cycle_of(now);
    edge_ = time_of(next);
    base_ = next;
    period_ = period;
    forget();
  }

  // Before the simulation: the edge of cycle 0.
  void begin_at(const sc_core::sc_time& edge) {
    edge_ = edge;
    forget();
  }

 private:
  static constexpr Cycle kSteps = 4;

  [[nodiscard]] sc_core::sc_time far_time_of(Cycle cycle) const {
    if (cycle >= base_) return saturated_sum(edge_, saturated_product(cycle - base_, period_));
    const sc_core::sc_time back = saturated_product(base_ - cycle, period_);
    return back < edge_ ? edge_ - back : sc_core::SC_ZERO_TIME;
  }
  // What time_of() knows.
  void forget() {
    near_ = base_;
    near_time_ = edge_;
    far_ = sc_core::SC_ZERO_TIME;
    if (period_ > sc_core::SC_ZERO_TIME) far_ = end_of_time() - saturated_product(kSteps, period_);
  }

  sc_core::sc_time period_;
  sc_core::sc_time edge_;
  Cycle base_ = 0;
  mutable Cycle near_ = 0;  // the last that was asked for, and its time
  mutable sc_core::sc_time near_time_;
  sc_core::sc_time far_;  // behind it steps would pass the end of time
};

}  // namespace nvdla::device
