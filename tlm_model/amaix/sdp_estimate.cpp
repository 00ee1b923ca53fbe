// SPDX-License-Identifier: Apache-2.0
#include "amaix/sdp_estimate.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace nvdla::amaix {

namespace {

struct Moved {
  Traffic dbb, cvsram;
  [[nodiscard]] Traffic& of(MemorySpace space) { return space == MemorySpace::kDbb ? dbb : cvsram; }
};

const memory::MemoryDescription& port(const memory::MemorySystem& memory, MemorySpace space) {
  const memory::MemoryDescription& found =
      space == MemorySpace::kCvsram && memory.cvsram ? *memory.cvsram : memory.dbb;
  if (found.bytes_per_cycle <= 0) throw std::invalid_argument("memory bandwidth must be above 0");
  return found;
}

SdpWalkTotals totals(const SdpWalkShape& walk, const HardwareParameters& hardware) {
  return walk_totals(walk, hardware.dbb_width_bytes, hardware.mcif_chunk_beats * hardware.dbb_width_bytes);
}

Moved moved(const SdpFetchPlan& fetch, const SdpPlan& plan, const HardwareParameters& hardware) {
  Moved result;
  for (const SdpStream& stream : fetch.streams)
    result.of(stream.space).read[static_cast<std::size_t>(stream.client)] +=
        totals(stream.walk, hardware).bus_bytes;
  if (plan.output)
    result.of(plan.output->space).written[static_cast<std::size_t>(Client::kSdp)] +=
        totals(plan.output->walk, hardware).bus_bytes;
  return result;
}

struct Stage {
  Resource resource;
  std::uint32_t rate;  // elements a cycle
};

// The sub-engines in use; the output takes sdp_throughput elements a cycle whatever is bypassed.
std::vector<Stage> stages(const SdpOperation& operation, const HardwareParameters& hardware) {
  std::vector<Stage> used{{Resource::kSdpCore, hardware.sdp_throughput}};
  const auto add = [&](const SdpStage& stage, std::uint32_t rate, Resource resource) {
    if (!stage.bypass && rate != 0) used.push_back({resource, std::min(rate, hardware.sdp_throughput)});
  };
  add(operation.x1, hardware.sdp_bs_throughput, Resource::kSdpX1);
  add(operation.x2, hardware.sdp_bn_throughput, Resource::kSdpX2);
  add(operation.y, hardware.sdp_ew_throughput, Resource::kSdpY);
  return used;
}

// Cycles of the write path's slots, see SdpOutput::slots, but for the first commands, which pass while the
// first data are on their way; 0 where slots are not modelled.
double write_cycles(const SdpPlan& plan) {
  if (!plan.output || plan.output->slot_bytes == 0) return 0;
  const std::uint32_t beat = plan.output->slot_bytes;
  const SdpWalkTotals out = walk_totals(plan.output->walk, beat, plan.output->unit_bytes);
  const std::uint64_t slots = out.requests + out.chunks + out.bus_bytes / beat;
  return static_cast<double>(slots) - 2;
}

// From the cycle in which the last transfer enters to the interrupt.
double tail(const SdpPlan& plan, const HardwareParameters& hardware, const memory::MemorySystem& memory) {
  const SdpPathLengths& paths = sdp_path_lengths(hardware);
  const double through = plan.cycles_per_transfer - 1.0 + plan.depth();
  if (!plan.output) return through + paths.quiet_interrupt;
  const memory::MemoryDescription& to = port(memory, plan.output->space);
  const double beat = std::max(1.0, hardware.dbb_width_bytes / to.bytes_per_cycle);
  const std::uint32_t unit = plan.output->unit_bytes;
  const SdpWalkTotals out = walk_totals(plan.output->walk, hardware.dbb_width_bytes, unit);
  return through + paths.write + (out.last_chunk_beats - 1.0) * beat + to.latency + paths.acknowledge;
}

// From the first request on the bus to the cycle before the first transfer enters: the streams' first beats
// come in turn, a chunk of each, and the last of what the first transfer needs decides.
double first_entry(const SdpFetchPlan& fetch, const SdpPlan& plan, const HardwareParameters& hardware,
                   const memory::MemorySystem& memory) {
  const SdpPathLengths& paths = sdp_path_lengths(hardware);
  const std::uint64_t width = hardware.dbb_width_bytes, chunk = hardware.mcif_chunk_beats;
  std::vector<std::uint64_t> beats;
  for (const SdpStream& stream : fetch.streams)
    beats.push_back(std::max<std::uint64_t>(1, totals(stream.walk, hardware).bus_bytes / width));
  double entry = 0;
  for (std::size_t k = 0; k < fetch.streams.size(); ++k) {
    const SdpStream& stream = fetch.streams[k];
    const memory::MemoryDescription& from = port(memory, stream.space);
    const std::uint64_t needed = std::clamp<std::uint64_t>(
        (std::max(stream.gather_bytes, stream.record_bytes) + width - 1) / width, 1, beats[k]);
    const std::uint64_t turns = (needed - 1) / chunk;
    std::uint64_t before = needed - 1;
    for (std::size_t j = 0; j < fetch.streams.size(); ++j)
      if (j != k && fetch.streams[j].space == stream.space)
        before += std::min(beats[j], (j < k ? turns + 1 : turns) * chunk);
    const double beat = std::max(1.0, static_cast<double>(width) / from.bytes_per_cycle);
    const std::int32_t path = entry_path(stream, plan, paths);
    entry = std::max(entry, from.latency + static_cast<double>(before) * beat + path);
  }
  return entry - 1;
}

}  // namespace

Estimate estimate_sdp(const SdpOperation& operation, const HardwareParameters& hardware,
                      const memory::MemorySystem& memory, Level level) {
  if (operation.flying) throw std::invalid_argument("SDP on the fly has no time of its own");
  if (level == Level::kDynamic) throw std::invalid_argument("the dynamic level has no closed form");
  const SdpFetchPlan fetch = plan_sdp_fetch(operation.fetch, hardware);
  const SdpPlan plan = plan_sdp(operation, hardware);
  const SdpPathLengths& paths = sdp_path_lengths(hardware);
  const Moved bytes = moved(fetch, plan, hardware);
  const double elements = static_cast<double>(plan.transfers) * hardware.sdp_throughput;

  Estimate estimate;
  estimate.dbb = bytes.dbb;
  estimate.cvsram = bytes.cvsram;
  for (const Stage& stage : stages(operation, hardware))
    estimate.bounds.push_back({stage.resource, elements, static_cast<double>(stage.rate)});
  if (const double slots = write_cycles(plan); slots > 0)
    estimate.bounds.push_back({Resource::kWritePath, slots, 1.0});
  double latency_in = 0;  // of the main input
  const auto add_port = [&](MemorySpace space, const Traffic& traffic, Resource bandwidth) {
    if (traffic.total() == 0) return;
    estimate.bounds.push_back(
        {bandwidth, static_cast<double>(traffic.total()), port(memory, space).bytes_per_cycle});
  };
  add_port(MemorySpace::kDbb, bytes.dbb, Resource::kDbbBandwidth);
  add_port(MemorySpace::kCvsram, bytes.cvsram, Resource::kCvsramBandwidth);
  for (const SdpStream& stream : fetch.streams) {
    const memory::MemoryDescription& from = port(memory, stream.space);
    const std::uint32_t fifo = hardware.read_latency_fifo_beats[static_cast<std::size_t>(stream.client)];
    const double open = fifo == 0 ? from.max_outstanding : std::min(fifo, from.max_outstanding);
    const bool main = stream.client == Client::kSdp;
    if (main) latency_in = from.latency;
    estimate.bounds.push_back(
        {Resource::kOutstanding, static_cast<double>(totals(stream.walk, hardware).bus_bytes),
         open * hardware.dbb_width_bytes / (from.latency + (main ? paths.read : paths.operand))});
  }

  if (level == Level::kRoofline) {
    estimate.take_roofline();
    return estimate;
  }

  const double fill = paths.request + latency_in;
  const double end = tail(plan, hardware, memory);
  const double latency_out = plan.output ? port(memory, plan.output->space).latency : 0;
  const double acknowledge = plan.output ? latency_out + paths.acknowledge : end;
  double longest = 0;
  for (const Bound& bound : estimate.bounds) {
    const bool bus =
        bound.resource == Resource::kDbbBandwidth || bound.resource == Resource::kCvsramBandwidth;
    // The bus works from the first beat read to the last one written; the rest of the pipeline overlaps.
    const double before = bus ? fill : paths.request + first_entry(fetch, plan, hardware, memory);
    const double after = bus ? acknowledge : end;
    // Of cycles_per_transfer the tail counts what the last transfer needs beyond its first cycle.
    const double steady = bus ? bound.cycles() : bound.cycles() - (plan.cycles_per_transfer - 1.0);
    if (before + steady + after <= longest) continue;
    longest = before + steady + after;
    PhaseList phases;
    phases.add(Resource::kOperandFetch, paths.request);
    phases.add(latency_of(operation.fetch.source.space), latency_in);
    phases.until(Resource::kOperandFetch, before);
    phases.add(bound.resource, steady);
    phases.until(Resource::kSdpCore, longest - std::min(after, latency_out + paths.acknowledge));
    if (plan.output) phases.add(latency_of(plan.output->space), latency_out);
    phases.until(Resource::kWritePath, longest);
    estimate.take_phases(phases.take());
  }
  return estimate;
}

SdpOnTheFly sdp_on_the_fly(const SdpOperation& operation, const HardwareParameters& hardware,
                           const memory::MemorySystem& memory) {
  const SdpPlan plan = plan_sdp(operation, hardware);
  SdpFetchPlan fetch;
  if (operation.has_fetch) fetch = plan_sdp_fetch(operation.fetch, hardware);
  const SdpPathLengths& paths = sdp_path_lengths(hardware);
  SdpOnTheFly result;
  result.cycles_per_transfer = plan.cycles_per_transfer;
  for (const Stage& stage : stages(operation, hardware))
    if (stage.rate < hardware.sdp_throughput &&
        plan.cycles_per_transfer == (hardware.sdp_throughput + stage.rate - 1) / stage.rate)
      result.resource = stage.resource;
  if (const double slots = write_cycles(plan) / static_cast<double>(plan.transfers);
      slots > result.cycles_per_transfer) {
    result.cycles_per_transfer = slots;
    result.resource = Resource::kWritePath;
  }
  result.release_tail = paths.from_cacc + plan.cycles_per_transfer - 1.0 + plan.depth();
  result.interrupt_tail = paths.from_cacc + tail(plan, hardware, memory);
  const Moved bytes = moved(fetch, plan, hardware);
  result.dbb = bytes.dbb;
  result.cvsram = bytes.cvsram;
  return result;
}

}  // namespace nvdla::amaix
