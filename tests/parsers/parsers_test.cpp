// SPDX-License-Identifier: Apache-2.0
// Every parser on its seeds and on thousands of changed ones: it takes the input or refuses it with an error
// of its own, in memory that the input's size bounds, at once. The long run is libFuzzer's
// (fuzz/CMakeLists.txt).
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "fuzz/targets.h"
#include "tests/parsers/counting_memory.h"

// SystemC's library, which the validation brings, asks for it.
extern "C" int sc_main(int /*argc*/, char* /*argv*/[]) { return 0; }

namespace nvdla::fuzz {

void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

namespace {

constexpr int kInputs = 600;
// Tables of registers and the gzip filter's buffers are of this order, whatever the input.
constexpr std::size_t kFixedBytes = std::size_t{4} << 20U;
// A memory page of 4 KiB and its flags for a line of 70 bytes of a log; less for everything else.
constexpr std::size_t kBytesOfAByte = 200;
constexpr std::chrono::seconds kLongest{2};

class Mutator {
 public:
  explicit Mutator(std::uint32_t seed) : random_(seed) {}

  std::string operator()(std::string text) {
    for (std::size_t count = 1 + below(6); count > 0; --count) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = std::min<std::size_t>(below(40), text.size() - at);
    switch (below(7)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.resize(at);
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(at, text.substr(at, length));
        break;
      case 4:
        text.insert(at, text.substr(0, below(text.size() + 1)));
        break;
      case 5:
        replace_number(text, at);
        break;
      default:
        text.insert(at, kTokens[below(std::size(kTokens))]);
        break;
    }
  }

  void replace_number(std::string& text, std::size_t at) {
    const std::size_t first = text.find_first_of("0123456789", at);
    if (first == std::string::npos) return;
    std::size_t last = text.find_first_not_of("0123456789abcdefx", first);
    if (last == std::string::npos) last = text.size();
    text.replace(first, last - first, kNumbers[below(std::size(kNumbers))]);
  }

  static constexpr const char* kTokens[] = {"\n", ",",  "(", ");", "\"", "{",   "}",
                                            "[",  "0x", " ", "#",  "//", "\r\n"};
  static constexpr const char* kNumbers[] = {
      "0",          "-1",    "0xffffffff",         "0xfffffffffffffffe",   "18446744073709551616",
      "4294967296", "1e308", "0x7fffffffffffffff", "99999999999999999999", "1048576"};
  std::mt19937 random_;
};

class Parsers : public ::testing::TestWithParam<Target> {};

TEST_P(Parsers, TakeOrRefuseEveryInput) {
  const Target& target = GetParam();
  const auto parse = [&](const std::string& text) {
    test::reset_peak();
    const std::size_t before = test::bytes_in_use();
    const auto begin = std::chrono::steady_clock::now();
    const bool taken = target.parse(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, kLongest) << text;
    EXPECT_LT(test::peak_bytes() - before, kFixedBytes + kBytesOfAByte * text.size()) << text;
    return taken;
  };
  for (const std::string& seed : target.seeds) {
    if (target.name != "loadable") {
      EXPECT_TRUE(parse(seed)) << "a seed must be taken: " << seed;
    }
  }
  int taken = 0;
  for (std::uint32_t i = 0; i < kInputs && !HasFailure(); ++i)
    taken += parse(Mutator(i)(target.seeds[i % target.seeds.size()])) ? 1 : 0;
  EXPECT_LT(taken, kInputs) << "nothing that is wrong is refused";
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
