// SPDX-License-Identifier: Apache-2.0
// CDMA's counters of NaN and infinity after a convolution of tests/golden on other data: software finds in
// them how many of each the memory held, at every level.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "golden_case.h"
#include "host/runner.h"
#include "registers/register_map.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

class FetchCounters : public test::TemporaryDirectory {
 protected:
  // `count` times one, of them `nans` NaN and `infinities` infinities.
  static std::string numbers(std::size_t count, std::size_t nans, std::size_t infinities) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) {
      const unsigned number =
          i % 5 == 0 && nans > 0 ? 0x7e00U : (i % 7 == 1 && infinities > 0 ? 0xfc00U : 0x3c00U);
      if (number == 0x7e00U) --nans;
      if (number == 0xfc00U) --infinities;
      bytes += static_cast<char>(number & 0xffU);
      bytes += static_cast<char>(number >> 8U);
    }
    return bytes;
  }
  // The register writes of the case, with the data and weights of this test.
  std::string trace() {
    std::ifstream golden(test::golden_folder(kCase) + "/input.txn");
    std::string text, line;
    while (std::getline(golden, line)) {
      if (line.compare(0, 8, "load_mem") != 0 && line.compare(0, 8, "dump_mem") != 0) text += line + "\n";
    }
    return "load_mem 0x80001000 0x800 data.bin\nload_mem 0x80001800 0x200 weights.bin\n" + text;
  }
  static std::string expect(const char* name, unsigned value) {
    const auto& map = registers::RegisterMap::of(Generation::kV1);
    char line[80];
    std::snprintf(line, sizeof line, "read_reg 0x%08x 0xffffffff 0x%08x\n",
                  0xffff0000U + map.offset(Unit::kCdma, name) / 4, value);
    return line;
  }
  static constexpr const char* kCase = "dc1x1_nan_nv_full_fp16";
};

TEST_F(FetchCounters, CountWhatMemoryHeld) {
  static_cast<void>(file("data.bin", numbers(0x400, 17, 5)));
  static_cast<void>(file("weights.bin", numbers(0x100, 3, 9)));
  const Program program(
      file("input.txn", trace() + expect("D_NAN_INPUT_DATA_NUM", 17) + expect("D_INF_INPUT_DATA_NUM", 5) +
                            expect("D_NAN_INPUT_WEIGHT_NUM", 3) + expect("D_INF_INPUT_WEIGHT_NUM", 9)));
  ReplayOptions options = test::golden_options(kCase);
  options.golden.clear();
  options.tensors = true;
  options.stop_on_mismatch = false;
  for (const amaix::Level level : {amaix::Level::kDynamic, amaix::Level::kRefined, amaix::Level::kRoofline}) {
    SCOPED_TRACE(std::string(amaix::level_name(level)));
    options.level = level;
    EXPECT_EQ(run(program, options).read_mismatches, std::vector<std::string>());
  }
}

}  // namespace
}  // namespace nvdla::host
