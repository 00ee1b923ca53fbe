// SPDX-License-Identifier: Apache-2.0
// The core clock: cycles and times are inverse, a change of the period moves no past edge and loses no cycle,
// an operation in flight is stretched by just the cycles that are left, and a bound sc_clock is followed.
#include "device/clock.h"

#include "driver_programs.h"

namespace nvdla::device {
namespace {

using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::SC_ZERO_TIME;

class ClockTest : public FreshKernel {};

TEST_F(ClockTest, TimesAndCyclesAreInverse) {
  Clock clock(sc_time(3, SC_NS));
  EXPECT_EQ(clock.time_of(7), sc_time(21, SC_NS));
  EXPECT_EQ(clock.cycle_of(sc_time(21, SC_NS)), 7U);
  EXPECT_EQ(clock.cycle_of(sc_time(21.001, SC_NS)), 8U) << "the next edge";
  clock.change_period(sc_time(10, SC_NS), sc_time(19, SC_NS));
  EXPECT_EQ(clock.time_of(7), sc_time(21, SC_NS)) << "the edge before which the change came";
  EXPECT_EQ(clock.time_of(8), sc_time(31, SC_NS));
  EXPECT_EQ(clock.cycle_of(sc_time(21.001, SC_NS)), 8U);
  EXPECT_EQ(clock.cycle_of(sc_time(31, SC_NS)), 8U);
}

// 2^64 - 1 is the last value of sc_time: nothing beyond it comes round to an early time.
TEST_F(ClockTest, BeyondTheEndOfTimeIsTheEndOfTime) {
  const sc_time last = sc_core::sc_max_time();
  Clock clock(sc_time(1, sc_core::SC_SEC));
  const sc_time near_end = sc_time::from_value(18446744ULL * 1000000000000ULL);
  EXPECT_EQ(clock.time_of(18446744), near_end);
  EXPECT_EQ(clock.time_of(18446745), last);
  EXPECT_EQ(clock.time_of(kNever), last);
  EXPECT_EQ(clock.cycle_of(last), 18446745);
  clock.begin_at(near_end);
  EXPECT_EQ(clock.time_of(1), last);
  EXPECT_EQ(clock.cycle_of(last), 1);
  Clock fine(sc_time(1, SC_NS));
  EXPECT_EQ(fine.time_of(kFarthest), sc_time::from_value(static_cast<sc_dt::uint64>(kFarthest) * 1000));
  EXPECT_EQ(fine.cycle_of(fine.time_of(kFarthest)), kFarthest);
  EXPECT_EQ(saturated_sum(last, sc_time(1, SC_NS)), last);
}

// Cycles from OP_ENABLE to the interrupt, of a memory that answers at once.
struct Span {
  sc_time begin, end;
};

Span pool(Bench& bench, const std::function<void(BenchCpu&)>& meanwhile) {
  Span result;
  bench.dbb.latency = SC_ZERO_TIME;
  bench.run([&](BenchCpu& cpu) {
    program_pdp(cpu, "nv_full", 0);
    enable_pdp(cpu, 0);
    cpu.spend(SC_ZERO_TIME);
    result.begin = sc_core::sc_time_stamp();
    meanwhile(cpu);
    cpu.wait_for(interrupt_bit(Interrupt::kPdp, 0));
    sc_core::sc_stop();
  });
  EXPECT_EQ(bench.listener.done.size(), 1U);
  if (!bench.edges.empty()) result.end = bench.edges.front();
  return result;
}

TEST_F(ClockTest, ChangeInMidOperationStretchesTheRest) {
  Span whole;
  {
    const platform::SimulationContext kernel;
    Bench bench;
    whole = pool(bench, [](BenchCpu& /*cpu*/) {});
  }
  Bench bench;
  sc_time changed;
  const Span mixed = pool(bench, [&](BenchCpu& cpu) {
    cpu.spend(sc_time(40, SC_NS));
    changed = sc_core::sc_time_stamp();
    bench.device.set_clock_period(sc_time(3, SC_NS));
  });
  ASSERT_EQ(mixed.begin, whole.begin);
  ASSERT_GT(changed, whole.begin);
  ASSERT_LT(changed, whole.end) << "the change must hit the operation";
  EXPECT_EQ(mixed.end, changed + 3 * (whole.end - changed));
}

TEST_F(ClockTest, BoundClockGivesPeriodAndFirstEdge) {
  Bench bench;
  sc_core::sc_clock clock("clock", sc_time(4, SC_NS), 0.25, sc_time(10, SC_NS), false);
  bench.device.clock.bind(clock);
  pool(bench, [&](BenchCpu& /*cpu*/) {
    EXPECT_EQ(bench.device.time_of(0), sc_time(13, SC_NS)) << "the low phase is 3 ns";
    EXPECT_EQ(bench.device.time_of(100), sc_time(413, SC_NS));
  });
  EXPECT_EQ((bench.edges.front() - sc_time(13, SC_NS)) % sc_time(4, SC_NS), SC_ZERO_TIME)
      << "on a rising edge";
}

TEST_F(ClockTest, ClockMustBeAnScClock) {
  Bench bench;
  sc_core::sc_signal<bool> signal("signal");
  bench.device.clock.bind(signal);
  try {
    sc_core::sc_start(SC_ZERO_TIME);
    FAIL() << "no error";
  } catch (const sc_core::sc_report& report) {
    EXPECT_TRUE(registers::test::mentions(report.get_msg(), {"bench.nvdla", "not an sc_clock"}));
  }
}

TEST_F(ClockTest, PeriodOfZeroIsRefused) {
  Bench bench;
  EXPECT_THROW(bench.device.set_clock_period(SC_ZERO_TIME), std::invalid_argument);
}

}  // namespace
}  // namespace nvdla::device
