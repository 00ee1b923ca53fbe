// SPDX-License-Identifier: Apache-2.0
// Proves SDP, its look-up tables, PDP, CDP, BDMA and Rubik against what the RTL left in memory, byte for
// byte.
#include <gtest/gtest.h>

#include "compute_executor.h"

namespace nvdla::test {
namespace {

std::vector<std::string> post_cases() {
  std::vector<std::string> names;
  for (const std::string& name : golden_cases()) {
    for (const char* unit : {"sdp_", "lut_", "pdp_", "cdp_", "bdma_", "rbk_"}) {
      if (name.rfind(unit, 0) == 0) names.push_back(name);
    }
  }
  return names;
}

class PostGolden : public testing::TestWithParam<std::string> {};

TEST_P(PostGolden, LeavesTheBytesOfTheRtl) {
  const HardwareParameters hardware = golden_hardware(GetParam());
  PostExecutor executor(hardware);
  for (const std::string& failure : run_golden_case(golden_folder(GetParam()), hardware, executor))
    ADD_FAILURE() << failure;
}

INSTANTIATE_TEST_SUITE_P(Cases, PostGolden, testing::ValuesIn(post_cases()),
                         [](const auto& info) { return info.param; });

TEST(PostGoldenCases, AreAllThere) { EXPECT_GE(post_cases().size(), 60U); }

}  // namespace
}  // namespace nvdla::test
