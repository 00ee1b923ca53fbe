// SPDX-License-Identifier: Apache-2.0
// A waveform of the ports becomes a trace that replays to the same cycles, and a recording that says what
// happened: the model's own run is dumped as a simulator would, and what the import makes of it is held
// against what the model did.
#include "host/waveform/import_waveform.h"

#include <gmock/gmock.h>

#include <map>
#include <sstream>

#include "host/dma_trace.h"
#include "host/runner.h"
#include "host/text_source.h"
#include "tests/support/port_waveform.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/write_file.h"

namespace nvdla::host {
namespace {

using ::testing::HasSubstr;

const std::string kTraces = std::string(NVDLA_SOURCE_DIR) + "/firmware_traces/";

ReplayOptions small() {
  ReplayOptions options;
  options.hardware = preset("nv_small");
  options.dbb.bytes_per_cycle = 8;
  return options;
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line);
  for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
  return cells;
}

// Rows of a table by the first two columns, each by column.
std::map<std::string, std::map<std::string, std::string>> rows(const std::string& path) {
  TextSource source(path);
  std::string line;
  EXPECT_TRUE(source.next(line));
  const std::vector<std::string> header = split(line);
  std::map<std::string, std::map<std::string, std::string>> result;
  while (source.next(line)) {
    const std::vector<std::string> cells = split(line);
    auto& row = result[cells.at(0) + " " + cells.at(1) + (header[5] == "beats" ? " " + cells.at(4) : "")];
    for (std::size_t i = 0; i < cells.size(); ++i) row[header.at(i)] = cells[i];
  }
  return result;
}

std::string name(OperationId id, const char* convolution) {
  return (id.engine == Engine::kConv ? std::string(convolution) : std::string(engine_name(id.engine))) + " " +
         std::to_string(id.sequence);
}

class ImportWaveform : public test::TemporaryDirectory {
 protected:
  ImportedWaveform import(const std::string& waveform, const std::string& map = {}) {
    WaveformImport options;
    options.waveform = waveform;
    options.directory = path("out");
    options.map = map;
    options.dbb = small().dbb;
    return import_waveform(options);
  }
  std::string error(const std::string& waveform, const std::string& map = {}) {
    return test::thrown_text<InputError>([&] { (void)import(waveform, map); });
  }
  // Enables, interrupts within what the import promises, bursts and bytes are those of the run. Returns the
  // number of interrupts that are not exact.
  std::size_t expect_equal(const test::PortWaveform& truth) {
    auto table = rows(path("out/recording.ops.csv"));
    for (const auto& [id, at] : truth.enables)
      EXPECT_EQ(table[name(id, "CDMA")]["enable"], std::to_string(at)) << name(id, "CDMA");
    std::size_t inexact = 0;
    std::uint64_t written = 0;
    for (const engine::OperationRecord& operation : truth.operations) {
      auto& row = table[name(operation.id, "CACC")];
      const Cycle latest = std::stoll(row["interrupt"]), earliest = std::stoll(row["interrupt_earliest"]);
      EXPECT_LE(earliest, operation.done) << name(operation.id, "CACC");
      EXPECT_GE(latest, operation.done) << name(operation.id, "CACC");
      if (earliest != latest) ++inexact;
      for (const std::uint64_t bytes : operation.dbb.written) written += bytes;
    }
    std::uint64_t beats = 0;
    for (auto& [key, row] : table) beats += std::stoull(row["write_beats"]);
    EXPECT_EQ(beats * 8, written);

    DmaTraceReader reader(path("out/recording.dma_trace.csv.gz"));
    std::size_t count = 0;
    for (DmaBurst burst; reader.next(burst); ++count) {
      if (count >= truth.bursts.size()) continue;
      const DmaBurst& other = truth.bursts[count];
      EXPECT_EQ(std::tie(burst.cycle, burst.write, burst.client, burst.address, burst.beats),
                std::tie(other.cycle, other.write, other.client, other.address, other.beats))
          << "burst " << count;
    }
    EXPECT_EQ(count, truth.bursts.size());
    return inexact;
  }
};

TEST_F(ImportWaveform, IsWhatHappened) {
  const Program program(kTraces + "u_conv00_c16_28x28_k16_r3_s1_nv_small_int8/input.txn.gz");
  const test::PortWaveform truth = test::play_ports(program, small(), false);
  ASSERT_FALSE(truth.operations.empty());
  const std::string waveform = path("wave.vcd.gz");
  test::write_file(waveform, test::as_vcd(truth, {}));
  const ImportedWaveform result = import(waveform);
  EXPECT_EQ(result.scope, "bench.dut");
  EXPECT_EQ(result.config, "nv_small");
  EXPECT_EQ(result.bursts, truth.bursts.size());
  (void)expect_equal(truth);

  auto reads = rows(path("out/recording.dma.csv"));
  for (const engine::OperationRecord& operation : truth.operations) {
    if (operation.id.engine != Engine::kConv) continue;
    for (const char* client : {"cdmadat", "cdmawt"}) {
      const auto index = static_cast<std::size_t>(client[5] == 'a' ? Client::kCdmaDat : Client::kCdmaWt);
      EXPECT_EQ(reads[name(operation.id, "CDMA") + " " + client]["bytes"],
                std::to_string(operation.dbb.read[index]));
    }
  }

  // The imported trace takes the cycles of the run that it comes from.
  const ReplayResult replayed = run(Program(path("out/input.txn")), small());
  EXPECT_EQ(replayed.total_cycles, run(program, small()).total_cycles);
  EXPECT_EQ(replayed.operations.size(), truth.operations.size());
}

// LeNet: several operations in flight, both groups, pooling. With the done registers every date is exact; of
// the ports alone those of the operations that write are.
TEST_F(ImportWaveform, DatesOfANetwork) {
  const Program program(kTraces + "lenet_nv_small_int8/input.txn.gz");
  const test::PortWaveform exact = test::play_ports(program, small(), true);
  const std::string waveform = path("wave.vcd");
  test::write_file(waveform, test::as_vcd(exact, {}));
  (void)import(waveform);
  EXPECT_EQ(expect_equal(exact), 0U);

  test::VcdStyle ports;
  for (const char* unit : {"sdp", "pdp", "cdma_dat", "cdma_wt", "cacc"})
    ports.left_out.push_back(std::string(unit) + "2glb_done_intr_pd");
  test::write_file(waveform, test::as_vcd(exact, ports));
  const ImportedWaveform result = import(waveform);
  (void)expect_equal(exact);
  auto table = rows(path("out/recording.ops.csv"));
  for (const engine::OperationRecord& operation : exact.operations) {
    if (operation.id.engine == Engine::kConv) continue;
    EXPECT_EQ(table[name(operation.id, "")]["interrupt"], std::to_string(operation.done))
        << name(operation.id, "");
  }
  EXPECT_THAT(result.notes, ::testing::Contains(HasSubstr("known by reads of S_INTR_STATUS only")));
}

TEST_F(ImportWaveform, BitsAndNamesOfOthers) {
  const Program program(kTraces + "u_pool_max2_nv_small_int8/input.txn.gz");
  const test::PortWaveform truth = test::play_ports(program, small(), false);
  test::VcdStyle style;
  style.bits = true;
  style.renamed = {{"csb2nvdla_valid", "req"}, {"nvdla_core2dbb_ar_araddr", "m_axi_araddr"}};
  const std::string waveform = path("wave.vcd");
  test::write_file(waveform, test::as_vcd(truth, style));
  EXPECT_THAT(
      error(waveform),
      ::testing::AllOf(HasSubstr("missing in scope bench.dut: csb2nvdla_valid, nvdla_core2dbb_ar_araddr"),
                       HasSubstr("--map FILE")));
  const std::string map = file("map.txt",
                               "# two of them\ncsb2nvdla_valid = bench/dut/req\n"
                               "nvdla_core2dbb_ar_araddr=bench.dut.m_axi_araddr\n");
  (void)import(waveform, map);
  (void)expect_equal(truth);
  EXPECT_THAT(error(waveform, file("wrong.txt", "csb2nvdla_valid = bench.dut.nothing\n")),
              HasSubstr("has no signal bench.dut.nothing"));
  EXPECT_THAT(error(waveform, file("wrong.txt", "\ncsb2nvdla_vld = a.b\n")),
              HasSubstr("wrong.txt:2: not a pin of NVDLA"));
  EXPECT_THAT(error(waveform, file("wrong.txt", "scope = bench.other\n")), HasSubstr("scope bench.other"));
}

TEST_F(ImportWaveform, SaysWhatIsWrongWithAWaveform) {
  EXPECT_THAT(error(file("a.vcd",
                         "$scope module top $end $var wire 1 ! clk $end $upscope $end "
                         "$enddefinitions $end #0 0!\n")),
              HasSubstr("signals of NVDLA are missing: dla_core_clk, csb2nvdla_valid"));
  EXPECT_THAT(error(file("b.vcd", "$scope module top $end $var wire 1")), HasSubstr("it may be cut"));
  EXPECT_THAT(error(path("none.vcd")), HasSubstr("none.vcd"));
}

}  // namespace
}  // namespace nvdla::host
