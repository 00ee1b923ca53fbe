// SPDX-License-Identifier: Apache-2.0
// Proves how MCIF and CVIF cut, arbitrate and return requests, cycle by cycle.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/engine/interface_bench.h"

namespace nvdla::engine {
namespace {

using interface_test::Bench;

// -- Back-pressure ---------------------------------------------------------------------------------
TEST(MemoryInterfaceWrites, WaitWhileThoseBeforeAreNotTaken) {
  Bench b;
  b.port.room_at = 20;
  b.memory.write(Client::kSdp, {}, 0x1000, 256, 0, 3);
  b.memory.read(Client::kPdp, {}, 0x2000, 64, 0, 3);
  const Cycle due = 20 + paths::kWriteBus.sum();  // what the arbiter grants then is on the bus
  b.scheduler.advance(due - 1);
  ASSERT_EQ(b.port.bursts.size(), 1U);  // reads go on
  EXPECT_FALSE(b.port.bursts[0].write);
  EXPECT_EQ(b.memory.writes_waiting(Client::kSdp), 1U);
  b.scheduler.advance(due);
  ASSERT_EQ(b.port.bursts.size(), 2U);
  EXPECT_TRUE(b.port.bursts[1].write);
  EXPECT_EQ(b.port.bursts[1].issued, due);
  EXPECT_EQ(b.port.asked_ahead, paths::kWriteAhead.cycles());
  EXPECT_EQ(b.memory.writes_waiting(Client::kSdp), 0U);
}

// A port that does not know since when it has room holds no write for ever.
TEST(MemoryInterfaceWrites, GoOnWhenThePortAlwaysSaysNow) {
  Bench b;
  b.port.says_now = true;
  b.memory.write(Client::kSdp, {}, 0x1000, 64, 0, 3);
  b.scheduler.advance(3 + paths::kWriteBus.sum() - 1);
  EXPECT_TRUE(b.port.bursts.empty());
  b.scheduler.advance(3 + paths::kWriteBus.sum());
  EXPECT_EQ(b.port.bursts.size(), 1U);
}

// -- Cutting -------------------------------------------------------------------------------------

TEST(MemoryInterfaceChunks, EndAtMultiplesOf256BytesOnNvFull) {
  Bench b;
  b.memory.read(Client::kSdp, {}, 0x80000020, 600, 7, 0);
  b.scheduler.advance(100);
  ASSERT_EQ(b.port.bursts.size(), 3U);
  const struct {
    std::uint64_t address;
    std::uint32_t beats;
    Cycle issued;
  } expected[] = {{0x80000000, 4, 0}, {0x80000100, 4, 4}, {0x80000200, 2, 8}};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(b.port.bursts[i].address, expected[i].address);
    EXPECT_EQ(b.port.bursts[i].beats, expected[i].beats);
    EXPECT_EQ(b.port.bursts[i].issued, expected[i].issued);
    EXPECT_FALSE(b.port.bursts[i].write);
  }
  for (const Burst& burst : b.port.bursts) b.memory.complete(burst.id, 100);
  ASSERT_EQ(b.owner.reads.size(), 3U);
  EXPECT_EQ(b.owner.reads[0].address, 0x80000020U);
  EXPECT_EQ(b.owner.reads[0].bytes, 0xe0U);
  EXPECT_EQ(b.owner.reads[2].bytes, 600U - 0xe0 - 0x100);
  EXPECT_EQ(b.owner.reads[2].tag, 7U);
  EXPECT_FALSE(b.owner.reads[1].last_of_request);
  EXPECT_TRUE(b.owner.reads[2].last_of_request);
  EXPECT_EQ(b.memory.traffic().read[static_cast<std::size_t>(Client::kSdp)], 10U * 64);
}

TEST(MemoryInterfaceChunks, AreSingleBeatsOnNvSmall) {
  Bench b("nv_small");
  b.memory.read(Client::kSdp, {}, 0x80000004, 24, 0, 0);
  b.scheduler.advance(100);
  ASSERT_EQ(b.port.bursts.size(), 4U);  // 4 + 8 + 8 + 4 bytes
  for (const Burst& burst : b.port.bursts) EXPECT_EQ(burst.beats, 1U);
  EXPECT_EQ(b.issued(), std::vector<Cycle>({0, 1, 2, 3}));
}

TEST(MemoryInterfaceChunks, LeaveNotBeforeTheirRequestIsThere) {
  Bench b;
  b.memory.read(Client::kSdp, {}, 0x1000, 64, 0, 20);
  b.scheduler.advance(19);
  EXPECT_TRUE(b.port.bursts.empty());
  b.scheduler.advance(20);
  EXPECT_EQ(b.issued(), std::vector<Cycle>({20}));
}

TEST(MemoryInterfaceChunks, ReadsAndWritesHaveAddressChannelsOfTheirOwn) {
  Bench b;
  b.memory.read(Client::kSdp, {}, 0x1000, 256, 0, 0);
  b.memory.write(Client::kSdp, {}, 0x2000, 256, 0, 0);
  b.scheduler.advance(0);
  EXPECT_EQ(b.issued(), std::vector<Cycle>({0, 0}));
}

TEST(MemoryInterfaceChunks, AReturnTellsItsFirstBeat) {
  Bench b;
  b.memory.read(Client::kSdp, {}, 0x1000, 256, 0, 0);
  b.memory.read(Client::kSdp, {}, 0x2000, 256, 0, 0);
  b.scheduler.advance(10);
  b.memory.complete(b.port.bursts[0].id, 50);
  b.memory.complete(b.port.bursts[1].id, 70, 12);
  EXPECT_EQ(b.owner.reads[0].first_beat, 47);  // one beat a cycle
  EXPECT_EQ(b.owner.reads[0].last_beat, 50);
  EXPECT_EQ(b.owner.reads[1].first_beat, 58);  // as the memory says
}

// -- Arbitration ----------------------------------------------------------------------------------

TEST(MemoryInterfaceArbiter, ClientsTakeTurns) {
  Bench b;
  for (const Client client : {Client::kPdp, Client::kSdp, Client::kCdmaWt}) b.saturate(client);
  b.scheduler.advance(4 * 8);
  // In the order of their numbers, from the one behind the last winner (at first: from 0).
  EXPECT_EQ(b.order(), "spwspwspw");
}

// NV_NVDLA_partition_o of branch nv_small, RDMA_NAME of branch master.
TEST(MemoryInterfaceArbiter, TheScalableGenerationHasOrdersOfItsOwn) {
  for (const auto& [configuration, order] :
       {std::pair{"nv_small", "dwpsdwps"}, std::pair{"nv_small_256", "dwspdwsp"}}) {
    Bench b(configuration);
    for (const Client client : {Client::kSdp, Client::kPdp, Client::kCdmaDat, Client::kCdmaWt})
      b.saturate(client);
    b.scheduler.advance(7);
    EXPECT_EQ(b.order().substr(0, 8), std::string(order).substr(0, b.order().size()));
    EXPECT_GE(b.order().size(), 4U);
  }
}

TEST(MemoryInterfaceArbiter, AClientThatComesAnewHasItsTurnBehindTheLastWinner) {
  Bench b;
  b.memory.read(Client::kPdp, {}, 0x1000, 256, 0, 0);
  b.memory.read(Client::kSdp, {}, 0x1000, 256, 0, 4);
  b.memory.read(Client::kPdp, {}, 0x1000, 256, 0, 8);
  b.memory.read(Client::kCdmaDat, {}, 0x1000, 256, 0, 8);
  b.scheduler.advance(100);
  EXPECT_EQ(b.order(), "pspd");
}

TEST(MemoryInterfaceArbiter, AWeightIsSoManyGrantsInARow) {
  Bench b;
  b.memory.set_read_weight(Client::kSdp, 3);
  b.saturate(Client::kSdp);
  b.saturate(Client::kPdp);
  b.scheduler.advance(4 * 9);
  EXPECT_EQ(b.order(), "ssspssspss");
}

TEST(MemoryInterfaceArbiter, AClientWithoutARequestLosesTheRestOfItsTurn) {
  Bench b;
  b.memory.set_read_weight(Client::kSdp, 3);
  b.memory.read(Client::kSdp, {}, 0x1000, 256, 0, 0);
  b.memory.read(Client::kPdp, {}, 0x1000, 512, 0, 0);
  b.memory.read(Client::kSdp, {}, 0x1000, 512, 0, 5);
  b.scheduler.advance(100);
  EXPECT_EQ(b.order(), "spssp");
}

TEST(MemoryInterfaceArbiter, WeightZeroIsNeverGrantedUntilItIsRaised) {
  Bench b;
  b.memory.set_read_weight(Client::kSdp, 0);
  b.memory.read(Client::kSdp, {}, 0x1000, 64, 0, 0);
  b.memory.read(Client::kPdp, {}, 0x1000, 64, 0, 0);
  b.scheduler.advance(1000);
  EXPECT_EQ(b.order(), "p");
  EXPECT_FALSE(b.memory.idle());
  b.memory.set_read_weight(Client::kSdp, 1);
  b.scheduler.advance(1000);
  EXPECT_EQ(b.order(), "ps");
}

// Two pipes of READ_IG_bpt and the client's, which is one, or two for CDMA's data and, in V1, SDP and PDP:
// each holds two.
TEST(MemoryInterfaceArbiter, APipeHoldsTwoRequests) {
  for (const auto& [configuration, piped] : {std::pair{"nv_full", 8}, std::pair{"nv_small", 6}}) {
    Bench b(configuration);
    for (const auto& [client, places] : {std::pair{Client::kSdp, piped}, std::pair{Client::kPdp, piped},
                                         std::pair{Client::kCdmaDat, 8}, std::pair{Client::kCdmaWt, 6}}) {
      int asked = 0;
      for (; b.memory.read_ready(client); ++asked) b.memory.read(client, {}, 0x1000, 64, 0, 0);
      EXPECT_EQ(asked, places) << configuration << " client " << static_cast<int>(client);
    }
  }
}

TEST(MemoryInterfaceArbiter, AFullQueueTellsWhenItHasRoom) {
  Bench b;
  b.memory.read(Client::kSdp, {}, 0x1000, 512, 0, 0);
  EXPECT_TRUE(b.memory.read_ready(Client::kSdp));
  while (b.memory.read_ready(Client::kSdp)) b.memory.read(Client::kSdp, {}, 0x2000, 64, 0, 0);
  b.scheduler.advance(3);  // the first chunk of two
  EXPECT_FALSE(b.memory.read_ready(Client::kSdp));
  b.scheduler.advance(4);
  EXPECT_TRUE(b.memory.read_ready(Client::kSdp));
  EXPECT_EQ(b.owner.rooms, std::vector<Cycle>({4}));
}

// -- Limits ---------------------------------------------------------------------------------------

// What a chunk waited for at the arbiter: its own client's chunk before it, or another client's.
TEST(MemoryInterfaceArbiter, AReturnTellsWhoHadThePort) {
  for (const bool shared : {false, true}) {
    Bench b;
    b.memory.read(Client::kSdp, {}, 0x1000, 512, 0, 0);
    if (shared) b.memory.read(Client::kPdp, {}, 0x8000, 256, 0, 0);
    b.scheduler.advance(50);
    ASSERT_GE(b.port.bursts.size(), 2U);
    for (const Burst& burst : b.port.bursts) b.memory.complete(burst.id, 50);
    std::size_t seen = 0;
    for (const ReadReturn& data : b.owner.reads) {
      if (data.address != 0x1100) continue;
      ++seen;
      EXPECT_EQ(data.timing.held_by, shared ? Resource::kArbitration : Resource::kDbbBandwidth);
    }
    EXPECT_EQ(seen, 1U);
  }
}

TEST(MemoryInterfaceWrites, AreAcknowledgedOnceWhenAllTheirChunksAre) {
  Bench b;
  b.memory.write(Client::kSdp, {}, 0x1080, 256, 42, 0);  // two beats, two beats
  b.scheduler.advance(0);
  b.memory.complete(b.port.bursts[0].id, 1);  // before the second chunk has left
  EXPECT_TRUE(b.owner.acknowledged.empty());
  b.scheduler.advance(2);
  ASSERT_EQ(b.port.bursts.size(), 2U);
  EXPECT_TRUE(b.owner.acknowledged.empty());
  b.memory.complete(b.port.bursts[1].id, 30);
  ASSERT_EQ(b.owner.acknowledged.size(), 1U);
  EXPECT_EQ(b.owner.acknowledged[0], (std::pair<std::uint64_t, Cycle>{42, 30}));
  EXPECT_TRUE(b.memory.idle());
  EXPECT_EQ(b.memory.traffic().written[static_cast<std::size_t>(Client::kSdp)], 4U * 64);
}

// Branch master has a place for one command of a client at the arbiter: the beats of the next chunk, all of
// which it needs to compete, come in when the last of this one has gone (simulated: CDP's strips).
TEST(MemoryInterfaceWrites, OfAClientOnMasterLeaveRoomForTheNextChunksBeats) {
  Bench b("nv_small_256_full");
  b.memory.write(Client::kPdp, {}, 0x1000, 64, 0, 10);  // four beats, four beats
  b.memory.write(Client::kPdp, {}, 0x2000, 16, 0, 10);  // two
  b.memory.write(Client::kSdp, {}, 0x3000, 32, 0, 11);  // others go in between
  b.scheduler.advance(100);
  EXPECT_EQ(b.issued(), std::vector<Cycle>({10, 14, 18, 24}));
  EXPECT_EQ(b.order(), "pspp");
  b.memory.write(Client::kPdp, {}, 0x4000, 16, 0, 100);
  b.scheduler.advance(200);
  EXPECT_EQ(b.port.bursts.back().issued, 100);
  Bench small("nv_small");
  small.memory.write(Client::kPdp, {}, 0x1000, 16, 0, 10);
  small.scheduler.advance(100);
  EXPECT_EQ(small.issued(), std::vector<Cycle>({10, 11}));
}

// -- Reset ----------------------------------------------------------------------------------------

}  // namespace
}  // namespace nvdla::engine
