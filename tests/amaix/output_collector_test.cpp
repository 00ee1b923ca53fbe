// SPDX-License-Identifier: Apache-2.0
// When a chunk of output may go: with the atom that completes it, and on V1, where a run begins inside a
// beat, with the first atom of the next one. Recordings that show it: pdp_two_s1_nv_full, golden
// pdp_min_nv_full_fp16.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "amaix/stream_plan.h"

namespace nvdla::amaix {
namespace {

using Chunks = std::vector<std::pair<std::uint64_t, std::uint32_t>>;  // begin, when it goes

// A run of `atoms` of 32 bytes from `address` on, the n-th of them in cycle n.
Chunks collect(std::uint64_t address, std::uint32_t atoms, std::uint32_t packed_bytes) {
  OutputCollector collector(MemorySpace::kDbb, 256, packed_bytes);
  std::vector<StreamOutput> outputs;
  collector.open(address);
  for (std::uint32_t atom = 1; atom <= atoms; ++atom) collector.add(32, atom, outputs);
  collector.close(atoms, outputs);
  Chunks chunks;
  for (const StreamOutput& output : outputs) {
    EXPECT_EQ(output.begins, chunks.empty());
    chunks.emplace_back(output.request.address, output.offset);
  }
  return chunks;
}

TEST(OutputCollector, AChunkGoesWithTheAtomThatCompletesIt) {
  EXPECT_EQ(collect(0x1000, 20, 64), (Chunks{{0x1000, 8}, {0x1100, 16}, {0x1200, 20}}));
  EXPECT_EQ(collect(0x1020, 20, 0), (Chunks{{0x1020, 7}, {0x1100, 15}, {0x1200, 20}}));
}

TEST(OutputCollector, OfARunThatBeginsInsideABeatWithTheNextOne) {
  EXPECT_EQ(collect(0x1020, 20, 64), (Chunks{{0x1020, 8}, {0x1100, 16}, {0x1200, 20}}));
  // Behind the last atom comes none.
  EXPECT_EQ(collect(0x1020, 15, 64), (Chunks{{0x1020, 8}, {0x1100, 15}}));
  EXPECT_EQ(collect(0x1020, 7, 64), (Chunks{{0x1020, 7}}));
}

}  // namespace
}  // namespace nvdla::amaix
