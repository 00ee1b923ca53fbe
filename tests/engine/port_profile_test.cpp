// SPDX-License-Identifier: Apache-2.0
// Proves that a layer's part of a port is where its phases put it, and that none of its bytes is lost.
#include "engine/levels/port_profile.h"

#include <gtest/gtest.h>

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

// Cycles of the port.
double work(const PortProfile& profile, double until) {
  double sum = 0;
  for (double at = 0; at < until; at += 1) sum += profile.at(at + 0.5).share[kDbb];
  return sum;
}

TEST(PortProfile, ABoundPhaseNeedsAllTheOthersShareTheRest) {
  ClosedLayer layer = layer_of(
      Engine::kPdp, {{Resource::kDbbLatency, 50}, {Resource::kDbbBandwidth, 100}, {Resource::kPdpCore, 200}});
  layer.operations[0].dbb.read[2] = 30 * kBus;
  layer.operations[0].dbb.written[2] = 20 * kBus;
  const PortProfile profile(layer, 0, slow_memory(), preset("nv_full"));
  EXPECT_EQ(profile.at(25).share[kDbb], 0);
  EXPECT_EQ(profile.at(100).share[kDbb], 1);
  EXPECT_DOUBLE_EQ(profile.at(200).share[kDbb], (50 * kBeat - 100) / 200);
  EXPECT_EQ(profile.at(351).share[kDbb], 0);
  EXPECT_NEAR(work(profile, 350), 50 * kBeat, 1e-9);
  EXPECT_EQ(profile.next_change(0), 50);
  EXPECT_EQ(profile.next_change(50), 150);
  EXPECT_EQ(profile.at(100).weight, 1);
}

TEST(PortProfile, ALayerThatWaitsNeedsNothing) {
  ClosedLayer layer = layer_of(Engine::kCdp, {{Resource::kDbbBandwidth, 100}});
  layer.operations[0].dbb.read[3] = 10 * kBus;
  const PortProfile profile(layer, 70, slow_memory(), preset("nv_full"));
  EXPECT_EQ(profile.at(69).share[kDbb], 0);
  EXPECT_DOUBLE_EQ(profile.at(71).share[kDbb], 0.4);
  EXPECT_EQ(profile.next_change(0), 70);
}

TEST(PortProfile, AConvolutionReadsUntilItsInterruptsAndWritesFromItsFirstAtomicOperationOn) {
  ClosedLayer layer =
      layer_of(Engine::kConv,
               {{Resource::kDbbLatency, 50}, {Resource::kDbbBandwidth, 40}, {Resource::kMacArray, 110}});
  layer.other_interrupts = {{Interrupt::kCdmaData, 0, 90.0}, {Interrupt::kCdmaWeight, 0, 120.0}};
  layer.operations[0].dbb.read[static_cast<std::size_t>(Client::kCdmaDat)] = 5 * kBus;
  layer.operations[0].dbb.read[static_cast<std::size_t>(Client::kCdmaWt)] = 8 * kBus;
  ClosedOperation sdp;
  sdp.engine = Engine::kSdp;
  sdp.dbb.written[1] = 11 * kBus;
  layer.operations.push_back(sdp);
  const PortProfile profile(layer, 0, slow_memory(), preset("nv_full"));
  // 13 reads: 40 cycles where the port binds, 12 of the 30 up to the last weights; 44 of writes over 110.
  EXPECT_EQ(profile.at(60).share[kDbb], 1);
  EXPECT_GT(profile.at(100).share[kDbb], 0.4);
  EXPECT_LT(profile.at(150).share[kDbb], profile.at(100).share[kDbb]);
  EXPECT_NEAR(work(profile, 200), 24 * kBeat, 1e-9);
  EXPECT_EQ(profile.at(60).weight, 2) << "data and weights";
  EXPECT_EQ(profile.at(100).weight, 1) << "weights alone";
  EXPECT_EQ(profile.at(150).weight, 1) << "nobody reads";
}

TEST(PortProfile, OpenReadsThatBindCountAsThePort) {
  ClosedLayer layer = layer_of(Engine::kPdp, {{Resource::kOutstanding, 1000}});
  layer.operations[0].dbb.read[2] = 20 * kBus;
  memory::MemorySystem memory = slow_memory();
  memory.dbb = {99, 64, 4};  // a beat in 25 cycles
  const PortProfile profile(layer, 0, memory, preset("nv_full"));
  EXPECT_DOUBLE_EQ(profile.at(10).share[kDbb], 0.5);
}

}  // namespace
}  // namespace nvdla::engine
