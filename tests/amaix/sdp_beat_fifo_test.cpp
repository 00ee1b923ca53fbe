// SPDX-License-Identifier: Apache-2.0
// Proves how many beats the FIFO in SDP's write DMA of generation V1 holds, and when one shows.
#include "amaix/sdp_beat_fifo.h"

#include <gtest/gtest.h>

namespace nvdla::amaix {
namespace {

constexpr Cycle kPace = 4;

TEST(SdpBeatFifo, HoldsThreeBeatsThatAreComplete) {
  SdpBeatFifo fifo;
  for (Cycle beat = 0; beat < 5; ++beat) fifo.offer(100 + beat * kPace);
  EXPECT_EQ(fifo.outside(99), 5U);
  EXPECT_EQ(fifo.room(), 3U);
  EXPECT_EQ(fifo.next(), 100);
  EXPECT_EQ(fifo.outside(1000), 2U);
  EXPECT_EQ(fifo.room(), 0U);
  EXPECT_FALSE(fifo.next());
  fifo.take(1000);
  EXPECT_EQ(fifo.outside(1000), 2U);
  EXPECT_EQ(fifo.next(), 1001);  // its place is seen to be free a cycle later
  EXPECT_EQ(fifo.outside(1001), 1U);
}

TEST(SdpBeatFifo, ShowsABeatBehindItsLastTransferAndTheBeatBefore) {
  SdpBeatFifo fifo;
  EXPECT_FALSE(fifo.offers());
  fifo.offer(100);
  fifo.offer(104);
  EXPECT_EQ(fifo.offers(), 101);
  fifo.take(101);
  EXPECT_EQ(fifo.offers(), 105);
  fifo.offer(108);
  fifo.take(200);
  EXPECT_EQ(fifo.offers(), 201);
}

}  // namespace
}  // namespace nvdla::amaix
