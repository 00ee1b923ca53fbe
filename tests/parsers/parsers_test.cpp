// SPDX-License-Identifier: Apache-2.0
// Every parser on its seeds and on thousands of changed ones: it takes the input or refuses it with an error
// of its own, in memory that the input's size bounds, at once. The long run is libFuzzer's
// (fuzz/libfuzzer) or scripts/fuzz.sh.
#include <gtest/gtest.h>

#include <ctime>
#include <iostream>

#include "fuzz/executions.h"
#include "fuzz/mutator.h"
#include "fuzz/targets.h"
#include "tests/parsers/real_inputs.h"
#include "tests/support/counting_memory.h"

// SystemC's library, which the validation brings, asks for it.
extern "C" int sc_main(int /*argc*/, char* /*argv*/[]) { return 0; }

namespace nvdla::fuzz {

void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

namespace {

constexpr std::uint64_t kInputs = 600;  // scripts/fuzz.sh asks for more
// Tables of registers and the gzip filter's buffers are of this order, whatever the input.
constexpr std::size_t kFixedBytes = std::size_t{4} << 20U;
// A memory page of 4 KiB and its flags for a line of 70 bytes of a log; less for everything else.
constexpr std::size_t kBytesOfAByte = 200;
constexpr double kLongest = 2;  // seconds of the processor: other programs may run

class Parsers : public ::testing::TestWithParam<Target> {};

TEST_P(Parsers, TakeOrRefuseEveryInput) {
  const Target& target = GetParam();
  const auto parse = [&](const std::string& text) {
    test::reset_peak();
    const std::size_t before = test::bytes_in_use();
    const std::clock_t begin = std::clock();
    const bool taken = target.parse(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, kLongest) << text;
    EXPECT_LT(test::peak_bytes() - before, kFixedBytes + kBytesOfAByte * text.size()) << text;
    return taken;
  };
  std::vector<std::string> seeds = target.seeds;
  for (std::string& real : real_inputs(target.name)) seeds.push_back(std::move(real));
  for (const std::string& seed : seeds) EXPECT_TRUE(parse(seed)) << "a seed must be taken: " << seed;
  const std::uint64_t count = executions(kInputs, 1.0 / static_cast<double>(targets().size()));
  std::uint64_t taken = 0;
  for (std::uint64_t i = 0; i < count && !HasFailure(); ++i) {
    SCOPED_TRACE("NVDLA_FUZZ_SEED=" + std::to_string(first_seed() + i));
    taken += parse(Mutator(first_seed() + i)(seeds[i % seeds.size()])) ? 1 : 0;
  }
  // Both ends of what a parser can say: else the changes are too weak or too strong.
  EXPECT_LT(taken, count) << "nothing that is wrong is refused";
  EXPECT_GT(taken, 0U) << "nothing is taken";
  std::cout << target.name << ": " << count << " inputs, " << taken << " taken\n";
}

TEST(ParsersMemory, IsCounted) {
  if (!test::memory_is_counted()) GTEST_SKIP() << "the sanitizers count for themselves";
  test::reset_peak();
  const std::size_t before = test::bytes_in_use();
  { const std::vector<char> block(1 << 20); }
  EXPECT_GE(test::peak_bytes() - before, std::size_t{1} << 20U);
  EXPECT_EQ(test::bytes_in_use(), before);
}

INSTANTIATE_TEST_SUITE_P(All, Parsers, ::testing::ValuesIn(targets()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace nvdla::fuzz
