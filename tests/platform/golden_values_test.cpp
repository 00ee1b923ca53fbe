// SPDX-License-Identifier: Apache-2.0
// The cases of tests/golden through the SystemC component and TLM-2.0 transactions: the bytes of the RTL, the
// cycles of the runner without SystemC, at levels that move data by transactions and by debug accesses.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "host/runner.h"
#include "platform/replay.h"

namespace nvdla::platform {
namespace {

namespace fs = std::filesystem;
const fs::path kGolden = fs::path(NVDLA_SOURCE_DIR) / "tests/golden";

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kGolden))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

class GoldenValuesOfTheComponent : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenValuesOfTheComponent, AreThoseOfTheRtl) {
  const host::Program program((kGolden / GetParam() / "input.txn").string());
  host::ReplayOptions options;
  options.hardware = preset(GetParam().find("nv_small") == std::string::npos ? "nv_full" : "nv_small");
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  if (options.hardware.cvsram) options.cvsram = options.dbb;
  options.golden = (kGolden / GetParam()).string();
  options.tensors = true;
  for (const amaix::Level level : {amaix::Level::kDynamic, amaix::Level::kRefined}) {
    SCOPED_TRACE(std::string(amaix::level_name(level)));
    options.level = level;
    const host::ReplayResult component = replay(program, options);
    EXPECT_FALSE(component.checks.empty());
    for (const host::ContentCheck& check : component.checks)
      EXPECT_EQ(check.result, host::CheckResult::kEqual) << check.where << ' ' << check.got;
    EXPECT_EQ(component.early_values, 0U);
    EXPECT_EQ(component.total_cycles, host::run(program, options).total_cycles);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenValuesOfTheComponent, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace nvdla::platform
