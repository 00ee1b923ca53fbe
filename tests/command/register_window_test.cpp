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

class RegisterWindow : public testing::TestWithParam<const char*> {};

TEST_P(RegisterWindow, ReadsWhatTheRtlReads) {
  const std::string config = GetParam();
  const std::string trace = NVDLA_SOURCE_DIR "/tests/registers/rtl_window/" + config + ".txn.gz";
  const test::CommandResult reads = test::run_shell("zcat '" + trace + "' | grep -c ^read_reg");
  EXPECT_GT(std::stoul(reads.output), 1400U);
  const test::CommandResult played = test::run_command("replay '" + trace + "' --strict --config " + config);
  EXPECT_EQ(played.status, 0) << played.output;
}

INSTANTIATE_TEST_SUITE_P(Configurations, RegisterWindow, testing::Values("nv_small", "nv_full"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace nvdla
