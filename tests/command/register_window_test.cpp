// SPDX-License-Identifier: Apache-2.0
// The register window against the RTL's: a walk over every register of every unit (reset values, three
// patterns written and read back in both groups, the look-up tables' ports, interrupts set, masked and
// cleared, units enabled in both groups that take no more writes then), whose reads expect what the Verilated
// RTL brought (tests/registers/rtl_window).
#include <gtest/gtest.h>

#include <string>

#include "tests/support/command_line.h"

namespace nvdla {
namespace {

struct Walk {
  const char* config;
  const char* recorded;  // the configuration whose RTL brought it
};

class RegisterWindow : public testing::TestWithParam<Walk> {};

TEST_P(RegisterWindow, ReadsWhatTheRtlReads) {
  const std::string config = GetParam().config, recorded = GetParam().recorded;
  const std::string trace = NVDLA_SOURCE_DIR "/tests/registers/rtl_window/" + recorded + ".txn.gz";
  const test::CommandResult reads = test::run_shell("zcat '" + trace + "' | grep -c ^read_reg");
  EXPECT_GT(std::stoul(reads.output), 1400U);
  const test::CommandResult played = test::run_command("replay '" + trace + "' --strict --config " + config);
  EXPECT_EQ(played.status, 0) << played.output;
}

// Of branch master's configurations nv_small_256 and nv_medium_512 read the same values.
INSTANTIATE_TEST_SUITE_P(Configurations, RegisterWindow,
                         testing::Values(Walk{"nv_small", "nv_small"}, Walk{"nv_full", "nv_full"},
                                         Walk{"nv_small_256", "nv_small_256"},
                                         Walk{"nv_medium_512", "nv_small_256"}),
                         [](const auto& info) { return std::string(info.param.config); });

}  // namespace
}  // namespace nvdla
