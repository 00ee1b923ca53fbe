// SPDX-License-Identifier: Apache-2.0
// Several components on one memory: the same cycles, bursts and reads as without SystemC.
#include "platform/together.h"

#include <gmock/gmock.h>

#include "platform/replay.h"

namespace nvdla::platform {
namespace {

host::Program trace(const std::string& name) {
  return host::Program(std::string(NVDLA_SOURCE_DIR) + "/firmware_traces/" + name + "/input.txn.gz");
}

void expect_same(const host::ReplayResult& one, const host::ReplayResult& other) {
  EXPECT_EQ(one.total_cycles, other.total_cycles);
  EXPECT_EQ(one.end_of_trace, other.end_of_trace);
  EXPECT_EQ(one.register_reads, other.register_reads);
  EXPECT_EQ(one.bursts, other.bursts);
  ASSERT_EQ(one.operations.size(), other.operations.size());
  for (std::size_t i = 0; i < one.operations.size(); ++i) {
    EXPECT_EQ(one.operations[i].id, other.operations[i].id);
    EXPECT_EQ(one.operations[i].start, other.operations[i].start);
    EXPECT_EQ(one.operations[i].done, other.operations[i].done);
  }
}

struct Case {
  const char* config;
  std::vector<const char*> traces;
  std::uint32_t latency;
  double bandwidth;
  Cycle start;  // between one and the next
};

// Its place in memory is no name of a test.
void PrintTo(const Case& c, std::ostream* out) {
  for (const char* trace : c.traces) *out << trace << " ";
  *out << "every " << c.start;
}

class TogetherTest : public ::testing::TestWithParam<Case> {};

TEST_P(TogetherTest, IsTheRunnersResult) {
  const Case& parameter = GetParam();
  std::vector<host::Program> programs;
  for (const char* name : parameter.traces) programs.push_back(trace(name));
  std::vector<host::TogetherRun> runs;
  for (const host::Program& program : programs) {
    host::TogetherRun run;
    run.program = &program;
    run.start = static_cast<Cycle>(runs.size()) * parameter.start;
    run.options.hardware = preset(parameter.config);
    run.options.dbb.latency = parameter.latency;
    run.options.dbb.bytes_per_cycle = parameter.bandwidth;
    runs.push_back(run);
  }
  const auto component = platform::run_together(runs), runner = host::run_together(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) expect_same(component[i], runner[i]);
}

INSTANTIATE_TEST_SUITE_P(
    All, TogetherTest,
    ::testing::Values(Case{"nv_small", {"lenet_nv_small_int8", "lenet_nv_small_int8"}, 50, 8, 0},
                      Case{"nv_small", {"lenet_nv_small_int8", "u_pool_max2_nv_small_int8"}, 128, 4, 777},
                      Case{"nv_full", {"lenet_nv_full_int8", "lenet_nv_full_fp16"}, 50, 64, 0},
                      Case{"nv_full",
                           {"lenet_img_nv_full_int8", "u_pool_max2_nv_full_int8", "lenet_nv_full_fp16"},
                           20,
                           16,
                           100},
                      Case{"nv_full", {"lenet_nv_full_int8", "lenet_nv_full_int8"}, 0, 64, 3}));

}  // namespace
}  // namespace nvdla::platform
