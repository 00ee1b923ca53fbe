// SPDX-License-Identifier: Apache-2.0
// Proves that the rules by which a program is rewritten for another design are those of the driver that wrote
// the traces, and that a rewritten program is what that design executes.
#include "analysis/retarget.h"

#include <gtest/gtest.h>

#include "analysis/evaluate.h"
#include "hardware/parameter_table.h"
#include "tests/analysis/traces.h"

namespace nvdla::analysis {
namespace {

class Retarget : public testing::TestWithParam<std::string> {};

// The rules, applied to the design that a trace was made for, give the driver's own writes: entries of a
// line, banks of data and weights, lines at once.
TEST_P(Retarget, ToItsOwnDesignChangesNothing) {
  const Network network = test::network(GetParam());
  const host::Program same = retarget(network, network.hardware());
  const auto& before = network.program().commands();
  ASSERT_EQ(same.commands().size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_EQ(same.commands()[i].value, before[i].value) << "line " << before[i].line;
  for (const ReadConvolution& c : network.operations().convolutions) {
    EXPECT_EQ(entries_of_line(c.fetch, network.hardware()), c.fetch.entries_per_slice);
    EXPECT_EQ(weight_banks(c.fetch, network.hardware().cbuf_banks - c.fetch.data_banks, network.hardware()),
              c.fetch.weight_banks);
  }
}
INSTANTIATE_TEST_SUITE_P(All, Retarget, testing::ValuesIn(test::all_traces()),
                         [](const auto& info) { return info.param; });

// Entries of 256 bytes hold two operands of 128 channels: half as many a line, and the design runs.
TEST(Retargeted, WiderEntriesHoldMore) {
  const Network network = test::network("u_conv04_c256_14x14_k256_r3_s1_nv_full_int8");
  const HardwareParameters wide = derived(network.hardware(), {{"atomic_c", 128}});
  const host::Program program = retarget(network, wide);
  const ReadOperations after = read_operations(program, wide);
  ASSERT_EQ(after.convolutions.size(), 1U);
  EXPECT_EQ(network.operations().convolutions[0].fetch.entries_per_slice, 28U);
  EXPECT_EQ(after.convolutions[0].fetch.entries_per_slice, 14U);
  EXPECT_EQ(after.convolutions[0].sequence.entries_per_slice, 14U);
  const memory::MemorySystem memory = test::memory_of(wide);
  EXPECT_LT(evaluate(network, wide, memory, amaix::Level::kRefined).cycles,
            evaluate(network, network.hardware(), memory, amaix::Level::kRefined).cycles);
}

TEST(Retargeted, ABufferThatIsTooSmallNamesTheLayer) {
  Network network = test::network("u_conv04_c256_14x14_k256_r3_s1_nv_full_int8");
  network.name({Engine::kConv, 0}, "the_conv");
  const HardwareParameters small =
      derived(network.hardware(), {{"cbuf_banks", 2}, {"cbuf_entries_per_bank", 128}});
  try {
    (void)retarget(network, small);
    FAIL() << "fits";
  } catch (const Infeasible& error) {
    EXPECT_NE(std::string(error.what()).find("the_conv"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("banks"), std::string::npos) << error.what();
  }
}

TEST(Retargeted, OtherGenerationsAndLayoutsAreRefused) {
  const Network network = test::network("u_conv04_c256_14x14_k256_r3_s1_nv_full_int8");
  EXPECT_THROW((void)retarget(network, preset("nv_small")), Infeasible);
  EXPECT_THROW((void)retarget(network, derived(network.hardware(), {{"memory_atom_bytes", 64}})), Infeasible);
}

// Half of the weights and a mask bit for each: 5/8 of the bytes in int8, and both levels read exactly those.
TEST(Retargeted, CompressedWeightsAreFewerBytes) {
  const Network network = test::network("u_fc_1024_1000_nv_full_int8");
  const memory::MemorySystem memory = test::memory_of(network.hardware());
  const Design design(network, network.hardware(), {0.5, {}});
  const auto weights = static_cast<std::size_t>(Client::kCdmaWt);
  const ConvolutionFetch fetch = read_operations(design.program(), design.hardware()).convolutions[0].fetch;
  EXPECT_TRUE(fetch.weight_compressed);
  EXPECT_EQ(fetch.weight_bytes, 1024U * 1000 / 2);
  EXPECT_EQ(fetch.wmb_bytes, 1024U * 1000 / 8);
  for (const amaix::Level level : {amaix::Level::kRefined, amaix::Level::kDynamic}) {
    const Evaluation plain = evaluate(network, network.hardware(), memory, level);
    const Evaluation compressed = design.evaluate(memory, level);
    EXPECT_NEAR(
        static_cast<double>(compressed.dbb.read[weights]) / static_cast<double>(plain.dbb.read[weights]),
        0.625, 0.005);
    EXPECT_LT(compressed.cycles, plain.cycles);
  }
}

// A larger CBUF takes longer to flush after reset; that is over when the network begins, as it was for the
// trace. What always fitted is then as fast as before.
TEST(Evaluate, ABufferThatNobodyNeedsChangesNothing) {
  for (const char* trace : {"u_conv18_c16_5x5_k16_r5_s1_nv_small_int8",
                            "u_conv18_c16_5x5_k16_r5_s1_nv_full_int8", "u_pool_max2_nv_small_int8"}) {
    const Network network = test::network(trace);
    const HardwareParameters large = derived(
        network.hardware(), {{"cbuf_entries_per_bank", 2.0 * network.hardware().cbuf_entries_per_bank}});
    const memory::MemorySystem memory = test::memory_of(large);
    EXPECT_EQ(evaluate(network, large, memory, amaix::Level::kDynamic).cycles,
              evaluate(network, network.hardware(), memory, amaix::Level::kDynamic).cycles)
        << trace;
  }
}

// The same numbers as the replay, whatever the level.
TEST(Evaluate, IsTheReplay) {
  const Network network = test::network("lenet_nv_full_int8");
  memory::MemorySystem memory = test::memory_of(network.hardware());
  EXPECT_EQ(evaluate(network, network.hardware(), memory, amaix::Level::kDynamic).cycles, 30863);
  EXPECT_EQ(evaluate(network, network.hardware(), memory, amaix::Level::kRefined).cycles, 30863);
  const Evaluation one = evaluate(network, network.hardware(), memory, amaix::Level::kRoofline);
  EXPECT_EQ(one.cycles, 28568);
  EXPECT_DOUBLE_EQ(one.milliseconds, 28568e-6);
  EXPECT_DOUBLE_EQ(one.per_second, 1e9 / 28568);
  memory.dbb.bytes_per_cycle = 0;
  EXPECT_THROW((void)evaluate(network, network.hardware(), memory, amaix::Level::kRefined),
               std::invalid_argument);
}

}  // namespace
}  // namespace nvdla::analysis
