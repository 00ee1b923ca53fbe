// SPDX-License-Identifier: Apache-2.0
// Compiled networks on the SystemC component, with the driver as its CPU: cycles, accesses and bytes are
// those of the runner without SystemC.
#include <gmock/gmock.h>

#include "host/network/network_runner.h"
#include "platform/replay.h"
#include "tests/support/runnable_chain.h"
#include "tests/support/temporary_directory.h"
#include "tools/compiler/chain_builder.h"

namespace nvdla::platform {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

host::Loadable parsed(const std::vector<unsigned char>& bytes) {
  return host::parse_loadable(bytes.data(), bytes.size(), "net.nvdla");
}

host::ReplayOptions on(const std::string& hardware) {
  host::ReplayOptions options;
  options.hardware = preset(hardware);
  options.tensors = true;
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  return options;
}

class NetworkOnTheComponent : public ::testing::TestWithParam<const char*> {};

TEST_P(NetworkOnTheComponent, IsThatOfTheRunner) {
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    const host::Loadable loadable = parsed(test::runnable_chain(preset(GetParam()), seed));
    const host::ReplayOptions options = on(GetParam());
    std::vector<unsigned char> outputs[2];
    const auto taking = [&](std::size_t i) {
      return host::NetworkHooks{nullptr, [&outputs, i](host::Driver& d) { outputs[i] = d.output(0); }};
    };
    const host::ReplayResult runner = host::run_network(loadable, options, taking(0));
    const host::ReplayResult component = platform::run_network(loadable, options, taking(1));
    EXPECT_EQ(component.total_cycles, runner.total_cycles);
    EXPECT_EQ(component.end_of_trace, runner.end_of_trace);
    EXPECT_EQ(component.register_writes, runner.register_writes);
    EXPECT_EQ(component.register_reads, runner.register_reads);
    EXPECT_EQ(component.checksums, runner.checksums);
    EXPECT_EQ(component.layers, runner.layers);
    EXPECT_EQ(outputs[1], outputs[0]);
    EXPECT_FALSE(outputs[0].empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, NetworkOnTheComponent, ::testing::Values("nv_full", "nv_small"));

TEST(NetworkOnTheComponentErrors, AreThoseOfTheRunner) {
  tools::ChainBuilder chain(preset("nv_small"), Precision::kInt8, 12, 12, 16);
  chain.pooling(2, 1, 1);
  const host::Loadable loadable = parsed(chain.finish());
  const auto error = [&](const host::ReplayOptions& options) {
    return test::thrown_text<host::ReplayError>([&] { (void)platform::run_network(loadable, options); });
  };
  EXPECT_THAT(error(on("nv_full")), HasSubstr("net.nvdla: is not compiled for nv_full"));
  host::ReplayOptions small = on("nv_small");
  small.dbb.base = 0x1000;
  small.dbb.size = 0x1000;
  EXPECT_THAT(error(small), AllOf(HasSubstr("no memory holds"), HasSubstr("enlarge the memory")));
}

}  // namespace
}  // namespace nvdla::platform
