// SPDX-License-Identifier: Apache-2.0
// A compiled network as a register program: it takes the cycles of the network's own run and leaves the same
// bytes, for random graphs (convolutions without bias, pooling on the fly) at every level.
#include "host/network/driver_program.h"

#include <gmock/gmock.h>

#include <sstream>

#include "host/network/network_runner.h"
#include "host/program_text.h"
#include "host/runner.h"
#include "tests/support/runnable_chain.h"
#include "tools/compiler/chain_builder.h"

namespace nvdla::host {
namespace {

using ::testing::HasSubstr;

Loadable parsed(const std::vector<unsigned char>& bytes) {
  return parse_loadable(bytes.data(), bytes.size(), "net.nvdla");
}

ReplayOptions on(const std::string& hardware, amaix::Level level, bool tensors) {
  ReplayOptions options;
  options.hardware = preset(hardware);
  options.level = level;
  options.tensors = tensors;
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  return options;
}

class DriverProgramOf : public ::testing::TestWithParam<const char*> {};

TEST_P(DriverProgramOf, TakesTheCyclesOfTheNetwork) {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(seed);
    const Loadable loadable = parsed(test::runnable_chain(preset(GetParam()), seed));
    for (const amaix::Level level :
         {amaix::Level::kRoofline, amaix::Level::kRefined, amaix::Level::kDynamic}) {
      const ReplayOptions options = on(GetParam(), level, false);
      const ReplayResult network = run_network(loadable, options);
      const ReplayResult program = run(driver_program(loadable, options).program, options);
      EXPECT_EQ(program.total_cycles, network.total_cycles);
      EXPECT_EQ(program.end_of_trace, network.end_of_trace);
      EXPECT_EQ(program.register_reads, network.register_reads);
      EXPECT_EQ(program.bursts, network.bursts);
      EXPECT_EQ(program.operations.size(), network.operations.size());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, DriverProgramOf,
                         ::testing::Values("nv_full", "nv_large", "nv_small"));

Loadable small_network() {
  tools::ChainBuilder chain(preset("nv_small"), Precision::kInt8, 12, 12, 16);
  chain.convolution(16, 3, true, true, true);
  chain.pooling(2, 1, 1);
  chain.convolution(8, 3, false, false, false);
  return parsed(chain.finish());
}

TEST(DriverProgram, LeavesTheSameBytes) {
  const ReplayOptions options = on("nv_small", amaix::Level::kDynamic, true);
  const Loadable loadable = small_network();
  const ReplayResult network = run_network(loadable, options);
  ASSERT_FALSE(network.checksums.empty());
  const Program program = driver_program(loadable, options).program;
  EXPECT_EQ(run(program, options).checksums, network.checksums);
  // They are those of the weights, not of empty memory.
  const ReplayOptions without = on("nv_small", amaix::Level::kDynamic, false);
  EXPECT_NE(run(driver_program(loadable, without).program, options).checksums, network.checksums);
}

TEST(DriverProgram, ATraceNamesAFileForEveryContent) {
  const Program program =
      driver_program(small_network(), on("nv_small", amaix::Level::kRefined, true)).program;
  std::ostringstream text;
  std::size_t files = 0;
  write_program(text, program,
                [&](const std::vector<unsigned char>&) { return std::to_string(files++) + ".bin"; });
  EXPECT_GE(files, 4U);  // weights, bias, descriptors
  EXPECT_THAT(text.str(), HasSubstr("load_mem 0x8000"));
  EXPECT_THAT(text.str(), HasSubstr(" 0.bin\n"));
  EXPECT_THAT(text.str(), HasSubstr("\nwait\nread_reg "));
}

TEST(DriverProgram, OperationsHaveTheNamesOfWhatTheyUse) {
  const ReplayResult result = run_network(small_network(), on("nv_small", amaix::Level::kRefined, false));
  ASSERT_EQ(result.layers.size(), result.operations.size());
  EXPECT_THAT(result.layers.at({Engine::kConv, 0}), HasSubstr("op 0 data"));
  EXPECT_THAT(result.layers.at({Engine::kSdp, 1}), HasSubstr("prob"));
}

}  // namespace
}  // namespace nvdla::host
