// SPDX-License-Identifier: Apache-2.0
// Rubik's plan and closed form. There is no recording: every byte is moved once to where the layout says, and
// the memory efficiency of contract lies between 80 and 100 % as documented.
#include "amaix/rubik_plan.h"

#include <gtest/gtest.h>

#include <set>

#include "amaix/rubik_estimate.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {
namespace {

RubikOperation contract(std::uint32_t width, std::uint32_t height, std::uint32_t channels, std::uint32_t x,
                        std::uint32_t y) {
  RubikOperation op;
  op.mode = RubikMode::kContract;
  op.input = {width, height, channels * x * y};
  op.output_channels = channels;
  op.deconvolution_stride_x = x;
  op.deconvolution_stride_y = y;
  const std::uint32_t plane = width * height * 32, surfaces = (channels + 31) / 32;
  op.source = {MemorySpace::kDbb, 0x80000000, width * 32, plane};
  op.contract_stride_0 = plane * surfaces;
  op.destination = {MemorySpace::kDbb, 0x90000000, width * x * 32, plane * x * y};
  return op;
}

RubikOperation planar(RubikMode mode, std::uint32_t width, std::uint32_t height, std::uint32_t channels,
                      Precision precision) {
  RubikOperation op;
  op.mode = mode;
  op.precision = precision;
  op.input = {width, height, channels};
  const std::uint32_t element = bytes_per_element(precision);
  const std::uint32_t line = (width * element + 31) / 32 * 32;
  const Surface feature{MemorySpace::kDbb, 0x80000000, width * 32, width * height * 32};
  const Surface planes{MemorySpace::kDbb, 0x90000000, line, 0};
  op.source = mode == RubikMode::kSplit ? feature : planes;
  op.destination = mode == RubikMode::kSplit ? planes : feature;
  op.source_planar_stride = op.destination_planar_stride = line * height;
  return op;
}

StreamSummary summary(const RubikOperation& op) {
  const RubikPlan plan = plan_rubik(op, preset("nv_full"));
  EXPECT_TRUE(plan.warnings.empty());
  RubikReads reads(plan);
  RubikCore core(plan);
  const StreamSummary total = summarise(reads, core, plan.timing, preset("nv_full"));
  EXPECT_EQ(core.remaining(), 0U);
  return total;
}

TEST(RubikPlan, ContractMovesEveryAtomOnce) {
  for (std::uint32_t x : {1U, 2U, 3U, 8U, 9U, 32U}) {
    const RubikOperation op = contract(19, 5, 40, x, 2);
    const std::uint64_t bytes = 19ULL * 5 * 64 * x * 2;
    const StreamSummary total = summary(op);
    EXPECT_EQ(total.dbb_read.bytes, bytes) << x;
    EXPECT_EQ(total.dbb_write.bytes, bytes) << x;
    RubikWalk walk(plan_rubik(op, preset("nv_full")));
    RubikGroup group;
    std::set<std::uint64_t> atoms;
    while (walk.next(group))
      for (const RubikRun& run : group.writes)
        for (std::uint64_t at = run.address; at < run.address + run.bytes; at += 32)
          EXPECT_TRUE(atoms.insert(at).second);
    EXPECT_EQ(atoms.size() * 32, bytes);
    EXPECT_EQ(*atoms.rbegin(), 0x90000000U + bytes - 32);
  }
}

TEST(RubikPlan, SplitAndMergeMoveEveryElementOnce) {
  for (const Precision precision : {Precision::kInt8, Precision::kFp16}) {
    const std::uint32_t element = bytes_per_element(precision);
    const std::uint64_t feature = 100ULL * 6 * ((48 * element + 31) / 32) * 32;
    const std::uint64_t planes = 48ULL * 6 * ((100 * element + 31) / 32) * 32;
    const StreamSummary split = summary(planar(RubikMode::kSplit, 100, 6, 48, precision));
    EXPECT_EQ(split.dbb_read.bytes, feature);
    EXPECT_EQ(split.dbb_write.bytes, planes);
    const StreamSummary merge = summary(planar(RubikMode::kMerge, 100, 6, 48, precision));
    EXPECT_EQ(merge.dbb_read.bytes, planes);
    EXPECT_EQ(merge.dbb_write.bytes, feature);
  }
}

// The document says 80 to 100 %; WRITE_IG_bpt needs five slots for a chunk of four beats, so that 80 % is the
// most, less a command for each line.
TEST(RubikEstimate, ContractReachesTheDocumentedEfficiency) {
  memory::MemorySystem memory;
  memory.dbb = {50, 128, 256};  // one beat a cycle each way
  for (std::uint32_t x : {2U, 4U, 8U}) {
    const RubikOperation op = contract(64, 32, 64, x, 2);
    const double bytes = 64.0 * 32 * 64 * x * 2;
    const Estimate refined = estimate_rubik(op, preset("nv_full"), memory, Level::kRefined);
    EXPECT_GE(bytes / 64 / refined.cycles, 0.77) << x;
    EXPECT_LE(bytes / 64 / refined.cycles, 0.8) << x;
  }
}

TEST(RubikPlan, InconsistentChannelsAreSaid) {
  RubikOperation op = contract(8, 8, 32, 2, 2);
  op.input.channels = 100;
  EXPECT_EQ(plan_rubik(op, preset("nv_full")).warnings.size(), 1U);
}

}  // namespace
}  // namespace nvdla::amaix
