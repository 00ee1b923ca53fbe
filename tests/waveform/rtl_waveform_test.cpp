// SPDX-License-Identifier: Apache-2.0
// Waveforms of the RTL's ports against what the bench's probes inside it recorded in the same runs: the
// import equals the recording, but for the interrupt of CACC, which the ports do not show to the cycle.
#include <gmock/gmock.h>

#include <map>
#include <sstream>

#include "host/text_source.h"
#include "host/waveform/import_waveform.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

using Row = std::map<std::string, std::string>;

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line);
  for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
  return cells;
}

// By unit and sequence.
std::map<std::string, Row> rows(const std::string& path) {
  TextSource source(path);
  std::string line;
  EXPECT_TRUE(source.next(line));
  const std::vector<std::string> header = split(line);
  std::map<std::string, Row> result;
  while (source.next(line)) {
    const std::vector<std::string> cells = split(line);
    Row& row = result[cells.at(0) + " " + cells.at(1)];
    for (std::size_t i = 0; i < cells.size(); ++i) row[header.at(i)] = cells[i];
  }
  return result;
}

std::string lines(const std::string& path) {
  TextSource source(path);
  std::string text;
  for (std::string line; source.next(line);) text += line + "\n";
  return text;
}

class RtlWaveform : public test::TemporaryDirectory, public ::testing::WithParamInterface<const char*> {};

TEST_P(RtlWaveform, IsWhatTheProbesRecorded) {
  const std::string source = NVDLA_SOURCE_DIR, name = std::string(GetParam()) + "__L50_B8";
  WaveformImport import;
  import.waveform = source + "/tests/waveform/data/" + name + ".vcd.gz";
  import.directory = path("out");
  const ImportedWaveform result = import_waveform(import);
  EXPECT_EQ(result.config, "nv_small");
  EXPECT_THAT(result.notes, ::testing::Contains(::testing::HasSubstr("measured latency=50,bandwidth=8 ")));

  const std::string recording = source + "/tests/golden/" + GetParam() + "/" + name;
  auto imported = rows(path("out/recording.ops.csv")), recorded = rows(recording + ".ops.csv");
  ASSERT_EQ(imported.size(), recorded.size());
  for (auto& [unit, row] : recorded) {
    Row& found = imported[unit];
    for (const char* column : {"group", "enable", "write_beats"})
      EXPECT_EQ(found[column], row[column]) << unit << " " << column;
    if (row["interrupt"].empty()) continue;
    const long at = std::stol(row["interrupt"]);
    EXPECT_LE(std::stol(found["interrupt_earliest"]), at) << unit;
    if (unit == "CACC 0") {
      EXPECT_GE(std::stol(found["interrupt"]), at);
    } else {
      EXPECT_EQ(found["interrupt"], row["interrupt"]) << unit;
    }
  }
  EXPECT_EQ(lines(path("out/recording.dma.csv")), lines(recording + ".dma.csv"));
  EXPECT_EQ(lines(path("out/recording.dma_trace.csv.gz")),
            lines(source + "/tests/waveform/data/" + name + ".dma_trace.csv.gz"));
}

INSTANTIATE_TEST_SUITE_P(All, RtlWaveform,
                         ::testing::Values("dc3x3_dil_nv_small_int8", "cdp_lrn5_nv_small_int8"));

}  // namespace
}  // namespace nvdla::host
