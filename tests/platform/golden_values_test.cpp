// SPDX-License-Identifier: Apache-2.0
// The cases of tests/golden through the SystemC component and TLM-2.0 transactions: the bytes of the RTL, the
// cycles of the runner without SystemC, at levels that move data by transactions and by debug accesses.
#include <gtest/gtest.h>

#include <string>

#include "golden_case.h"
#include "host/runner.h"
#include "platform/replay.h"

namespace nvdla::platform {
namespace {

class GoldenValuesOfTheComponent : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenValuesOfTheComponent, AreThoseOfTheRtl) {
  const host::Program program(test::golden_folder(GetParam()) + "/input.txn");
  host::ReplayOptions options = test::golden_options(GetParam());
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

INSTANTIATE_TEST_SUITE_P(Cases, GoldenValuesOfTheComponent, ::testing::ValuesIn(test::golden_cases()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace nvdla::platform
