// SPDX-License-Identifier: Apache-2.0
#include "engine/tensors/cdp_tensors.h"

#include <algorithm>

#include "compute/feature_cube.h"

namespace nvdla::engine {

CdpTensors::CdpTensors(OperationImage& image, const CdpOperation& operation, const CdpLut& lut,
                       const HardwareParameters& hardware)
    : OperationTensors(image),
      operation_(operation),
      hardware_(hardware),
      surfaces_(compute::surfaces_of(operation.cube.channels, operation.precision, hardware)),
      cdp_(operation, lut, hardware),
      search_(operation.destination, surfaces_, operation.cube.height,
              std::uint64_t{operation.cube.width} * hardware.memory_atom_bytes, LineSearch::Walk::kSurfaces),
      done_(std::size_t{operation.cube.height} * surfaces_ * operation.cube.width) {}

bool CdpTensors::part(const compute::CdpPart& part) {
  compute::CdpCounters counters;
  image_.expect();
  cdp_.compute(part, image_, image_, counters);
  if (image_.missing()) {
    ++early_;
    return false;
  }
  counters_.saturation += counters.out_saturation;
  counters_.nan_input += counters.nan_input;
  counters_.inf_input += counters.inf_input;
  counters_.nan_output += counters.nan_output;
  add(counters_.lut, counters.lut);
  return true;
}

void CdpTensors::compute(std::uint32_t surface, std::uint32_t line, std::uint32_t first, std::uint32_t end) {
  const auto atoms = done_.begin() + static_cast<std::ptrdiff_t>((std::size_t{line} * surfaces_ + surface) *
                                                                 operation_.cube.width);
  while (first < end) {
    const auto begin = std::find(atoms + first, atoms + end, false);
    const auto stop = std::find(begin, atoms + end, true);
    if (begin == stop) return;
    if (part({line, static_cast<std::uint32_t>(begin - atoms), static_cast<std::uint32_t>(stop - begin),
              surface, 1}))
      std::fill(begin, stop, true);
    first = static_cast<std::uint32_t>(stop - atoms);
  }
}

void CdpTensors::produce(MemorySpace /*space*/, std::uint64_t address, std::uint32_t bytes) {
  for (std::uint64_t at = address; at < address + bytes;) {
    const std::optional<LineSearch::Place> place = search_.find(at, address + bytes - at);
    if (!place) return;
    const std::uint64_t end = std::min(place->offset + address + bytes - at, search_.line_bytes());
    const std::uint32_t atom = hardware_.memory_atom_bytes;
    compute(place->surface, place->line, static_cast<std::uint32_t>(place->offset / atom),
            static_cast<std::uint32_t>((end + atom - 1) / atom));
    at += search_.line_bytes() - place->offset;
  }
}

void CdpTensors::finish() {
  for (std::uint32_t line = 0; line < operation_.cube.height; ++line) {
    if (image_.attached()) {
      part({line, 0, operation_.cube.width, 0, surfaces_});
      continue;
    }
    for (std::uint32_t surface = 0; surface < surfaces_; ++surface)
      compute(surface, line, 0, operation_.cube.width);
  }
}

std::vector<OutputTensor> CdpTensors::outputs() const {
  return {{operation_.destination, operation_.cube, operation_.precision, hardware_.memory_atom_bytes, 1, 0}};
}

}  // namespace nvdla::engine
