// SPDX-License-Identifier: Apache-2.0
// Proves that a layer's part of a port is where its phases put it, and that none of its bytes is lost.
#include "engine/levels/port_profile.h"

#include <gtest/gtest.h>

#include <random>

namespace nvdla::engine {
namespace {

constexpr double kBeat = 4;  // 16 of 64 bytes a cycle
constexpr std::uint64_t kBus = 64;
constexpr auto kDbb = static_cast<std::size_t>(MemorySpace::kDbb);

memory::MemorySystem slow_memory() { return {{50, 16, 256}, std::nullopt}; }

ClosedLayer layer_of(Engine engine, std::vector<amaix::Phase> phases) {
  ClosedLayer layer;
  ClosedOperation head;
  head.engine = engine;
  head.phases = std::move(phases);
  for (const amaix::Phase& phase : head.phases) layer.cycles += phase.cycles;
  layer.operations.push_back(head);
  return layer;
}

double share(const PortProfile& profile, double at) {
  const amaix::PortUse use = profile.at(at);
  return use.read[kDbb] + use.write[kDbb];
}

// Cycles of the port.
double work(const PortProfile& profile, double until) {
  double sum = 0;
  for (double at = 0; at < until; at += 1) sum += share(profile, at + 0.5);
  return sum;
}

TEST(PortProfile, ABoundPhaseNeedsAllTheOthersShareTheRest) {
  ClosedLayer layer = layer_of(
      Engine::kPdp, {{Resource::kDbbLatency, 50}, {Resource::kDbbBandwidth, 100}, {Resource::kPdpCore, 200}});
  layer.operations[0].dbb.read[2] = 30 * kBus;
  layer.operations[0].dbb.written[2] = 20 * kBus;
  const PortProfile profile(layer, 0, slow_memory(), preset("nv_full"));
  EXPECT_EQ(share(profile, 25), 0);
  EXPECT_DOUBLE_EQ(share(profile, 100), 1);
  EXPECT_DOUBLE_EQ(profile.at(100).read[kDbb], 0.6) << "30 of 50 beats";
  EXPECT_DOUBLE_EQ(share(profile, 200), (50 * kBeat - 100) / 200);
  EXPECT_EQ(share(profile, 351), 0);
  EXPECT_NEAR(work(profile, 350), 50 * kBeat, 1e-9);
  EXPECT_EQ(profile.next_change(0), 50);
  EXPECT_EQ(profile.next_change(50), 150);
  EXPECT_EQ(profile.at(100).clients[kDbb], 1);
  EXPECT_EQ(profile.at(100).depth[kDbb], 61) << "PDP's latency FIFO";
  EXPECT_EQ(profile.at(100).left[kDbb], 250);
  EXPECT_TRUE(profile.reads(MemorySpace::kDbb));
  EXPECT_FALSE(profile.reads(MemorySpace::kCvsram));
}

// A store at the end of its reads has writes left, and asks for nothing before its first datum can be there.
TEST(PortProfile, ReadsEndBeforeWritesWhereThatIsKnown) {
  ClosedLayer layer = layer_of(
      Engine::kBdma, {{Resource::kDataFetch, 10}, {Resource::kDbbLatency, 50}, {Resource::kBdmaCore, 400}});
  layer.operations[0].dbb.read[0] = 40 * kBus;
  layer.operations[0].dbb.written[0] = 40 * kBus;
  layer.first_write = 100;
  layer.fetched = 360;
  const PortProfile profile(layer, 0, slow_memory(), preset("nv_full"));
  EXPECT_EQ(share(profile, 5), 0);
  EXPECT_GT(profile.at(80).read[kDbb], 0.5);
  EXPECT_EQ(profile.at(80).write[kDbb], 0);
  EXPECT_GT(profile.at(200).read[kDbb], 0.5);
  EXPECT_GT(profile.at(200).write[kDbb], 0.2);
  EXPECT_EQ(profile.at(400).read[kDbb], 0);
  EXPECT_GT(profile.at(400).write[kDbb], 0.5);
  EXPECT_EQ(profile.at(300).left[kDbb], 60);
  EXPECT_NEAR(work(profile, 460), 80 * kBeat, 1e-9);
}

TEST(PortProfile, ALayerThatWaitsNeedsNothing) {
  ClosedLayer layer = layer_of(Engine::kCdp, {{Resource::kDbbBandwidth, 100}});
  layer.operations[0].dbb.read[3] = 10 * kBus;
  const PortProfile profile(layer, 70, slow_memory(), preset("nv_full"));
  EXPECT_EQ(share(profile, 69), 0);
  EXPECT_DOUBLE_EQ(share(profile, 71), 0.4);
  EXPECT_EQ(profile.next_change(0), 70);
  EXPECT_FALSE(profile.over(profile.part_at(0)));
  EXPECT_TRUE(profile.over(profile.part_at(171)));
}

ClosedLayer convolution() {
  ClosedLayer layer = layer_of(Engine::kConv, {{Resource::kDbbLatency, 50},
                                               {Resource::kDbbBandwidth, 40},
                                               {Resource::kMacArray, 60},
                                               {Resource::kMacArray, 50},
                                               {Resource::kDbbLatency, 50}});
  layer.first_write = 100;
  layer.other_interrupts = {{Interrupt::kCdmaData, 0, 90.0}, {Interrupt::kCdmaWeight, 0, 120.0}};
  layer.operations[0].dbb.read[static_cast<std::size_t>(Client::kCdmaDat)] = 5 * kBus;
  layer.operations[0].dbb.read[static_cast<std::size_t>(Client::kCdmaWt)] = 8 * kBus;
  ClosedOperation sdp;
  sdp.engine = Engine::kSdp;
  sdp.dbb.written[1] = 11 * kBus;
  layer.operations.push_back(sdp);
  return layer;
}

TEST(PortProfile, AConvolutionReadsUntilItsInterruptsAndWritesFromItsFirstResultOn) {
  const PortProfile profile(convolution(), 0, slow_memory(), preset("nv_full"));
  // 13 reads: 40 cycles where the port binds, 12 of the 30 up to the last weights; 44 of writes over 100.
  EXPECT_DOUBLE_EQ(profile.at(60).read[kDbb], 1);
  EXPECT_DOUBLE_EQ(profile.at(95).read[kDbb], 12.0 / 30);
  EXPECT_EQ(profile.at(95).write[kDbb], 0) << "before the first result";
  EXPECT_GT(profile.at(105).write[kDbb], 0.2);
  EXPECT_EQ(profile.at(150).read[kDbb], 0);
  EXPECT_EQ(share(profile, 210), 0) << "its last write is on the way back";
  EXPECT_NEAR(work(profile, 250), 24 * kBeat, 1e-9);
  EXPECT_EQ(profile.at(60).clients[kDbb], 2) << "data and weights";
  EXPECT_EQ(profile.at(95).clients[kDbb], 1) << "weights alone";
  EXPECT_EQ(profile.at(150).clients[kDbb], 0) << "nobody reads";
}

// SDP's operands beyond what its FIFOs hold are read from the first result on, so many at a time.
TEST(PortProfile, LateOperandsAreReadWhileSdpWorks) {
  const HardwareParameters& hardware = preset("nv_full");
  ClosedLayer layer = convolution();
  layer.operations[1].dbb.written[1] = 0;
  layer.operations[1].dbb.read[static_cast<std::size_t>(Client::kSdpB)] = 500 * kBus;
  layer.late_operands[kDbb] = 490;
  layer.operand_places = 2000;
  const PortProfile before(layer, 0, slow_memory(), hardware);
  layer.late_operands[kDbb] = 18;
  layer.operations[1].dbb.read[static_cast<std::size_t>(Client::kSdpB)] = 20 * kBus;
  const PortProfile profile(layer, 0, slow_memory(), hardware);
  EXPECT_EQ(before.at(150).depth[kDbb], 2000);
  EXPECT_GT(profile.at(150).read[kDbb], 0.2);
  EXPECT_NEAR(work(profile, 250), (13 + 20) * kBeat, 1e-9);
}

// Of layers whose reads and writes fill what the phases leave to the last beat, and beyond: what rounding
// leaves below nothing would be given out for ever (amaix/port_share.h).
TEST(PortProfile, NoShareIsBelowNothing) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> cycles(1, 500), at(0, 1);
  std::uniform_int_distribution<std::uint64_t> beats(0, 200);
  for (int round = 0; round < 2000; ++round) {
    ClosedLayer layer = convolution();
    layer.cycles = 0;
    for (amaix::Phase& phase : layer.operations[0].phases) layer.cycles += phase.cycles = cycles(random);
    layer.first_write = layer.cycles * at(random);
    for (ClosedInterrupt& interrupt : layer.other_interrupts) interrupt.at = layer.cycles * at(random);
    for (auto& count : layer.operations[0].dbb.read)
      if (count != 0) count = beats(random) * kBus;
    layer.operations[1].dbb.written[1] = beats(random) * kBus;
    const PortProfile profile(layer, 0, slow_memory(), preset("nv_full"));
    for (double now = 0; now < layer.cycles; now = profile.next_change(now)) {
      const amaix::PortUse use = profile.at(now);
      ASSERT_GE(use.read[kDbb], 0) << round;
      ASSERT_GE(use.write[kDbb], 0) << round;
      ASSERT_LE(use.read[kDbb] + use.write[kDbb], 1 + 1e-9) << round;
    }
  }
}

TEST(PortProfile, WeightsOfLaterGroupsAreNeededWhenTheLastGroupBegins) {
  const PortProfile profile(convolution(), 0, slow_memory(), preset("nv_full"));
  EXPECT_EQ(profile.at(60).needed[kDbb], 1);
  EXPECT_DOUBLE_EQ(profile.at(95).needed[kDbb], 30.0 / 60) << "read in 30 of the 60 cycles to the last group";
}

TEST(PortProfile, OpenReadsThatBindAreReadAtTheirPace) {
  ClosedLayer layer = layer_of(Engine::kPdp, {{Resource::kOutstanding, 1000}});
  layer.operations[0].dbb.read[2] = 20 * kBus;
  memory::MemorySystem memory = slow_memory();
  memory.dbb = {99, 64, 4};  // a beat in 25 cycles
  const PortProfile profile(layer, 0, memory, preset("nv_full"));
  EXPECT_DOUBLE_EQ(profile.at(10).read[kDbb], 0.02);
}

TEST(PortProfile, WhatIsFetchedAheadNeedsThePortFromItsFirstDatumOn) {
  ClosedFetch fetch;
  fetch.request = 10;
  fetch.reads = {{MemorySpace::kDbb, 20, 0}, {MemorySpace::kDbb, 5, 8}};
  const PortProfile profile(fetch, slow_memory(), preset("nv_full"));
  EXPECT_EQ(share(profile, 60), 0) << "request and latency";
  EXPECT_DOUBLE_EQ(share(profile, 62), 1);
  EXPECT_NEAR(work(profile, 200), 25 * kBeat, 1);
  EXPECT_EQ(profile.at(100).clients[kDbb], 2);
}

TEST(PortProfile, WhatStandsInFrontOfANewcomerIsWhatIsOpen) {
  const amaix::PortLimits limits = port_limits(slow_memory(), preset("nv_full"))[kDbb];
  EXPECT_EQ(limits.beat, kBeat);
  ClosedFetch fetch;
  fetch.reads = {{MemorySpace::kDbb, 100, 0}};
  const PortProfile profile(fetch, slow_memory(), preset("nv_full"));
  const double latency = limits.latency;
  const auto queue = [&](double at) { return profile.queue(at, MemorySpace::kDbb, limits); };
  // It has asked for a beat a cycle; the first is on its way.
  EXPECT_NEAR(queue(20).beats, 20, 1e-9);
  EXPECT_NEAR(queue(20).first, latency - 20, 1e-9);
  // All but 10 have come.
  EXPECT_NEAR(queue(latency + 90 * kBeat).beats, 10, 1e-9);
  EXPECT_EQ(queue(latency + 90 * kBeat).first, 0);
  EXPECT_EQ(queue(latency + 101 * kBeat).beats, 0);
  EXPECT_EQ(profile.queue(20, MemorySpace::kCvsram, limits).beats, 0);
}

// CDMA does not wait for what is behind it: its reads are on their way, however long its own path takes.
TEST(PortProfile, CdmaAsksForABurstACycleBeforeItsKernelGroups) {
  const HardwareParameters& hardware = preset("nv_small_256_full");
  ASSERT_EQ(hardware.max_burst_beats, 4U);
  const memory::MemorySystem memory = slow_memory();
  const amaix::PortLimits limits = port_limits(memory, hardware)[kDbb];
  ClosedLayer layer;
  layer.cycles = 2000;
  layer.first_write = 1900;
  ClosedOperation conv;
  conv.engine = Engine::kConv;
  conv.phases = {
      {Resource::kDbbLatency, limits.latency}, {Resource::kDataFetch, 1000}, {Resource::kMacArray, 900}};
  conv.dbb.read[static_cast<std::size_t>(Client::kCdmaDat)] = 200 * hardware.dbb_width_bytes;
  layer.operations = {conv};
  layer.other_interrupts = {{Interrupt::kCdmaData, 0, limits.latency + 1000}};
  const PortProfile profile(layer, 0, memory, hardware);
  EXPECT_NEAR(profile.queue(10, MemorySpace::kDbb, limits).beats, 40, 1e-9);
  // With kernel groups under way it asks for no more than there is room for, which is not known.
  EXPECT_EQ(profile.queue(limits.latency + 1100, MemorySpace::kDbb, limits).beats, 0);
}

// Operands that SDP's latency FIFO holds have been read before CDMA reads: they take no turns.
TEST(PortProfile, OperandsThatAFifoHoldsTakeNoTurns) {
  const HardwareParameters& hardware = preset("nv_full");
  const std::uint64_t fifo = hardware.read_latency_fifo_beats[static_cast<std::size_t>(Client::kSdpB)];
  for (const std::uint64_t beats : {fifo, fifo + 1}) {
    ClosedLayer layer;
    layer.cycles = 5000;
    layer.first_write = 4900;
    ClosedOperation conv, sdp;
    conv.engine = Engine::kConv;
    conv.phases = {{Resource::kDbbBandwidth, 5000}};
    conv.dbb.read[static_cast<std::size_t>(Client::kCdmaDat)] = 1000 * hardware.dbb_width_bytes;
    sdp.engine = Engine::kSdp;
    sdp.dbb.read[static_cast<std::size_t>(Client::kSdpB)] = beats * hardware.dbb_width_bytes;
    layer.operations = {conv, sdp};
    const PortProfile profile(layer, 0, slow_memory(), hardware);
    EXPECT_EQ(profile.at(1000).clients[kDbb], beats == fifo ? 1 : 2);
  }
}

}  // namespace
}  // namespace nvdla::engine
