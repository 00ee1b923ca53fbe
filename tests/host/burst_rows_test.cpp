// SPDX-License-Identifier: Apache-2.0
// The rows of a DMA trace are in order of time, whatever chunks they come from, and none is lost.
#include "host/burst_rows.h"

#include <gtest/gtest.h>

#include <vector>

namespace nvdla::host {
namespace {

engine::Burst chunk(Cycle issued, std::uint32_t beats, MemorySpace space, std::uint64_t address) {
  engine::Burst burst;
  burst.issued = issued;
  burst.beats = beats;
  burst.space = space;
  burst.address = address;
  return burst;
}

TEST(BurstRows, LaterPartsOfAChunkWaitForTheOthers) {
  HardwareParameters hardware = preset("nv_full");
  hardware.max_burst_beats = 2;
  std::vector<DmaBurst> rows;
  BurstRows sorted(hardware, [&](const DmaBurst& row) { rows.push_back(row); });
  sorted.add(chunk(10, 5, MemorySpace::kDbb, 0x1000));     // parts at 10, 12, 14
  sorted.add(chunk(11, 4, MemorySpace::kCvsram, 0x2000));  // at 11, whole: CVIF of V1
  sorted.add(chunk(14, 1, MemorySpace::kCvsram, 0x3000));  // in the cycle of an older one
  sorted.add(chunk(20, 1, MemorySpace::kDbb, 0x4000));
  sorted.finish();
  const std::vector<Cycle> cycles{10, 11, 12, 14, 14, 20};
  const std::vector<std::uint64_t> addresses{0x1000, 0x2000, 0x1080, 0x1100, 0x3000, 0x4000};
  const std::vector<std::uint32_t> beats{2, 4, 2, 1, 1, 1};
  ASSERT_EQ(rows.size(), cycles.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].cycle, cycles[i]) << i;
    EXPECT_EQ(rows[i].address, addresses[i]) << i;
    EXPECT_EQ(rows[i].beats, beats[i]) << i;
  }
}

}  // namespace
}  // namespace nvdla::host
