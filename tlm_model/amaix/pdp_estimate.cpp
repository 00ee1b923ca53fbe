// SPDX-License-Identifier: Apache-2.0
#include "amaix/pdp_estimate.h"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "amaix/pdp_plan.h"
#include "amaix/shared_stream.h"
#include "amaix/stream_estimate.h"
#include "amaix/stream_walk.h"
#include "hardware/paths/write_chain.h"
#include "operation/chunk.h"
#include "operation/divide.h"

namespace nvdla::amaix {

namespace {

// How the operation ends: a walk over its last surface, which the surfaces before do not change.
StreamSummary last_surface(PdpPlan plan, PdpReadPlan reading, const HardwareParameters& hardware) {
  plan.passes = {plan.passes.back()};
  reading.passes = {reading.passes.back()};
  for (Surface* cube : {&plan.destination, &reading.source})
    cube->address += std::uint64_t{plan.surfaces - 1} * cube->surface_stride;
  plan.surfaces = reading.surfaces = 1;
  PdpReads reads(reading);
  PdpCore core(plan);
  return summarise(reads, core, plan.timing, hardware);
}

// The atom that completes the first chunk of output.
double first_written(const PdpPlan& plan) {
  const PoolingAxis& columns = plan.passes.front().columns;
  const std::uint64_t begin = plan.destination.address;
  const std::uint64_t end =
      chunk_end(begin, begin + columns.complete.size() * plan.atom_bytes, plan.unit_bytes);
  const std::uint32_t column = columns.complete[ceil_div(end - begin, plan.atom_bytes) - 1];
  return static_cast<double>(plan.lines.complete.front()) * columns.input + column;
}

// Chunks that an estimate follows: their output, atom by atom, is most of its time. With 4096
// of them AlexNet takes 17 % more instructions; no recording changes.
constexpr std::size_t kMostEstimated = 1024;

// A chunk is a portion; what its atoms complete is what the core says.
StreamChunks chunks_of(const PdpOperation& operation, const PdpPlan& plan, const HardwareParameters& hardware,
                       std::size_t most) {
  StreamChunks chunks(most);
  PdpReads reads(plan_pdp_reads(fetch_of(operation), hardware));
  PdpCore core(plan);
  StreamRequest request;
  StreamPortion portion;
  portion.cycles = plan.cycles_per_atom;
  StreamStep step;
  while (!chunks.full() && reads.next(request)) {
    std::size_t chunk = chunks.list().size();
    chunks.add(request, plan.atom_bytes, portion, hardware);
    for_each_chunk(request.address, request.address + request.bytes,
                   std::uint64_t{hardware.mcif_chunk_beats} * hardware.dbb_width_bytes,
                   [&](std::uint64_t begin, std::uint64_t end) {
                     step.outputs.clear();
                     core.take(static_cast<std::uint32_t>(end - begin), step);
                     chunks.step(chunk++, step, hardware);
                   });
  }
  return chunks;
}

}  // namespace

// What PdpCore does with every line, summed up: a line of input is a request, a line of output a run.
StreamSummary summarise_pdp(const PdpOperation& operation, const HardwareParameters& hardware) {
  const PdpPlan plan = plan_pdp(operation, hardware);
  const PdpReadPlan reading = plan_pdp_reads(fetch_of(operation), hardware);
  const std::uint32_t bus = hardware.dbb_width_bytes;
  StreamSummary summary = last_surface(plan, reading, hardware);
  summary.dbb_read = summary.cvsram_read = summary.dbb_write = summary.cvsram_write = {};
  summary.data_cycles = plan.input_bytes() / plan.atom_bytes * plan.cycles_per_atom;
  summary.core_cycles = summary.data_cycles + plan.idle_cycles();
  PdpReads reads(reading);
  StreamRequest request;
  while (reads.next(request)) count(request, bus, summary.read(request.space));
  StreamTotals& written = summary.written(plan.destination.space);
  for (const PdpPass& pass : plan.passes) {
    const auto bytes = static_cast<std::uint32_t>(pass.columns.complete.size()) * plan.atom_bytes;
    if (bytes == 0) continue;
    for (std::uint64_t surface = 0; surface < plan.surfaces; ++surface) {
      for (std::uint64_t line = 0; line < plan.lines.complete.size(); ++line) {
        const std::uint64_t address = plan.destination.address + pass.destination_offset +
                                      surface * plan.destination.surface_stride +
                                      line * plan.destination.line_stride;
        count_cut({plan.destination.space, address, bytes}, plan.unit_bytes, bus, written);
      }
    }
  }
  return summary;
}

std::unique_ptr<SharedUnit> share_pdp(const PdpOperation& operation, const StreamSummary& summary,
                                      const HardwareParameters& hardware) {
  const PdpPlan plan = plan_pdp(operation, hardware);
  return std::make_unique<SharedStream>(chunks_of(operation, plan, hardware, StreamChunks::kMostChunks),
                                        plan.timing, Client::kPdp, hardware, summary.release);
}

Estimate estimate_pdp(const PdpOperation& operation, const StreamSummary& summary,
                      const HardwareParameters& hardware, const memory::MemorySystem& memory, Level level) {
  if (operation.flying) throw std::invalid_argument("PDP on the fly has no time of its own");
  const PdpPlan plan = plan_pdp(operation, hardware);
  const auto chunks = [&] { return chunks_of(operation, plan, hardware, kMostEstimated); };
  return estimate_stream(summary, plan.timing, Client::kPdp, Resource::kPdpCore, hardware, memory, level,
                         std::cref(chunks));
}

Estimate estimate_pdp(const PdpOperation& operation, const HardwareParameters& hardware,
                      const memory::MemorySystem& memory, Level level) {
  if (operation.flying) throw std::invalid_argument("PDP on the fly has no time of its own");
  return estimate_pdp(operation, summarise_pdp(operation, hardware), hardware, memory, level);
}

PdpOnTheFly pdp_on_the_fly(const PdpOperation& operation, const HardwareParameters& hardware,
                           const memory::MemorySystem& memory) {
  const PdpPlan plan = plan_pdp(operation, hardware);
  const StreamSummary summary = summarise_pdp(operation, hardware);
  const bool dbb = summary.last_output == MemorySpace::kDbb || !memory.cvsram;
  const memory::MemoryDescription& to = dbb ? memory.dbb : *memory.cvsram;
  const double beat = std::max(1.0, hardware.dbb_width_bytes / to.bytes_per_cycle);
  const StreamTiming& timing = plan.timing;
  PdpOnTheFly result;
  result.cycles_per_atom = plan.cycles_per_atom;
  result.core_cycles = static_cast<double>(summary.core_cycles);
  result.mean_cycles = result.core_cycles * plan.cycles_per_atom / static_cast<double>(summary.data_cycles);
  result.write_space = summary.last_output;
  result.write_latency = to.latency;
  result.acknowledge = to.latency + timing.acknowledge;
  result.write_lag = timing.read + plan.cycles_per_atom + timing.depth + timing.write;
  result.interrupt_tail = result.write_lag + summary.drain + (summary.last_unit_beats - 1) * beat +
                          to.latency + timing.acknowledge;
  result.drain = summary.drain;
  result.write_first = first_written(plan);
  const paths::WriteChainPlaces& chain = paths::pdp_write_chain(hardware.generation, hardware.master_rtl);
  result.write_buffer = (chain.arbiter + chain.fifo + chain.pipes + chain.unpack).cycles();
  const auto client = static_cast<std::size_t>(Client::kPdp);
  result.dbb.written[client] = summary.dbb_write.bus_bytes;
  result.cvsram.written[client] = summary.cvsram_write.bus_bytes;
  return result;
}

// A chunk of output leaves with its last column, in the line that completes it; what is flushed with the
// last.
std::vector<std::uint32_t> written_behind_atoms(const PdpOperation& operation,
                                                const HardwareParameters& hardware) {
  const PdpPlan plan = plan_pdp(operation, hardware);
  const PoolingAxis& columns = plan.passes.front().columns;
  const std::uint64_t width = columns.input, bytes = columns.complete.size() * plan.atom_bytes;
  std::vector<std::uint32_t> written(width * plan.lines.input);
  for (std::size_t line = 0; line < plan.lines.complete.size(); ++line) {
    const std::uint64_t from = std::min(plan.lines.complete[line], plan.lines.input - 1) * width;
    const bool flushed = plan.lines.complete[line] >= plan.lines.input;
    const std::uint64_t begin = plan.destination.address + line * plan.destination.line_stride;
    for_each_chunk(begin, begin + bytes, plan.unit_bytes, [&](std::uint64_t at, std::uint64_t end) {
      const std::uint32_t column = columns.complete[ceil_div(end - begin, plan.atom_bytes) - 1];
      const std::uint64_t last = flushed ? width - 1 : std::min<std::uint64_t>(column, width - 1);
      written[from + last] += beats_of(at, end, hardware.dbb_width_bytes);
    });
  }
  return written;
}

std::vector<SdpChunk> pooled_chunks(const PdpOperation& operation, std::uint32_t surfaces,
                                    const HardwareParameters& hardware, std::size_t most) {
  const std::vector<std::uint32_t> behind = written_behind_atoms(operation, hardware);
  std::vector<SdpChunk> chunks;
  std::uint32_t atoms = 0;
  for (std::uint32_t surface = 0; surface < surfaces && chunks.size() <= most; ++surface)
    for (const std::uint32_t beats : behind) {
      ++atoms;
      if (beats == 0) continue;
      chunks.push_back({beats, atoms, true});
      atoms = 0;
    }
  if (chunks.empty()) return chunks;
  chunks.back().bytes += atoms;
  // The last of what is flushed comes when the others have been.
  if (SdpChunk& last = chunks.back(); last.beats > 1 && last.bytes > 1) {
    --last.beats;
    --last.bytes;
    chunks.push_back({1, 1, true});
  }
  return chunks;
}

void add_pooling(const PdpOperation& operation, const HardwareParameters& hardware,
                 const memory::MemorySystem& memory, SdpOnTheFly& sdp) {
  const PdpOnTheFly pooling = pdp_on_the_fly(operation, hardware, memory);
  const std::uint32_t elements = hardware.memory_atom_bytes / bytes_per_element(operation.precision);
  const double transfers = std::max(1.0, static_cast<double>(elements) / hardware.sdp_throughput);
  if (const double pace = pooling.mean_cycles / transfers; pace > sdp.cycles_per_transfer) {
    sdp.interrupt_tail += pace - sdp.cycles_per_transfer;
    sdp.cycles_per_transfer = pace;
    sdp.cycles_with_operands = std::max(sdp.cycles_with_operands, pace);
    sdp.resource = Resource::kPdpCore;
  }
  // PDP begins an atom with its first transfer, and its tail with the atom.
  sdp.write_tail = sdp.interrupt_tail + pooling.write_lag - (transfers - 1) * sdp.cycles_per_transfer;
  sdp.write_first = pooling.write_first * transfers;
  sdp.drain = pooling.drain;
  sdp.interrupt_tail += pooling.interrupt_tail - (transfers - 1) * sdp.cycles_per_transfer;
  sdp.acknowledge = pooling.acknowledge;
  sdp.last_buffer = pooling.write_buffer;
  sdp.write_latency = pooling.write_latency;
  sdp.write_space = pooling.write_space;
  sdp.dbb += pooling.dbb;
  sdp.cvsram += pooling.cvsram;
}

}  // namespace nvdla::amaix
