// SPDX-License-Identifier: Apache-2.0
// The register window against the RTL's: a walk over every register of every unit (reset values, three
// patterns written and read back in both groups, the look-up tables' ports, interrupts set, masked and
// cleared, units enabled in both groups that take no more writes then), whose reads expect what the Verilated
// RTL brought (tests/registers/rtl_window). Of the configurations that have CVIF at 0xf000 every word below
// 0x134 of every unit, too, whether there is a register or not.
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

// All of branch master's configurations read the same values.
INSTANTIATE_TEST_SUITE_P(Configurations, RegisterWindow,
                         testing::Values(Walk{"nv_small", "nv_small"}, Walk{"nv_full", "nv_full"},
                                         Walk{"nv_small_256", "nv_small_256"},
                                         Walk{"nv_medium_512", "nv_small_256"},
                                         Walk{"nv_small_256_full", "nv_small_256"},
                                         Walk{"nv_medium_1024_full", "nv_small_256"},
                                         Walk{"nv_large", "nv_small_256"}),
                         [](const auto& info) { return std::string(info.param.config); });
INSTANTIATE_TEST_SUITE_P(EveryWord, RegisterWindow,
                         testing::Values(Walk{"nv_small_256_full", "branch_master_words"},
                                         Walk{"nv_medium_1024_full", "branch_master_words"},
                                         Walk{"nv_large", "branch_master_words"}),
                         [](const auto& info) { return std::string(info.param.config); });

}  // namespace
}  // namespace nvdla
