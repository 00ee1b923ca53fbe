// SPDX-License-Identifier: Apache-2.0
// PDP, CDP, BDMA and Rubik in closed form, from the totals of their plans.
//
// Counted from the start of the read DMA to the interrupt (OP_ENABLE to start belongs to the registers):
//   core     = request + latency + read + core cycles + drain + depth + write + (last beats - 1) beat time
//              + latency + acknowledge
//   memory   = request + latency + bytes / bandwidth + latency + acknowledge          for each port
//   refined  = the largest of them and of `core` with the latency bound instead of the core cycles
//   roofline = the largest of core work / rate, bytes / bandwidth and the latency bound
// The latency bound: min(latency FIFO, max_outstanding) beats are open at most, each for latency + read +
// credit cycles. beat time = max(1, bus width / bandwidth).
// Totals are those of a walk over the plan (core cycles: without any memory), nothing is fitted. PDP and CDP
// sum them up by lines and strips (summarise_pdp, summarise_cdp); tests hold the sums against the walk.
// Limits: no contention with other units.
#pragma once

#include <cstdint>

#include "amaix/estimate.h"
#include "amaix/stream_plan.h"
#include "hardware/clients.h"
#include "hardware/parameters.h"

namespace nvdla::amaix {

struct StreamSummary {
  StreamTotals dbb_read, cvsram_read, dbb_write, cvsram_write;
  std::uint64_t core_cycles = 0;      // gaps included
  std::uint64_t data_cycles = 0;      // gaps left out: the core's own rate
  std::uint32_t drain = 0;            // from the end of the last portion to its last output
  std::uint32_t last_unit_beats = 1;  // of the last output
  MemorySpace last_output = MemorySpace::kDbb;

  [[nodiscard]] StreamTotals& read(MemorySpace space) {
    return space == MemorySpace::kDbb ? dbb_read : cvsram_read;
  }
  [[nodiscard]] StreamTotals& written(MemorySpace space) {
    return space == MemorySpace::kDbb ? dbb_write : cvsram_write;
  }
};

// Walks `reads` through `core`.
[[nodiscard]] StreamSummary summarise(StreamReads& reads, StreamCore& core, const StreamTiming& timing,
                                      const HardwareParameters& hardware);

// `level` is kRoofline or kRefined. Throws std::invalid_argument for kDynamic and for a memory without
// bandwidth.
[[nodiscard]] Estimate estimate_stream(const StreamSummary& summary, const StreamTiming& timing,
                                       Client client, Resource core, const HardwareParameters& hardware,
                                       const memory::MemorySystem& memory, Level level);

}  // namespace nvdla::amaix
