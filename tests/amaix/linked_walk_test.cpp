// SPDX-License-Identifier: Apache-2.0
// BDMA and Rubik followed datum by datum: golden cases to the cycle, whose writes wait for each other on the
// link, in the register file and in front of memory, and what the latency FIFO holds back.
#include "amaix/linked_walk.h"

#include <gtest/gtest.h>

#include <tuple>

#include "amaix/bdma_estimate.h"
#include "amaix/bdma_plan.h"
#include "amaix/rubik_estimate.h"

namespace nvdla::amaix {
namespace {

memory::MemorySystem memory_of(std::uint32_t latency, double bytes) {
  memory::MemorySystem system;
  system.dbb = {latency, bytes, 256};
  system.cvsram = system.dbb;
  return system;
}

double bdma(const std::vector<BdmaTransfer>& transfers, std::uint32_t latency, double bytes) {
  return estimate_bdma(transfers, preset("nv_full"), memory_of(latency, bytes), Level::kRefined).cycles;
}

BdmaTransfer transfer(std::uint64_t from, std::uint64_t to, std::uint32_t bytes, std::uint32_t lines) {
  BdmaTransfer result;
  result.source = {MemorySpace::kDbb, from, bytes, bytes * lines};
  result.destination = {MemorySpace::kDbb, to, bytes, bytes * lines};
  result.line_bytes = bytes;
  result.lines = lines;
  return result;
}

// tests/golden/bdma_lines: 21 lines of 160 bytes that begin anywhere in a beat, then a copy.
TEST(LinkedWalk, LinesOfBdmaAreTheRecordedOnes) {
  BdmaTransfer lines = transfer(0x80001000, 0x80002b00, 160, 7);
  lines.surfaces = 3;
  lines.source.line_stride = 0x140;
  lines.source.surface_stride = 0x8c0;
  lines.destination.line_stride = 0xe0;
  lines.destination.surface_stride = 0x640;
  const BdmaTransfer copy = transfer(0x80001020, 0x80004120, 1920, 1);
  EXPECT_NEAR(bdma({lines, copy}, 50, 64), 373 - 68, 0.5);
}

// tests/golden/rbk_contract int8: cubes of 6 columns side by side, through the register file.
TEST(LinkedWalk, RubikContractsAsRecorded) {
  RubikOperation op;
  op.input = {6, 5, 128};
  op.output_channels = 32;
  op.source = {MemorySpace::kDbb, 0x80001000, 0xc0, 0x3c0};
  op.destination = {MemorySpace::kDbb, 0x80001f00, 0x180, 0xf00};
  op.contract_stride_0 = 0x3c0;
  op.deconvolution_stride_x = op.deconvolution_stride_y = 2;
  const Estimate refined = estimate_rubik(op, preset("nv_full"), memory_of(50, 64), Level::kRefined);
  EXPECT_NEAR(refined.cycles, 304 - 59, 1);
  // The group is free when the store has taken its last datum.
  EXPECT_NEAR(refined.released, 236 - 59, 3);
}

TEST(LinkedWalk, TheLatencyFifoHoldsReadsBack) {
  // 640 beats, 245 of them at a time.
  const double cycles = bdma({transfer(0x80000000, 0x80100000, 8192, 5)}, 1000, 64);
  EXPECT_GT(cycles, 3 * 1000 + 1000);
  EXPECT_LT(cycles, 3 * 1000 + 1000 + 500);
}

TEST(LinkedWalk, AnotherMemoryIsReadWhenTheDataOfTheOneBeforeAreTaken) {
  BdmaTransfer second = transfer(0x80000400, 0x80100400, 1024, 1);
  const BdmaTransfer first = transfer(0x80000000, 0x80100000, 1024, 1);
  const double together = bdma({first, second}, 200, 64);
  second.source.space = MemorySpace::kCvsram;
  EXPECT_GT(bdma({first, second}, 200, 64), together + 200);
}

// tests/golden/bdma_group20: 20 copies of a line each, then in the other group, launched 29 cycles later, one
// of 18 lines. Both to the cycle, at both memories.
TEST(LinkedWalk, GroupsInARowAreTheRecordedOnes) {
  std::vector<BdmaTransfer> lines;
  for (std::uint32_t i = 0; i < 20; ++i)
    lines.push_back(transfer(0x80001000 + 0x140 * i, 0x800040c0 - 0x140 * i, 32 * (i % 10 + 1), 1));
  BdmaTransfer strided = transfer(0x80001000, 0x80004200, 96, 9);
  strided.surfaces = 2;
  strided.source.line_stride = 0x140;
  strided.source.surface_stride = 0xb40;
  strided.destination.line_stride = 0x80;
  strided.destination.surface_stride = 0x480;
  const HardwareParameters hardware = preset("nv_full");
  const auto first = linked_bdma(lines, hardware), second = linked_bdma({strided}, hardware);
  for (const auto& [memory, first_done, second_done] :
       {std::tuple{memory_of(50, 64), 851, 916}, std::tuple{memory_of(128, 16), 1366, 1630}}) {
    const std::vector<LinkedTimes> times =
        walk_linked_row({{first.get(), 0}, {second.get(), 626 - 597}}, memory, hardware);
    ASSERT_EQ(times.size(), 2U);
    EXPECT_NEAR(times[0].done, first_done - 597, 0.5);
    EXPECT_NEAR(times[1].done, second_done - 597, 0.5);
    EXPECT_LT(times[0].last, times[1].last);
  }
}

TEST(LinkedWalk, ARowOfOneIsTheOperationAlone) {
  const HardwareParameters hardware = preset("nv_full");
  const std::vector<BdmaTransfer> copy = {transfer(0x80000000, 0x80100000, 1024, 3)};
  const auto alone = linked_bdma(copy, hardware);
  const memory::MemorySystem memory = memory_of(70, 24);
  const std::vector<LinkedTimes> times = walk_linked_row({{alone.get(), 0}}, memory, hardware);
  ASSERT_EQ(times.size(), 1U);
  EXPECT_NEAR(times[0].done, bdma(copy, 70, 24), 0.5);
}

TEST(LinkedWalk, ARowWithALongOperationIsNotWalked) {
  const HardwareParameters hardware = preset("nv_full");
  const auto copy = linked_bdma({transfer(0x80000000, 0x80800000, 64, 1)}, hardware);
  const auto longer = linked_bdma({transfer(0x80000000, 0x80800000, 64, 4097)}, hardware);
  const memory::MemorySystem memory = memory_of(50, 64);
  EXPECT_EQ(walk_linked_row({{copy.get(), 0}, {copy.get(), 10}}, memory, hardware).size(), 2U);
  EXPECT_TRUE(walk_linked_row({{copy.get(), 0}, {longer.get(), 10}}, memory, hardware).empty());
}

TEST(LinkedWalk, LongTransfersGoOnAtTheirPace) {
  const double one = bdma({transfer(0x80000000, 0x80800000, 8192, 25)}, 50, 16);
  const double ten = bdma({transfer(0x80000000, 0x80800000, 8192, 250)}, 50, 16);
  EXPECT_NEAR(ten, 10 * one, 0.02 * ten);
}

}  // namespace
}  // namespace nvdla::amaix
