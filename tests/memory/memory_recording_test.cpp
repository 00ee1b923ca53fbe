// SPDX-License-Identifier: Apache-2.0
// The memory's timing against recorded read beats.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "host/dma_trace.h"
#include "memory/memory_timing.h"

namespace nvdla::memory {
namespace {

// Recorded requests through this memory: the last beats of reads come in the recorded cycles.
struct Recording {
  const char* name;
  double bandwidth;
  std::uint32_t bus_bytes;
};
class MemoryRecording : public ::testing::TestWithParam<Recording> {};

TEST_P(MemoryRecording, LastReadBeatsOfEveryOperation) {
  const std::string base = NVDLA_SOURCE_DIR "/validation/recordings/" + std::string(GetParam().name);
  MemoryDescription description;
  description.latency = 50;
  description.bytes_per_cycle = GetParam().bandwidth;
  MemoryTiming memory(description, GetParam().bus_bytes);
  std::map<std::string, std::vector<Cycle>> returns;  // by unit
  std::vector<std::string> unit_of;
  host::DmaTraceReader trace(base + ".dma_trace.csv.gz");
  host::DmaBurst burst;
  MemoryTiming::Completion completion;
  const auto collect = [&] {
    while (memory.pop(completion)) {
      if (!completion.write) returns[unit_of[completion.id]].push_back(completion.at);
    }
  };
  while (trace.next(burst)) {
    const std::string client(client_name(burst.client));
    unit_of.push_back(client.rfind("cdma", 0) == 0 ? "CDMA" : client == "pdp" ? "PDP_RDMA" : "SDP_RDMA");
    memory.submit(unit_of.size() - 1, burst.write, burst.beats, burst.cycle);
    collect();
  }
  memory.advance(1000000000);
  collect();

  std::ifstream operations(base + ".ops.csv");
  std::string line;
  std::getline(operations, line);
  int compared = 0;
  while (std::getline(operations, line)) {
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    const auto& beats = returns[cells[0]];
    if (cells.size() < 12 || cells[9] == "0" || beats.empty()) continue;
    const auto at = [&](std::size_t column) { return static_cast<Cycle>(std::stoll(cells[column])); };
    // The RTL stalls the return channel (rready) while CDMA's data and weights compete inside CDMA: its last
    // beat may come later than memory offers it, never earlier.
    const Cycle stall = cells[0] == "CDMA" ? 32 : 0;
    const auto within = [&](Cycle low, Cycle high) {
      return std::count_if(beats.begin(), beats.end(),
                           [&](Cycle beat) { return beat >= low && beat <= high; });
    };
    const Cycle first = at(10);
    const Cycle last = at(11);
    EXPECT_EQ(within(first, last), at(9)) << line;  // all of them inside the recorded interval
    EXPECT_EQ(within(first, first), 1) << line;     // and the ends are met
    EXPECT_GE(within(last - stall, last), 1) << line;
    ++compared;
  }
  EXPECT_GE(compared, 10);
}

INSTANTIATE_TEST_SUITE_P(Recordings, MemoryRecording,
                         ::testing::Values(Recording{"lenet_nv_full_fp16__L50_B64", 64, 64},
                                           Recording{"lenet_img_nv_full_int8__L50_B64", 64, 64},
                                           Recording{"lenet_nv_small_int8__L50_B8", 8, 8}));

}  // namespace
}  // namespace nvdla::memory
