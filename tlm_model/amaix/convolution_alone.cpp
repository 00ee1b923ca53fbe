// SPDX-License-Identifier: Apache-2.0
#include "amaix/convolution_alone.h"

#include <algorithm>
#include <cmath>

#include "amaix/port_time.h"
#include "hardware/convolution_timing.h"

namespace nvdla::amaix {
namespace {

// Chunks of a layer that is walked. They set no time: more of them cost more instructions (with 1024 AlexNet
// on nv_full twice as many), fewer leave more layers to the sums. Where few reads may be open, whose turn it
// is sets the pace: then kFewOpen.
constexpr std::uint64_t kShort = 512, kFewOpen = 4096;

// A quick answer first: with a read a cycle no more are open than the latency and the way to the memory and
// back, which is shorter than kWay.
constexpr std::uint32_t kWay = 16;
bool few_open(const memory::MemoryDescription& memory, const HardwareParameters& hardware) {
  if (std::min(memory.max_outstanding, hardware.max_outstanding_beats) > memory.latency + kWay) return false;
  const double beat = beat_time(memory, hardware);
  return read_limit(memory, hardware, hardware.mcif_chunk_beats).pace(beat) > beat;
}

}  // namespace

std::optional<MemorySpace> short_on_one_port(const ConvolutionFetch& fetch, const ConvolutionContext& context,
                                             const SdpWork& work, std::optional<MemorySpace> output,
                                             const HardwareParameters& hardware,
                                             const memory::MemorySystem& memory) {
  if (!output) return std::nullopt;
  const std::uint64_t most = few_open(port_memory(memory, *output), hardware) ? kFewOpen : kShort;
  const std::uint64_t chunk = std::uint64_t{hardware.mcif_chunk_beats} * hardware.dbb_width_bytes;
  const std::uint64_t weights = context.fetch_weights ? fetch.weight_bytes : 0;
  if (work.output.chunks > most || weights > most * chunk) return std::nullopt;  // most of most networks
  const bool image = fetch.input_format == InputFormat::kPixel;
  if (!image && fetch.mode == ConvolutionMode::kWinograd) return std::nullopt;
  const MemorySpace port = *output;
  double chunks = static_cast<double>(work.output.chunks);
  bool one = true;
  const auto reads = [&](MemorySpace space, double count) {
    one = one && (space == port || !memory.cvsram);
    chunks += count;
  };
  if (context.fetch_data) reads(fetch.data.space, context.data->chunks);
  if (context.fetch_weights)
    reads(fetch.weight_space, static_cast<double>(weights) / static_cast<double>(chunk));
  for (std::size_t i = 0; i < work.streams.size(); ++i)
    reads(work.fetch.streams[i].space, static_cast<double>(work.streams[i].chunks));
  if (!one || chunks > static_cast<double>(most)) return std::nullopt;
  return port;
}

void take_walk(SharedConvolution& unit, const ConvolutionContext& context,
               const memory::MemoryDescription& memory, const HardwareParameters& hardware,
               ConvolutionEstimate& estimate) {
  // SDP's reader may begin before CDMA.
  const Cycle begin = unit.ahead();
  unit.restart(begin, nullptr);
  walk_together({&unit}, memory, hardware);
  const std::vector<Cycle>& marks = unit.marks();
  if (marks.back() == kNever) return;
  const auto at = [&](std::size_t mark) { return static_cast<double>(marks[mark] - begin); };
  const double cycles = at(marks.size() - 1) + unit.tail(), late = cycles - estimate.cycles;
  if (context.fetch_data && marks[0] != kNever) estimate.data_done = at(0);
  if (context.fetch_weights) estimate.weights_done = at(1) + convolution_timing(hardware).weight_done;
  estimate.fetch_done = std::max(estimate.data_done, estimate.weights_done);
  estimate.first_transfer = std::max(estimate.fetch_done, estimate.first_transfer + late);
  estimate.sequence_done = std::max(estimate.fetch_done, estimate.sequence_done + late);
  estimate.last_transfer = at(marks.size() - 2);
  estimate.accumulate_interrupt = at(marks.size() - 3) + convolution_timing(hardware).interrupt;
  for (Phase& phase : estimate.phases) phase.cycles *= cycles / estimate.cycles;
  estimate.cycles = cycles;
}

}  // namespace nvdla::amaix
