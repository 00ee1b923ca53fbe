// SPDX-License-Identifier: Apache-2.0
// Proves who hears of each beat of a chunk behind a port that is slower than a beat a cycle, when, and that
// the beats of a chunk are those of the chunk told as a whole.
#include <gtest/gtest.h>

#include <vector>

#include "tests/engine/bench_memory.h"
#include "tests/engine/interface_bench.h"

namespace nvdla::engine {
namespace {

using interface_test::Owner;

struct Bench {
  explicit Bench(const MemorySettings& settings)
      : hardware(preset("nv_small_256_full")),
        interface(scheduler, hardware, MemorySpace::kDbb),
        memory(scheduler, interface, hardware.dbb_width_bytes, settings) {
    interface.connect(Client::kPdp, owner, 8);
    interface.connect(Client::kCdmaDat, owner, 0);
    interface.connect(Client::kCdmaWt, owner, 0);
  }
  Scheduler scheduler;
  HardwareParameters hardware;
  MemoryInterface interface;
  BenchMemory memory;
  Owner owner;
};

// 8 bytes a beat, 1 byte a cycle: beats come in cycles 50, 57, 65 and 73.
TEST(MemoryInterfaceBeats, AClientWithALatencyFifoHearsOfEach) {
  Bench b({50, 1});
  b.interface.read(Client::kPdp, {}, 0x1004, 26, 7, 0);
  b.scheduler.advance(60);
  ASSERT_EQ(b.owner.reads.size(), 2U);
  EXPECT_EQ(b.owner.reads[0].address, 0x1004U);
  EXPECT_EQ(b.owner.reads[0].bytes, 4U);
  EXPECT_EQ(b.owner.reads[0].last_beat, 50);
  EXPECT_EQ(b.owner.reads[1].address, 0x1008U);
  EXPECT_EQ(b.owner.reads[1].bytes, 8U);
  EXPECT_EQ(b.owner.reads[1].first_beat, 57);
  EXPECT_EQ(b.owner.reads[1].last_beat, 57);
  b.scheduler.advance(100);
  ASSERT_EQ(b.owner.reads.size(), 4U);
  EXPECT_EQ(b.owner.reads[2].last_beat, 65);
  EXPECT_EQ(b.owner.reads[3].last_beat, 73);
  EXPECT_EQ(b.owner.reads[3].bytes, 6U);
  for (const ReadReturn& read : b.owner.reads) {
    EXPECT_EQ(read.beats, 1U);
    EXPECT_EQ(read.tag, 7U);
    EXPECT_EQ(read.last_of_request, &read == &b.owner.reads.back());
  }
  EXPECT_TRUE(b.interface.idle());
  EXPECT_EQ(b.memory.bursts.size(), 1U);  // on the bus it is one
}

// The places of its first beats are free before its last beat has come: the next chunk leaves 24 cycles
// earlier than behind the whole one.
TEST(MemoryInterfaceBeats, WhatLeavesTheLatencyFifoLetsTheNextChunkGo) {
  Bench b({50, 1});
  b.interface.read(Client::kPdp, {}, 0x1000, 96, 0, 0);  // three chunks, the FIFO holds two
  b.scheduler.advance(50);
  ASSERT_EQ(b.memory.bursts.size(), 2U);
  b.scheduler.advance(51);
  ASSERT_EQ(b.owner.reads.size(), 1U);
  b.interface.release(Client::kPdp, 1);
  b.scheduler.advance(75);
  b.interface.release(Client::kPdp, 3);
  b.scheduler.advance(76);
  ASSERT_EQ(b.memory.bursts.size(), 3U);
  EXPECT_EQ(b.memory.bursts[2].issued, 75);
}

// Four beats are open, of five that may be: the first to return lets two more go, whether the port is as fast
// as the bus or not.
TEST(MemoryInterfaceBeats, TheFirstOfAChunkMakeRoomUnderTheLimit) {
  for (const int rate : {8, 1}) {
    Bench b({50, rate});
    b.interface.set_outstanding_limits(5, 5);
    b.interface.read(Client::kCdmaDat, {}, 0x1000, 32, 0, 0);
    b.interface.read(Client::kCdmaDat, {}, 0x2000, 16, 0, 1);  // two beats: one is too much
    b.interface.read(Client::kCdmaDat, {}, 0x3000, 16, 0, 2);
    b.scheduler.advance(49);
    ASSERT_EQ(b.memory.bursts.size(), 1U);
    b.scheduler.advance(200);
    ASSERT_EQ(b.memory.bursts.size(), 3U);
    const Cycle slot = paths::kReadSlot.sum();
    EXPECT_EQ(b.memory.bursts[1].issued, 50 + slot) << rate;
    // Behind two beats more, which follow a cycle or eight apart.
    EXPECT_EQ(b.memory.bursts[2].issued, (rate == 8 ? 52 : 65) + slot) << rate;
  }
}

TEST(MemoryInterfaceBeats, OthersHearOfTheWholeChunk) {
  Bench b({50, 1});
  b.interface.read(Client::kCdmaDat, {}, 0x1000, 32, 0, 0);
  b.scheduler.advance(100);
  ASSERT_EQ(b.owner.reads.size(), 1U);
  EXPECT_EQ(b.owner.reads[0].beats, 4U);
  EXPECT_EQ(b.owner.reads[0].first_beat, 50);
  EXPECT_EQ(b.owner.reads[0].last_beat, 73);
  Bench fast({50, 8});
  fast.interface.read(Client::kPdp, {}, 0x1000, 32, 0, 0);
  fast.scheduler.advance(100);
  ASSERT_EQ(fast.owner.reads.size(), 1U);
  EXPECT_EQ(fast.owner.reads[0].beats, 4U);
}

// CSC waits for a kernel group that may end with any beat; of the others there is nothing to hear.
TEST(MemoryInterfaceBeats, SoDoesCdmaOfWeightsThatMayCompleteAGroup) {
  for (const bool counted : {false, true}) {
    Bench b({50, 1});
    b.interface.read(Client::kCdmaWt, {}, 0x1000, 32, 0, 0, counted ? 0x2000 : 0);
    b.scheduler.advance(58);
    EXPECT_EQ(b.owner.reads.size(), counted ? 0U : 2U);
    b.scheduler.advance(100);
    EXPECT_EQ(b.owner.reads.size(), counted ? 1U : 4U);
  }
}

// What a reset drops is told to nobody, and what comes behind it is told in its own time.
TEST(MemoryInterfaceBeats, AResetForgetsThem) {
  Bench b({50, 1});
  b.interface.read(Client::kPdp, {}, 0x1000, 32, 1, 0);
  b.scheduler.advance(55);
  EXPECT_EQ(b.owner.reads.size(), 1U);
  b.interface.reset();
  b.interface.read(Client::kPdp, {}, 0x2000, 32, 2, 60);
  b.scheduler.advance(200);
  ASSERT_EQ(b.owner.reads.size(), 5U);
  for (std::size_t i = 1; i < b.owner.reads.size(); ++i) {
    EXPECT_EQ(b.owner.reads[i].tag, 2U);
    EXPECT_EQ(b.owner.reads[i].last_beat, 110 + static_cast<Cycle>(i - 1) * 8 - (i > 1 ? 1 : 0));
  }
}

// A port that does not keep the order, though it tells: what it says of a chunk that has been answered is
// not another's that took its place.
TEST(MemoryInterfaceBeats, AnAnsweredChunkIsNotLookedForAnyMore) {
  struct Reordering : interface_test::Port {
    [[nodiscard]] Cycle read_return(std::uint32_t ahead, Cycle from) override {
      return ahead < 7 ? from + 1000 : from;
    }
  } port;
  Scheduler scheduler;
  const HardwareParameters hardware = preset("nv_small_256_full");
  MemoryInterface interface(scheduler, hardware, MemorySpace::kDbb);
  Owner pdp, cdp;
  interface.bind(port);
  interface.connect(Client::kPdp, pdp, 16);
  interface.connect(Client::kCdp, cdp, 16);
  interface.reset();
  interface.read(Client::kPdp, {}, 0x1000, 32, 1, 0);
  interface.read(Client::kCdp, {}, 0x2000, 32, 2, 0);
  scheduler.advance(20);
  ASSERT_EQ(port.bursts.size(), 2U);
  interface.complete(port.bursts[1].id, 20);  // overtakes
  interface.read(Client::kCdp, {}, 0x3000, 32, 3, 30);
  scheduler.advance(40);
  ASSERT_EQ(port.bursts.size(), 3U);
  interface.complete(port.bursts[0].id, 40);
  interface.read(Client::kPdp, {}, 0x4000, 32, 4, 50);  // looks again: seven beats behind the second's first
  scheduler.advance(50);
  ASSERT_EQ(cdp.reads.size(), 1U);
  EXPECT_EQ(cdp.reads[0].tag, 2U);
}

}  // namespace
}  // namespace nvdla::engine
