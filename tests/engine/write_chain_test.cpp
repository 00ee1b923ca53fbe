// SPDX-License-Identifier: Apache-2.0
// Proves how many beats the registers between SDP and the arbiter of writes hold: as many as there are places
// when a line is long, fewer when commands wait among them. The counts of nv_small are those of a simulation
// of its RTL in which a port of a byte a cycle stood (lines of 11 beats).
#include "engine/units/sdp/write_chain.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace nvdla::engine {
namespace {

// Room behind `beats` chunks of a beat, in lines of `line`, of which the first `of_line` have gone.
std::int64_t room(const paths::SdpWriteChain& places, std::uint32_t beats, std::uint32_t line,
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

// However the beats are cut into commands, so many have a place.
TEST(WriteChain, SoManyBeatsAlwaysHaveAPlace) {
  for (const auto* places :
       {&paths::kSdpWriteChainV1, &paths::kSdpWriteChainScalable, &paths::kSdpWriteChainMaster}) {
    const WriteChain chain(*places);
    const auto beats = static_cast<std::uint32_t>(chain.always());
    for (std::uint32_t line = 1; line < 20; ++line)
      for (std::uint32_t of_line = 0; of_line < line; ++of_line)
        EXPECT_GE(room(*places, beats, line, of_line), 0) << line << ' ' << of_line;
    EXPECT_LT(room(*places, beats + 1, 1), 0);
  }
}

}  // namespace
}  // namespace nvdla::engine
