// SPDX-License-Identifier: Apache-2.0
// Proves that networks which are mapped from their layers, without a driver, take the time that the RTL took
// with the driver's trace: the table in docs/networks.md is what this test measures.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <sstream>

#include "analysis/evaluate.h"
#include "tests/support/trace_networks.h"
#include "validation/recording.h"

namespace nvdla::validation {
namespace {

namespace fs = std::filesystem;

struct Error {
  double refined = 0, dynamic = 0;  // per cent
};

Error error_of(const Recording& recording, const test::TraceNetwork& trace) {
  const HardwareParameters& hardware = preset(trace.configuration);
  const analysis::Network network(mapper::map(trace.network, hardware, trace.options).program, hardware);
  const analysis::Design design(network, hardware);
  memory::MemorySystem memory;
  memory.dbb = recording.dbb;
  if (recording.cvsram) memory.cvsram = *recording.cvsram;
  const auto error = [&](amaix::Level level) {
    const Cycle cycles = design.evaluate(memory, level).cycles;
    return 100.0 * static_cast<double>(cycles - recording.last_done) /
           static_cast<double>(recording.last_done);
  };
  return {error(amaix::Level::kRefined), error(amaix::Level::kDynamic)};
}

std::string signed_percent(double value) {
  std::ostringstream text;
  text << std::showpos << std::fixed << std::setprecision(2) << value;
  return text.str();
}

// Absolute errors of single layers.
class Statistics {
 public:
  void add(double error) {
    ++count_;
    sum_ += std::fabs(error);
    worst_ = std::max(worst_, std::fabs(error));
  }
  [[nodiscard]] std::string text() const {
    std::ostringstream text;
    text << std::fixed << std::setprecision(2) << sum_ / static_cast<double>(std::max(1, count_))
         << " (worst " << worst_ << ")";
    return text.str();
  }
  [[nodiscard]] int count() const { return count_; }

 private:
  int count_ = 0;
  double sum_ = 0, worst_ = 0;
};

TEST(MappedNetworks, TakeTheTimeOfTheRecordings) {
  const fs::path source = NVDLA_SOURCE_DIR;
  const std::vector<test::TraceNetwork> traces = test::trace_networks((source / "firmware_traces").string());
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(source / "validation/recordings"))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::ostringstream table;
  table << "| recording | recorded cycles | refined % | dynamic % |\n|---|--:|--:|--:|\n";
  Statistics refined, dynamic;
  for (const fs::path& file : files) {
    const Recording recording = load_recording(file.string());
    const auto trace = std::find_if(traces.begin(), traces.end(), [&](const test::TraceNetwork& each) {
      return each.trace == recording.trace;
    });
    if (trace == traces.end()) continue;
    const Error error = error_of(recording, *trace);
    EXPECT_LT(std::fabs(error.refined), 4) << recording.name;
    EXPECT_LT(std::fabs(error.dynamic), 0.5) << recording.name;
    if (recording.trace.rfind("u_", 0) == 0) {
      refined.add(error.refined);
      dynamic.add(error.dynamic);
      continue;
    }
    EXPECT_LT(std::fabs(error.refined), 0.1) << recording.name;
    EXPECT_LT(std::fabs(error.dynamic), 0.1) << recording.name;
    table << "| " << recording.name << " | " << recording.last_done << " | " << signed_percent(error.refined)
          << " | " << signed_percent(error.dynamic) << " |\n";
  }
  table << "| " << refined.count() << " of single layers: mean | | " << refined.text() << " | "
        << dynamic.text() << " |\n";
  EXPECT_EQ(refined.count(), 132);

  std::ifstream in(source / "docs/networks.md");
  const std::string page{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  EXPECT_NE(page.find(table.str()), std::string::npos) << "docs/networks.md needs this table:\n"
                                                       << table.str();
}

}  // namespace
}  // namespace nvdla::validation
