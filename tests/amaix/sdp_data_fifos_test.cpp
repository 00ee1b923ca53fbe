// SPDX-License-Identifier: Apache-2.0
// Proves in which cycle a beat leaves SDP's datapath for the four pipes of its write DMA, as a trace of
// nv_large shows it: lines of five beats of two transfers, a slow bus.
#include "amaix/sdp_data_fifos.h"

#include <gtest/gtest.h>

#include <vector>

namespace nvdla::amaix {
namespace {

constexpr std::uint32_t kLine = 5;
constexpr Cycle kPace = 2;

// Beats that have left, in a row, up to cycle `at`.
std::uint64_t left(SdpDataFifos& fifos, std::uint64_t offered, Cycle at) {
  return offered - fifos.outside(at);
}

TEST(SdpDataFifos, TwoBeatsInARowWantTheFirstPipe) {
  SdpDataFifos fifos;
  // Offered without a stop, taken one in eight cycles but for two of each line.
  const std::vector<Cycle> takes = {5832, 5839, 5847, 5855, 5871, 5872};
  const std::vector<Cycle> leaves = {5824, 5826, 5828, 5830, 5832, 5856, 5858, 5860, 5862, 5872};
  for (std::uint32_t beat = 0; beat < leaves.size(); ++beat)
    fifos.offer(beat % kLine, 5824 + Cycle{beat} * kPace, kPace);
  EXPECT_EQ(fifos.next(), 5824);
  fifos.take(5831);
  EXPECT_EQ(left(fifos, leaves.size(), 5832), 5U);
  EXPECT_EQ(fifos.next(), std::nullopt);  // the next line's first
  for (const Cycle at : takes) fifos.take(at);
  for (std::size_t beat = 5; beat < leaves.size(); ++beat) {
    EXPECT_EQ(left(fifos, leaves.size(), leaves[beat] - 1), beat);
    EXPECT_EQ(fifos.next(), leaves[beat]);
    EXPECT_EQ(left(fifos, leaves.size(), leaves[beat]), beat + 1);
  }
}

TEST(SdpDataFifos, FourPipesHoldABeatEach) {
  SdpDataFifos fifos;
  for (std::uint32_t beat = 0; beat < 8; ++beat) fifos.offer(beat, 100 + Cycle{beat} * kPace, kPace);
  EXPECT_EQ(left(fifos, 8, 1000), 4U);
  fifos.take(1000);
  EXPECT_EQ(left(fifos, 8, 1000), 4U);
  EXPECT_EQ(left(fifos, 8, 1001), 5U);  // it is seen to be ready a cycle later
}

// One that has waited in the datapath shows at its pipe's output when it has come in.
TEST(SdpDataFifos, OffersABeatWhenItsPipeShowsIt) {
  SdpDataFifos fifos;
  for (std::uint32_t beat = 0; beat < 8; ++beat) fifos.offer(beat, 100 + Cycle{beat} * kPace, kPace);
  EXPECT_EQ(fifos.offers(), 101);
  for (Cycle at = 1000; at < 1004; ++at) fifos.take(at);
  EXPECT_EQ(fifos.offers(), 1002);
  fifos.take(1004);
  EXPECT_EQ(fifos.offers(), 1004);
}

}  // namespace
}  // namespace nvdla::amaix
