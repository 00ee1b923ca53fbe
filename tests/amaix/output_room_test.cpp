// SPDX-License-Identifier: Apache-2.0
// By how much output holds CACC up that shares its port with weights, against times worked out by hand.
#include "amaix/output_room.h"

#include <gtest/gtest.h>

namespace nvdla::amaix {
namespace {

// Eight cycles a beat; 50 beats of weights come until cycle 400 alone, 800 with output between them.
constexpr OutputRoom::Port kPort{90, 8, 8, 16.0};

TEST(OutputRoom, BesideWeightsItGetsEverySecondBeat) {
  OutputRoom room(kPort, 0, 400);
  // 800 cycles: 50 beats have passed, 16 wait in the write path, 24 lack; they have the port for themselves.
  EXPECT_DOUBLE_EQ(room.late(800), 24 * 8);
  // So do all of the next group.
  EXPECT_DOUBLE_EQ(room.late(800 + 24 * 8 + 90 * 8), 0);
}

TEST(OutputRoom, WhatLacksWhileWeightsComeTakesTwiceAsLong) {
  OutputRoom room(kPort, 0, 400);
  // 640 cycles: 40 beats have passed, 34 lack, ten of them beside weights.
  EXPECT_DOUBLE_EQ(room.late(640), 10 * 16 + 24 * 8);
}

TEST(OutputRoom, SlowWeightsLeaveItMore) {
  OutputRoom::Port port = kPort;
  port.read = 32;  // 50 beats of them: three beats of output in 32 cycles
  OutputRoom room(port, 0, 1600);
  EXPECT_DOUBLE_EQ(room.late(640), (90 - 16 - 60) * 32 / 3.0);
}

TEST(OutputRoom, WithoutWeightsOrAWritePathItHoldsNothingUp) {
  OutputRoom::Port port = kPort;
  EXPECT_DOUBLE_EQ(OutputRoom(port, 0, 0).late(90 * 8), 0);
  port.held.reset();
  EXPECT_DOUBLE_EQ(OutputRoom(port, 0, 400).late(10), 0);
}

}  // namespace
}  // namespace nvdla::amaix
