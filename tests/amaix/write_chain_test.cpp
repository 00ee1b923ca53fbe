// SPDX-License-Identifier: Apache-2.0
// Proves how many beats the registers between a datapath and the arbiter of writes hold: as many as there are
// places when a line is long, fewer when commands wait among them. The counts of nv_small are those of a
// simulation of its RTL in which a port of a byte a cycle stood (lines of 11 beats).
#include "amaix/write_chain.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace nvdla::amaix {
namespace {

// Room behind `beats` chunks of a beat, in lines of `line`, of which the first `of_line` have gone.
std::int64_t room(const paths::WriteChainPlaces& places, std::uint32_t beats, std::uint32_t line,
                  std::uint32_t of_line = 0) {
  memory::RingBuffer<WaitingChunk> chunks;
  for (std::uint32_t i = 0; i < beats; ++i) chunks.push({1, (i + of_line) % line == 0});
  return WriteChain(places).room(chunks);
}

// Of one long line every place takes a beat: 2 in the arbiter, 3 in the FIFO, 4 in the pipes, 4 in WDMA.
TEST(WriteChain, ALongLineFillsEveryPlace) {
  EXPECT_EQ(room(paths::kSdpWriteChainScalable, 2, 1000, 1), 8);
  EXPECT_EQ(room(paths::kSdpWriteChainScalable, 13, 1000, 1), 0);
  EXPECT_EQ(room(paths::kSdpWriteChainScalable, 16, 1000, 1), -3);
}

// The next line's command stands in front of bpt until the last beat of this one has gone to the arbiter: of
// its 5 beats that wait 2 are in the arbiter, 3 in the FIFO; the command takes the place of a pipe, then
// three of the next line's beats and those in WDMA: one less in all.
TEST(WriteChain, ACommandTakesThePlaceOfABeat) {
  EXPECT_EQ(room(paths::kSdpWriteChainScalable, 12, 11, 6), 0);
  EXPECT_EQ(room(paths::kSdpWriteChainScalable, 11, 11, 6), 1);
}

// With three left of the line the FIFO has one and its other places stay empty: 2 + 1, command, 3, 4.
TEST(WriteChain, BehindACommandTheFifoStaysEmpty) {
  EXPECT_EQ(room(paths::kSdpWriteChainScalable, 10, 11, 8), 0);
  EXPECT_EQ(room(paths::kSdpWriteChainScalable, 9, 11, 8), 1);
}

// The last beat is with the arbiter: bpt has the next command, which stands in nobody's way.
TEST(WriteChain, ACommandWhoseTurnItIsTakesNoPlace) {
  EXPECT_EQ(room(paths::kSdpWriteChainScalable, 13, 11, 9), 0);
}

// Lines of a beat: 2 in the arbiter, 1 in the FIFO; of four pipes two hold commands.
TEST(WriteChain, LinesOfABeatLeaveHalfOfThePipesToCommands) {
  EXPECT_EQ(room(paths::kSdpWriteChainScalable, 9, 1), 0);
  EXPECT_EQ(room(paths::kSdpWriteChainScalable, 8, 1), 1);
}

// Chunks of several beats: the arbiter takes as many commands as it has room for, and of the next as many
// beats as are left.
TEST(WriteChain, TheArbiterTakesAPartOfAChunk) {
  const auto& places = paths::kSdpWriteChainV1;
  const auto all = static_cast<std::int64_t>(places.arbiter.sum() + places.fifo.sum() + places.pipes.sum() +
                                             places.unpack.sum());
  const WriteChain chain(places);
  memory::RingBuffer<WaitingChunk> chunks;
  chunks.push({3, true});
  chunks.push({4, false});
  EXPECT_EQ(chain.room(chunks), all - 7 - (places.fifo.sum() - 2));  // 3 + 1, 2 in the FIFO, one in a pipe
  for (int i = 0; i < 5; ++i) chunks.push({4, false});
  EXPECT_EQ(chain.room(chunks), all - 27);
}

// CDP, simulation of nv_small's RTL (tests/rtl_cases/seen/mixed_s5, latency 600, 2 bytes a cycle): strips of
// 8, 8, 8, 2, 2 and 2 beats, then one of 8. While the last beat of the third waits, the seventh finds no room
// for its columns beside what is left of the sixth; when it has been granted, it does.
TEST(WriteChain, AStripNeedsRoomForAllItsColumns) {
  const WriteChain chain(paths::kCdpWriteChainScalable);
  for (const bool third : {true, false}) {
    memory::RingBuffer<WaitingChunk> chunks;
    if (third) chunks.push({1, false});
    for (int i = 0; i < 6; ++i) chunks.push({1, i % 2 == 0});
    for (int i = 0; i < 8; ++i) chunks.push({1, i == 0});
    EXPECT_EQ(chain.strip_has_room(chunks, 34, 8, 1), !third);
  }
}

// Narrow strips are several in the datapath: the oldest of them needs the room, those behind it none yet.
TEST(WriteChain, OfNarrowStripsTheOldestInTheDatapathNeedsRoom) {
  const WriteChain chain(paths::kCdpWriteChainScalable);
  memory::RingBuffer<WaitingChunk> chunks;
  // A long command fills all places but one of WDMA, then strips of two beats, 16 cycles each.
  const auto beats = paths::kCdpWriteChainScalable.arbiter.sum() + paths::kCdpWriteChainScalable.fifo.sum() +
                     paths::kCdpWriteChainScalable.pipes.sum() + paths::kCdpWriteChainScalable.unpack.sum();
  for (int i = 0; i < beats - 2; ++i) chunks.push({1, i == 0});
  for (int strip = 0; strip < 4; ++strip) {
    EXPECT_TRUE(chain.strip_has_room(chunks, 62, 8, 1)) << strip;
    chunks.push({1, true});
    chunks.push({1, false});
  }
  EXPECT_TRUE(chain.strip_has_room(chunks, 62, 8, 1));
  EXPECT_FALSE(chain.strip_has_room(chunks, 46, 8, 1));  // one strip fewer is in it: that one needs a place
}

// A strip that has WDMA for itself fits, however its beats are cut.
TEST(WriteChain, AStripAloneAlwaysFits) {
  const WriteChain chain(paths::kCdpWriteChainV1);
  memory::RingBuffer<WaitingChunk> chunks;
  chunks.push({4, true});
  chunks.push({1, false});
  EXPECT_TRUE(chain.strip_has_room(chunks, 40, 8, 2));
}

// However the beats are cut into commands, so many have a place.
TEST(WriteChain, SoManyBeatsAlwaysHaveAPlace) {
  for (const auto* places :
       {&paths::kSdpWriteChainV1, &paths::kSdpWriteChainScalable, &paths::kSdpWriteChainMaster,
        &paths::kPdpWriteChainV1, &paths::kPdpWriteChainScalable, &paths::kPdpWriteChainMaster}) {
    const WriteChain chain(*places);
    const auto beats = static_cast<std::uint32_t>(chain.always());
    for (std::uint32_t line = 1; line < 20; ++line)
      for (std::uint32_t of_line = 0; of_line < line; ++of_line)
        EXPECT_GE(room(*places, beats, line, of_line), 0) << line << ' ' << of_line;
    EXPECT_LT(room(*places, beats + 1, 1), 0);
  }
}

}  // namespace
}  // namespace nvdla::amaix
