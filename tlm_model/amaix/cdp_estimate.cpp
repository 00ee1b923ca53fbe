// SPDX-License-Identifier: Apache-2.0
#include "amaix/cdp_estimate.h"

#include <algorithm>
#include <functional>

#include "amaix/cdp_plan.h"
#include "amaix/shared_stream.h"
#include "amaix/stream_estimate.h"
#include "amaix/stream_walk.h"
#include "operation/chunk.h"
#include "operation/divide.h"

namespace nvdla::amaix {

namespace {

// Of the first row of `next`, which may begin inside a beat, the words that `portion` waits for.
void hold(const CdpPlan& plan, const CdpStrip& next, const HardwareParameters& hardware,
          StreamPortion& portion) {
  const std::uint32_t bus = hardware.dbb_width_bytes, of_beat = std::max(1U, bus / plan.atom_bytes);
  const auto lead = static_cast<std::uint32_t>(plan.address(plan.source, next) % bus) / plan.atom_bytes;
  portion.held_beats = ceil_div(lead + portion.held, of_beat);
  portion.held_behind =
      portion.held - (portion.held_beats > 1 ? (portion.held_beats - 1) * of_beat - lead : 0);
}

// A strip is a portion. Its last words pass the window with the first of the next.
StreamChunks chunks_of(const CdpPlan& plan, const HardwareParameters& hardware) {
  StreamChunks chunks;
  CdpReads reads(plan);
  StreamRequest request;
  CdpStrip at;
  std::uint32_t closed = 0, previous = 0;
  for (; !chunks.full() && reads.next(request); plan.advance(at)) {
    StreamPortion portion;
    const std::uint32_t width = plan.strip_width(at.strip);
    const std::uint64_t to = reads.address(plan.destination);
    portion.gap = plan.gap(previous, at, closed);
    portion.cycles = plan.cycles(previous, at);
    portion.last_needed = plan.last_needed(at);
    portion.written = beats_of(to, to + request.bytes, hardware.dbb_width_bytes);
    portion.command = plan.command_slots ? 1 : 0;
    const std::uint64_t chunk = std::uint64_t{hardware.mcif_chunk_beats} * hardware.dbb_width_bytes;
    portion.first_chunk = beats_of(to, chunk_end(to, to + request.bytes, chunk), hardware.dbb_width_bytes);
    CdpStrip next = at;
    plan.advance(next);
    const bool last = next.line == plan.cube.height;
    if (plan.lookahead > 0) {
      portion.held = plan.rows_behind(width, last ? width : plan.strip_width(next.strip));
      if (!last && portion.held <= plan.strip_width(next.strip)) hold(plan, next, hardware, portion);
    }
    chunks.add_whole(request, portion, hardware);
    previous = width;
  }
  return chunks;
}

// How the operation ends: a walk over its last strips, which the lines before do not change.
StreamSummary last_lines(CdpPlan plan, const HardwareParameters& hardware) {
  const std::uint32_t lines = std::min(plan.strips * plan.surfaces == 1 ? 2U : 1U, plan.cube.height);
  for (Surface* cube : {&plan.source, &plan.destination})
    cube->address += std::uint64_t{plan.cube.height - lines} * cube->line_stride;
  plan.cube.height = lines;
  CdpReads reads(plan);
  CdpCore core(plan);
  return summarise(reads, core, plan.timing, hardware);
}

}  // namespace

// What CdpCore does with every strip, summed up: a strip is read by one request and written as one run.
StreamSummary summarise_cdp(const CdpOperation& operation, const HardwareParameters& hardware) {
  const CdpPlan plan = plan_cdp(operation, hardware);
  const std::uint32_t bus = hardware.dbb_width_bytes;
  StreamSummary summary;
  summary.core_cycles = plan.core_cycles();
  summary.data_cycles = plan.input_bytes() / plan.atom_bytes * plan.words;
  StreamTotals& read = summary.read(plan.source.space);
  StreamTotals& written = summary.written(plan.destination.space);
  CdpReads reads(plan);
  StreamRequest request, run;
  while (reads.next(request)) {
    count(request, bus, read);
    // The same place in the other cube.
    run = {plan.destination.space, reads.address(plan.destination), request.bytes};
    count_cut(run, plan.unit_bytes, bus, written);
  }
  const StreamSummary last = last_lines(plan, hardware);
  summary.drain = last.drain;
  summary.release = last.release;
  if (plan.surfaces == 1 && plan.strips > 1)
    summary.early = plan.early(plan.strip_width(plan.strips - 2),
                               {plan.cube.height - 1, plan.strips - 1, plan.surfaces - 1});
  summary.last_output = plan.destination.space;
  const std::uint64_t end = run.address + run.bytes;
  const std::uint64_t last_unit = std::max(run.address, (end - 1) / plan.unit_bytes * plan.unit_bytes);
  summary.last_unit_beats = beats_of(last_unit, end, bus);
  return summary;
}

std::unique_ptr<SharedUnit> share_cdp(const CdpOperation& operation, const StreamSummary& summary,
                                      const HardwareParameters& hardware) {
  const CdpPlan plan = plan_cdp(operation, hardware);
  return std::make_unique<SharedStream>(chunks_of(plan, hardware), plan.timing, Client::kCdp, hardware,
                                        summary.release);
}

Estimate estimate_cdp(const CdpOperation& operation, const StreamSummary& summary,
                      const HardwareParameters& hardware, const memory::MemorySystem& memory, Level level) {
  const CdpPlan plan = plan_cdp(operation, hardware);
  const auto chunks = [&] { return chunks_of(plan, hardware); };
  return estimate_stream(summary, plan.timing, Client::kCdp, Resource::kCdpCore, hardware, memory, level,
                         std::cref(chunks));
}

Estimate estimate_cdp(const CdpOperation& operation, const HardwareParameters& hardware,
                      const memory::MemorySystem& memory, Level level) {
  return estimate_cdp(operation, summarise_cdp(operation, hardware), hardware, memory, level);
}

}  // namespace nvdla::amaix
