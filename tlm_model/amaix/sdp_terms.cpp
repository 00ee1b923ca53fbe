// SPDX-License-Identifier: Apache-2.0
#include "amaix/sdp_terms.h"

#include <algorithm>

#include "amaix/port_time.h"
#include "operation/divide.h"

namespace nvdla::amaix {

std::vector<SdpRate> sdp_stages(const SdpOperation& operation, const HardwareParameters& hardware) {
  std::vector<SdpRate> used;
  used.reserve(4);
  used.push_back({Resource::kSdpCore, hardware.sdp_throughput});
  const auto add = [&](const SdpStage& stage, std::uint32_t rate, Resource resource) {
    if (!stage.bypass && rate != 0) used.push_back({resource, std::min(rate, hardware.sdp_throughput)});
  };
  add(operation.x1, hardware.sdp_bs_throughput, Resource::kSdpX1);
  add(operation.x2, hardware.sdp_bn_throughput, Resource::kSdpX2);
  add(operation.y, hardware.sdp_ew_throughput, Resource::kSdpY);
  return used;
}

double sdp_tail(const SdpWork& work, const HardwareParameters& hardware, const memory::MemorySystem& memory) {
  const SdpPlan& plan = work.plan;
  const SdpPathLengths& paths = sdp_path_lengths(hardware);
  const double through = plan.cycles_per_transfer - 1.0 + plan.depth();
  if (!plan.output) return through + paths.quiet_interrupt;
  const memory::MemoryDescription& to = port_memory(memory, plan.output->space);
  const double beat = beat_time(to, hardware);
  return through + paths.write + (work.output.last_chunk_beats - 1.0) * beat + to.latency + paths.acknowledge;
}

double sdp_first_entry(const SdpWork& work, const HardwareParameters& hardware,
                       const memory::MemorySystem& memory) {
  const SdpFetchPlan& fetch = work.fetch;
  const SdpPathLengths& paths = sdp_path_lengths(hardware);
  const std::uint64_t width = hardware.dbb_width_bytes, chunk = hardware.mcif_chunk_beats;
  const auto beats = [&](std::size_t k) {
    return std::max<std::uint64_t>(1, work.streams[k].bus_bytes / width);
  };
  double entry = 0;
  for (std::size_t k = 0; k < fetch.streams.size(); ++k) {
    const SdpStream& stream = fetch.streams[k];
    const memory::MemoryDescription& from = port_memory(memory, stream.space);
    const std::uint64_t needed = std::clamp<std::uint64_t>(ceil_div(stream.bytes_for(1), width), 1, beats(k));
    const std::uint64_t turns = (needed - 1) / chunk;
    std::uint64_t before = needed - 1;
    for (std::size_t j = 0; j < fetch.streams.size(); ++j)
      if (j != k && fetch.streams[j].space == stream.space)
        before += std::min(beats(j), (j < k ? turns + 1 : turns) * chunk);
    const double beat = beat_time(from, hardware);
    const std::int32_t path = entry_path(stream, work.plan, paths);
    entry = std::max(entry, from.latency + static_cast<double>(before) * beat + path);
  }
  return entry - 1;
}

double sdp_fetch_tail(const SdpFetchPlan& fetch, const SdpPlan& plan, const SdpPathLengths& paths,
                      bool waits) {
  double tail = paths.main_done;
  for (const SdpStream& stream : fetch.streams) {
    const SdpPlan::RunAhead way = waits ? plan.run_ahead(stream, nullptr) : SdpPlan::RunAhead{};
    const double ahead = static_cast<double>(way.transfers) * plan.cycles_per_transfer - way.delay;
    const double way_to_use = plan.place_of(stream).registers;
    tail = std::max(tail, way_to_use + done_tail(stream, paths) - ahead);
  }
  return tail - static_cast<double>(plan.packet_transfers) * plan.cycles_per_transfer;
}

double sdp_mean_chunk(const std::vector<SdpWalkTotals>& streams, const HardwareParameters& hardware) {
  std::uint64_t bytes = 0, chunks = 0;
  for (const SdpWalkTotals& stream : streams) {
    bytes += stream.bus_bytes;
    chunks += stream.chunks;
  }
  return chunks == 0 ? 1
                     : static_cast<double>(bytes) / hardware.dbb_width_bytes / static_cast<double>(chunks);
}

}  // namespace nvdla::amaix
