// SPDX-License-Identifier: Apache-2.0
#include "amaix/stream_estimate.h"

#include <algorithm>
#include <stdexcept>

namespace nvdla::amaix {

namespace {

const memory::MemoryDescription& port(const memory::MemorySystem& memory, MemorySpace space) {
  const memory::MemoryDescription& found =
      space == MemorySpace::kCvsram && memory.cvsram ? *memory.cvsram : memory.dbb;
  if (found.bytes_per_cycle <= 0) throw std::invalid_argument("memory bandwidth must be above 0");
  return found;
}

// `step` is only kept for the room of its outputs.
void take(StreamCore& core, std::uint32_t bytes, std::uint32_t bus_bytes, StreamStep& step,
          StreamSummary& summary) {
  if (core.remaining() == 0) return;
  step.gap = step.cycles = step.last_needed = step.release_offset = 0;
  step.outputs.clear();
  core.take(bytes, step);
  summary.core_cycles += step.gap + step.cycles;
  summary.data_cycles += step.cycles;
  for (const StreamOutput& output : step.outputs) {
    StreamTotals one;
    count(output.request, bus_bytes, one);
    StreamTotals& totals = summary.written(output.request.space);
    totals.requests += one.requests;
    totals.bytes += one.bytes;
    totals.bus_bytes += one.bus_bytes;
    summary.last_unit_beats = static_cast<std::uint32_t>(one.bus_bytes / bus_bytes);
    summary.last_output = output.request.space;
    summary.drain = output.offset > step.cycles ? output.offset - step.cycles : 0;
  }
}

}  // namespace

StreamSummary summarise(StreamReads& reads, StreamCore& core, const StreamTiming& timing,
                        const HardwareParameters& hardware) {
  StreamSummary summary;
  const std::uint32_t bus = hardware.dbb_width_bytes;
  const std::uint64_t chunk = std::uint64_t{hardware.mcif_chunk_beats} * bus;
  StreamRequest request;
  StreamStep step;
  while (reads.next(request)) {
    count(request, bus, summary.read(request.space));
    if (timing.whole_requests) {
      take(core, request.bytes, bus, step, summary);
      continue;
    }
    const std::uint64_t end = request.address + request.bytes;
    for (std::uint64_t at = request.address; at < end;) {
      const std::uint64_t stop = std::min(end, at / chunk * chunk + chunk);
      take(core, static_cast<std::uint32_t>(stop - at), bus, step, summary);
      at = stop;
    }
  }
  return summary;
}

Estimate estimate_stream(const StreamSummary& summary, const StreamTiming& timing, Client client,
                         Resource core, const HardwareParameters& hardware,
                         const memory::MemorySystem& memory, Level level) {
  if (level == Level::kDynamic) throw std::invalid_argument("the dynamic level has no closed form");
  const auto index = static_cast<std::size_t>(client);
  const double bus = hardware.dbb_width_bytes;
  Estimate estimate;
  estimate.dbb.read[index] = summary.dbb_read.bus_bytes;
  estimate.dbb.written[index] = summary.dbb_write.bus_bytes;
  estimate.cvsram.read[index] = summary.cvsram_read.bus_bytes;
  estimate.cvsram.written[index] = summary.cvsram_write.bus_bytes;

  const auto bytes = static_cast<double>(summary.dbb_read.bytes + summary.cvsram_read.bytes);
  const double rate = summary.data_cycles > 0 ? bytes / static_cast<double>(summary.data_cycles) : bus;
  estimate.bounds.push_back({core, bytes, rate});
  const MemorySpace from = summary.dbb_read.bytes > 0 ? MemorySpace::kDbb : MemorySpace::kCvsram;
  const auto add_port = [&](MemorySpace space, const Traffic& traffic, std::uint64_t read) {
    if (traffic.total() == 0) return;
    const memory::MemoryDescription& description = port(memory, space);
    estimate.bounds.push_back(
        {bandwidth_of(space), static_cast<double>(traffic.total()), description.bytes_per_cycle});
    if (read == 0) return;
    const std::uint32_t fifo = hardware.read_latency_fifo_beats[index];
    const double open = fifo == 0 ? description.max_outstanding : std::min(fifo, description.max_outstanding);
    estimate.bounds.push_back(
        {Resource::kOutstanding, static_cast<double>(read),
         std::max(1.0, open) * bus / (description.latency + timing.read + timing.credit)});
  };
  add_port(MemorySpace::kDbb, estimate.dbb, summary.dbb_read.bus_bytes);
  add_port(MemorySpace::kCvsram, estimate.cvsram, summary.cvsram_read.bus_bytes);
  if (level == Level::kRoofline) {
    estimate.take_roofline();
    return estimate;
  }

  const memory::MemoryDescription& source = port(memory, from);
  const memory::MemoryDescription& target = port(memory, summary.last_output);
  const double fill = timing.request + source.latency;
  const double acknowledge = target.latency + timing.acknowledge;
  const double beat = std::max(1.0, bus / target.bytes_per_cycle);
  const double tail =
      summary.drain + timing.depth + timing.write + (summary.last_unit_beats - 1) * beat + acknowledge;
  double longest = 0;
  for (const Bound& bound : estimate.bounds) {
    const bool bandwidth =
        bound.resource == Resource::kDbbBandwidth || bound.resource == Resource::kCvsramBandwidth;
    // The bus works from the first beat read to the last one written; the rest of the pipeline overlaps.
    const double before = bandwidth ? fill : fill + timing.read;
    const double steady = bound.resource == core ? static_cast<double>(summary.core_cycles) : bound.cycles();
    const double after = bandwidth ? acknowledge : tail;
    if (before + steady + after <= longest) continue;
    longest = before + steady + after;
    estimate.steady = steady;
    PhaseList phases;
    phases.add(Resource::kDataFetch, timing.request);
    phases.add(latency_of(from), source.latency);
    phases.until(Resource::kDataFetch, before);
    phases.add(bound.resource, steady);
    phases.until(core, longest - acknowledge);
    phases.add(latency_of(summary.last_output), target.latency);
    phases.until(Resource::kWritePath, longest);
    estimate.take_phases(phases.take());
  }
  return estimate;
}

}  // namespace nvdla::amaix
