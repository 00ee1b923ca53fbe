// SPDX-License-Identifier: Apache-2.0
// Proves the way of write commands and data to the arbiter, cycle by cycle, against waveforms of the RTL of
// nv_full: BDMA's stores of bdma_group20 and bdma_lines, latency 50.
#include "amaix/write_link.h"

#include <gtest/gtest.h>

#include <vector>

namespace nvdla::amaix {
namespace {

constexpr std::uint32_t kUnit = 256, kBeat = 64;

struct Bench {
  // Commands of `bytes` at `address`, data ready one a cycle from `ready` on.
  void line(std::uint64_t address, std::uint32_t bytes, Cycle& ready) {
    link.command(1, {MemorySpace::kDbb, address, bytes}, 0);
    for (std::uint32_t done = 0; done < bytes; done += kBeat) link.datum(1, ready++, 1);
    look();
  }
  void look() {
    while (const auto chunk = link.next()) {
      chunks.push_back(chunk->at);
      addresses.push_back(chunk->request.address);
      bytes.push_back(chunk->request.bytes);
    }
    while (const auto item = link.taken())
      if (!item->command) taken.push_back(item->at);
  }
  void grant(Cycle at) {
    link.granted(MemorySpace::kDbb, at);
    look();
  }

  WriteLink link{kUnit, kBeat};
  std::vector<Cycle> chunks, taken;
  std::vector<std::uint64_t> addresses;
  std::vector<std::uint32_t> bytes;
};

// One command is in the splitter; the next one enters with the last beat of it, its data two cycles behind.
TEST(WriteLink, LinesFollowEachOtherAsInTheRtl) {
  Bench b;
  Cycle ready = 664;
  b.line(0x800040c0, 32, ready);
  b.line(0x80003f80, 64, ready);
  b.line(0x80003e40, 96, ready);
  b.line(0x80003d00, 128, ready);
  for (std::size_t i = 0; i < 4; ++i) {
    ASSERT_GT(b.chunks.size(), i);
    b.grant(b.chunks[i]);
  }
  EXPECT_EQ(b.chunks, (std::vector<Cycle>{673, 676, 680, 684}));
  EXPECT_EQ(b.taken, (std::vector<Cycle>{664, 666, 668, 669, 672, 673}));
  EXPECT_EQ(b.bytes, (std::vector<std::uint32_t>{32, 64, 96, 128}));
}

TEST(WriteLink, ChunksEndAtTheirBoundaries) {
  Bench b;
  Cycle ready = 10;
  b.line(0x1080, 448, ready);
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_GT(b.chunks.size(), i);
    b.grant(b.chunks[i]);
  }
  EXPECT_EQ(b.addresses, (std::vector<std::uint64_t>{0x1080, 0x1100, 0x1200}));
  EXPECT_EQ(b.bytes, (std::vector<std::uint32_t>{128, 256, 64}));
  // A slot for each chunk's command: beats pass at 15, 16, command 17, 18 to 21, command 22, 23.
  EXPECT_EQ(b.chunks, (std::vector<Cycle>{16 + 4, 21 + 4, 23 + 4}));
}

// A command that begins inside a beat keeps half a datum for the next one and needs a beat more.
TEST(WriteLink, HalvesOfADatumWaitForTheNextBeat) {
  Bench b;
  Cycle ready = 10;
  b.line(0x1020, 480, ready);
  for (std::size_t i = 0; i < 2; ++i) {
    ASSERT_GT(b.chunks.size(), i);
    b.grant(b.chunks[i]);
  }
  EXPECT_EQ(b.bytes, (std::vector<std::uint32_t>{224, 256}));
  // Beats pass at 15 to 18, 20 to 22 and, as the eighth datum found no room for its second half, 24: in the
  // RTL at 263 to 266, 268 to 270 and 272.
  EXPECT_EQ(b.chunks, (std::vector<Cycle>{18 + 4, 24 + 4}));
}

// Without grants the ways fill up: four beats and two commands in front of the arbiter, four beats in the
// splitter, six items on the link.
TEST(WriteLink, FillsUpWithoutGrants) {
  Bench b;
  Cycle ready = 10;
  b.line(0x1000, 4096, ready);
  EXPECT_EQ(b.chunks.size(), 1U);
  EXPECT_EQ(b.taken.size(), 4U + 4 + 6);
  b.grant(100);
  EXPECT_EQ(b.chunks.size(), 2U);
  EXPECT_EQ(b.taken.size(), 4U + 4 + 6 + 4);
  // Its first beat has gone three cycles before it is on the bus; the places come back one after the other.
  EXPECT_EQ(b.taken[14], 97 + 1 + 2 + 3);
}

TEST(WriteLink, MemoriesHaveWaysOfTheirOwn) {
  Bench b;
  b.link.command(1, {MemorySpace::kDbb, 0x1000, 1024}, 0);
  for (int i = 0; i < 16; ++i) b.link.datum(1, 10, 1);
  b.link.command(2, {MemorySpace::kCvsram, 0x1000, 64}, 0);
  b.link.datum(2, 10, 1);
  b.look();
  EXPECT_EQ(b.chunks.size(), 1U);
  b.grant(100);
  b.grant(104);  // all of the first command has been offered: the other one goes on
  ASSERT_EQ(b.chunks.size(), 4U);
  EXPECT_LT(b.chunks[3], 130);
}

// What a strip of CDP of nv_medium_512 met on a port of 3 bytes a cycle (cdp_s2, latency 90): the beats of
// the arbiter left in these cycles, and its write DMA stood with the first beat of the strip behind.
TEST(WriteLink, StripsStandAsInTheRtlOfBranchMaster) {
  constexpr std::uint32_t kMasterBeat = 16;
  WriteLink link(4 * kMasterBeat, kMasterBeat, paths::kWriteLinkMaster, paths::kWriteBusMaster);
  std::vector<Cycle> taken;
  // Lines of 8, 5, 8 and 5 beats, offered one a cycle behind their commands.
  const auto strip = [&](std::uint64_t address, std::uint32_t beats, Cycle command) {
    link.command(1, {MemorySpace::kDbb, address, beats * kMasterBeat}, command);
    for (std::uint32_t beat = 1; beat <= beats; ++beat) link.datum(1, command + beat, 1);
  };
  strip(0x80001600, 8, 1073);
  strip(0x80001680, 5, 1113);
  strip(0x800016d0, 8, 1177);
  strip(0x80001750, 5, 1217);
  const std::vector<Cycle> left = {1082, 1083, 1084, 1092, 1103, 1114, 1124, 1135, 1146, 1156, 1167,
                                   1178, 1188, 1199, 1210, 1220, 1231, 1242, 1252, 1263, 1274};
  std::vector<std::uint32_t> beats;
  std::size_t done = 0;
  for (std::size_t chunk = 0; done < left.size(); ++chunk) {
    while (const auto next = link.next()) beats.push_back(next->request.bytes / kMasterBeat);
    ASSERT_LT(chunk, beats.size());
    for (std::uint32_t beat = 1; beat <= beats[chunk] && done < left.size(); ++beat)
      link.left(MemorySpace::kDbb, left[done++], beat == beats[chunk]);
  }
  while (const auto item = link.taken()) taken.push_back(item->at);
  ASSERT_GE(taken.size(), 28U);
  EXPECT_EQ(taken[24], 1217);  // the fourth strip's command, its first beat
  EXPECT_EQ(taken[25], 1218);
  EXPECT_EQ(taken[26], 1225);  // and its second, offered in 1219
  EXPECT_EQ(taken[27], 1226);
}

}  // namespace
}  // namespace nvdla::amaix
