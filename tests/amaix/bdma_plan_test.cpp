// SPDX-License-Identifier: Apache-2.0
// BDMA's plan and closed form: the bounds are one beat a cycle, one command a line and one a chunk of writes.
#include "amaix/bdma_plan.h"

#include <gtest/gtest.h>

#include "amaix/bdma_estimate.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {
namespace {

BdmaTransfer transfer(std::uint32_t line_bytes, std::uint32_t lines, std::uint32_t surfaces) {
  BdmaTransfer t;
  t.source = {MemorySpace::kDbb, 0x80000000, line_bytes, line_bytes * lines};
  t.destination = {MemorySpace::kCvsram, 0x50000020, line_bytes + 64, (line_bytes + 64) * lines};
  t.line_bytes = line_bytes;
  t.lines = lines;
  t.surfaces = surfaces;
  return t;
}

TEST(BdmaPlan, CopiesEveryLineOfEveryTransfer) {
  const auto& hardware = preset("nv_full");
  const std::vector<BdmaTransfer> transfers{transfer(1760, 10, 2), transfer(32, 3, 1)};
  const BdmaPlan plan = plan_bdma(transfers, hardware);
  BdmaReads reads(plan);
  BdmaCore core(plan);
  const StreamSummary total = summarise(reads, core, plan.timing, hardware);
  EXPECT_EQ(core.remaining(), 0U);
  EXPECT_EQ(total.dbb_read.requests, 23U);
  EXPECT_EQ(total.dbb_read.bytes, 1760U * 20 + 96);
  EXPECT_EQ(total.cvsram_write.bytes, total.dbb_read.bytes);
  EXPECT_EQ(total.core_cycles, plan.core_cycles());
  // 1760 bytes from an odd atom on: 28 beats and, as the lines move by 1824 bytes, 7 or 8 chunks of 256; the
  // short lines are one beat of one chunk.
  EXPECT_EQ(plan.core_cycles(), 735U + 3 * (1 + 1 + 1));
}

TEST(BdmaPlan, NothingToCopyIsSaid) {
  const BdmaPlan plan = plan_bdma({transfer(64, 0, 1)}, preset("nv_full"));
  EXPECT_EQ(plan.warnings.size(), 1U);
  EXPECT_EQ(plan.input_bytes(), 0U);
}

TEST(BdmaEstimate, LiesBetweenItsBounds) {
  const auto& hardware = preset("nv_full");
  memory::MemorySystem memory;
  memory.cvsram = memory::MemoryDescription{10, 64, 256};
  const std::vector<BdmaTransfer> transfers{transfer(4096, 64, 4)};
  const Estimate roofline = estimate_bdma(transfers, hardware, memory, Level::kRoofline);
  const Estimate refined = estimate_bdma(transfers, hardware, memory, Level::kRefined);
  EXPECT_GE(roofline.cycles, 4096.0 * 256 / 64);
  EXPECT_GE(refined.cycles, roofline.cycles);
  // 4096 bytes from an odd atom on: 65 beats in 17 chunks; a chunk that waits for its last half beat costs a
  // slot more.
  EXPECT_GE(refined.cycles, (1.0 + 65 + 17) * 256);
  EXPECT_LE(refined.cycles, (1.0 + 65 + 2 * 17) * 256 + 50 + 10 + 60);
  EXPECT_EQ(refined.bound_by(), Resource::kBdmaCore);
}

}  // namespace
}  // namespace nvdla::amaix
