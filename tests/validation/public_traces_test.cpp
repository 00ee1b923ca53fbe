// SPDX-License-Identifier: Apache-2.0
// Every trace of firmware_traces replays to its end at every level: all reads match, every wait is met and
// every operation that layers.json lists is done, once.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "host/runner.h"

namespace nvdla {
namespace {

namespace fs = std::filesystem;

const fs::path kTraces = fs::path(NVDLA_SOURCE_DIR) / "firmware_traces";

std::vector<std::string> trace_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kTraces))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

class PublicTraces : public ::testing::TestWithParam<std::string> {};

TEST_P(PublicTraces, ReplayAtEveryLevel) {
  std::ifstream file(kTraces / GetParam() / "layers.json");
  const nlohmann::json layers = nlohmann::json::parse(file);
  host::ReplayOptions options;
  const host::Program program((kTraces / GetParam() / "input.txn.gz").string());
  options.hardware = preset(layers.at("config").get<std::string>());
  options.dbb.bytes_per_cycle = options.hardware.dbb_width_bytes;
  if (options.hardware.cvsram) options.cvsram = options.dbb;
  for (const amaix::Level level : {amaix::Level::kRoofline, amaix::Level::kRefined, amaix::Level::kDynamic}) {
    SCOPED_TRACE(amaix::level_name(level));
    options.level = level;
    const host::ReplayResult result = host::run(program, options);
    EXPECT_TRUE(result.read_mismatches.empty()) << result.read_mismatches.front();
    EXPECT_EQ(result.dma_errors, 0u);
    EXPECT_EQ(result.operations.size(), layers.at("layers").size());
    EXPECT_GT(result.total_cycles, 0);
    EXPECT_LE(result.total_cycles, result.end_of_trace);
  }
}

INSTANTIATE_TEST_SUITE_P(All, PublicTraces, ::testing::ValuesIn(trace_names()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace nvdla
