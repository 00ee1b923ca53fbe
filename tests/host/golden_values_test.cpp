// SPDX-License-Identifier: Apache-2.0
// The cases of tests/golden played on the timed model, values computed: what it leaves in memory is byte for
// byte what the RTL left there, at every level, with the cycles of a run without values, and nothing was
// written before its input had come.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "host/runner.h"

namespace nvdla::host {
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

ReplayOptions options_of(const std::string& name) {
  ReplayOptions options;
  options.hardware = preset(name.find("nv_small") == std::string::npos ? "nv_full" : "nv_small");
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  if (options.hardware.cvsram) options.cvsram = options.dbb;
  return options;
}

class GoldenValues : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenValues, BytesOfTheRtlAtTheCyclesOfARunWithoutValues) {
  const Program program((kGolden / GetParam() / "input.txn").string());
  ReplayOptions options = options_of(GetParam());
  options.golden = (kGolden / GetParam()).string();
  for (const amaix::Level level : {amaix::Level::kDynamic, amaix::Level::kRefined, amaix::Level::kRoofline}) {
    SCOPED_TRACE(std::string(amaix::level_name(level)));
    options.level = level;
    options.tensors = true;
    const ReplayResult with = run(program, options);
    EXPECT_FALSE(with.checks.empty());
    for (const ContentCheck& check : with.checks)
      EXPECT_EQ(check.result, CheckResult::kEqual) << check.where << ' ' << check.got;
    EXPECT_EQ(with.early_values, 0U);

    options.tensors = false;
    const ReplayResult without = run(program, options);
    EXPECT_EQ(with.total_cycles, without.total_cycles);
    ASSERT_EQ(with.operations.size(), without.operations.size());
    for (std::size_t i = 0; i < with.operations.size(); ++i) {
      EXPECT_EQ(with.operations[i].start, without.operations[i].start);
      EXPECT_EQ(with.operations[i].done, without.operations[i].done);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenValues, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace nvdla::host
