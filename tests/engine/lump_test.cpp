// SPDX-License-Identifier: Apache-2.0
// Proves when what a layer in closed form does is due, if its output is late: CSC and the MAC array go on as
// far as the buffers hold it, CACC is done when SDP has taken the last of it, the rest waits for the port.
#include "engine/levels/lump.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace nvdla::engine {
namespace {

// A convolution of 1000 cycles whose CSC is done in cycle 600, and CACC in 800, which waits for SDP from 700
// on at most.
Lump convolution() {
  Lump lump;
  lump.layer.operations.push_back({Engine::kConv, {}, {}, {}, {}});
  lump.layer.operations.front().done = 800;
  lump.layer.taken_before = 100;
  lump.layer.early = {{Unit::kCdma, 500}, {Unit::kCsc, 600}, {Unit::kSdp, 850}};
  lump.length = 1000;
  lump.most_lead = 200;
  lump.set_dues();
  return lump;
}

const Lump::Due& due(const Lump& lump, Lump::Due::Kind kind, std::size_t index) {
  for (std::size_t i = 0; i < lump.due_count; ++i)
    if (lump.dues[i].kind == kind && lump.dues[i].index == index) return lump.dues[i];
  throw std::out_of_range("not due before the end");
}

TEST(Lump, OutputThatIsInTimeChangesNothing) {
  const Lump lump = convolution();
  EXPECT_EQ(lump.cycles_to(due(lump, Lump::Due::Kind::kPart, 1)), 600);
  EXPECT_EQ(lump.cycles_to(due(lump, Lump::Due::Kind::kOperation, 0)), 800);
  EXPECT_EQ(lump.cycles_to(due(lump, Lump::Due::Kind::kPart, 2)), 850);
  EXPECT_EQ(lump.cycles_to_next(), 500);
}

TEST(Lump, ComputesAheadOfItsOutputAsFarAsTheBuffersGo) {
  Lump lump = convolution();
  lump.own = 400;
  lump.speed = 0.5;
  EXPECT_EQ(lump.cycles_to(due(lump, Lump::Due::Kind::kPart, 1)), 200) << "100 wait";
  EXPECT_EQ(lump.cycles_to(due(lump, Lump::Due::Kind::kPart, 0)), 200) << "what is read is not computed";
  EXPECT_EQ(lump.cycles_to(due(lump, Lump::Due::Kind::kOperation, 0)), 600) << "300 before 800";
  EXPECT_EQ(lump.cycles_to(due(lump, Lump::Due::Kind::kPart, 2)), 700) << "350 before 850";
  lump.most_lead = 50;
  EXPECT_EQ(lump.cycles_to(due(lump, Lump::Due::Kind::kPart, 1)), 300) << "half as fast after 100 cycles";
}

TEST(Lump, WhatItIsAheadIsWhatTheOutputHasLost) {
  Lump lump = convolution();
  lump.speed = 0.5;
  lump.pass(300);
  EXPECT_EQ(lump.own, 150);
  EXPECT_EQ(lump.lead, 150);
  lump.pass(500);
  EXPECT_EQ(lump.own, 250);
  EXPECT_EQ(lump.lead, 200) << "the buffers are full";
  lump.speed = 1.25;
  lump.pass(900);
  EXPECT_EQ(lump.own, 750);
  EXPECT_EQ(lump.lead, 100);
}

}  // namespace
}  // namespace nvdla::engine
