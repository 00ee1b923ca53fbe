// SPDX-License-Identifier: Apache-2.0
// Proves how a port is given out: nobody waits while it has time for all, beyond that it is max-min fair.
#include "amaix/port_share.h"

#include <gmock/gmock.h>

namespace nvdla::amaix {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;

TEST(PortShare, NobodyWaitsWhileThePortHasTimeForAll) {
  EXPECT_THAT(speeds({}), ElementsAre());
  EXPECT_THAT(speeds({{{1.0, 0}, 1}}), ElementsAre(1.0));
  EXPECT_THAT(speeds({{{0.25, 1}, 1}, {{0.75, 0}, 3}}), ElementsAre(1.0, 1.0));
}

TEST(PortShare, WhoAsksForLessThanATurnGetsItAndTheOthersShareTheRest) {
  EXPECT_THAT(speeds({{{1, 0}, 1}, {{1, 0}, 1}}), ElementsAre(0.5, 0.5));
  EXPECT_THAT(speeds({{{1, 0}, 1}, {{0.2, 0}, 1}}), ElementsAre(DoubleEq(0.8), 1.0));
  EXPECT_THAT(speeds({{{0.9, 0}, 1}, {{0.2, 0}, 1}, {{0.9, 0}, 1}}),
              ElementsAre(DoubleEq(0.4 / 0.9), 1.0, DoubleEq(0.4 / 0.9)));
}

TEST(PortShare, TurnsAreByWeight) {
  EXPECT_THAT(speeds({{{1, 0}, 2}, {{1, 0}, 1}, {{1, 0}, 1}}), ElementsAre(0.5, 0.25, 0.25));
  // 0.3 is less than its two turns of four; the rest goes to the others.
  EXPECT_THAT(speeds({{{0.3, 0}, 2}, {{1, 0}, 1}, {{1, 0}, 1}}),
              ElementsAre(1.0, DoubleEq(0.35), DoubleEq(0.35)));
}

TEST(PortShare, TheSlowestPortCounts) {
  EXPECT_THAT(speeds({{{1, 0.5}, 1}, {{1, 0}, 1}, {{0, 1}, 1}}), ElementsAre(0.5, 0.5, 0.5));
}

}  // namespace
}  // namespace nvdla::amaix
