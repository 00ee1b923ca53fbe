// SPDX-License-Identifier: Apache-2.0
#include "amaix/convolution_alone.h"

#include <algorithm>
#include <cmath>

#include "hardware/convolution_timing.h"

namespace nvdla::amaix {
namespace {

// Chunks of a layer that is walked. Of 1488 new cases 14 are off by more than 1 % with 512, 12 with 1024, 7
// with 4096, 49 if none is; with 1024 AlexNet on nv_full takes twice the instructions.
constexpr double kShort = 512;

}  // namespace

std::optional<MemorySpace> short_on_one_port(const ConvolutionFetch& fetch, const ConvolutionContext& context,
                                             const SdpWork& work, std::optional<MemorySpace> output,
                                             const HardwareParameters& hardware,
                                             const memory::MemorySystem& memory) {
  double chunks = static_cast<double>(work.output.chunks);
  const double chunk = hardware.mcif_chunk_beats * hardware.dbb_width_bytes;
  const double weights = context.fetch_weights ? static_cast<double>(fetch.weight_bytes) / chunk : 0;
  if (chunks + weights > kShort) return std::nullopt;  // most layers of most networks
  const bool image = fetch.input_format == InputFormat::kPixel;
  if ((!image && fetch.mode == ConvolutionMode::kWinograd) || !output) return std::nullopt;
  const MemorySpace port = *output;
  bool one = true;
  const auto reads = [&](MemorySpace space, double count) {
    one = one && (space == port || !memory.cvsram);
    chunks += count;
  };
  if (context.fetch_data) reads(fetch.data.space, context.data->chunks);
  if (context.fetch_weights) reads(fetch.weight_space, weights);
  for (std::size_t i = 0; i < work.streams.size(); ++i)
    reads(work.fetch.streams[i].space, static_cast<double>(work.streams[i].chunks));
  if (!one || chunks > kShort) return std::nullopt;
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
  if (context.fetch_data) estimate.data_done = at(0);
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
