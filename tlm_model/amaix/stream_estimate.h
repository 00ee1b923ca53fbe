// SPDX-License-Identifier: Apache-2.0
// PDP, CDP, BDMA and Rubik in closed form, from the totals of their plans.
//
// Counted from the start of the read DMA to the interrupt (OP_ENABLE to start belongs to the registers):
//   core     = request + latency + read + core cycles + drain + depth + write + (last beats - 1) beat time
//              + latency + acknowledge
//   memory   = request + latency + span of the port + latency + acknowledge          for each port
//   open     = `core` with the span of a limit of open beats and the last beat's core cycles instead of all
//              core cycles; the limits of reads, of writes and of the latency FIFO (a datum stays in it for
//              read + credit cycles)
//              Of PDP and CDP, in place of the limits of reads, where they come near the others or the
//              operation is short: `core` with its reads followed chunk by chunk (amaix/stream_walk.h), and
//              with the writes that stand behind them: what the port takes, in place of `memory`
//              BDMA and Rubik are followed datum by datum instead (amaix/linked_walk.h).
//   refined  = the largest of them, and latency + read for every change of the memory that is read
//   roofline = the largest of core work / rate, bytes / bandwidth and beats / (open / turn)
// Spans and limits: amaix/port_time.h.
// Totals are those of a walk over the plan (core cycles: without any memory), nothing is fitted. PDP and CDP
// sum them up by lines and strips (summarise_pdp, summarise_cdp); tests hold the sums against the walk.
// Limits: no contention with other units.
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "amaix/estimate.h"
#include "amaix/stream_plan.h"
#include "hardware/clients.h"
#include "hardware/parameters.h"

namespace nvdla::amaix {

class StreamChunks;
struct LinkedTimes;

struct StreamSummary {
  StreamTotals dbb_read, cvsram_read, dbb_write, cvsram_write;
  std::uint64_t core_cycles = 0;      // gaps included
  std::uint64_t data_cycles = 0;      // gaps left out: the core's own rate
  std::uint32_t early = 0;            // the read DMA is done before its last portion's end by so much more
  std::uint32_t drain = 0;            // from the end of the last portion to its last output
  std::uint32_t release = 0;          // and to the last datum that the unit's own done waits for
  std::uint32_t last_unit_beats = 1;  // of the last output
  MemorySpace last_output = MemorySpace::kDbb;
  // Times that the reads go on in the other memory, by the memory that they go on in: the first of them
  // leaves when all data of the memory before are taken.
  std::array<std::uint32_t, 2> switches{};

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

// The chunks that are read; null: limits of open reads are not followed chunk by chunk.
using StreamChunkSource = std::function<StreamChunks()>;

// `level` is kRoofline or kRefined. Throws std::invalid_argument for kDynamic and for a memory without
// bandwidth. `linked`: of a plan that is linked, its times (amaix/linked_walk.h).
[[nodiscard]] Estimate estimate_stream(const StreamSummary& summary, const StreamTiming& timing,
                                       Client client, Resource core, const HardwareParameters& hardware,
                                       const memory::MemorySystem& memory, Level level,
                                       const StreamChunkSource& chunks = nullptr,
                                       const LinkedTimes* linked = nullptr);

}  // namespace nvdla::amaix
