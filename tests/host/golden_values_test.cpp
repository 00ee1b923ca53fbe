// SPDX-License-Identifier: Apache-2.0
// The cases of tests/golden played on the timed model, values computed: what it leaves in memory is byte for
// byte what the RTL left there, at every level, with the cycles of a run without values, and nothing was
// written before its input had come.
#include <gtest/gtest.h>

#include <string>

#include "golden_case.h"
#include "host/runner.h"

namespace nvdla::host {
namespace {

class GoldenValues : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenValues, BytesOfTheRtlAtTheCyclesOfARunWithoutValues) {
  const Program program(test::golden_folder(GetParam()) + "/input.txn");
  ReplayOptions options = test::golden_options(GetParam());
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

INSTANTIATE_TEST_SUITE_P(Cases, GoldenValues, ::testing::ValuesIn(test::golden_cases()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace nvdla::host
