// SPDX-License-Identifier: Apache-2.0
// Proves that causes divide the time of a network without rest: of every recorded trace, at every level, on
// memories like those of the recordings.
#include "analysis/causes.h"

#include <gtest/gtest.h>

#include "tests/analysis/traces.h"

namespace nvdla::analysis {
namespace {

struct Explained {
  Evaluation evaluation;
  std::vector<LayerCauses> layers;
};

Explained run(const Network& network, const memory::MemorySystem& memory, amaix::Level level) {
  Recorder recorder;
  Explained result;
  result.evaluation = Design(network, network.hardware()).evaluate(memory, level, {&recorder, &recorder});
  result.layers = find_causes(result.evaluation.operations, recorder, network.operations(),
                              network.hardware(), result.evaluation.cycles);
  return result;
}

class Causes : public testing::TestWithParam<std::string> {};

TEST_P(Causes, OfAllLayersAddUpToTheTotal) {
  const Network network = test::network(GetParam());
  const bool long_one = GetParam().find("alexnet") != std::string::npos;
  for (const amaix::Level level : {amaix::Level::kRoofline, amaix::Level::kRefined, amaix::Level::kDynamic}) {
    for (const auto& [latency, bandwidth] : {std::pair{50U, 64.0}, {128U, 16.0}, {20U, 8.0}}) {
      if (long_one && level == amaix::Level::kDynamic && latency != 50) continue;  // seconds each
      memory::MemorySystem memory;
      memory.dbb.latency = latency;
      memory.dbb.bytes_per_cycle = std::min<double>(bandwidth, network.hardware().dbb_width_bytes);
      const Explained r = run(network, memory, level);
      SCOPED_TRACE(std::string(amaix::level_name(level)) + ", latency " + std::to_string(latency));
      Cycle total = 0;
      std::size_t operations = 0;
      for (const LayerCauses& layer : r.layers) {
        EXPECT_EQ(layer.from, total) << network.name_of(layer.head);
        EXPECT_EQ(sum(layer.causes), layer.to - layer.from) << network.name_of(layer.head);
        for (const Cycle cycles : layer.causes) EXPECT_GE(cycles, 0);
        total += sum(layer.causes);
        operations += layer.operations.size();
      }
      EXPECT_GT(total, 0);
      EXPECT_EQ(total, r.evaluation.cycles);
      EXPECT_EQ(operations, r.evaluation.operations.size());
    }
  }
}
INSTANTIATE_TEST_SUITE_P(All, Causes, testing::ValuesIn(test::all_traces()),
                         [](const auto& info) { return info.param; });

Cycle of(const LayerCauses& layer, Cause cause) { return layer.causes[static_cast<std::size_t>(cause)]; }

// 65 channels and 17 kernels in fp16 on 64 x 16: the second slice has 1 channel, the second group 1 kernel.
TEST(ArrayFill, CountsWhatDoesNotExist) {
  const Network network = test::network("u_conv15_c65_14x14_k17_r3_s1_nv_full_fp16");
  const ConvolutionSequence& sequence = network.operations().convolutions[0].sequence;
  const ArrayFill fill = array_fill(sequence, network.hardware());
  EXPECT_DOUBLE_EQ(fill.kernels, 17.0 / 32);
  EXPECT_DOUBLE_EQ(fill.channels, 65.0 / 128);
  EXPECT_EQ(multiplications(sequence), 14ULL * 14 * 17 * 9 * 65);
  const Explained r = run(network, test::memory_of(network.hardware()), amaix::Level::kDynamic);
  ASSERT_EQ(r.layers.size(), 1U);
  const LayerCauses& layer = r.layers[0];
  const Cycle array =
      of(layer, Cause::kMacActive) + of(layer, Cause::kMacKernels) + of(layer, Cause::kMacChannels);
  EXPECT_GT(array, 0);
  EXPECT_NEAR(static_cast<double>(of(layer, Cause::kMacActive)), array * fill.kernels * fill.channels, 1);
  EXPECT_NEAR(static_cast<double>(of(layer, Cause::kMacKernels)), array * 15.0 / 32, 1);
}

// A fully connected layer waits for its weights: with a quarter of the bandwidth most of the time is the bus.
TEST(Causes, OfAFullyConnectedLayerAreItsWeights) {
  const Network network = test::network("u_fc_1024_1000_nv_full_int8");
  memory::MemorySystem memory = test::memory_of(network.hardware());
  memory.dbb.bytes_per_cycle = 16;
  const Explained r = run(network, memory, amaix::Level::kDynamic);
  ASSERT_EQ(r.layers.size(), 1U);
  EXPECT_GT(of(r.layers[0], Cause::kDbbBandwidth), r.evaluation.cycles / 2);
}

// What comes before the first layer is enabled is the CPU's: nothing else can have those cycles.
TEST(Causes, BeforeTheFirstEnableAreTheCpus) {
  const Network network = test::network("lenet_nv_full_int8");
  const Explained r = run(network, test::memory_of(network.hardware()), amaix::Level::kDynamic);
  const LayerCauses& first = r.layers.front();
  EXPECT_GE(of(first, Cause::kProgramming) + of(first, Cause::kDriver), first.begin);
  EXPECT_GT(of(first, Cause::kProgramming), 0);
}

// SDP of nv_small takes an element a cycle: behind the last atomic operation it still has results to take,
// and nobody else is the reason.
TEST(Causes, WhatWaitsForSdpIsDelivery) {
  const Network network = test::network("u_conv06_c64_56x56_k64_r1_s1_nv_small_int8");
  const Explained r = run(network, test::memory_of(network.hardware()), amaix::Level::kDynamic);
  Cycle delivery = 0;
  for (const LayerCauses& layer : r.layers) delivery += of(layer, Cause::kDelivery);
  EXPECT_GT(delivery, 0);
}

}  // namespace
}  // namespace nvdla::analysis
