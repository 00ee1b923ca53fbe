// SPDX-License-Identifier: Apache-2.0
// Random legal programs of a driver on every preset and level, with resets at any cycle and memories that
// answer late and out of order. Every operation ends; nothing starts or moves bytes before it is enabled;
// bytes are those of the closed form, which is another evaluation of the same plan; the same input has the
// same events.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>

#include "fuzz/executions.h"
#include "tests/fuzz/driver_run.h"

namespace nvdla::fuzz {
namespace {

using amaix::Level;

std::vector<engine::OperationRecord> in_order(std::vector<engine::OperationRecord> operations) {
  std::sort(operations.begin(), operations.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return operations;
}

void expect_same_bytes(const RunResult& a, const RunResult& b) {
  const auto one = in_order(a.operations), other = in_order(b.operations);
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    ASSERT_EQ(one[i].id.engine, other[i].id.engine);
    EXPECT_EQ(one[i].dbb.read, other[i].dbb.read);
    EXPECT_EQ(one[i].dbb.written, other[i].dbb.written);
    EXPECT_EQ(one[i].cvsram.read, other[i].cvsram.read);
    EXPECT_EQ(one[i].cvsram.written, other[i].cvsram.written);
  }
}

TEST(AcceleratorFuzz, LegalProgramsKeepEveryPromise) {
  const std::uint64_t count = from_environment("NVDLA_FUZZ_PROGRAMS", simulations(2000, 0.02));
  std::uint64_t operations = 0, bursts = 0, resets = 0;
  const auto say = [&](std::uint64_t programs) {
    std::cout << programs << " programs, " << operations << " operations, " << bursts << " bursts, " << resets
              << " with resets" << std::endl;
  };
  constexpr std::uint64_t kBetween = 5000;  // a long run that is stopped has said how far it came
  for (std::uint64_t i = 0; i < count && !::testing::Test::HasFailure(); ++i) {
    const std::uint64_t seed = first_seed() + i;
    const DriverProgram program = random_program(seed);
    SCOPED_TRACE("NVDLA_FUZZ_SEED=" + std::to_string(seed) + ": " + text_of(program));
    std::mt19937_64 random(seed);
    const Cycle settled = random() % 2 == 0 ? 0 : 4096;
    const torture::Latencies latencies{static_cast<std::uint32_t>(random()), 1,
                                       1 + static_cast<Cycle>(random() % 500), random() % 3 == 0};
    const auto level = static_cast<Level>(random() % 4 % 3);
    const auto run = [&](Level at, const torture::Latencies& memory) {
      RunResult ran = run_program(program, at, settled, memory);
      for (const std::string& text : ran.broken)
        ADD_FAILURE() << program.configuration << ", " << amaix::level_name(at) << ": " << text;
      return ran;
    };
    const RunResult result = run(level, latencies);
    operations += result.operations.size();
    bursts += result.bursts;
    resets += program.has_reset ? 1 : 0;
    if (!program.has_reset) {
      EXPECT_EQ(result.operations.size(), program.operations);
      expect_same_bytes(result, run(Level::kRefined, latencies));
      expect_same_bytes(result, run(Level::kDynamic, {1, 20, 20, true}));
    }
    if (random() % 4 == 0) {
      EXPECT_EQ(run(level, latencies).events, result.events);
    }
    if ((i + 1) % kBetween == 0 && i + 1 < count) say(i + 1);
  }
  EXPECT_GT(operations, count);
  EXPECT_GT(bursts, count);
  EXPECT_GT(resets, count / 20);
  say(count);
}

}  // namespace
}  // namespace nvdla::fuzz
