// SPDX-License-Identifier: Apache-2.0
// An interrupt that came early counts once, for the wait that names it; `wait` without a name uses one up.
#include "host/seen_interrupts.h"

#include <gtest/gtest.h>

namespace nvdla::host {
namespace {

TEST(SeenInterrupts, EachRaiseCountsForOneWait) {
  SeenInterrupts seen;
  EXPECT_EQ(seen.missing(0x5), 0x5U);
  seen.raised(0x1);
  seen.raised(0x1);
  EXPECT_EQ(seen.missing(0x5), 0x4U);
  seen.waited(0x1);
  seen.cleared(0x1);
  EXPECT_EQ(seen.missing(0x1), 0U) << "the second raise is left";
  seen.waited(0x1);
  seen.cleared(0x1);
  EXPECT_EQ(seen.missing(0x1), 0x1U);
}

TEST(SeenInterrupts, ClearedBeforeItIsWaitedForItStillCounts) {
  SeenInterrupts seen;
  seen.raised(0x1);
  seen.raised(0x4);
  seen.waited(0x1);
  seen.cleared(0xffffffff);
  EXPECT_EQ(seen.missing(0x1), 0x1U);
  EXPECT_EQ(seen.missing(0x4), 0U);
}

TEST(SeenInterrupts, NamingItTwiceBeforeClearingUsesUpOne) {
  SeenInterrupts seen;
  seen.raised(0x2);
  seen.raised(0x2);
  seen.waited(0x2);
  seen.waited(0x2);
  seen.cleared(0x2);
  EXPECT_TRUE(seen.any(0x2));
}

TEST(SeenInterrupts, AWaitForTheLineUsesUpOneOfThoseCleared) {
  SeenInterrupts seen;
  seen.raised(0x3);
  seen.waited_for_line();
  seen.cleared(0xffffffff);
  EXPECT_TRUE(seen.any(0x3));
  seen.waited_for_line();
  seen.cleared(0xffffffff);
  EXPECT_FALSE(seen.any(0x3));
}

// The program says behind `wait` which one it was.
TEST(SeenInterrupts, TheLineStandsForTheBitsThatAreNamed) {
  SeenInterrupts seen;
  seen.raised(0x3);
  seen.waited_for_line();
  seen.waited(0x2);
  seen.cleared(0xffffffff);
  EXPECT_EQ(seen.missing(0x3), 0x2U);
}

}  // namespace
}  // namespace nvdla::host
