// SPDX-License-Identifier: Apache-2.0
// Proves Rubik's register file, cycle by cycle, against waveforms of the RTL of nv_full: rbk_merge fp16 and
// rbk_split int16, latency 50.
#include "amaix/rubik_file.h"

#include <gtest/gtest.h>

#include <vector>

namespace nvdla::amaix {
namespace {

struct Bench {
  void beats(int count, Cycle& ready) {
    for (int i = 0; i < count; ++i) file.beat(ready++, 1);
  }
  // A command of `atoms` and the beats of the register file that bring them.
  void command(std::uint64_t address, std::uint32_t atoms) {
    file.command(1, {MemorySpace::kDbb, address, atoms * 32});
    for (; atoms > 1; atoms -= 2) file.output(2);
    if (atoms > 0) file.output(1);
  }
  // Grants every chunk when it is on the bus.
  void run() {
    for (bool moved = true; moved;) {
      moved = false;
      while (const auto datum = link.taken()) {
        if (datum->command) {
          commands.push_back(datum->at);
          file.command_taken(datum->at);
        } else {
          taken.push_back(datum->at);
          file.taken(datum->at);
        }
        moved = true;
      }
      while (const auto chunk = link.next()) {
        chunks.push_back(chunk->at);
        link.granted(MemorySpace::kDbb, chunk->at);
        moved = true;
      }
    }
    while (const auto beat = file.freed()) freed.push_back(beat->at);
  }

  WriteLink link{256, 64};
  RubikFile file{link, 32, 2};
  std::vector<Cycle> taken, commands, chunks, freed;
};

// 16 beats in from 127 on; nine atoms out: reads from 143, the command at 147, data from 148. The second
// group's command follows the first one's last datum, its data four cycles behind their reads from 159.
TEST(RubikFile, MergesAsTheRtl) {
  Bench b;
  Cycle ready = 127;
  for (int group = 0; group < 2; ++group) {
    b.beats(16, ready);
    b.command(0x2700 + 0x120 * group, 9);
    b.file.close();
  }
  b.run();
  EXPECT_EQ(b.taken, (std::vector<Cycle>{148, 149, 150, 151, 152, 163, 164, 165, 166, 167}));
  ASSERT_EQ(b.freed.size(), 32U);
  EXPECT_EQ(b.freed.front(), 127);
  EXPECT_EQ(b.freed.back(), 158);
}

// A third group comes in when the first has been read; what waits is freed no earlier.
TEST(RubikFile, AHalfIsFreeWhenItsGroupHasBeenRead) {
  Bench b;
  Cycle ready = 10;
  for (int group = 0; group < 2; ++group) {
    b.beats(1, ready);
    for (int row = 0; row < 8; ++row) b.command(0x1000 + 0x400 * group + 0x80 * row, 4);
    b.file.close();
  }
  b.beats(3, ready);
  b.run();
  // Group 0 is read from 11 on; the write side sets the pace: four cycles for each command of two beats.
  ASSERT_EQ(b.freed.size(), 5U);
  EXPECT_EQ(b.freed[0], 10);
  EXPECT_EQ(b.freed[1], 11);
  const Cycle last = b.taken[15];  // the last datum of group 0
  EXPECT_GT(b.freed[2], last - 20);
  EXPECT_LT(b.freed[2], last);
  EXPECT_EQ(b.freed[3], b.freed[2] + 1);  // in the pipe in front of the file
  EXPECT_GT(b.freed[4], b.freed[3] + 1);
}

// 24 commands of an atom, then groups of one command: the next one is read when the last but four of the
// commands before it has gone (RTL, random case rubik_two 202: 588 behind the command of 587, four more
// follow).
TEST(RubikFile, AGroupIsReadBehindTheCommandsOfTheGroupBefore) {
  Bench b;
  Cycle ready = 10;
  b.beats(1, ready);
  for (int row = 0; row < 24; ++row) b.command(0x1000 + 0x100 * row, 1);
  b.file.close();
  for (int group = 0; group < 3; ++group) {
    b.beats(1, ready);
    b.command(0x8000 + 0x100 * group, 2);
    b.file.close();
  }
  b.run();
  ASSERT_EQ(b.commands.size(), 27U);
  ASSERT_EQ(b.freed.size(), 4U);
  // The fourth group comes in when the second one has been read.
  EXPECT_EQ(b.freed[3], b.commands[24 - 5] + 1 + 1);
}

// Odd rows are packed: the write FIFO fills the link's data up from the next row.
TEST(RubikFile, PacksAtomsOfSeveralRows) {
  Bench b;
  b.file.beat(10, 1);
  b.file.command(1, {MemorySpace::kDbb, 0x1000, 6 * 32});
  for (const std::uint32_t atoms : {2U, 1U, 2U, 1U}) b.file.output(atoms);
  b.file.close();
  b.run();
  // Reads 11 to 14, pushes 13 to 16; the command at 15.
  EXPECT_EQ(b.taken, (std::vector<Cycle>{16, 17, 18}));
}

}  // namespace
}  // namespace nvdla::amaix
