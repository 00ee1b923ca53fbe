// SPDX-License-Identifier: Apache-2.0
// scripts/rtl_case.py: every mode of every size of configuration makes a trace that the model plays to its
// end, with all bytes that it dumps; a descriptor makes the same case again, byte for byte; what is not legal
// is an error.
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "hardware/parameters.h"
#include "tests/support/command_line.h"
#include "tests/support/temporary_directory.h"

namespace nvdla {
namespace {

class RtlCase : public test::TemporaryDirectory {
 protected:
  [[nodiscard]] static std::string script(const std::string& arguments) {
    return "python3 '" NVDLA_SOURCE_DIR "/scripts/rtl_case.py' " + arguments;
  }
};

std::vector<std::string> modes_of(const std::string& config) {
  std::istringstream lines(
      test::run_shell("python3 '" NVDLA_SOURCE_DIR "/scripts/rtl_case.py' --modes").output);
  std::vector<std::string> modes;
  for (std::string line; std::getline(lines, line);) {
    if (line.find('(') == std::string::npos || line.find(config + ",") != std::string::npos ||
        line.find(config + ")") != std::string::npos)
      modes.push_back(line.substr(0, line.find(' ')));
  }
  return modes;
}

class RtlCaseOf : public RtlCase, public ::testing::WithParamInterface<const char*> {};

TEST_P(RtlCaseOf, EveryModeReplaysToItsEnd) {
  const std::string config = GetParam();
  const std::vector<std::string> modes = modes_of(config);
  ASSERT_GT(modes.size(), 14U);
  const test::CommandResult made =
      test::run_shell(script(config + " all --seed 11 --count 2 --output '" + path("cases") + "'"));
  ASSERT_EQ(made.status, 0) << made.output;
  for (const std::string& mode : modes) {
    for (const char* seed : {"11", "12"}) {
      const std::string folder = path("cases/" + mode + "_s" + seed + "_" + config);
      const test::CommandResult played =
          test::run_command("replay '" + folder + "/input.txn' --config " + config + " --output-dir '" +
                            folder + (preset(config).cvsram ? "' --cvsram latency=50,bandwidth=64" : "'"));
      EXPECT_EQ(played.output.find("D_DILATION_EXT") != std::string::npos, mode == "image_dilated") << mode;
      EXPECT_EQ(played.status, 0) << folder << ": " << played.output;
      EXPECT_EQ(test::run_shell("ls '" + folder + "'/output_*.bin").status, 0) << folder;
    }
  }
  const std::string cases = "ls '" + path("cases") + "' | wc -l";
  EXPECT_EQ(std::stoul(test::run_shell(cases).output), 2 * modes.size());
}
INSTANTIATE_TEST_SUITE_P(Configurations, RtlCaseOf,
                         ::testing::Values("nv_small", "nv_medium_512", "nv_large", "nv_full"),
                         [](const auto& info) { return std::string(info.param); });

TEST_F(RtlCase, DescriptorMakesTheSameCase) {
  const std::string first = path("first"), again = path("again"), other = path("other");
  const std::string make = "nv_small conv --seed 3 --set kernel_width=3 --set channels=17 --output '";
  ASSERT_EQ(test::run_shell(script(make + first + "'")).status, 0);
  ASSERT_EQ(test::run_shell(script("--descriptor '" + first + "/case.json' --output '" + again + "'")).status,
            0);
  EXPECT_EQ(test::run_shell("diff -r '" + first + "' '" + again + "'").output, "");
  ASSERT_EQ(test::run_shell(script("nv_small conv --seed 2 --count 2 --set kernel_width=3 --set channels=17"
                                   " --output '" +
                                   path("several") + "'"))
                .status,
            0);
  EXPECT_EQ(test::run_shell("diff -r '" + first + "' '" + path("several/conv_s3_nv_small") + "'").output, "");
  ASSERT_EQ(test::run_shell(script("nv_small conv --seed 4 --output '" + other + "'")).status, 0);
  EXPECT_NE(test::run_shell("diff -r '" + first + "' '" + other + "'").status, 0);
}

TEST_F(RtlCase, WhatIsNotLegalIsAnError) {
  const std::string output = " --output '" + path("none") + "'";
  const auto refused = [&](const std::string& arguments, const std::string& why) {
    const test::CommandResult result = test::run_shell(script(arguments + output));
    EXPECT_EQ(result.status, 1) << arguments;
    EXPECT_NE(result.output.find(why), std::string::npos) << result.output;
  };
  refused("nv_small conv --count 0", "--count 0: must be at least 1");
  refused("nv_tiny all", "must be one of nv_small, nv_small_256, ");
  refused("nv_tiny conv", "must be one of nv_small, nv_small_256, ");
  refused("nv_small winograd", "nv_small does not have it");
  refused("nv_small conv --set kernel_width=99", "must be 1 to 5 here");
  refused("nv_small conv --set colour=1", "nothing here is named colour");
  refused("--descriptor '" + file("bad.json", "{\"schema\": 7}") + "'", "schema must be nvdla-rtl-case/1");
  EXPECT_NE(test::run_shell("ls '" + path("none") + "'").status, 0);  // nothing was written
}

// What the RTL took and moved: tests/rtl_cases/seen. (held_back is for looking at, not for mending.)
TEST_F(RtlCase, RecordedCasesAreWithinTheirBounds) {
  const std::string folder = "'" NVDLA_SOURCE_DIR "/tests/rtl_cases/";
  const test::CommandResult result = test::run_command("validate --brief --level refined,dynamic " + folder +
                                                       "seen' --bounds " + folder + "bounds.json'");
  EXPECT_EQ(result.status, 0) << result.output;
}

}  // namespace
}  // namespace nvdla
