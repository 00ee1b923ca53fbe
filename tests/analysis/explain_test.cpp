// SPDX-License-Identifier: Apache-2.0
// Proves that an explanation counts what the run did, and that advice is the evaluation of the design it
// names.
#include "analysis/explain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "analysis/what_if.h"
#include "tests/analysis/traces.h"

namespace nvdla::analysis {
namespace {

Explanation explained(const Network& network, const memory::MemorySystem& memory, amaix::Level level) {
  return explain(network, Design(network, network.hardware()), memory, level);
}

class Advice : public testing::TestWithParam<std::string> {};

// Every "what if" of AlexNet and LeNet is the evaluation of that design, in cycles; savings are relative to
// the base, and the list is in the order of what it saves.
TEST_P(Advice, IsTheEvaluationOfTheDesignThatItNames) {
  const Network network = test::network(GetParam());
  const memory::MemorySystem memory = test::memory_of(network.hardware());
  const Explanation base = explained(network, memory, amaix::Level::kRefined);
  const std::vector<WhatIf> answers = what_if(network, base, usual_changes(base));
  std::set<std::string> keys;
  double saved = 1;
  for (const WhatIf& answer : answers) {
    SCOPED_TRACE(answer.advice);
    keys.insert(answer.change.key);
    EXPECT_FALSE(answer.advice.empty());
    if (!answer.feasible) continue;
    const Design design(network, answer.change.hardware, answer.change.compression);
    EXPECT_EQ(answer.cycles, design.evaluate(answer.change.memory, base.level).cycles);
    EXPECT_NEAR(answer.saved, 1 - static_cast<double>(answer.cycles) / base.evaluation.cycles, 1e-12);
    EXPECT_LE(answer.saved, saved);
    saved = answer.saved;
  }
  for (const char* key :
       {"dbb_bandwidth", "dbb_latency", "atomic_c", "atomic_k", "cbuf", "sdp", "pdp", "cdp"})
    EXPECT_EQ(keys.count(key), 1U) << key;
}
INSTANTIATE_TEST_SUITE_P(Networks, Advice,
                         testing::Values("alexnet_nv_full_int8", "alexnet_img_nv_full_fp16",
                                         "alexnet_img_nv_small_int8", "lenet_nv_full_int8",
                                         "lenet_img_nv_full_fp16", "lenet_nv_small_int8"),
                         [](const auto& info) { return info.param; });

// AlexNet's fully connected layers are weights: fewer bytes of them is the best of the usual changes, and the
// sentence on twice the bandwidth says which layer waits for what.
TEST(Advice, OfAlexNetIsBandwidthForItsWeights) {
  Network network = test::network("alexnet_nv_full_int8");
  network.name({Engine::kConv, 9}, "fc6");
  const Explanation base = explained(network, test::memory_of(network.hardware()), amaix::Level::kDynamic);
  ASSERT_EQ(network.operations().convolutions[9].fetch.bytes_per_kernel, 9216U);
  std::vector<Change> changes = usual_changes(base);
  const std::vector<WhatIf> answers = what_if(network, base, changes);
  ASSERT_FALSE(answers.empty());
  // fc6's mask bits do not fit their bank (tests/operation/weight_mask_test.cpp): the others are compressed.
  const auto compression = std::find_if(answers.begin(), answers.end(), [](const WhatIf& answer) {
    return answer.change.key == "weight_compression";
  });
  ASSERT_NE(compression, answers.end());
  EXPECT_TRUE(compression->feasible) << compression->reason;
  EXPECT_GT(compression->saved, 0.03);
  const std::vector<std::uint32_t>& compressed = compression->change.compression.convolutions;
  EXPECT_EQ(std::count(compressed.begin(), compressed.end(), 9U), 0);
  EXPECT_EQ(std::count(compressed.begin(), compressed.end(), 10U), 1);
  const auto bandwidth = std::find_if(answers.begin(), answers.end(), [](const WhatIf& answer) {
    return answer.change.key == "dbb_bandwidth";
  });
  ASSERT_NE(bandwidth, answers.end());
  EXPECT_GT(bandwidth->saved, 0.1);
  EXPECT_EQ(bandwidth->layer, "fc6");
  EXPECT_NE(bandwidth->advice.find("fc6 waits"), std::string::npos) << bandwidth->advice;
  EXPECT_NE(bandwidth->advice.find("128 bytes a cycle"), std::string::npos) << bandwidth->advice;
}

// Utilisation and roofline of one convolution from its numbers.
TEST(Explanation, OfOneConvolutionIsItsArithmetic) {
  const Network network = test::network("u_conv04_c256_14x14_k256_r3_s1_nv_full_int8");
  const Explanation e = explained(network, test::memory_of(network.hardware()), amaix::Level::kDynamic);
  ASSERT_EQ(e.layers.size(), 1U);
  const ExplainedLayer& layer = e.layers[0];
  const double work = 14.0 * 14 * 256 * 9 * 256;
  const auto cycles = static_cast<double>(layer.to - layer.begin);
  EXPECT_EQ(static_cast<double>(layer.multiplications), work);
  EXPECT_DOUBLE_EQ(layer.roofline.compute_roof, 64 * 32);
  EXPECT_DOUBLE_EQ(layer.roofline.attained, work / cycles);
  EXPECT_DOUBLE_EQ(layer.utilisation.mac_array, work / cycles / 2048);
  const auto bytes = static_cast<double>(layer.dbb.total());
  EXPECT_GE(bytes, 14 * 14 * 256 * 2 + 256 * 9 * 256);
  EXPECT_DOUBLE_EQ(layer.roofline.intensity, work / bytes);
  EXPECT_DOUBLE_EQ(layer.roofline.memory_roof, work / bytes * 64);
  EXPECT_DOUBLE_EQ(layer.utilisation.dbb, bytes / cycles / 64);
  // 14 lines of 28 entries and as many banks of weights as two groups of 32 kernels need: 2 * 3.
  EXPECT_DOUBLE_EQ(layer.utilisation.cbuf, (14.0 * 28 * 128 + 6 * 32768) / (512 * 1024));
  EXPECT_LE(layer.roofline.attained, std::min(layer.roofline.compute_roof, layer.roofline.memory_roof));
  ASSERT_EQ(e.levels.size(), 3U);
  for (const LevelTotal& level : e.levels) EXPECT_EQ(sum(level.causes), level.cycles);
}

// No layer of AlexNet is above a roof, and what all layers move is what the network moves.
TEST(Explanation, NoLayerIsAboveItsRoofs) {
  const Network network = test::network("alexnet_nv_full_int8");
  const Explanation e = explained(network, test::memory_of(network.hardware()), amaix::Level::kDynamic);
  std::uint64_t bytes = 0;
  for (const ExplainedLayer& layer : e.layers) {
    EXPECT_LE(layer.roofline.attained, layer.roofline.compute_roof) << layer.head.sequence;
    EXPECT_LE(layer.roofline.attained, layer.roofline.memory_roof * 1.0001) << layer.head.sequence;
    EXPECT_LE(layer.utilisation.cbuf, 1);
    bytes += layer.dbb.total();
  }
  EXPECT_EQ(bytes, e.evaluation.dbb.total());
}

}  // namespace
}  // namespace nvdla::analysis
