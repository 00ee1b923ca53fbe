// SPDX-License-Identifier: Apache-2.0
// A program played again: with a reset in between every time takes the cycles of the first, without one it
// goes on where the groups stand, or says that they stand wrong. Component and runner agree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/runner.h"
#include "platform/replay.h"

namespace nvdla::platform {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

host::ReplayOptions options(std::uint32_t times, bool reset) {
  host::ReplayOptions result;
  result.hardware = preset("nv_full");
  result.repeat = times;
  result.reset_between = reset;
  return result;
}

host::Program recorded(const std::string& name) {
  return host::Program(NVDLA_SOURCE_DIR "/firmware_traces/" + name + "/input.txn.gz");
}

void expect_equal(const host::ReplayResult& a, const host::ReplayResult& b) {
  EXPECT_EQ(a.total_cycles, b.total_cycles);
  EXPECT_EQ(a.end_of_trace, b.end_of_trace);
  EXPECT_EQ(a.bursts, b.bursts);
  EXPECT_EQ(a.register_reads, b.register_reads);
  ASSERT_TRUE(a.repetitions && b.repetitions);
  EXPECT_EQ(a.repetitions->fewest, b.repetitions->fewest);
  EXPECT_EQ(a.repetitions->most, b.repetitions->most);
  EXPECT_EQ(a.repetitions->at_group_1, b.repetitions->at_group_1);
}

TEST(Repeat, WithAResetEveryTimeIsTheFirst) {
  for (const char* name : {"lenet_nv_full_int8", "u_elt_64x28_nv_full_int8", "u_fc_256_64_nv_full_int8"}) {
    const host::Program program = recorded(name);
    const host::ReplayResult once = host::run(program, options(1, false));
    EXPECT_FALSE(once.repetitions);
    const host::ReplayResult times = host::run(program, options(5, true));
    ASSERT_TRUE(times.repetitions);
    EXPECT_EQ(times.repetitions->count, 5U);
    EXPECT_EQ(times.repetitions->fewest, times.repetitions->most) << name;
    EXPECT_EQ(times.repetitions->first, once.end_of_trace - 1);
    EXPECT_EQ(times.bursts, 5 * once.bursts);
    EXPECT_EQ(times.register_reads, 5 * once.register_reads);
    ASSERT_EQ(times.operations.size(), once.operations.size()) << "those of the last time";
    const Cycle offset = times.operations.front().enable - once.operations.front().enable;
    for (std::size_t i = 0; i < once.operations.size(); ++i)
      EXPECT_EQ(times.operations[i].done, once.operations[i].done + offset);
    expect_equal(times, replay(program, options(5, true)));
  }
}

// Every unit of LeNet has an even number of operations and ends where it began.
TEST(Repeat, WithoutAResetItPlaysOn) {
  const host::Program program = recorded("lenet_nv_full_int8");
  host::ReplayOptions on = options(3, false);
  on.stop_on_mismatch = false;  // the trace looks whether it begins after reset
  const host::ReplayResult once = host::run(program, options(1, false));
  const host::ReplayResult times = host::run(program, on);
  ASSERT_TRUE(times.repetitions);
  EXPECT_EQ(times.repetitions->count, 3U);
  EXPECT_EQ(times.bursts, 3 * once.bursts);
  EXPECT_THAT(times.repetitions->at_group_1, Contains("CACC.PRODUCER"));
  EXPECT_THAT(times.repetitions->at_group_1, Not(Contains("CACC.CONSUMER")));
  expect_equal(times, replay(program, on));
}

// One pooling: the trace programs group 0 again while hardware waits for group 1.
TEST(Repeat, AnOddNumberOfOperationsIsSaid) {
  const host::Program program = recorded("u_pool_max2_nv_full_int8");
  const host::ReplayResult once = host::run(program, options(2, true));
  EXPECT_THAT(once.repetitions->at_group_1, ElementsAre("PDP_RDMA.CONSUMER", "PDP.CONSUMER"));
  for (const bool component : {false, true}) {
    try {
      (void)(component ? replay(program, options(2, false)) : host::run(program, options(2, false)));
      ADD_FAILURE() << "it must wait for a group that never starts";
    } catch (const host::ReplayError& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr("in repetition 2"),
                                      HasSubstr("at group 1 stand PDP_RDMA.CONSUMER, PDP.CONSUMER")));
    }
  }
}

}  // namespace
}  // namespace nvdla::platform
