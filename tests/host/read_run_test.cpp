// SPDX-License-Identifier: Apache-2.0
// Runs (engine/read_run.h) cannot be told from chunks granted one by one: everything a listener hears is the
// same, in the same order, as on a memory that takes none because it does not hold every address. Traces of
// both generations, memories that are slow, narrow, near or allow few accesses, with and without values. And
// they are used: a stream of weights takes far fewer steps of the system with them.
#include "engine/read_run.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "host/runner.h"
#include "host/system_bus.h"
#include "tests/support/event_log.h"

namespace nvdla::host {
namespace {

struct Played {
  std::vector<std::string> rows;
  ReplayResult result;
};

Played play(const std::string& trace, const memory::MemoryDescription& memory, bool tensors, bool runs) {
  const Program program(NVDLA_SOURCE_DIR "/firmware_traces/" + trace + "/input.txn.gz");
  ReplayOptions options;
  options.hardware = preset(trace.find("nv_small") == std::string::npos ? "nv_full" : "nv_small");
  static_cast<memory::MemoryDescription&>(options.dbb) = memory;
  if (!runs) options.dbb.size = std::uint64_t{1} << 62U;
  options.tensors = tensors;
  test::EventLog log;
  options.listeners = {&log};
  Played played;
  played.result = run(program, options);
  played.rows = log.rows();
  return played;
}

class ReadRuns : public testing::TestWithParam<const char*> {};

TEST_P(ReadRuns, AreNotHeard) {
  const memory::MemoryDescription memories[] = {{50, 8, 256}, {1, 8, 256},   {128, 4, 256}, {300, 64, 256},
                                                {50, 64, 16}, {50, 64, 256}, {7, 3, 40}};
  for (const memory::MemoryDescription& memory : memories) {
    for (const bool tensors : {false, true}) {
      if (tensors && memory.latency != 50) continue;
      SCOPED_TRACE("latency " + std::to_string(memory.latency) + ", " +
                   std::to_string(memory.bytes_per_cycle) + " bytes a cycle, " +
                   std::to_string(memory.max_outstanding) + " open" + (tensors ? ", values" : ""));
      const Played with = play(GetParam(), memory, tensors, true);
      const Played without = play(GetParam(), memory, tensors, false);
      EXPECT_EQ(with.result.total_cycles, without.result.total_cycles);
      EXPECT_EQ(with.result.bursts, without.result.bursts);
      EXPECT_EQ(with.result.checksums, without.result.checksums);
      ASSERT_EQ(with.rows.size(), without.rows.size());
      const auto [mine, theirs] = std::mismatch(with.rows.begin(), with.rows.end(), without.rows.begin());
      EXPECT_TRUE(mine == with.rows.end()) << "with runs: " << *mine << "; without: " << *theirs;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Traces, ReadRuns,
                         testing::Values("u_fc_256_64_nv_small_int8",
                                         "u_conv14_c64_13x17_k48_r3_s1_nv_small_int8",
                                         "u_lrn_16x7_nv_small_int8", "u_fc_4x4x50_500_nv_full_int8",
                                         "u_conv18_c16_5x5_k16_r5_s1_nv_full_fp16", "lenet_nv_small_int8",
                                         "lenet_nv_full_int8"),
                         [](const auto& info) { return std::string(info.param); });

// Steps of the system until nothing is pending any more.
std::uint64_t steps(std::uint64_t size) {
  const Program program(NVDLA_SOURCE_DIR "/firmware_traces/u_fc_256_64_nv_small_int8/input.txn.gz");
  memory::PortDescription memory;
  memory.bytes_per_cycle = 8;
  memory.size = size;
  SystemBus bus(preset("nv_small"), {}, memory, std::nullopt);
  for (const Program::Command& command : program.commands())
    if (command.kind == CommandKind::kWriteReg) bus.write(command.offset, command.value);
  std::uint64_t count = 0;
  auto& system = dynamic_cast<engine::System&>(bus.system());
  while (system.step()) ++count;
  return count;
}

TEST(ReadRun, SavesStepsOfTheSystem) {
  const std::uint64_t one_by_one = steps(std::uint64_t{1} << 62U);
  EXPECT_GT(one_by_one, 1500U);
  EXPECT_LT(steps(memory::PortDescription().size), one_by_one / 3);
}

}  // namespace
}  // namespace nvdla::host
