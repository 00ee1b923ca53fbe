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
      lines_(passes_.size() * surfaces_) {}

bool PdpTensors::part(const compute::PdpPart& part) {
  bool complete = true;
  const compute::FeatureCube none;
  const compute::FeatureCube* flying = operation_.flying ? &none : nullptr;
  if (operation_.flying && sdp_ != nullptr) {
    complete =
        sdp_->deliver(part.surface, compute::pdp_input_lines(operation_, part.first_line + part.lines));
    flying = &sdp_->cube();
  }
  image_.expect();
  const compute::PdpCounters counters =
      compute::compute_pdp_part(operation_, hardware_, part, flying, image_, image_);
  if (!complete || image_.missing()) {
    ++early_;
    return false;
  }
  counters_.nan_input += counters.nan_input;
  counters_.inf_input += counters.inf_input;
  counters_.nan_output += counters.nan_output;
  return true;
}

void PdpTensors::compute(std::uint32_t pass, std::uint32_t surface, std::uint32_t line) {
  std::uint32_t& done = lines_[std::size_t{pass} * surfaces_ + surface];
  if (image_.attached()) {
    if (done == 0 && part({pass, surface, 0, operation_.output.height})) done = operation_.output.height;
    return;
  }
  while (done <= line && part({pass, surface, done, 1})) ++done;
  // Early: what is asked for at least.
  if (done < line) part({pass, surface, line, 1});
}

void PdpTensors::produce(MemorySpace /*space*/, std::uint64_t address, std::uint32_t bytes) {
  for (std::uint64_t at = address; at < address + bytes;) {
    const std::optional<LineSearch::Place> place = search_.find(at, address + bytes - at);
    if (!place) return;
    const std::uint64_t first = place->offset / hardware_.memory_atom_bytes;
    const std::uint64_t end =
        std::min(place->offset + address + bytes - at, search_.line_bytes()) / hardware_.memory_atom_bytes;
    for (std::uint32_t pass = 0; pass < passes_.size(); ++pass) {
      if (passes_[pass].write_first < end &&
          first < std::uint64_t{passes_[pass].write_first} + passes_[pass].write_width)
        compute(pass, place->surface, place->line);
    }
    at += search_.line_bytes() - place->offset;
  }
}

void PdpTensors::finish() {
  if (operation_.output.height == 0) return;
  for (std::uint32_t pass = 0; pass < passes_.size(); ++pass) {
    for (std::uint32_t surface = 0; surface < surfaces_; ++surface)
      compute(pass, surface, operation_.output.height - 1);
  }
}

std::vector<OutputTensor> PdpTensors::outputs() const {
  return {
      {operation_.destination, operation_.output, operation_.precision, hardware_.memory_atom_bytes, 1, 0}};
}

}  // namespace nvdla::engine
