// SPDX-License-Identifier: Apache-2.0
// Proves when MCIF's counter of open read beats has room: each beat counts for some cycles behind the one in
// which it passes, which may lie ahead.
#include "engine/open_beats.h"

#include <gtest/gtest.h>

namespace nvdla::engine {
namespace {

constexpr Cycle kDelay = OpenBeats::kKept;

// Six are asked for; one passes in each of the cycles 50, 51 and 57, as is known in cycle 50.
OpenBeats three_of_six() {
  OpenBeats open;
  open.take(6);
  for (const Cycle at : {50, 51, 57}) open.give(1, at, 50);
  return open;
}

TEST(OpenBeats, EachCountsUntilTheDelayIsOver) {
  const OpenBeats open = three_of_six();
  EXPECT_EQ(open.count(), 3U);
  EXPECT_EQ(open.most(), 6U);
  EXPECT_EQ(open.counted(50 + kDelay - 1, kDelay), 6U);
  EXPECT_EQ(open.counted(50 + kDelay, kDelay), 5U);
  EXPECT_EQ(open.counted(51 + kDelay, kDelay), 4U);
  EXPECT_EQ(open.counted(57 + kDelay - 1, kDelay), 4U);
  EXPECT_EQ(open.counted(57 + kDelay, kDelay), 3U);
  EXPECT_EQ(open.counted(57, 0), 3U);
  EXPECT_EQ(open.last(), 57);
}

TEST(OpenBeats, RoomIsThereWhenTheLastThatIsTooMuchDoesNotCount) {
  const OpenBeats open = three_of_six();
  EXPECT_EQ(open.room(6, 50, kDelay), 50);
  EXPECT_EQ(open.room(5, 50, kDelay), 50 + kDelay);
  EXPECT_EQ(open.room(4, 50, kDelay), 51 + kDelay);
  EXPECT_EQ(open.room(3, 50, kDelay), 57 + kDelay);
  EXPECT_EQ(open.room(3, 57, 0), 57);
  EXPECT_EQ(open.room(3, 70, kDelay), 70);
  EXPECT_EQ(open.room(2, 50, kDelay), kNever);  // three of them have not passed
}

// What is long past is forgotten, what lies ahead is not, however much of it there is.
TEST(OpenBeats, BeatsThatPassLaterStayCounted) {
  OpenBeats open;
  open.take(100);
  for (Cycle beat = 0; beat < 100; ++beat) open.give(1, 200 + 2 * beat, 100);
  EXPECT_EQ(open.counted(100, kDelay), 100U);
  EXPECT_EQ(open.counted(300, 0), 49U);
  open.take(1);
  open.give(1, 500, 450);
  EXPECT_EQ(open.most(), 1U);
  EXPECT_EQ(open.counted(450, kDelay), 1U);
  open.clear();
  EXPECT_EQ(open.most(), 0U);
}

}  // namespace
}  // namespace nvdla::engine
