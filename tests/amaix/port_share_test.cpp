// SPDX-License-Identifier: Apache-2.0
// Proves how a port is given out: nobody waits while it has time for all; beyond that reads and writes take
// turns, reads come by what is open, and the slowest decides.
#include "amaix/port_share.h"

#include <gmock/gmock.h>

#include <limits>

namespace nvdla::amaix {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

constexpr double kAny = std::numeric_limits<double>::infinity();
constexpr double kLong = 1e6;  // cycles of reading that are left
constexpr std::size_t kDbb = 1;
// 16 of 64 bytes a cycle; 256 reads may be open.
constexpr std::array<PortLimits, kPorts> kSlow = {PortLimits{4, 51, 256}, PortLimits{4, 51, 256}};

auto near(double value) { return DoubleNear(value, 1e-3); }

PortUse use(double read, double written, double clients = 1, double depth = kAny, double left = kLong) {
  PortUse result;
  result.read[kDbb] = read;
  result.write[kDbb] = written;
  result.clients[kDbb] = clients;
  result.depth[kDbb] = depth;
  result.left[kDbb] = left;
  return result;
}

TEST(PortShare, NobodyWaitsWhileThePortHasTimeForAll) {
  EXPECT_THAT(speeds({}, kSlow), ElementsAre());
  EXPECT_THAT(speeds({use(1, 0)}, kSlow), ElementsAre(1.0));
  EXPECT_THAT(speeds({use(0.25, 0), use(0.5, 0.25)}, kSlow), ElementsAre(1.0, 1.0));
}

TEST(PortShare, AReadAndAWriteTakeTurns) {
  EXPECT_THAT(speeds({use(1, 0), use(0, 1)}, kSlow), ElementsAre(near(0.5), near(0.5)));
  EXPECT_THAT(speeds({use(1, 0), use(0, 0.3)}, kSlow), ElementsAre(near(0.7), near(1)));
}

TEST(PortShare, WhoReadsAndWritesIsAsFastAsTheScarcerOfThem) {
  EXPECT_THAT(speeds({use(0.5, 0.5), use(0.5, 0.5)}, kSlow), ElementsAre(near(0.5), near(0.5)));
  // 0.8 of writes is held to a half and more by what is left of the reads.
  EXPECT_THAT(speeds({use(0.2, 0.8), use(1, 0)}, kSlow), ElementsAre(near(0.625), near(0.375)));
}

TEST(PortShare, ReadsThatMayBeOpenAreGivenOutByTheTurnsOfTheClients) {
  EXPECT_THAT(speeds({use(1, 0), use(1, 0)}, kSlow), ElementsAre(near(0.5), near(0.5)));
  EXPECT_THAT(speeds({use(1, 0, 2), use(1, 0, 1), use(1, 0, 1)}, kSlow),
              ElementsAre(near(0.5), near(0.25), near(0.25)));
}

TEST(PortShare, ALatencyFifoKeepsItsClientsPartOfWhatIsOpen) {
  // 16 of 256 beats in the order of requests.
  EXPECT_THAT(speeds({use(1, 0), use(1, 0, 1, 16)}, kSlow), ElementsAre(near(15.0 / 16), near(1.0 / 16)));
}

TEST(PortShare, WhatHasAskedForAllIsNotSlowedDownByWhatComesAfter) {
  // 20 beats are left, and open.
  const std::vector<double> speed = speeds({use(1, 0, 1, kAny, 80), use(1, 0)}, kSlow);
  EXPECT_EQ(speed[0], 1);
  EXPECT_THAT(speed[1], near(236.0 / 256)) << "of what is open";
}

TEST(PortShare, WritesTakeTheirTimeOfWhatHasAskedForAll) {
  PortUse ahead = use(1, 0, 1, kAny, 80);
  EXPECT_EQ(speeds({ahead, use(0, 0.36)}, kSlow)[0], 1);
  ahead.ahead = true;
  EXPECT_THAT(speeds({ahead, use(0, 0.36)}, kSlow), ElementsAre(near(0.64), near(1)));
  EXPECT_THAT(speeds({ahead, use(0, 1)}, kSlow), ElementsAre(near(0.5), near(0.5)));
  EXPECT_EQ(speeds({ahead, use(1, 0)}, kSlow)[0], 1) << "other reads have asked later";
}

TEST(PortShare, OpenReadsThatAreFewAreSharedThoughThePortHasTime) {
  const std::array<PortLimits, kPorts> few = {PortLimits{1, 1001, 16}, PortLimits{1, 1001, 16}};
  const double alone = 16.0 / 1001;
  EXPECT_THAT(speeds({use(alone, 0), use(alone, 0)}, few), ElementsAre(near(0.5), near(0.5)));
  EXPECT_THAT(speeds({use(alone, 0), use(0, 0.9)}, few), ElementsAre(1.0, 1.0))
      << "writes are not open reads";
}

TEST(PortShare, WhatIsReadAheadOfItsNeedMayComeLate) {
  PortUse ahead = use(1, 0);
  ahead.needed[kDbb] = 0.25;
  EXPECT_THAT(speeds({ahead, use(1, 0)}, kSlow), ElementsAre(near(1), near(0.5)));
}

TEST(PortShare, TheSlowerPortCounts) {
  PortUse both = use(1, 0);
  both.read[0] = 0.5;
  both.clients[0] = 1;
  both.depth[0] = kAny;
  both.left[0] = kLong;
  PortUse other;
  other.read[0] = 1;
  other.clients[0] = 1;
  other.depth[0] = kAny;
  other.left[0] = kLong;
  EXPECT_THAT(speeds({both, use(1, 0), other}, kSlow), ElementsAre(near(0.5), near(0.5), near(0.75)));
}

}  // namespace
}  // namespace nvdla::amaix
