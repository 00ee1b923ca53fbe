// SPDX-License-Identifier: Apache-2.0
// The cases of tests/golden, whose tensors are checked elsewhere, against the cycles that the RTL took for
// them: the interrupt of every operation at every recorded memory point. They are the only recordings of
// BDMA, Rubik, split pooling, LUTs and batches.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "golden_case.h"
#include "host/runner.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

namespace fs = std::filesystem;
const fs::path kGolden = fs::path(NVDLA_SOURCE_DIR) / "tests/golden";

std::vector<std::string> split(std::string line) {
  if (!line.empty() && line.back() == '\r') line.pop_back();
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

using Row = std::map<std::string, std::string>;

std::vector<Row> rows(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> columns = split(line);
  std::vector<Row> result;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = split(line);
    Row row;
    for (std::size_t i = 0; i < std::min(columns.size(), cells.size()); ++i) row[columns[i]] = cells[i];
    result.push_back(row);
  }
  return result;
}

Cycle number(const Row& row, const std::string& column) {
  const auto found = row.find(column);
  return found == row.end() || found->second.empty() ? 0 : std::stol(found->second);
}

// Cases that are further off than the rest, with the most that they were, in per cent: the model is not known
// to be wrong only where a reason is given. Lower a number when the model gets nearer.
struct Known {
  const char* begin;  // of the case's name
  double percent;
  const char* reason;
};
constexpr Known kKnown[] = {{"cdp_bypass", 5.0, "the datapath is shorter with its bypasses"},
                            {"cdp_lrn5_nv_full_int8", 1.6, ""},
                            {"cdp_sqb", 8.2, "the square sum is bypassed"},
                            {"dc1x1_int16_to_fp16", 6.0, ""},
                            {"dc3x3_comp", 5.3, "sizes of compressed kernel groups are data"},
                            {"fly_", 2.0, "transfers that PDP holds when SDP is done are not counted"},
                            {"pdp_split_max", 2.0, ""},
                            {"rbk_contract", 4.1, ""},
                            {"rbk_merge_nv_full_int8", 2.3, ""},
                            {"sdp_eltwise3", 2.6, ""},
                            {"sdp_x1_both", 5.5, ""},
                            {"sdp_x1x2", 1.4, ""},
                            {"wg3x3_comp_nv_full_fp16", 6.3, "order and rate of CDMA_wg are not modelled"},
                            {"wg3x3_nv_full_fp16", 5.5, "order and rate of CDMA_wg are not modelled"},
                            {"wg3x3_pra0", 7.9, "order and rate of CDMA_wg are not modelled"}};
constexpr double kPercent = 1.0;
constexpr Cycle kCycles = 8;

double allowed(const std::string& name) {
  for (const Known& known : kKnown)
    if (name.rfind(known.begin, 0) == 0) return known.percent;
  return kPercent;
}

struct Compared {
  std::string what;
  Cycle modelled = 0, recorded = 0, start = 0;
};

class GoldenTiming : public test::TemporaryDirectory, public ::testing::WithParamInterface<std::string> {
 protected:
  // Values do not influence time: the trace without its memory contents, which would be read and written.
  [[nodiscard]] std::string trace() const {
    std::ifstream in(kGolden / GetParam() / "input.txn");
    std::string text;
    for (std::string line; std::getline(in, line);)
      if (line.rfind("load_mem", 0) != 0 && line.rfind("dump_mem", 0) != 0) text += line + "\n";
    return file("input.txn", text);
  }
};

// What ended in one case at one memory point, modelled and recorded.
std::vector<Compared> compare(const Program& program, const fs::path& recording) {
  const std::string name = recording.filename().string();
  ReplayOptions options;
  options.hardware = preset(name.find("nv_small") == std::string::npos ? "nv_full" : "nv_small");
  options.dbb.latency = static_cast<std::uint32_t>(std::stoul(name.substr(name.find("__L") + 3)));
  options.dbb.bytes_per_cycle = std::stod(name.substr(name.rfind("_B") + 2));
  if (options.hardware.cvsram) options.cvsram = options.dbb;

  std::map<std::string, Cycle> modelled;  // by unit and sequence
  for (const engine::OperationRecord& record : run(program, options).operations) {
    const Engine engine = record.id.engine;
    const Unit unit = engine == Engine::kConv ? Unit::kCacc : engine_info(engine).main;
    modelled[std::string(unit_name(unit)) + " " + std::to_string(record.id.sequence)] = record.done;
  }
  std::vector<Compared> result;
  for (const Row& row : rows(recording)) {
    const auto found = modelled.find(row.at("unit") + " " + row.at("sequence"));
    if (number(row, "interrupt") == 0 || found == modelled.end()) continue;
    result.push_back(
        {name + " " + found->first, found->second, number(row, "interrupt"), number(row, "start")});
  }
  return result;
}

TEST_P(GoldenTiming, InterruptsComeAsInTheRtl) {
  const Program program(trace());
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(kGolden / GetParam())) {
    if (entry.path().filename().string().find(".ops.csv") == std::string::npos) continue;
    for (const Compared& one : compare(program, entry.path())) {
      ++count;
      const Cycle off = std::abs(one.modelled - one.recorded);
      RecordProperty(one.what, std::to_string(one.modelled - one.recorded) + " of " +
                                   std::to_string(one.recorded - one.start));
      const double most = allowed(GetParam()) * static_cast<double>(one.recorded - one.start) / 100;
      EXPECT_LE(static_cast<double>(off), std::max(most, static_cast<double>(kCycles)))
          << one.what << ": modelled " << one.modelled << ", recorded " << one.recorded;
    }
  }
  EXPECT_GT(count, 0U);
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenTiming, ::testing::ValuesIn(test::golden_cases()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace nvdla::host
