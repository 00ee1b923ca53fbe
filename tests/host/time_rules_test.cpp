// SPDX-License-Identifier: Apache-2.0
// Which bits of a read are compared whenever it is made.
#include "host/time_rules.h"

#include <gtest/gtest.h>

namespace nvdla::host {
namespace {

const registers::RegisterInfo& info(Unit unit, const char* name) {
  const auto& map = registers::RegisterMap::of(Generation::kV1);
  return map[map.find(unit, name)];
}
constexpr std::uint32_t kAll = 0xffffffff;

TEST(TimeRules, PointersButForTheConsumer) {
  EXPECT_EQ(timeless_bits(info(Unit::kSdp, "S_POINTER"), kAll, 0x00010001, 0), 0xfffeffffU);
}

TEST(TimeRules, StatusOnlyIfTheProducersGroupIsIdle) {
  const auto& status = info(Unit::kSdp, "S_STATUS");
  EXPECT_EQ(timeless_bits(status, kAll, 0, 0), 0x3U);
  EXPECT_EQ(timeless_bits(status, kAll, 0, 1), 0x30000U);
  EXPECT_EQ(timeless_bits(status, kAll, 0x1, 0), 0U) << "running: may be over";
  EXPECT_EQ(timeless_bits(status, kAll, 0x1, 1), 0x30000U);
}

TEST(TimeRules, ThatSomethingIsOverIsWaitedFor) {
  EXPECT_EQ(timeless_bits(info(Unit::kSdp, "D_OP_ENABLE"), 0x1, 0, 0), 1U);
  EXPECT_EQ(timeless_bits(info(Unit::kSdp, "D_OP_ENABLE"), 0x1, 1, 0), 0U);
  EXPECT_EQ(timeless_bits(info(Unit::kCdma, "S_CBUF_FLUSH_STATUS"), 0x1, 1, 0), 1U);
  EXPECT_EQ(timeless_bits(info(Unit::kCdma, "S_CBUF_FLUSH_STATUS"), 0x1, 0, 0), 0U);
  EXPECT_EQ(timeless_bits(info(Unit::kBdma, "STATUS"), kAll, 0x114, 0), 0x700U);
  EXPECT_EQ(timeless_bits(info(Unit::kBdma, "STATUS"), kAll, 0x212, 0), 0x400U);
}

TEST(TimeRules, CountersAreNotCompared) {
  EXPECT_EQ(timeless_bits(info(Unit::kSdp, "D_PERF_WDMA_WRITE_STALL"), kAll, 7, 0), 0U);
  EXPECT_EQ(timeless_bits(info(Unit::kSdp, "D_CVT_SCALE"), kAll, 7, 0), kAll);
  EXPECT_EQ(timeless_bits(info(Unit::kGlb, "S_NVDLA_HW_VERSION"), kAll, 7, 0), kAll);
}

}  // namespace
}  // namespace nvdla::host
