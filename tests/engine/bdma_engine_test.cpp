// SPDX-License-Identifier: Apache-2.0
// BDMA in simulated time: bounds, since there is no recording.
#include "engine/units/bdma/bdma_engine.h"

#include <gtest/gtest.h>

#include "amaix/bdma_estimate.h"
#include "tests/engine/stream_test_bench.h"

namespace nvdla::engine {
namespace {

using stream_test::Bench;

BdmaTransfer transfer(MemorySpace from, MemorySpace to, std::uint32_t line_bytes, std::uint32_t lines) {
  BdmaTransfer t;
  t.source = {from, 0x80000000, line_bytes, line_bytes * lines};
  t.destination = {to, 0x90000000, line_bytes, line_bytes * lines};
  t.line_bytes = line_bytes;
  t.lines = lines;
  return t;
}

TEST(BdmaEngine, OneSlotForEachBeatAndChunkAndLine) {
  Bench<BdmaEngine> bench(preset("nv_full"), {50, 64});
  const std::vector<BdmaTransfer> transfers{transfer(MemorySpace::kDbb, MemorySpace::kCvsram, 4096, 64)};
  bench.start(transfers, 100);
  const Cycle core = 64 * (1 + 4096 / 256 + 4096 / 64);
  bench.scheduler.advance(100 + core - 1);
  EXPECT_TRUE(bench.completions.empty());
  bench.scheduler.advance(100 + core + 2 * 50 + 60);
  ASSERT_EQ(bench.completions.size(), 1U);
  EXPECT_EQ(bench.completions[0].bound_by, Resource::kBdmaCore);
  EXPECT_EQ(bench.memory.read_beats, 4096U);
  EXPECT_EQ(bench.sram.write_beats, 4096U);
  // Both evaluators of one plan agree where nothing contends.
  memory::MemorySystem memory;
  memory.cvsram = memory::MemoryDescription{50, 64, 256};
  const double refined =
      amaix::estimate_bdma(transfers, bench.hardware, memory, amaix::Level::kRefined).cycles;
  EXPECT_NEAR(static_cast<double>(bench.completions[0].interrupt - 100), refined, 0.01 * refined);
}

// Lines that are written from the middle of a beat on, and more of them than the closed form follows.
TEST(BdmaEngine, ClosedFormFollowsTheWritesOfOddLines) {
  Bench<BdmaEngine> bench(preset("nv_full"), {50, 64});
  BdmaTransfer odd = transfer(MemorySpace::kDbb, MemorySpace::kCvsram, 4096, 256);
  odd.destination.address += 32;
  odd.destination.line_stride += 64;
  bench.start(std::vector<BdmaTransfer>{odd}, 0);
  bench.scheduler.advance(40000);
  ASSERT_EQ(bench.completions.size(), 1U);
  memory::MemorySystem memory;
  memory.cvsram = memory::MemoryDescription{50, 64, 256};
  const double refined = amaix::estimate_bdma({odd}, bench.hardware, memory, amaix::Level::kRefined).cycles;
  EXPECT_NEAR(static_cast<double>(bench.completions[0].interrupt), refined, 0.002 * refined);
}

TEST(BdmaEngine, SharedPortHalvesTheRate) {
  Bench<BdmaEngine> bench(preset("nv_full"), {50, 64});
  bench.start(std::vector<BdmaTransfer>{transfer(MemorySpace::kDbb, MemorySpace::kDbb, 4096, 64)}, 0);
  bench.scheduler.advance(2 * 4096 - 1);
  EXPECT_TRUE(bench.completions.empty());
  bench.scheduler.advance(2 * 4096 + 300);
  ASSERT_EQ(bench.completions.size(), 1U);
  EXPECT_EQ(bench.completions[0].bound_by, Resource::kDbbBandwidth);
}

TEST(BdmaEngine, TransfersOfTwoMemoriesKeepTheirOrder) {
  Bench<BdmaEngine> bench(preset("nv_full"), {200, 64});
  bench.start(std::vector<BdmaTransfer>{transfer(MemorySpace::kDbb, MemorySpace::kCvsram, 1024, 8),
                                        transfer(MemorySpace::kCvsram, MemorySpace::kDbb, 512, 4),
                                        transfer(MemorySpace::kDbb, MemorySpace::kDbb, 96, 1)},
              10);
  bench.scheduler.advance(10000);
  ASSERT_EQ(bench.completions.size(), 1U);
  EXPECT_TRUE(bench.engine.idle());
  EXPECT_TRUE(bench.warnings.empty());
  EXPECT_EQ(bench.memory.write_beats, 4U * 8 + 2);
  EXPECT_EQ(bench.sram.write_beats, 8U * 16);
  // Each change of the memory that is read costs its latency; the closed form knows.
  memory::MemorySystem memory;
  memory.dbb = {200, 64, 256};
  memory.cvsram = memory.dbb;
  const std::vector<BdmaTransfer> transfers{transfer(MemorySpace::kDbb, MemorySpace::kCvsram, 1024, 8),
                                            transfer(MemorySpace::kCvsram, MemorySpace::kDbb, 512, 4),
                                            transfer(MemorySpace::kDbb, MemorySpace::kDbb, 96, 1)};
  const double refined =
      amaix::estimate_bdma(transfers, bench.hardware, memory, amaix::Level::kRefined).cycles;
  EXPECT_NEAR(static_cast<double>(bench.completions[0].interrupt - 10), refined, 0.03 * refined);
}

TEST(BdmaEngine, ALaunchOfNothingIsDone) {
  Bench<BdmaEngine> bench(preset("nv_full"), {50, 64});
  bench.start(std::vector<BdmaTransfer>{}, 10);
  bench.scheduler.advance(100);
  EXPECT_EQ(bench.completions.size(), 1U);
  EXPECT_TRUE(bench.engine.idle());
}

}  // namespace
}  // namespace nvdla::engine
