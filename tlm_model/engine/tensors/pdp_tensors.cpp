// SPDX-License-Identifier: Apache-2.0
#include "engine/tensors/pdp_tensors.h"

#include <algorithm>

namespace nvdla::engine {

PdpTensors::PdpTensors(OperationImage& image, const PdpOperation& operation,
                       const HardwareParameters& hardware, SdpTensors* sdp)
    : OperationTensors(image),
      operation_(operation),
      hardware_(hardware),
      sdp_(sdp),
      passes_(compute::pdp_passes(operation)),
      surfaces_(compute::surfaces_of(operation.input.channels, operation.precision, hardware)),
      search_(operation.destination, surfaces_, operation.output.height,
              std::uint64_t{operation.output.width} * hardware.memory_atom_bytes),
      lines_(passes_.size() * surfaces_ * operation.output.height) {}

const compute::FeatureCube* PdpTensors::flying() const {
  if (!operation_.flying) return nullptr;
  return sdp_ != nullptr ? &sdp_->cube() : &none_;
}

bool PdpTensors::part(const compute::PdpPart& part) {
  bool complete = true;
  if (const compute::FeatureCube* const cube = flying(); cube != nullptr && sdp_ != nullptr) {
    const compute::PdpWindow seen = compute::pdp_window(operation_, part, cube->height, cube->width);
    complete = sdp_->deliver(part.surface, seen.lines.begin + seen.lines.count,
                             seen.columns.begin + seen.columns.count);
  }
  image_.expect();
  const std::uint64_t nans = compute::compute_pdp_part(operation_, hardware_, part, flying(), image_, image_);
  if (!complete || image_.missing()) return false;
  counters_.nan_output += nans;
  return true;
}

void PdpTensors::compute(std::uint32_t pass, std::uint32_t surface, std::uint32_t line, std::uint32_t end) {
  Line& state = lines_[(std::size_t{pass} * surfaces_ + surface) * operation_.output.height + line];
  const std::uint32_t width = passes_[pass].write_width;
  if (end <= state.done) return;
  if (state.done >= state.retry || end == width) {
    if (part({pass, surface, line, 1, state.done, width - state.done})) {
      state.done = width;
      return;
    }
    state.retry = state.done + std::max(1U, (width - state.done) / 4);
  }
  if (part({pass, surface, line, 1, state.done, end - state.done})) {
    state.done = end;
  } else {
    ++early_;
  }
}

void PdpTensors::produce(MemorySpace /*space*/, std::uint64_t address, std::uint32_t bytes) {
  const std::uint64_t atom = hardware_.memory_atom_bytes;
  for (std::uint64_t at = address; at < address + bytes;) {
    const std::optional<LineSearch::Place> place = search_.find(at, address + bytes - at);
    if (!place) return;
    const std::uint64_t first = place->offset / atom;
    const std::uint64_t end = std::min(place->offset + address + bytes - at, search_.line_bytes()) / atom;
    for (std::uint32_t pass = 0; pass < passes_.size(); ++pass) {
      const std::uint64_t begin = passes_[pass].write_first;
      const std::uint64_t stop = std::min<std::uint64_t>(end, begin + passes_[pass].write_width);
      if (begin < end && first < stop)
        compute(pass, place->surface, place->line, static_cast<std::uint32_t>(stop - begin));
    }
    at += search_.line_bytes() - place->offset;
  }
}

void PdpTensors::finish() {
  const std::uint32_t height = operation_.output.height;
  for (std::uint32_t pass = 0; pass < passes_.size(); ++pass) {
    const std::uint32_t width = passes_[pass].write_width;
    for (std::uint32_t surface = 0; surface < surfaces_; ++surface) {
      if (image_.attached()) {
        part({pass, surface, 0, height, 0, width});
        continue;
      }
      for (std::uint32_t line = 0; line < height; ++line) compute(pass, surface, line, width);
    }
  }
  const compute::PdpCounters input = compute::count_pdp_input(operation_, hardware_, flying(), image_);
  counters_.nan_input = input.nan_input;
  counters_.inf_input = input.inf_input;
}

std::vector<OutputTensor> PdpTensors::outputs() const {
  return {
      {operation_.destination, operation_.output, operation_.precision, hardware_.memory_atom_bytes, 1, 0}};
}

}  // namespace nvdla::engine
