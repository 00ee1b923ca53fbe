// SPDX-License-Identifier: Apache-2.0
// Proves that programs which break a rule of NVIDIA's programming guide that the RTL answers with other
// values are told so, and those that keep it are not.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "host/runner.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

namespace fs = std::filesystem;
const fs::path kTests = fs::path(NVDLA_SOURCE_DIR) / "tests";

class BrokenRules : public test::TemporaryDirectory {
 protected:
  // Replays the case with one line of its trace replaced.
  std::vector<std::string> warnings(const std::string& folder, const std::string& line,
                                    const std::string& other) {
    std::ifstream file(kTests / folder / "input.txn");
    std::ostringstream text;
    text << file.rdbuf();
    std::string trace = text.str();
    const std::size_t at = trace.find(line);
    EXPECT_NE(at, std::string::npos) << line;
    trace.replace(at, line.size(), other);
    for (std::size_t i = trace.find("dump_mem"); i != std::string::npos; i = trace.find("dump_mem"))
      trace.erase(i, trace.find('\n', i) - i);
    for (std::size_t i = trace.find(" mem/"); i != std::string::npos; i = trace.find(" mem/", i + 2))
      trace.replace(i + 1, 4, (kTests / folder / "mem/").string());
    ReplayOptions options;
    options.hardware = preset(folder.find("nv_small") == std::string::npos ? "nv_full" : "nv_small");
    options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
    if (options.hardware.cvsram) options.cvsram = options.dbb;
    options.tensors = true;
    return run(Program(this->file("changed.txn", trace)), options).warnings;
  }
  static bool mentions(const std::vector<std::string>& warnings, const std::string& text) {
    return std::any_of(warnings.begin(), warnings.end(),
                       [&](const std::string& warning) { return warning.find(text) != std::string::npos; });
  }
};

TEST_F(BrokenRules, CaccTakesLinesOfSeveralBatchesTornFromTheirPairs) {
  const char* const folder = "golden/dc3x3_batch3_nv_full_int8";
  const std::string line = "write_reg 0xffff2408 0x00000100";  // CACC.D_LINE_STRIDE
  EXPECT_FALSE(mentions(warnings(folder, line, line), "CACC.D_DATAOUT_ADDR"));
  EXPECT_TRUE(mentions(warnings(folder, line, "write_reg 0xffff2408 0x00000120"), "CACC.D_DATAOUT_ADDR"));
}

TEST_F(BrokenRules, ColumnsOfAnExtendedImageTooFarApart) {
  const char* const folder = "rtl_cases/seen/image_y_s4_nv_small";
  const std::string stride = "write_reg 0xffff1013 0x00020002";  // CSC.D_CONV_STRIDE_EXT: 3 pixels of 4
  EXPECT_TRUE(mentions(warnings(folder, stride, stride), "may be 4 elements, not 12"));
  EXPECT_FALSE(mentions(warnings("rtl_cases/seen/image_y_s3_nv_small", "", ""), "D_POST_Y_EXTENSION"));
}

}  // namespace
}  // namespace nvdla::host
