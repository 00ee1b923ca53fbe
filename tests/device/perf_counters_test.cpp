// SPDX-License-Identifier: Apache-2.0
// The D_PERF counters tell what the memory did: latency counts the cycles with a read outstanding and follows
// the memory's latency, stalls appear when the memory is slow, nothing counts unless it is enabled, and each
// group keeps its own.
#include "driver_programs.h"

namespace nvdla::device {
namespace {

using sc_core::sc_time;

struct Counters {
  std::uint32_t data_stall, weight_stall, data_latency, weight_latency;
};

Counters convolve(std::uint32_t latency, bool enable) {
  const platform::SimulationContext kernel;
  Counters counters{};
  {
    Bench bench;
    bench.dbb.latency = sc_time(latency, sc_core::SC_NS);
    bench.run([&](BenchCpu& cpu) {
      program_convolution(cpu, "nv_full", 0);
      cpu.write(Unit::kCdma, "D_PERF_ENABLE", enable ? 1 : 0);
      enable_convolution(cpu, 0);
      cpu.wait_for(interrupt_bit(Interrupt::kSdp, 0));
      counters = {
          cpu.read(Unit::kCdma, "D_PERF_DAT_READ_STALL"), cpu.read(Unit::kCdma, "D_PERF_WT_READ_STALL"),
          cpu.read(Unit::kCdma, "D_PERF_DAT_READ_LATENCY"), cpu.read(Unit::kCdma, "D_PERF_WT_READ_LATENCY")};
      // The other group has not run.
      cpu.write(Unit::kCdma, "S_POINTER", 1);
      EXPECT_EQ(cpu.read(Unit::kCdma, "D_PERF_DAT_READ_LATENCY"), 0U);
    });
    EXPECT_TRUE(bench.cpu.finished);
  }
  return counters;
}

class PerfCountersTest : public FreshKernel {};

TEST_F(PerfCountersTest, LatencyFollowsTheMemory) {
  const Counters near = convolve(50, true), far = convolve(1050, true);
  // 12,544 bytes of data in 196 beats, 18,432 of weights in 288: requested in 484 cycles at least.
  EXPECT_GE(near.data_latency, 196U);
  EXPECT_GE(near.weight_latency, 288U);
  EXPECT_LE(near.data_latency, 50U + 2 * 484U);
  // At least one round trip more; more of them where 256 outstanding beats do not hold all.
  EXPECT_GE(far.data_latency, near.data_latency + 900U);
  EXPECT_GE(far.weight_latency, near.weight_latency + 900U);
  EXPECT_GT(far.weight_stall + far.data_stall, near.weight_stall + near.data_stall);
}

TEST_F(PerfCountersTest, NothingCountsUnlessEnabled) {
  const Counters counters = convolve(1050, false);
  EXPECT_EQ(counters.data_stall, 0U);
  EXPECT_EQ(counters.weight_stall, 0U);
  EXPECT_EQ(counters.data_latency, 0U);
  EXPECT_EQ(counters.weight_latency, 0U);
}

// Four engines and a convolution share the ports: reads wait.
TEST_F(PerfCountersTest, ContentionIsSeenAsReadStall) {
  std::uint32_t alone = 0, shared = 0;
  for (std::uint32_t* stall : {&alone, &shared}) {
    const platform::SimulationContext kernel;
    {
      Bench bench;
      bench.run([&](BenchCpu& cpu) {
        program_rubik(cpu, "nv_full", 0);
        cpu.write(Unit::kRubik, "D_PERF_ENABLE", 1);
        program_convolution(cpu, "nv_full", 0);
        if (stall == &shared) enable_convolution(cpu, 0);
        enable_rubik(cpu, 0);
        cpu.wait_for(interrupt_bit(Interrupt::kRubik, 0));
        *stall = cpu.read(Unit::kRubik, "D_PERF_READ_STALL");
      });
      EXPECT_TRUE(bench.cpu.finished);
    }
  }
  EXPECT_GT(shared, alone);
}

}  // namespace
}  // namespace nvdla::device
