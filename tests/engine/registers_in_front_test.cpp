// SPDX-License-Identifier: Apache-2.0
// Proves what stands in the registers between MCIF's arbiters and a memory that is slow to take it, and so
// when it is decided who goes next.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/engine/bench_memory.h"
#include "tests/engine/interface_bench.h"

namespace nvdla::engine {
namespace {

using interface_test::Owner;

struct Slow {
  Slow(const std::string& configuration, const MemorySettings& settings)
      : hardware(preset(configuration)),
        interface(scheduler, hardware, MemorySpace::kDbb),
        memory(scheduler, interface, hardware.dbb_width_bytes, settings) {
    for (const Client client : {Client::kSdp, Client::kPdp, Client::kCdmaDat})
      interface.connect(client, owner, 0);
  }
  // Beats that are asked for in cycle `at`.
  void read(Client client, std::uint32_t beats, Cycle at) {
    scheduler.advance(at);
    interface.read(client, {}, 0x1000, beats * hardware.dbb_width_bytes, 0, at);
  }
  void write(Client client, Cycle at) {
    scheduler.advance(at);
    interface.write(client, {}, 0x1000, hardware.dbb_width_bytes, 0, at);
  }
  [[nodiscard]] std::vector<Cycle> issued() const {
    std::vector<Cycle> result;
    for (const Burst& burst : memory.bursts) result.push_back(burst.issued);
    return result;
  }
  [[nodiscard]] std::string order() const {
    std::string result;
    for (const Burst& burst : memory.bursts)
      result += burst.client == Client::kSdp ? 's' : burst.client == Client::kPdp ? 'p' : 'd';
    return result;
  }

  const HardwareParameters hardware;
  Scheduler scheduler;
  MemoryInterface interface;
  BenchMemory memory;
  Owner owner;
};

// A chunk of nv_full is four bursts of a beat (READ_IG_spt). The last two of the second stand behind the two
// that fit in front of the bus; the memory takes addresses in cycles 51, 54 and 58.
TEST(RegistersInFront, AChunkOfSeveralBurstsPassesBurstByBurst) {
  Slow slow("nv_full", {50, 16, 4});
  slow.read(Client::kSdp, 8, 0);
  slow.scheduler.advance(400);
  EXPECT_EQ(slow.issued(), std::vector<Cycle>({0, 4, 5, 53, 56}));
}

// The third chunk's bursts pass in cycles 58, 60, 64 and 68; the arbiter decides about the fourth when the
// second of them has: three places are free behind it.
TEST(RegistersInFront, TheArbiterDecidesWhileAChunkPasses) {
  for (const bool in_time : {true, false}) {
    Slow slow("nv_full", {50, 16, 4});
    slow.read(Client::kSdp, 16, 0);
    slow.read(Client::kCdmaDat, 4, in_time ? 60 : 70);
    slow.scheduler.advance(600);
    EXPECT_EQ(slow.order(), in_time ? "sssssssssddddssss" : "sssssssssssssdddd");
  }
}

// The memory takes an address in cycles 0, 51 and 102. The register behind the one that stands on the bus
// takes the third in the cycle in which it comes free; on branch master not any more later.
TEST(RegistersInFront, BranchMastersSkidRegisterStaysEmptyWhenNothingComesInTime) {
  for (const std::string configuration : {"nv_small", "nv_small_256"}) {
    SCOPED_TRACE(configuration);
    Slow in_time(configuration, {50, 8, 1});
    in_time.read(Client::kSdp, 3, 0);
    in_time.scheduler.advance(400);
    EXPECT_EQ(in_time.issued(), std::vector<Cycle>({0, 1, 2}));
    Slow late(configuration, {50, 8, 1});
    late.read(Client::kSdp, 2, 0);
    late.read(Client::kSdp, 1, 10);
    late.scheduler.advance(400);
    EXPECT_EQ(late.issued(), std::vector<Cycle>({0, 1, configuration == "nv_small" ? 10 : 53}));
  }
}

// The same behind the arbiter: what is asked for late is decided about late.
TEST(RegistersInFront, BranchMastersArbiterWaitsForTheRegisterBehindIt) {
  for (const std::string configuration : {"nv_small", "nv_small_256"}) {
    SCOPED_TRACE(configuration);
    Slow slow(configuration, {50, 8, 1});
    slow.read(Client::kSdp, 4, 0);
    slow.read(Client::kSdp, 1, 10);
    slow.read(Client::kCdmaDat, 1, 20);
    slow.scheduler.advance(600);
    EXPECT_EQ(slow.order(), configuration == "nv_small" ? "sssssd" : "ssssds");
  }
}

// READ_IG_bpt of branch master: a request that comes while the last chunk of the one before is cut off it
// goes a cycle later; one that has come before is there.
TEST(RegistersInFront, ARequestBehindOneOfTwoChunksGoesACycleLaterIfItComesJustInTime) {
  for (const std::string configuration : {"nv_small", "nv_small_256"}) {
    SCOPED_TRACE(configuration);
    Slow slow(configuration, {50, 8, 64});
    slow.read(Client::kSdp, 2, 0);
    slow.read(Client::kSdp, 2, 1);
    slow.read(Client::kSdp, 1, 4);
    slow.scheduler.advance(600);
    EXPECT_EQ(slow.issued(), std::vector<Cycle>({0, 1, 2, 3, configuration == "nv_small" ? 4 : 5}));
  }
}

// Two places of the client's latency FIFO come free while another client has its turn; its own is two chunks
// long. READ_IG_bpt lets the second chunk go when its place is free: on branch master it does not get into
// the skid register of the first, which has been seen to stand, and comes too late to use the turn.
TEST(RegistersInFront, AChunkWhosePlaceComesFreeLateReachesBranchMastersArbiterLate) {
  for (const bool late : {false, true}) {
    for (const std::string configuration : {"nv_small", "nv_small_256"}) {
      SCOPED_TRACE(configuration + (late ? ", late" : ", in time"));
      interface_test::Bench b(configuration);
      b.memory.connect(Client::kSdp, b.owner, 2);
      b.memory.set_read_weight(Client::kSdp, 2);
      b.memory.set_read_weight(Client::kCdmaDat, 8);
      b.saturate(Client::kSdp);
      b.saturate(Client::kCdmaDat);
      b.scheduler.advance(20);
      b.memory.release(Client::kSdp, late ? 1 : 2);
      b.scheduler.advance(22);
      if (late) b.memory.release(Client::kSdp, 1);
      b.scheduler.advance(40);
      EXPECT_EQ(b.order(), late && configuration == "nv_small_256"
                               ? "ddddddddssddddddddddddddddsddddddddsddddd"
                               : "ddddddddssddddddddddddddddssddddddddddddd");
    }
  }
}

// WRITE_IG_arb has no winner while the stage behind it is full.
TEST(RegistersInFront, WritesAreDecidedWhenABeatMayGo) {
  for (const std::string configuration : {"nv_small", "nv_full", "nv_small_256"}) {
    interface_test::Bench b(configuration);
    const auto beat = b.hardware.dbb_width_bytes;
    b.memory.write(Client::kSdp, {}, 0x1000, beat, 0, 0);
    b.scheduler.advance(1);
    b.port.room_at = 20;
    b.memory.write(Client::kSdp, {}, 0x2000, beat, 0, 1);
    b.scheduler.advance(10);
    b.memory.write(Client::kPdp, {}, 0x3000, beat, 0, 10);
    b.scheduler.advance(60);
    EXPECT_EQ(b.order(), "sps") << configuration;
  }
}

// nv_large: a beat takes 32 cycles of the bus, the second goes in cycle 32. The third finds its register
// closed if it comes late, stands in front of it until then, and the fourth behind that.
TEST(RegistersInFront, AWriteThatComesLateKeepsTheNextOneBack) {
  for (const bool in_time : {true, false}) {
    Slow slow("nv_large", {50, 1});
    slow.write(Client::kSdp, 0);
    slow.write(Client::kPdp, 0);
    slow.write(Client::kSdp, in_time ? 1 : 10);
    slow.write(Client::kPdp, 28);
    slow.scheduler.advance(600);
    EXPECT_EQ(slow.issued(),
              in_time ? std::vector<Cycle>({1, 2, 3, 28}) : std::vector<Cycle>({1, 2, 10, 35}));
  }
}

}  // namespace
}  // namespace nvdla::engine
