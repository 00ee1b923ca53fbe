// SPDX-License-Identifier: Apache-2.0
// Proves what MCIF and CVIF hold back, in what order answers are delivered, and what a reset leaves.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/engine/bench_memory.h"
#include "tests/engine/interface_bench.h"

namespace nvdla::engine {
namespace {

using interface_test::Bench;
using interface_test::Owner;

TEST(MemoryInterfaceLimits, NoMoreBeatsAreOpenThanAllowed) {
  Bench b;
  b.memory.set_outstanding_limits(8, 8);
  b.saturate(Client::kSdp);
  b.scheduler.advance(99);
  EXPECT_EQ(b.issued(), std::vector<Cycle>({0, 4}));
  b.scheduler.advance(100);
  b.memory.complete(b.port.bursts[0].id, 100);
  b.scheduler.advance(100);
  EXPECT_EQ(b.issued(), std::vector<Cycle>({0, 4, 100}));
  b.scheduler.advance(200);  // one by one, as its beats are bursts of their own
  EXPECT_EQ(b.issued(), std::vector<Cycle>({0, 4, 100, 101, 102, 103}));
}

// A beat less than two chunks: the last beat of the second would be one too many. Where the chunk is a burst
// it waits as a whole.
TEST(MemoryInterfaceLimits, ABurstThatExceedsTheLimitByABeatWaits) {
  for (const std::string configuration : {"nv_full", "nv_medium_512"}) {
    Bench b(configuration);
    b.memory.set_outstanding_limits(7, 7);
    b.saturate(Client::kSdp);
    b.scheduler.advance(99);
    EXPECT_EQ(b.issued(),
              configuration == "nv_full" ? std::vector<Cycle>({0, 4, 5, 6}) : std::vector<Cycle>({0}));
  }
}

TEST(MemoryInterfaceLimits, ABurstAboveTheLimitGoesAlone) {
  Bench b("nv_medium_512");
  b.memory.set_outstanding_limits(1, 1);
  b.memory.read(Client::kSdp, {}, 0x1000, 128, 0, 0);
  b.scheduler.advance(50);
  EXPECT_EQ(b.port.bursts.size(), 1U);
  b.memory.complete(b.port.bursts[0].id, 50);
  b.scheduler.advance(60);
  EXPECT_EQ(b.issued(), std::vector<Cycle>({0, 53}));
}

TEST(MemoryInterfaceLimits, NobodyOvertakesTheChunkThatWaitsForTheLimit) {
  Bench b;
  b.memory.set_outstanding_limits(5, 5);
  b.memory.read(Client::kSdp, {}, 0x1000, 256, 0, 0);     // 4 beats
  b.memory.read(Client::kPdp, {}, 0x1000, 256, 0, 1);     // 4 beats: one fits
  b.memory.read(Client::kCdmaDat, {}, 0x1000, 64, 0, 5);  // 1 beat
  b.scheduler.advance(50);
  EXPECT_EQ(b.order(), "sp");
  b.memory.complete(b.port.bursts[0].id, 50);
  b.scheduler.advance(60);
  EXPECT_EQ(b.order(), "sppppd");
}

// os_cnt of NV_NVDLA_NOCIF_DRAM_READ_IG_cvt.
TEST(MemoryInterfaceLimits, ABeatLetsAnotherOnePassThreeCyclesLater) {
  Bench b("nv_small");
  b.memory.set_outstanding_limits(2, 2);
  b.memory.read(Client::kSdp, {}, 0x1000, 8 * 8, 0, 0);
  b.scheduler.advance(50);
  b.memory.complete(b.port.bursts[0].id, 50);
  b.scheduler.advance(60);
  b.memory.complete(b.port.bursts[1].id, 60);
  b.memory.complete(b.port.bursts[2].id, 60);
  b.scheduler.advance(100);
  EXPECT_EQ(b.issued(), std::vector<Cycle>({0, 1, 53, 63, 64}));
}

// Three bursts stand between arbiter and counter when the second client asks, two on branch master.
TEST(MemoryInterfaceLimits, WhoGetsASlotWasDecidedBeforeItIsFree) {
  for (const auto& [configuration, order] :
       {std::pair{"nv_small", "ssssdsds"}, std::pair{"nv_small_256", "sssdsdsd"}}) {
    Bench b(configuration);
    const auto beat = b.hardware.dbb_width_bytes;
    b.memory.set_outstanding_limits(1, 1);
    while (b.memory.read_ready(Client::kSdp)) b.memory.read(Client::kSdp, {}, 0x1000, beat, 0, 0);
    b.owner.refill = [&](Client client, Cycle at) { b.memory.read(client, {}, 0x1000, beat, 0, at + 1); };
    b.scheduler.advance(40);
    while (b.memory.read_ready(Client::kCdmaDat)) b.memory.read(Client::kCdmaDat, {}, 0x1000, beat, 0, 40);
    for (Cycle at = 50; at < 120; at += 10) {
      b.scheduler.advance(at);
      b.memory.complete(b.port.bursts.back().id, at);
    }
    b.scheduler.advance(119);
    EXPECT_EQ(b.order(), order) << configuration;
  }
}

// The same where memory accepts one read at a time: two more stand in the registers in front of the bus.
TEST(MemoryInterfaceLimits, AMemoryThatAcceptsNoMoreFillsTheRegistersInFrontOfIt) {
  Scheduler scheduler;
  const HardwareParameters hardware = preset("nv_small");
  MemoryInterface interface(scheduler, hardware, MemorySpace::kDbb);
  BenchMemory memory(scheduler, interface, hardware.dbb_width_bytes, {50, 8, 1});
  Owner owner;
  for (const Client client : {Client::kSdp, Client::kCdmaDat}) interface.connect(client, owner, 0);
  interface.read(Client::kSdp, {}, 0x1000, 8 * 16, 0, 0);
  scheduler.advance(40);
  interface.read(Client::kCdmaDat, {}, 0x8000, 8 * 16, 0, 40);
  scheduler.advance(500);
  std::vector<Cycle> issued;
  std::string order;
  for (const Burst& burst : memory.bursts) {
    order += burst.client == Client::kSdp ? 's' : 'd';
    issued.push_back(burst.issued);
  }
  EXPECT_EQ(order.substr(0, 10), "ssssssdsds");
  // Accepted in cycles 0, 51, 102, ...
  issued.resize(5);
  EXPECT_EQ(issued, std::vector<Cycle>({0, 1, 2, 53, 104}));
}

TEST(MemoryInterfaceLimits, AFullLatencyFifoStopsItsClientOnlyAndUntilItIsRead) {
  Bench b;
  b.memory.connect(Client::kSdp, b.owner, 8);
  b.memory.read(Client::kSdp, {}, 0x1000, 512, 0, 0);
  b.memory.read(Client::kSdp, {}, 0x2000, 64, 0, 0);
  b.memory.read(Client::kPdp, {}, 0x1000, 1024, 0, 0);
  b.scheduler.advance(100);
  EXPECT_EQ(b.order(), "spsppp");
  // Data alone give no room: they lie in the FIFO.
  b.memory.complete(b.port.bursts[0].id, 100);
  b.scheduler.advance(110);
  EXPECT_EQ(b.port.bursts.size(), 6U);
  b.memory.release(Client::kSdp, 1);
  b.scheduler.advance(110);
  EXPECT_EQ(b.order(), "spsppps");
}

// -- Writes ---------------------------------------------------------------------------------------

// nv_full packs what begins inside a beat: 21 atoms of 32 bytes from the second half of a beat on are chunks
// of 4, 4 and 3 beats on the bus and of 3, 4 and 4 in the client's latency FIFO
// (tests/rtl_cases/seen/mixed_s1_nv_full: the second goes when seven places are free).
TEST(MemoryInterfaceLimits, WhatBeginsInsideABeatIsPackedInTheLatencyFifo) {
  for (const Client client : {Client::kPdp, Client::kSdpN}) {
    Bench b;
    b.memory.connect(client, b.owner, 7);
    b.memory.read(client, {}, 0x1020, 21 * 32, 0, 0);
    b.scheduler.advance(50);
    ASSERT_EQ(b.port.bursts.size(), 2U);
    b.memory.release(client, 3);
    b.scheduler.advance(60);
    EXPECT_EQ(b.port.bursts.size(), 2U);
    b.memory.release(client, 1);
    b.scheduler.advance(70);
    ASSERT_EQ(b.port.bursts.size(), 3U);
    const std::vector<std::uint32_t> beats = {4, 4, 3}, places = {3, 4, 4};
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(b.port.bursts[i].beats, beats[i]) << i;
      b.memory.complete(b.port.bursts[i].id, 100 + 10 * static_cast<Cycle>(i));
    }
    ASSERT_EQ(b.owner.reads.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(b.owner.reads[i].places, places[i]) << i;
  }
}

TEST(MemoryInterfaceReset, LateCompletionsOfOlderBurstsAreIgnored) {
  Bench b;
  b.memory.read(Client::kSdp, {}, 0x1000, 256, 1, 0);
  b.memory.write(Client::kSdp, {}, 0x1000, 256, 2, 0);
  b.scheduler.advance(10);
  const std::vector<Burst> old = b.port.bursts;
  b.memory.reset();
  b.scheduler.clear();
  EXPECT_TRUE(b.memory.idle());
  EXPECT_EQ(b.memory.traffic().total(), 0U);
  for (const Burst& burst : old) b.memory.complete(burst.id, 20);
  // The same slots are used again by new requests: the old numbers must not reach them.
  b.memory.read(Client::kSdp, {}, 0x3000, 256, 3, 20);
  b.memory.write(Client::kSdp, {}, 0x3000, 256, 4, 20);
  b.scheduler.advance(30);
  for (const Burst& burst : old) b.memory.complete(burst.id, 40);
  EXPECT_TRUE(b.owner.reads.empty());
  EXPECT_TRUE(b.owner.acknowledged.empty());
  for (std::size_t i = old.size(); i < b.port.bursts.size(); ++i) b.memory.complete(b.port.bursts[i].id, 50);
  ASSERT_EQ(b.owner.reads.size(), 1U);
  EXPECT_EQ(b.owner.reads[0].tag, 3U);
  ASSERT_EQ(b.owner.acknowledged.size(), 1U);
  EXPECT_EQ(b.owner.acknowledged[0].first, 4U);
}

TEST(MemoryInterfaceReset, ACompletionThatWasNeverIssuedIsIgnored) {
  Bench b;
  b.memory.complete(0, 10);
  b.memory.complete(~std::uint64_t{0}, 10);
  EXPECT_TRUE(b.memory.idle());
}

TEST(MemoryInterfaceReset, RestoresWeightsAndLimits) {
  Bench b;
  b.memory.set_outstanding_limits(4, 4);
  b.memory.set_read_weight(Client::kSdp, 0);
  b.memory.reset();
  b.memory.read(Client::kSdp, {}, 0x1000, 512, 0, 0);
  b.scheduler.advance(100);
  EXPECT_EQ(b.port.bursts.size(), 2U);
}

// -- Order of responses ------------------------------------------------------------------------------

TEST(MemoryInterfaceOrder, AResponseThatOvertakesWaitsForThoseBeforeIt) {
  Bench b;
  b.memory.read(Client::kSdp, {}, 0x80000000, 512, 1, 0);  // two chunks of four beats
  b.memory.read(Client::kSdp, {}, 0x90000000, 64, 2, 0);
  b.scheduler.advance(20);
  ASSERT_EQ(b.port.bursts.size(), 3U);
  b.scheduler.advance(100);
  b.memory.complete(b.port.bursts[2].id, 100);
  b.memory.complete(b.port.bursts[1].id, 100);
  EXPECT_TRUE(b.owner.reads.empty());
  b.scheduler.advance(200);
  b.memory.complete(b.port.bursts[0].id, 200);
  ASSERT_EQ(b.owner.reads.size(), 1U);
  EXPECT_EQ(b.owner.reads[0].last_beat, 200);
  // Then their beats pass over the port, one a cycle.
  b.scheduler.advance(203);
  EXPECT_EQ(b.owner.reads.size(), 1U);
  b.scheduler.advance(204);
  ASSERT_EQ(b.owner.reads.size(), 2U);
  EXPECT_EQ(b.owner.reads[1].first_beat, 201);
  EXPECT_EQ(b.owner.reads[1].tag, 1U);
  b.scheduler.advance(205);
  ASSERT_EQ(b.owner.reads.size(), 3U);
  EXPECT_EQ(b.owner.reads[2].tag, 2U);
  EXPECT_TRUE(b.memory.idle());
}

TEST(MemoryInterfaceOrder, ClientsDoNotWaitForEachOther) {
  Bench b;
  b.memory.read(Client::kSdp, {}, 0x80000000, 64, 1, 0);
  b.memory.read(Client::kPdp, {}, 0x90000000, 64, 2, 0);
  b.scheduler.advance(10);
  b.memory.complete(b.port.bursts[1].id, 10);
  ASSERT_EQ(b.owner.reads.size(), 1U);
  EXPECT_EQ(b.owner.reads[0].client, Client::kPdp);
  EXPECT_EQ(b.owner.reads[0].last_beat, 10);
}

TEST(MemoryInterfaceOrder, WhatIsHeldBackCountsAsOpen) {
  Bench b;
  b.memory.set_outstanding_limits(4, 4);
  b.memory.read(Client::kSdp, {}, 0x80000000, 64, 1, 0);
  b.memory.read(Client::kSdp, {}, 0x90000000, 192, 2, 0);
  b.scheduler.advance(10);
  b.memory.read(Client::kPdp, {}, 0xa0000000, 256, 3, 10);
  b.memory.complete(b.port.bursts[1].id, 20);
  b.scheduler.advance(30);
  EXPECT_EQ(b.port.bursts.size(), 2U);  // four beats are open still
  b.memory.complete(b.port.bursts[0].id, 30);
  b.scheduler.advance(32);
  EXPECT_EQ(b.port.bursts.size(), 2U);
  b.scheduler.advance(40);
  EXPECT_EQ(b.order(), "sspppp");
}

TEST(MemoryInterfaceOrder, AnAnswerThatComesTwiceOrAfterAResetIsIgnored) {
  Bench b;
  b.memory.read(Client::kSdp, {}, 0x80000000, 64, 1, 0);
  b.memory.read(Client::kSdp, {}, 0x90000000, 64, 2, 0);
  b.scheduler.advance(10);
  b.memory.complete(b.port.bursts[1].id, 10);
  b.memory.complete(b.port.bursts[1].id, 10);
  EXPECT_TRUE(b.owner.reads.empty());
  b.memory.reset();
  b.memory.complete(b.port.bursts[0].id, 11);
  b.scheduler.advance(100);
  EXPECT_TRUE(b.owner.reads.empty());
  EXPECT_TRUE(b.memory.idle());
}

}  // namespace
}  // namespace nvdla::engine
