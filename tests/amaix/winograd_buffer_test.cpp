// SPDX-License-Identifier: Apache-2.0
// Proves the rates of CDMA's shared buffer in Winograd mode: a beat of atoms a cycle in, padding at the cost
// of its cycles, a cube of 16 atoms out in eight cycles, and a stop when eight cubes wait.
#include "amaix/winograd_buffer.h"

#include <gtest/gtest.h>

#include "hardware/parameters.h"

namespace nvdla::amaix {
namespace {

amaix::DataRequest request(std::uint32_t atoms, bool dummy, bool end) {
  amaix::DataRequest result;
  result.atoms = atoms;
  result.dummy = dummy;
  result.bundle_end = end;
  return result;
}

class WinogradBufferRates : public ::testing::Test {
 protected:
  WinogradBufferRates() { buffer_.start(ConvolutionFetch(), preset("nv_full")); }
  // A block of four lines, the first of them padding where asked for.
  void block(std::uint32_t atoms, bool padding) {
    for (int line = 0; line < 4; ++line) buffer_.expect(request(atoms, padding && line == 0, line == 3), 0);
  }
  WinogradBuffer buffer_;
};

TEST_F(WinogradBufferRates, ACubeIsReadTwoCyclesAfterItsLastLineInEightCycles) {
  block(4, false);
  for (int beat = 0; beat < 8; ++beat) buffer_.accept(100 + beat, 2);
  EXPECT_EQ(buffer_.drain(), 107 + 2 + 7);
}

TEST_F(WinogradBufferRates, PaddingTakesItsCyclesWithoutData) {
  block(4, true);
  for (int beat = 0; beat < 6; ++beat) buffer_.accept(beat, 2);
  // Two cycles for the padding, six for the data.
  EXPECT_EQ(buffer_.drain(), 7 + 2 + 7);
}

TEST_F(WinogradBufferRates, ColumnsThatFillNoCubeWaitForTheNextBlock) {
  block(1, false);
  for (int beat = 0; beat < 4; ++beat) buffer_.accept(beat, 1);
  block(3, false);
  for (int beat = 0; beat < 8; ++beat) buffer_.accept(100 + beat, beat % 2 == 0 ? 2 : 1);
  EXPECT_EQ(buffer_.drain(), 107 + 2 + 7);
}

TEST_F(WinogradBufferRates, EightCubesThatWaitStopTheInput) {
  // A block of eight columns is two cubes: 16 cycles in, 16 out; one column a block would never fill it.
  for (int i = 0; i < 20; ++i) block(8, false);
  Cycle arrival = 0;
  for (int beat = 0; beat < 20 * 16; ++beat) buffer_.accept(arrival++, 2);
  EXPECT_EQ(buffer_.drain(), 15 + 2 + 20 * 16 - 1);
}

TEST_F(WinogradBufferRates, HasRoomFor128Requests) {
  for (int i = 0; i < 32; ++i) {
    EXPECT_TRUE(buffer_.has_room());
    block(8, false);
  }
  EXPECT_FALSE(buffer_.has_room());
}

}  // namespace
}  // namespace nvdla::amaix
