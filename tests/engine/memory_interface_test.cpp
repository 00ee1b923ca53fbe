// SPDX-License-Identifier: Apache-2.0
// Proves how MCIF and CVIF cut, arbitrate, limit and return requests, cycle by cycle.
#include "engine/memory_interface.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/bench_memory.h"

namespace nvdla::engine {
namespace {

struct Port : BusPort {
  void issue(const Burst& burst) override { bursts.push_back(burst); }
  [[nodiscard]] Cycle write_room(std::uint32_t ahead, Cycle now) override {
    asked_ahead = ahead;
    return says_now ? now : room_at;
  }
  bool says_now = false;
  std::uint32_t asked_ahead = 0;
  Cycle room_at = 0;  // writes are taken from then on
  std::vector<Burst> bursts;
};

struct Owner : MemoryClient {
  void on_read(const ReadReturn& data) override { reads.push_back(data); }
  void on_write_acknowledged(const WriteReturn& write) override {
    acknowledged.push_back({write.tag, write.at});
  }
  void on_room(Client client, Cycle at) override {
    rooms.push_back(at);
    if (refill) refill(client, at);
  }
  std::vector<ReadReturn> reads;
  std::vector<std::pair<std::uint64_t, Cycle>> acknowledged;
  std::vector<Cycle> rooms;
  std::function<void(Client, Cycle)> refill;
};

struct Bench {
  explicit Bench(const std::string& configuration = "nv_full")
      : hardware(preset(configuration)), memory(scheduler, hardware, MemorySpace::kDbb) {
    memory.bind(port);
    for (const Client client : {Client::kSdp, Client::kPdp, Client::kCdmaDat, Client::kCdmaWt})
      memory.connect(client, owner, 0);
    memory.reset();
  }
  [[nodiscard]] std::vector<Cycle> issued() const {
    std::vector<Cycle> result;
    for (const Burst& burst : port.bursts) result.push_back(burst.issued);
    return result;
  }
  // Each client as a letter, in the order of grants.
  [[nodiscard]] std::string order() const {
    std::string result;
    for (const Burst& burst : port.bursts)
      result += burst.client == Client::kSdp       ? 's'
                : burst.client == Client::kPdp     ? 'p'
                : burst.client == Client::kCdmaDat ? 'd'
                                                   : 'w';
    return result;
  }
  // The client asks for four beats, again and again.
  void saturate(Client client) {
    const auto ask = [this](Client who, Cycle at) {
      while (memory.read_ready(who)) memory.read(who, {}, 0x1000, 256, 0, at);
    };
    owner.refill = ask;
    ask(client, scheduler.now());
  }

  HardwareParameters hardware;
  Scheduler scheduler;
  MemoryInterface memory;
  Port port;
  Owner owner;
};

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
  EXPECT_EQ(b.memory.write_backlog(Client::kSdp, 3), 0U);  // on its way
  EXPECT_EQ(b.memory.write_backlog(Client::kSdp, 4), 1U);
  b.scheduler.advance(due);
  ASSERT_EQ(b.port.bursts.size(), 2U);
  EXPECT_TRUE(b.port.bursts[1].write);
  EXPECT_EQ(b.port.bursts[1].issued, due);
  EXPECT_EQ(b.port.asked_ahead, paths::kWriteAhead.cycles());
  EXPECT_EQ(b.memory.write_backlog(Client::kSdp, due + 1), 0U);
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

// Two pipes of READ_IG_bpt and the client's, which is one, or two for CDMA's data and, in V1, SDP: each holds
// two.
TEST(MemoryInterfaceArbiter, APipeHoldsTwoRequests) {
  for (const auto& [configuration, sdp] : {std::pair{"nv_full", 8}, std::pair{"nv_small", 6}}) {
    Bench b(configuration);
    for (const auto& [client, places] : {std::pair{Client::kSdp, sdp}, std::pair{Client::kPdp, 6},
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
  b.scheduler.advance(200);
  EXPECT_EQ(b.port.bursts.size(), 3U);
}

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

// A beat less than two chunks: the second would be one too many.
TEST(MemoryInterfaceLimits, AChunkThatExceedsTheLimitByABeatWaits) {
  Bench b;
  b.memory.set_outstanding_limits(7, 7);
  b.saturate(Client::kSdp);
  b.scheduler.advance(99);
  EXPECT_EQ(b.issued(), std::vector<Cycle>({0}));
}

TEST(MemoryInterfaceLimits, AChunkAboveTheLimitGoesAlone) {
  Bench b;
  b.memory.set_outstanding_limits(1, 1);
  b.memory.read(Client::kSdp, {}, 0x1000, 512, 0, 0);
  b.scheduler.advance(50);
  EXPECT_EQ(b.port.bursts.size(), 1U);
  b.memory.complete(b.port.bursts[0].id, 50);
  b.scheduler.advance(50);
  EXPECT_EQ(b.port.bursts.size(), 2U);
}

TEST(MemoryInterfaceLimits, NobodyOvertakesTheChunkThatWaitsForTheLimit) {
  Bench b;
  b.memory.set_outstanding_limits(5, 5);
  b.memory.read(Client::kSdp, {}, 0x1000, 256, 0, 0);     // 4 beats
  b.memory.read(Client::kPdp, {}, 0x1000, 256, 0, 1);     // 4 beats: does not fit
  b.memory.read(Client::kCdmaDat, {}, 0x1000, 64, 0, 5);  // 1 beat: would fit
  b.scheduler.advance(50);
  EXPECT_EQ(b.order(), "s");
  b.memory.complete(b.port.bursts[0].id, 50);
  b.scheduler.advance(60);
  EXPECT_EQ(b.order(), "spd");
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

// -- Reset ----------------------------------------------------------------------------------------

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
  EXPECT_EQ(b.port.bursts.size(), 3U);
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
