// SPDX-License-Identifier: Apache-2.0
// BDMA and Rubik followed datum by datum: golden cases to the cycle, whose writes wait for each other on the
// link, in the register file and in front of memory, and what the latency FIFO holds back.
#include "amaix/linked_walk.h"

#include <gtest/gtest.h>

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

TEST(LinkedWalk, LongTransfersGoOnAtTheirPace) {
  const double one = bdma({transfer(0x80000000, 0x80800000, 8192, 25)}, 50, 16);
  const double ten = bdma({transfer(0x80000000, 0x80800000, 8192, 250)}, 50, 16);
  EXPECT_NEAR(ten, 10 * one, 0.02 * ten);
}

}  // namespace
}  // namespace nvdla::amaix
