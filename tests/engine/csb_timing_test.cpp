// SPDX-License-Identifier: Apache-2.0
// CSB timing against the recorded accesses of two LeNet replays: every write, met poll and interrupt-status
// read falls in its recorded cycle when polls see what the RTL's polls saw.
#include "engine/csb_timing.h"

#include <gtest/gtest.h>

#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace nvdla::engine {
namespace {

struct Recorded {
  std::vector<Cycle> writes;        // in the order of the trace
  std::vector<Cycle> met;           // cycle in which the data of an until's last poll came
  std::set<Cycle> interrupt_reads;  // data of S_INTR_STATUS reads that showed a change
};

Recorded read_recording(const std::string& name) {
  Recorded recorded;
  std::ifstream file(NVDLA_SOURCE_DIR "/validation/recordings/" + name + ".csb.csv");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string cycle;
    std::string event;
    std::getline(cells, cycle, ',');
    std::getline(cells, event, ',');
    if (event == "write" || event.rfind("op_enable", 0) == 0) {
      recorded.writes.push_back(std::stoll(cycle));
    } else if (event == "until_met") {
      recorded.met.push_back(std::stoll(cycle));
    } else if (event == "read_intr_status") {
      recorded.interrupt_reads.insert(std::stoll(cycle));
    }
  }
  return recorded;
}

std::vector<std::pair<std::string, std::uint32_t>> read_trace(const std::string& name) {
  std::vector<std::pair<std::string, std::uint32_t>> accesses;
  std::ifstream file(NVDLA_SOURCE_DIR "/firmware_traces/" + name + "/input.txn.gz", std::ios::binary);
  boost::iostreams::filtering_istream stream;
  stream.push(boost::iostreams::gzip_decompressor());
  stream.push(file);
  std::string line;
  while (std::getline(stream, line)) {
    std::istringstream words(line);
    std::string command;
    std::string address;
    if (!(words >> command >> address) || command[0] == '#') continue;
    accesses.emplace_back(command, (std::stoul(address, nullptr, 16) - 0xffff0000UL) * 4);
  }
  return accesses;
}

struct Case {
  const char* trace;
  const char* recording;
  Generation generation;
  std::uint32_t interrupt_status;
  std::size_t writes;
};

class CsbRecording : public ::testing::TestWithParam<Case> {};

TEST_P(CsbRecording, EveryAccessInItsRecordedCycle) {
  const Case& test = GetParam();
  Recorded recorded = read_recording(test.recording);
  const auto trace = read_trace(test.trace);
  ASSERT_EQ(recorded.writes.size(), test.writes);
  ASSERT_EQ(recorded.met.size(), 10U);

  CsbTiming timing(test.generation);
  Cycle next = 1;
  std::size_t writes = 0;
  std::size_t met = 0;
  for (const auto& [command, offset] : trace) {
    if (command == "write_reg") {
      const CsbTiming::Access access = timing.write(offset, next);
      ASSERT_LT(writes, recorded.writes.size());
      EXPECT_EQ(access.accepted, recorded.writes[writes]) << "write " << writes;
      ++writes;
      next = access.finished;
      continue;
    }
    CsbTiming::Access access;
    do {  // an until goes on until the recorded cycle, a read_reg is one read
      access = timing.read(offset, next);
      next = access.finished;
      if (offset == test.interrupt_status) recorded.interrupt_reads.erase(access.finished - 1);
    } while (command == "until" && access.finished - 1 < recorded.met[met]);
    if (command != "until") continue;
    EXPECT_EQ(access.finished - 1, recorded.met[met]) << "until " << met;
    ++met;
  }
  EXPECT_EQ(writes, recorded.writes.size());
  EXPECT_EQ(met, recorded.met.size());
  EXPECT_TRUE(recorded.interrupt_reads.empty()) << *recorded.interrupt_reads.begin();
}

INSTANTIATE_TEST_SUITE_P(Recordings, CsbRecording,
                         ::testing::Values(Case{"lenet_nv_full_fp16", "lenet_nv_full_fp16__L50_B64",
                                                Generation::kV1, 0x000c, 578},
                                           Case{"lenet_nv_small_int8", "lenet_nv_small_int8__L50_B8",
                                                Generation::kScalable, 0x100c, 586}));

// Closed form: four a group, 9 cycles from group to group, and one more in the input register at first.
TEST(CsbTiming, BackToBackWritesComeInGroupsOfFour) {
  CsbTiming timing(Generation::kV1);
  std::vector<Cycle> accepted;
  Cycle next = 100;
  for (int i = 0; i < 14; ++i) {
    const CsbTiming::Access access = timing.write(0x5010, next);
    EXPECT_EQ(access.effective, access.accepted);
    accepted.push_back(access.accepted);
    next = access.finished;
  }
  EXPECT_EQ(accepted,
            (std::vector<Cycle>{100, 101, 102, 103, 104, 110, 111, 112, 113, 119, 120, 121, 122, 128}));
}

// A read behind a full FIFO waits until it enters it; on an idle CSB it does not.
TEST(CsbTiming, ReadsTakeNineteenCyclesFromTheFifo) {
  CsbTiming timing(Generation::kV1);
  EXPECT_EQ(timing.read(0x000c, 100).finished, 119);
  EXPECT_EQ(timing.read(0x9004, 119).finished, 144);  // CACC: three more each way
  Cycle next = 200;
  for (int i = 0; i < 4; ++i) next = timing.write(0x5010, next).finished;
  const CsbTiming::Access read = timing.read(0x000c, next);
  EXPECT_EQ(read.accepted, 204);
  EXPECT_EQ(read.finished, 209 + 19);
}

// Whatever came before: so many writes in a row are accepted before the cycle asked about, and of a long row
// not many more would be.
TEST(CsbTiming, SaysHowManyWritesAreSurelyAccepted) {
  for (int before = 0; before < 12; ++before) {
    for (Cycle pause = 0; pause < 12; ++pause) {
      for (Cycle quiet = 0; quiet < 200; ++quiet) {
        CsbTiming timing(Generation::kV1);
        Cycle next = 100;
        for (int i = 0; i < before; ++i) next = timing.write(0x5010, next).finished;
        next += pause;
        const std::size_t sure = CsbTiming::surely_accepted(next, next + quiet);
        const Cycle end = next + quiet;
        std::size_t accepted = 0;
        while ((next = timing.write(0x5010, next).finished) <= end) ++accepted;
        ASSERT_LE(sure, accepted) << before << " " << pause << " " << quiet;
        ASSERT_LE(accepted, sure + 20);
      }
    }
  }
  EXPECT_EQ(CsbTiming::surely_accepted(1000, 0), 0U);
  EXPECT_GT(CsbTiming::surely_accepted(1000, kNever), 1'000'000U);
}

TEST(CsbTiming, ResetForgetsWhatWasInFlight) {
  CsbTiming timing(Generation::kScalable);
  for (int i = 0; i < 9; ++i) timing.write(0x3010, 10);
  timing.reset();
  EXPECT_EQ(timing.write(0x3010, 5).accepted, 5);
}

}  // namespace
}  // namespace nvdla::engine
