// SPDX-License-Identifier: Apache-2.0
// Holds sums of hardware/paths against cycles that the RTL took. The shortest distance between two recorded
// events, over all recordings of a generation, is the path without contention: a sum that is too long fails
// as well as one that is too short.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "hardware/convolution_timing.h"
#include "hardware/paths/cdp.h"
#include "hardware/paths/convolution.h"
#include "hardware/paths/csb.h"
#include "hardware/paths/movers.h"
#include "hardware/paths/pdp.h"
#include "hardware/paths/sdp.h"

namespace nvdla::paths {
namespace {

using Record = std::map<std::string, std::string>;

struct Recorded {
  std::vector<Record> rows;
  long latency = 0;  // of the memory
  Precision precision = Precision::kInt8;
};

std::vector<std::string> split(std::string line) {
  if (!line.empty() && line.back() == '\r') line.pop_back();
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

// Branches nvdlav1, nv_small and master of nvdla/hw.
struct Rtl {
  Generation generation;
  bool master = false;

  [[nodiscard]] bool made(const std::string& name) const {
    const auto of = [&](const char* config) { return name.find(config) != std::string::npos; };
    if (master) return of("_nv_small_256__") || of("_nv_medium_512__");
    return of(generation == Generation::kV1 ? "nv_full" : "nv_small");
  }
};
constexpr Rtl kV1{Generation::kV1}, kNvSmall{Generation::kScalable}, kMaster{Generation::kScalable, true};

std::vector<Recorded> recordings(const Rtl& rtl) {
  std::vector<Recorded> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           std::string(NVDLA_SOURCE_DIR) +
           (rtl.master ? "/tests/rtl_cases/seen" : "/validation/recordings"))) {
    const std::string name = entry.path().filename().string();
    const std::string suffix = ".ops.csv";
    if (name.size() < suffix.size() || name.substr(name.size() - suffix.size()) != suffix || !rtl.made(name))
      continue;
    Recorded recorded;
    recorded.latency = std::stol(name.substr(name.find("__L") + 3));
    if (name.find("_fp16") != std::string::npos) recorded.precision = Precision::kFp16;
    std::ifstream file(entry.path());
    std::string line;
    std::getline(file, line);
    const std::vector<std::string> columns = split(line);
    while (std::getline(file, line)) {
      const std::vector<std::string> cells = split(line);
      Record record;
      for (std::size_t i = 0; i < std::min(columns.size(), cells.size()); ++i) record[columns[i]] = cells[i];
      recorded.rows.push_back(record);
    }
    all.push_back(recorded);
  }
  return all;
}

bool has(const Record& record, const std::string& column) {
  const auto found = record.find(column);
  return found != record.end() && !found->second.empty();
}
long value(const Record& record, const std::string& column) {
  return has(record, column) ? std::stol(record.at(column)) : 0;
}

// The smallest number of cycles from one column to the other; `write_latency`: less the memory's.
long shortest(const Rtl& rtl, const std::string& unit, const std::string& from, const std::string& to,
              const std::string& active = "start", bool write_latency = false) {
  long least = 1000000;
  for (const Recorded& recorded : recordings(rtl)) {
    for (const Record& record : recorded.rows) {
      if (record.at("unit") != unit || !has(record, from) || !has(record, to) || value(record, active) == 0)
        continue;
      const long cycles = value(record, to) - value(record, from) - (write_latency ? recorded.latency : 0);
      if (cycles > 0) least = std::min(least, cycles);
    }
  }
  return least;
}

constexpr Rtl kAll[] = {kV1, kNvSmall, kMaster};

TEST(RecordedPaths, FirstRequests) {
  for (const Rtl& rtl : kAll) {
    const auto first = [&](const std::string& unit) {
      return shortest(rtl, unit, "start", "first_read_request", "read_beats");
    };
    EXPECT_EQ(first("SDP_RDMA"), sdp_paths(rtl.generation, rtl.master).request.sum());
    EXPECT_EQ(first("PDP_RDMA"), pdp_paths(rtl.generation, rtl.master).request.sum());
    EXPECT_EQ(first("CDP_RDMA"), cdp_paths(rtl.generation, rtl.master).request.sum());
    const ConvolutionPaths& convolution = convolution_paths(rtl.generation, rtl.master);
    EXPECT_EQ(first("CDMA"), std::min(convolution.weight_request.sum(), convolution.data_request.sum()));
  }
}

TEST(RecordedPaths, InterruptsAfterTheLastAcknowledge) {
  for (const Rtl& rtl : kAll) {
    const auto end = [&](const std::string& unit) {
      return shortest(rtl, unit, "last_write_beat", "interrupt", "write_beats", true);
    };
    EXPECT_EQ(end("SDP"), sdp_paths(rtl.generation, rtl.master).acknowledge.sum());
    EXPECT_EQ(end("PDP"), pdp_paths(rtl.generation, rtl.master).acknowledge.sum());
    EXPECT_EQ(end("CDP"), cdp_paths(rtl.generation, rtl.master).acknowledge.sum());
  }
}

TEST(RecordedPaths, OperationEnableToStart) {
  for (const Rtl& rtl : kAll) {
    const CsbPaths& csb = csb_paths(rtl.generation);
    const int enable = csb.to_unit.sum() + csb.register_write.sum() + csb.operation_enable.sum();
    for (const char* unit : {"CSC", "SDP_RDMA", "SDP", "PDP_RDMA", "PDP", "CDP"})
      EXPECT_EQ(shortest(rtl, unit, "enable", "start"), enable) << unit;
    for (const char* unit : {"CACC", "CMAC_A", "CMAC_B"})
      EXPECT_EQ(shortest(rtl, unit, "enable", "start"), enable + csb.retiming.sum()) << unit;
  }
}

// Every row, not the shortest only: nothing can delay CSC's done.
TEST(RecordedPaths, SequenceDone) {
  for (const Rtl& rtl : kAll) {
    std::size_t rows = 0;
    for (const Recorded& recorded : recordings(rtl)) {
      for (const Record& record : recorded.rows) {
        if (record.at("unit") != "CSC" || value(record, "active_cycles") == 0) continue;
        ++rows;
        EXPECT_EQ(value(record, "done") - value(record, "last_active"),
                  convolution_paths(rtl.generation, rtl.master).sequence_done.sum());
      }
    }
    EXPECT_GT(rows, 40U);
  }
}

// The last atomic operation to CACC's done, of every recorded layer: 17 cycles in V1, two more in fp16, 13 in
// nv_small. And the last transfer that SDP takes to CACC's interrupt, where one layer is alone.
TEST(RecordedPaths, AccumulateDoneAndInterrupt) {
  for (const Rtl& rtl : {kV1, kNvSmall}) {
    const HardwareParameters& hardware = preset(rtl.generation == Generation::kV1 ? "nv_full" : "nv_small");
    std::map<Precision, std::size_t> layers, interrupts;
    for (const Recorded& recorded : recordings(rtl)) {
      const ConvolutionTiming timing = convolution_timing(hardware, recorded.precision);
      std::map<std::string, const Record*> csc, cacc, sdp;  // by sequence
      for (const Record& record : recorded.rows) {
        const std::string& unit = record.at("unit");
        if (unit == "CSC" && value(record, "active_cycles") != 0) csc[record.at("sequence")] = &record;
        if (unit == "CACC") cacc[record.at("sequence")] = &record;
        if (unit == "SDP") sdp[record.at("sequence")] = &record;
      }
      for (const auto& [sequence, record] : csc) {
        EXPECT_EQ(value(*cacc.at(sequence), "done") - value(*record, "last_active"), timing.accumulate_done);
        ++layers[recorded.precision];
      }
      if (cacc.size() != 1 || sdp.size() != 1 || value(*sdp.begin()->second, "last_active") == 0) continue;
      EXPECT_EQ(value(*cacc.begin()->second, "interrupt") - value(*sdp.begin()->second, "last_active"),
                timing.interrupt);
      ++interrupts[recorded.precision];
    }
    EXPECT_GE(layers[Precision::kInt8], 50U);
    EXPECT_GE(interrupts[Precision::kInt8], 20U);
    if (rtl.generation == Generation::kV1) {
      EXPECT_GE(layers[Precision::kFp16], 60U);
      EXPECT_GE(interrupts[Precision::kFp16], 30U);
    }
  }
}

// SDP's last transfer in (its `last_active`) to its done: in V1 one recording bypasses all sub-engines; the
// scalable ones add a bias in X1 at least.
TEST(RecordedPaths, ThroughSdp) {
  const SdpPaths& v1 = kSdpV1;
  EXPECT_EQ(shortest(kV1, "SDP", "last_active", "done", "last_active"), v1.from_cacc.sum() + v1.core.sum());
  const SdpPaths& scalable = kSdpScalable;
  const int x = scalable.from_cacc.sum() + scalable.core.sum() + scalable.x.sum();
  EXPECT_EQ(shortest(kNvSmall, "SDP", "last_active", "done", "last_active"), x + scalable.x_mul.sum());
}

// bdma_lines and rbk_contract at latency 50 on nv_full (the cases of the golden set): enable 57 and 41,
// start 68 and 59, first request 77 and 68; both interrupts came 55 cycles after the last beat.
TEST(RecordedPaths, Movers) {
  EXPECT_EQ(kCsbV1.to_unit.sum() + kCsbV1.launch.sum(), 68 - 57);
  EXPECT_EQ(kBdma.request.sum(), 77 - 68);
  EXPECT_EQ(kRubik.request.sum(), 68 - 59);
  EXPECT_EQ(kBdma.acknowledge.sum(), 55 - 50);
  EXPECT_EQ(kRubik.acknowledge.sum(), 55 - 50);
}

// Seen in simulations of the RTL without contention: the cycles of one beat's way in through the latency FIFO
// and out again (V1 int8 LRN, nv_small int8 LRN and average pooling; the numbers are bus cycles).
TEST(SimulatedPaths, ThroughCdpAndPdp) {
  // nv_full: first beat in 891, strip of 8 columns of 4 words, 4 beats out, first of them on the bus in 986.
  const auto cdp = [](const CdpPaths& paths, int strip, int lookahead, int beats) {
    return paths.read.sum() + strip + lookahead + beats + paths.depth.sum() + paths.write.sum();
  };
  EXPECT_EQ(cdp(kCdpV1, 8 * 4, 8, 4), 986 - 891);
  // nv_small: first beat in 894, strip of 6 columns of 8 words, beats go out one by one, the first in 1019.
  EXPECT_EQ(cdp(kCdpScalable, 6 * 8, 4 * 6, 1), 1019 - 894);
  // nv_small: first beat in 174; the second column of the second line (12 columns of 8 words each) completes
  // the first window, its atom is on the bus in 322.
  const PdpPaths& pdp = kPdpScalable;
  EXPECT_EQ(pdp.read.sum() + (12 + 2) * 8 + pdp.depth.sum() + pdp.write.sum(), 322 - 174);
}

}  // namespace
}  // namespace nvdla::paths
