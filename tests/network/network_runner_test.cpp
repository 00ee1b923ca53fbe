// SPDX-License-Identifier: Apache-2.0
// Proves that compiled networks run on the model: every operation of the file is done, in the time that the
// memory leaves it, and what cannot run ends in an error that names the file and what to do.
#include "host/network/network_runner.h"

#include <gmock/gmock.h>

#include "tools/compiler/chain_builder.h"

namespace nvdla::host {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct Network {
  std::size_t operations = 0;
  Loadable loadable;
};

Network chain(const std::string& hardware) {
  tools::ChainBuilder chain(preset(hardware), Precision::kInt8, 20, 20, 32);
  chain.convolution(32, 3, true, true, false);
  chain.pooling(2, 2, 1);
  chain.elementwise(false);
  chain.normalisation(5);
  const std::vector<unsigned char> bytes = chain.finish();
  return {chain.builder().operations().size(), parse_loadable(bytes.data(), bytes.size(), "net.nvdla")};
}

ReplayOptions on(const std::string& hardware, std::uint32_t latency = 50) {
  ReplayOptions options;
  options.hardware = preset(hardware);
  options.dbb.latency = latency;
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  return options;
}

std::string error_of(const Network& network, const ReplayOptions& options) {
  try {
    (void)run_network(network.loadable, options);
  } catch (const ReplayError& error) {
    return error.what();
  }
  return "no error";
}

class NetworkRun : public ::testing::TestWithParam<const char*> {};

TEST_P(NetworkRun, EveryOperationIsDoneNotFasterThanItsBound) {
  const Network network = chain(GetParam());
  ReplayOptions options = on(GetParam());
  const ReplayResult result = run_network(network.loadable, options);
  EXPECT_TRUE(result.warnings.empty());
  ASSERT_EQ(result.operations.size(), network.operations);
  options.level = amaix::Level::kRoofline;
  const ReplayResult bound = run_network(network.loadable, options);
  ASSERT_EQ(bound.operations.size(), network.operations);
  EXPECT_GT(result.total_cycles, bound.total_cycles);
  EXPECT_LT(result.total_cycles, 3 * bound.total_cycles);
  EXPECT_GT(result.register_writes, 100U);
}

INSTANTIATE_TEST_SUITE_P(Configurations, NetworkRun, ::testing::Values("nv_full", "nv_small"));

// Five operations, one after the other, each of which waits for its first data at least.
TEST(NetworkRunMemory, LatencyIsPaidByEveryLayer) {
  const Network network = chain("nv_small");
  const Cycle near = run_network(network.loadable, on("nv_small", 50)).total_cycles;
  const Cycle far = run_network(network.loadable, on("nv_small", 1050)).total_cycles;
  EXPECT_GE(far - near, 4 * 1000);
}

TEST(NetworkRunMemory, TheSameTwice) {
  const Network network = chain("nv_small");
  const ReplayResult one = run_network(network.loadable, on("nv_small"));
  const ReplayResult two = run_network(network.loadable, on("nv_small"));
  EXPECT_EQ(one.total_cycles, two.total_cycles);
  EXPECT_EQ(one.end_of_trace, two.end_of_trace);
  EXPECT_EQ(one.bursts, two.bursts);
}

TEST(NetworkRunErrors, AnotherConfigurationIsNamed) {
  EXPECT_THAT(error_of(chain("nv_full"), on("nv_small")),
              AllOf(HasSubstr("net.nvdla: is not compiled for nv_small"), HasSubstr("nv_full"),
                    HasSubstr("--config")));
}

TEST(NetworkRunErrors, MemoryThatIsTooSmall) {
  ReplayOptions options = on("nv_small");
  options.dbb.base = 0x1000;
  options.dbb.size = 0x1000;
  EXPECT_THAT(error_of(chain("nv_small"), options),
              AllOf(HasSubstr("net.nvdla: "), HasSubstr("no memory holds"), HasSubstr("at 0x2000: "),
                    HasSubstr("enlarge the memory")));
}

// The network goes to the begin of a window that does not hold the usual address.
TEST(NetworkRunMemory, AWindowElsewhereTakesTheNetwork) {
  const Network network = chain("nv_small");
  ReplayOptions options = on("nv_small");
  const Cycle usual = run_network(network.loadable, options).total_cycles;
  options.dbb.base = 0x10000000;
  options.dbb.size = 0x1000000;
  EXPECT_EQ(run_network(network.loadable, options).total_cycles, usual);
}

}  // namespace
}  // namespace nvdla::host
