// SPDX-License-Identifier: Apache-2.0
// Proves that launches of BDMA overlap as NV_NVDLA_BDMA_csb, BDMA_load and BDMA_store have it: reads of the
// second group follow those of the first without a pause, each group is busy up to its own interrupt, and
// interrupts come in the order of launches. tests/host/golden_timing_test.cpp holds the cycles against the
// RTL.
#include <gtest/gtest.h>

#include <utility>

#include "tests/engine/accelerator_test_bench.h"

namespace nvdla::engine {
namespace {

using accelerator_test::Bench;

constexpr std::uint32_t kLine = 128, kLines = 64;  // bytes
// Of the store side: the command of each line, that of its chunk, its beats.
constexpr Cycle kSlots = kLines * (1 + 1 + kLine / 64);

struct Busy {
  std::uint32_t first, second;
};

class BdmaLaunches : public testing::Test {
 protected:
  void queue() {
    b.write(Unit::kBdma, "CFG_SRC_ADDR_LOW", 0x80000000);
    b.write(Unit::kBdma, "CFG_DST_ADDR_LOW", 0x50000000);
    b.write(Unit::kBdma, "CFG_LINE", kLine / 32 - 1);
    b.write(Unit::kBdma, "CFG_LINE_REPEAT", kLines - 1);
    b.write(Unit::kBdma, "CFG_SURF_REPEAT", 0);
    b.write(Unit::kBdma, "CFG_CMD", 1);  // main memory to CVSRAM
    for (const char* stride : {"CFG_SRC_LINE", "CFG_SRC_SURF", "CFG_DST_LINE", "CFG_DST_SURF"})
      b.write(Unit::kBdma, stride, kLine);
    b.write(Unit::kBdma, "CFG_OP", 1);
  }
  // The two groups are launched one after the other, in `order`.
  void launch(std::uint32_t first) {
    queue();
    b.write(Unit::kBdma, first == 0 ? "CFG_LAUNCH0" : "CFG_LAUNCH1", 1);
    queue();
    b.write(Unit::kBdma, first == 0 ? "CFG_LAUNCH1" : "CFG_LAUNCH0", 1);
  }
  [[nodiscard]] Busy busy(std::uint32_t first) const {
    const char* const fields[] = {"GRP0_BUSY", "GRP1_BUSY"};
    return {status(fields[first]), status(fields[1 - first])};
  }
  [[nodiscard]] std::uint32_t status(const char* field) const {
    const registers::RegisterMap& map = b.accelerator.register_file().map();
    return map[map.find(Unit::kBdma, "STATUS")].find(field)->extract(b.read(Unit::kBdma, "STATUS"));
  }

  Bench b{"nv_full", {50, 64}};
};

TEST_F(BdmaLaunches, TheSecondReadsBehindTheFirst) {
  launch(0);
  ASSERT_TRUE(b.finish());
  std::vector<Cycle> reads;
  for (const Burst& burst : b.bursts)
    if (!burst.write) reads.push_back(burst.issued);
  ASSERT_EQ(reads.size(), 2U * kLines);
  const std::vector<OperationRecord> done = b.of(Engine::kBdma);
  ASSERT_EQ(done.size(), 2U);
  EXPECT_LT(reads[kLines], done[0].done - kSlots / 2);
  // Store side and core never wait for the launch: from interrupt to interrupt there are the second's slots.
  EXPECT_EQ(done[1].done - done[0].done, kSlots);
  EXPECT_GE(done[1].done, reads[0] + 2 * kSlots);
  EXPECT_LE(done[1].done, reads[0] + 2 * kSlots + 2 * 50 + 60);
}

TEST_F(BdmaLaunches, EachGroupIsBusyUpToItsOwnInterrupt) {
  for (const std::uint32_t first : {0U, 1U}) {
    const std::size_t before = b.done.size();
    launch(first);
    while (b.done.size() == before) {
      EXPECT_EQ(busy(first).first + busy(first).second, 2U);
      ASSERT_TRUE(b.advance(b.accelerator.now() + 1));
    }
    EXPECT_EQ(b.done[before].group, first);
    EXPECT_EQ(busy(first).first, 0U);
    EXPECT_EQ(busy(first).second, 1U);
    EXPECT_EQ(status("IDLE"), 0U);
    ASSERT_TRUE(b.finish());
    EXPECT_EQ(busy(first).second, 0U);
    EXPECT_EQ(status("IDLE"), 1U);
  }
}

// A launch while the other group runs, and one more behind it: three operations, in order.
TEST_F(BdmaLaunches, AGroupMayBeLaunchedAnewWhenItIsDone) {
  launch(0);
  while (b.done.empty()) ASSERT_TRUE(b.advance(b.accelerator.now() + 1));
  queue();
  EXPECT_EQ(b.write(Unit::kBdma, "CFG_LAUNCH0", 1), registers::AccessStatus::kOk);
  ASSERT_TRUE(b.finish());
  const std::vector<OperationRecord> done = b.of(Engine::kBdma);
  ASSERT_EQ(done.size(), 3U);
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(done[i].id.sequence, i);
    EXPECT_EQ(done[i].group, i % 2);
  }
  EXPECT_TRUE(b.faults.empty());
}

// With the last transfer of a group the load side counts for the group that is launched behind it.
TEST_F(BdmaLaunches, ReadStallsCountForTheGroupThatComesNext) {
  b.write(Unit::kBdma, "CFG_STATUS", 1);
  launch(0);
  ASSERT_TRUE(b.finish());
  const std::uint32_t early = b.read(Unit::kBdma, "STATUS_GRP0_READ_STALL");
  const std::uint32_t late = b.read(Unit::kBdma, "STATUS_GRP1_READ_STALL");
  b.write(Unit::kBdma, "CFG_STATUS", 1);
  queue();
  b.write(Unit::kBdma, "CFG_LAUNCH0", 1);
  ASSERT_TRUE(b.finish());
  const std::uint32_t alone = b.read(Unit::kBdma, "STATUS_GRP0_READ_STALL");
  EXPECT_GT(alone, kLines / 2);
  EXPECT_LT(early, alone / 2);
  EXPECT_GT(early + late, alone + alone / 2);
}

// Neither groups that are not counted nor a reset leave anything for the next that is.
TEST_F(BdmaLaunches, CountersBeginAnew) {
  const auto alone = [&] {
    b.write(Unit::kBdma, "CFG_STATUS", 1);
    queue();
    b.write(Unit::kBdma, "CFG_LAUNCH0", 1);
    EXPECT_TRUE(b.finish());
    return std::pair(b.read(Unit::kBdma, "STATUS_GRP0_READ_STALL"),
                     b.read(Unit::kBdma, "STATUS_GRP0_WRITE_STALL"));
  };
  launch(0);
  ASSERT_TRUE(b.finish());
  const auto behind_others = alone();
  EXPECT_GT(behind_others.first, kLines / 2);
  EXPECT_LT(behind_others.first, 4 * kSlots);
  b.accelerator.reset();
  EXPECT_EQ(alone(), behind_others);
  EXPECT_EQ(alone(), behind_others);
}

}  // namespace
}  // namespace nvdla::engine
