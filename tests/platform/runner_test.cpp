// SPDX-License-Identifier: Apache-2.0
// The runner is the SystemC component to the cycle: operations, starts, interrupts, DMA bursts, warnings,
// number and time of register accesses; on traces of firmware_traces, at every level, with a fast and a slow
// memory, with and without CVSRAM. A sample in CI, all traces when the environment has NVDLA_ALL_TRACES
// (scripts/compare_runner.sh). And runs at the same time in several threads do not see each other.
#include "host/runner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <future>

#include "platform/replay.h"
#include "tests/support/event_log.h"

namespace nvdla::platform {
namespace {

namespace fs = std::filesystem;
const fs::path kTraces = fs::path(NVDLA_SOURCE_DIR) / "firmware_traces";

struct Played {
  std::vector<std::string> rows;
  host::ReplayResult result;
};

template <typename Run>
Played play(Run run, const host::Program& program, host::ReplayOptions options) {
  test::EventLog log;
  options.listeners = {&log};
  Played played;
  played.result = run(program, options);
  played.rows = log.rows();
  return played;
}

void expect_equal(const Played& runner, const Played& other) {
  EXPECT_EQ(runner.result.total_cycles, other.result.total_cycles);
  EXPECT_EQ(runner.result.end_of_trace, other.result.end_of_trace);
  EXPECT_EQ(runner.result.register_writes, other.result.register_writes);
  EXPECT_EQ(runner.result.register_reads, other.result.register_reads);
  EXPECT_EQ(runner.result.bursts, other.result.bursts);
  EXPECT_EQ(runner.result.warnings, other.result.warnings);
  ASSERT_EQ(runner.rows.size(), other.rows.size());
  const auto [mine, theirs] = std::mismatch(runner.rows.begin(), runner.rows.end(), other.rows.begin());
  EXPECT_TRUE(mine == runner.rows.end()) << "runner: " << *mine << "; other: " << *theirs;
}

std::vector<std::string> traces() {
  if (std::getenv("NVDLA_ALL_TRACES") == nullptr) {
    return {"lenet_nv_full_int8",        "lenet_img_nv_full_fp16",
            "lenet_nv_small_int8",       "u_conv14_c64_13x17_k48_r3_s1_nv_full_fp16",
            "u_elt_64x28_nv_small_int8", "u_lrn_16x7_nv_full_fp16",
            "u_pool_max3s2_nv_full_int8"};
  }
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kTraces)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

host::ReplayOptions options_of(const std::string& trace, std::uint32_t latency, double bandwidth,
                               bool cvsram) {
  host::ReplayOptions options;
  options.hardware = preset(trace.find("nv_small") == std::string::npos ? "nv_full" : "nv_small");
  options.dbb.latency = latency;
  options.dbb.bytes_per_cycle = bandwidth;
  if (cvsram && options.hardware.cvsram) options.cvsram = options.dbb;
  return options;
}

class RunnerAndComponent : public testing::TestWithParam<std::string> {};

TEST_P(RunnerAndComponent, AgreeToTheCycle) {
  const host::Program program((kTraces / GetParam() / "input.txn.gz").string());
  for (const amaix::Level level : {amaix::Level::kRoofline, amaix::Level::kRefined, amaix::Level::kDynamic}) {
    for (const bool slow : {false, true}) {
      SCOPED_TRACE(std::string(amaix::level_name(level)) + (slow ? ", slow memory" : ", fast memory"));
      host::ReplayOptions options =
          slow ? options_of(GetParam(), 128, 4, true) : options_of(GetParam(), 20, 64, false);
      options.level = level;
      const Played runner = play(host::run, program, options);
      EXPECT_GT(runner.result.total_cycles, 0);
      EXPECT_EQ(level == amaix::Level::kDynamic, runner.result.bursts > 0);
      expect_equal(runner, play(replay, program, options));
    }
  }
}

// A memory that answers in the cycle of the request: the order inside one cycle is all there is.
TEST_P(RunnerAndComponent, AgreeWithoutLatency) {
  const host::Program program((kTraces / GetParam() / "input.txn.gz").string());
  const host::ReplayOptions options = options_of(GetParam(), 0, 64, false);
  expect_equal(play(host::run, program, options), play(replay, program, options));
}

// Few bursts open: what counts as one is the port's matter. The component hears with its first answer that
// chunks go burst by burst, so bursts are not compared.
TEST(Runner, CountsOpenBurstsOfBothPortsAsTheComponent) {
  const fs::path cases = kTraces.parent_path() / "tests" / "rtl_cases" / "seen";
  for (const fs::path& trace :
       {kTraces / "lenet_nv_full_int8" / "input.txn.gz", cases / "bdma_two_s1_nv_full" / "input.txn"}) {
    const host::Program program(trace.string());
    host::ReplayOptions options = options_of("nv_full", 60, 16, true);
    options.dump.write = false;
    options.dbb.max_outstanding = 3;
    options.cvsram->max_outstanding = 2;
    const Played runner = play(host::run, program, options), component = play(replay, program, options);
    EXPECT_EQ(component.result.total_cycles, runner.result.total_cycles) << trace;
    ASSERT_EQ(component.result.operations.size(), runner.result.operations.size());
    for (std::size_t i = 0; i < runner.result.operations.size(); ++i)
      EXPECT_EQ(component.result.operations[i].done, runner.result.operations[i].done) << trace << ' ' << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Traces, RunnerAndComponent, testing::ValuesIn(traces()),
                         [](const auto& info) { return info.param; });

TEST(Runner, ThreadsDoNotSeeEachOther) {
  struct Job {
    const host::Program* program;
    host::ReplayOptions options;
  };
  const host::Program full((kTraces / "lenet_nv_full_int8" / "input.txn.gz").string());
  const host::Program small((kTraces / "lenet_nv_small_int8" / "input.txn.gz").string());
  std::vector<Job> jobs;
  for (const amaix::Level level : {amaix::Level::kRefined, amaix::Level::kDynamic}) {
    jobs.push_back({&full, options_of("nv_full", 50, 64, true)});
    jobs.push_back({&full, options_of("nv_full", 200, 8, false)});
    jobs.push_back({&small, options_of("nv_small", 50, 8, false)});
    for (auto job = jobs.end() - 3; job != jobs.end(); ++job) job->options.level = level;
  }
  std::vector<Played> alone;
  for (const Job& job : jobs) alone.push_back(play(host::run, *job.program, job.options));
  EXPECT_NE(alone[3].result.total_cycles, alone[4].result.total_cycles);
  std::vector<std::future<Played>> together;
  for (int copy = 0; copy < 2; ++copy) {
    for (const Job& job : jobs) {
      together.push_back(
          std::async(std::launch::async, [&job] { return play(host::run, *job.program, job.options); }));
    }
  }
  for (std::size_t i = 0; i < together.size(); ++i) expect_equal(together[i].get(), alone[i % jobs.size()]);
}

}  // namespace
}  // namespace nvdla::platform
