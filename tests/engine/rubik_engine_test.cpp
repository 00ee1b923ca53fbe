// SPDX-License-Identifier: Apache-2.0
// Rubik in simulated time: bounds, since there is no recording.
#include "engine/units/rubik/rubik_engine.h"

#include <gtest/gtest.h>

#include "amaix/rubik_estimate.h"
#include "tests/engine/stream_test_bench.h"

namespace nvdla::engine {
namespace {

using stream_test::Bench;

RubikOperation operation() {
  RubikOperation op;
  op.mode = RubikMode::kContract;
  op.input = {64, 16, 128};
  op.output_channels = 32;
  op.deconvolution_stride_x = op.deconvolution_stride_y = 2;
  op.source = {MemorySpace::kDbb, 0x80000000, 64 * 32, 64 * 16 * 32};
  op.contract_stride_0 = 64 * 16 * 32;
  op.destination = {MemorySpace::kCvsram, 0x50000000, 128 * 32, 128 * 32 * 32};
  return op;
}

TEST(RubikEngine, ReadsAndWritesOverlapThroughTheRegisterFile) {
  Bench<RubikEngine> bench(preset("nv_full"), {50, 64});
  const RubikOperation op = operation();
  bench.start(op, 100);
  const Cycle beats = 64 * 16 * 4 * 32 / 64;
  // A chunk of four beats takes five slots of the memory interface: 80 % of the beats at most; then a command
  // for each of 64 output lines, the fill and the tail.
  bench.scheduler.advance(100 + beats * 5 / 4 - 1);
  EXPECT_TRUE(bench.completions.empty());
  bench.scheduler.advance(100 + beats * 5 / 4 + 64 + 2 * 50 + 60);
  ASSERT_EQ(bench.completions.size(), 1U);
  EXPECT_TRUE(bench.engine.idle());
  EXPECT_EQ(bench.memory.read_beats, static_cast<std::uint64_t>(beats));
  EXPECT_EQ(bench.sram.write_beats, static_cast<std::uint64_t>(beats));
  memory::MemorySystem memory;
  memory.cvsram = memory::MemoryDescription{50, 64, 256};
  const double refined = amaix::estimate_rubik(op, bench.hardware, memory, amaix::Level::kRefined).cycles;
  EXPECT_NEAR(static_cast<double>(bench.completions[0].interrupt - 100), refined, 0.01 * refined);
}

// Neither answers nor output of the dropped operation come later, and the next one takes what it takes alone.
TEST(RubikEngine, ResetDropsWhatIsInFlight) {
  Bench<RubikEngine> alone(preset("nv_full"), {50, 64});
  alone.start(operation(), 600);
  alone.scheduler.advance(10000);
  ASSERT_EQ(alone.completions.size(), 1U);

  Bench<RubikEngine> bench(preset("nv_full"), {50, 64});
  bench.start(operation(), 0);
  bench.scheduler.advance(500);
  EXPECT_GT(bench.sram.write_beats, 0U);
  EXPECT_FALSE(bench.engine.idle());
  bench.scheduler.clear();
  bench.dbb.reset();
  bench.cvsram.reset();
  bench.engine.reset();
  bench.log.reset();
  bench.memory.read_beats = bench.sram.write_beats = 0;
  EXPECT_TRUE(bench.engine.idle());
  bench.start(operation(), 600);
  bench.scheduler.advance(10000);
  EXPECT_TRUE(bench.engine.idle());
  ASSERT_EQ(bench.completions.size(), 1U);
  EXPECT_EQ(bench.completions[0].interrupt, alone.completions[0].interrupt);
  EXPECT_EQ(bench.memory.read_beats, alone.memory.read_beats);
  EXPECT_EQ(bench.sram.write_beats, alone.sram.write_beats);
  EXPECT_EQ(bench.released.size(), alone.released.size());
}

}  // namespace
}  // namespace nvdla::engine
