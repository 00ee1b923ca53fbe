// SPDX-License-Identifier: Apache-2.0
// Proves which cycles D_PERF_*_READ_STALL counts, by what the RTL's waveforms show of CDMA_wt and CDMA_dc.
#include "engine/read_stalls.h"

#include <gtest/gtest.h>

namespace nvdla::engine {
namespace {

constexpr std::size_t kPlaces = 6;
constexpr Cycle kWay = 7;  // from CDMA_wt to the arbiter's grant when nothing waits

// Requests of eight chunks, granted every other cycle from `first` on.
void grant_every_other(ReadStalls& stalls, Cycle first) {
  for (Cycle chunk = 0; chunk < 8; ++chunk) stalls.granted(first + 2 * chunk, 1);
}

// CDMA's weights of conv_s1_nv_small beside its data: the RTL takes six requests in the cycles 4150 to 4155,
// the seventh in 4165 and then one each sixteen cycles, while the arbiter turns between the two.
TEST(ReadStalls, RoomComesWithTheChunkThatWaitsTwoPlacesInFrontOfTheArbiter) {
  ReadStalls stalls;
  for (int i = 0; i < 6; ++i) stalls.pushed(4150 + kWay, 1, kPlaces);
  EXPECT_EQ(stalls.stalled(), 0U);
  grant_every_other(stalls, 4154);
  stalls.made_room(4168);
  stalls.pushed(4168, 1, kPlaces);
  EXPECT_EQ(stalls.stalled(), 4165U - 4156U);
  grant_every_other(stalls, 4170);
  stalls.made_room(4184);
  stalls.pushed(4184, 1, kPlaces);
  EXPECT_EQ(stalls.stalled(), (4165U - 4156U) + (4181U - 4166U));
}

TEST(ReadStalls, ChunksInARowLeaveOneByOne) {
  ReadStalls one, joined;
  for (ReadStalls* stalls : {&one, &joined})
    for (int i = 0; i < 6; ++i) stalls->pushed(100, 1, kPlaces);
  for (Cycle chunk = 0; chunk < 8; ++chunk) one.granted(120 + chunk, 1);
  joined.granted(120, 1);
  joined.granted(121, 2);
  joined.granted(123, 5);
  for (ReadStalls* stalls : {&one, &joined}) {
    stalls->made_room(127);
    stalls->pushed(127, 1, kPlaces);
    EXPECT_EQ(stalls->stalled(), 127U + kPlaces - 106U);
  }
}

// READ_IG_bpt keeps a chunk until there is room in the latency FIFO: the two places behind it are empty.
TEST(ReadStalls, CreditHoldsTheChunkInFrontOfThePlaces) {
  ReadStalls stalls;
  for (int i = 0; i < 6; ++i) stalls.pushed(100, 1, kPlaces);
  stalls.granted(100, 1);
  stalls.credited(180);
  stalls.granted(185, 1);  // others were granted meanwhile
  stalls.made_room(185);
  stalls.pushed(185, 1, kPlaces);
  EXPECT_EQ(stalls.stalled(), 180U + kPlaces - 106U);
}

// A client's idle cycles between two requests pass while the first waits; what is left of them is no stall.
TEST(ReadStalls, IdleCyclesPassWhileTheRequestBeforeWaits) {
  ReadStalls stalls;
  for (int i = 0; i < 6; ++i) stalls.pushed(100 + i, 1, kPlaces);
  stalls.granted(110, 8);
  stalls.made_room(110);
  stalls.pushed(110, 3, kPlaces);  // offered in 108, taken in 123
  EXPECT_EQ(stalls.stalled(), 15U);
  stalls.granted(118, 8);
  stalls.made_room(118);
  stalls.pushed(118, 3, kPlaces);  // offered in 124, taken in 131
  EXPECT_EQ(stalls.stalled(), 15U + 7U);
}

TEST(ReadStalls, ARequestThatComesLaterThanTheRoomHasNotWaited) {
  ReadStalls stalls;
  for (int i = 0; i < 6; ++i) stalls.pushed(100 + i, 1, kPlaces);
  stalls.granted(110, 8);
  stalls.made_room(110);
  stalls.pushed(140, 1, kPlaces);
  EXPECT_EQ(stalls.stalled(), 0U);
  EXPECT_EQ(stalls.requests(), 7U);
}

}  // namespace
}  // namespace nvdla::engine
