// SPDX-License-Identifier: Apache-2.0
// Proves how the time of convolutions depends on the memory: never below any bound, never better with a worse
// memory, and always an end.
#include <gtest/gtest.h>

#include <algorithm>

#include "amaix/convolution_plan.h"
#include "tests/engine/accelerator_test_bench.h"

namespace nvdla::engine {
namespace {

using accelerator_test::Bench;

struct Outcome {
  Cycle cycles = 0;
  std::uint64_t bytes = 0;
};

constexpr Cycle kStart = 5'000;
constexpr std::uint32_t kLayers = 2;

Outcome run(const std::string& configuration, const MemorySettings& settings) {
  Bench b(configuration, settings);
  b.advance(kStart);
  for (std::uint32_t group = 0; group < kLayers; ++group) {
    b.program_convolution(group);
    b.enable_convolution(group);
  }
  EXPECT_TRUE(b.finish()) << "latency " << settings.latency << " bytes a cycle " << settings.bytes_per_cycle;
  EXPECT_EQ(b.of(Engine::kSdp).size(), kLayers);
  return {b.of(Engine::kSdp).back().done - kStart, b.bytes(MemorySpace::kDbb)};
}

// Two clients that meet in another order shift each other by a few beats.
constexpr Cycle kOrder = 16;

class MemorySweep : public testing::TestWithParam<const char*> {};

TEST_P(MemorySweep, TotalIsNeverBelowABound) {
  const HardwareParameters& hardware = preset(GetParam());
  const auto op = registers::test::Convolution(GetParam()).decode();
  const auto mac = static_cast<Cycle>(amaix::plan_sequence(op.sequence, hardware).mac_cycles());
  for (const Cycle latency : {0, 1, 50, 500}) {
    for (const std::int64_t bandwidth : {1, 2, 4, 8, 16, 32, 64}) {
      const Outcome result = run(GetParam(), {latency, bandwidth});
      EXPECT_GE(result.cycles, kLayers * mac) << latency << " " << bandwidth;
      // The bucket holds at most two beats at the start.
      const auto rate = std::min<std::int64_t>(bandwidth, 2 * hardware.dbb_width_bytes);
      EXPECT_GE(result.cycles * rate, static_cast<std::int64_t>(result.bytes) - 2 * hardware.dbb_width_bytes)
          << latency << " " << bandwidth;
      // The first read, then the last write's acknowledge, each wait a latency.
      EXPECT_GE(result.cycles, kLayers * mac + 2 * latency) << latency << " " << bandwidth;
    }
  }
}

TEST_P(MemorySweep, MoreLatencyIsNeverFaster) {
  for (const std::int64_t bandwidth : {2, 8, 64}) {
    Cycle before = 0;
    for (const Cycle latency : {0, 1, 2, 5, 10, 20, 50, 100, 128, 200, 300, 500}) {
      const Cycle cycles = run(GetParam(), {latency, bandwidth}).cycles;
      EXPECT_GE(cycles, before - kOrder) << latency << " " << bandwidth;
      before = std::max(before, cycles);
    }
  }
}

TEST_P(MemorySweep, MoreBandwidthIsNeverSlower) {
  for (const Cycle latency : {0, 50, 500}) {
    Cycle before = kNever - kOrder;
    for (const std::int64_t bandwidth : {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64}) {
      const Cycle cycles = run(GetParam(), {latency, bandwidth}).cycles;
      EXPECT_LE(cycles, before + kOrder) << latency << " " << bandwidth;
      before = std::min(before, cycles);
    }
  }
}

// One byte a cycle: no more than if nothing overlapped, neither the layers nor memory and array.
TEST_P(MemorySweep, ASlowMemoryCostsNoMoreThanOneThingAfterTheOther) {
  const auto op = registers::test::Convolution(GetParam()).decode();
  const std::uint64_t mac = amaix::plan_sequence(op.sequence, preset(GetParam())).mac_cycles();
  const Outcome result = run(GetParam(), {50, 1});
  EXPECT_LE(result.cycles, static_cast<Cycle>(result.bytes * 11 / 10 + kLayers * mac));
}

TEST_P(MemorySweep, TheMovedBytesDoNotDependOnTheMemory) {
  const std::uint64_t bytes = run(GetParam(), {0, 64}).bytes;
  EXPECT_EQ(run(GetParam(), {500, 1}).bytes, bytes);
  EXPECT_EQ(run(GetParam(), {7, 13}).bytes, bytes);
}

INSTANTIATE_TEST_SUITE_P(Configurations, MemorySweep,
                         testing::Values("nv_full", "nv_small", "nv_small_256", "nv_medium_512",
                                         "nv_medium_1024_full", "nv_large"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace nvdla::engine
