// SPDX-License-Identifier: Apache-2.0
#include "amaix/sdp_walk.h"

#include <algorithm>
#include <numeric>

namespace nvdla::amaix {

std::uint64_t SdpWalk::line_address() const {
  return shape_.base + surface_ * shape_.surface_step + line_ * shape_.line_step;
}

bool SdpWalk::next(SdpRequest& request) {
  if (done_) return false;
  const std::uint64_t line = line_address();
  std::uint32_t atoms = shape_.block;
  if (shape_.aligned_blocks) {
    const std::uint64_t phase = (line / shape_.atom_bytes + column_) % shape_.block;
    atoms -= static_cast<std::uint32_t>(phase);
  }
  atoms = std::min(atoms, shape_.width - column_);
  request.address = line + std::uint64_t{column_} * shape_.atom_bytes + inner_ * shape_.inner_step;
  request.bytes = atoms * shape_.atom_bytes;

  if (++inner_ < shape_.inner) return true;
  inner_ = 0;
  column_ += atoms;
  if (column_ < shape_.width) return true;
  column_ = 0;
  if (++line_ < shape_.lines) return true;
  line_ = 0;
  if (++surface_ < shape_.surfaces) return true;
  done_ = true;
  return true;
}

namespace {

// Request by request.
SdpWalkTotals totals_of_all(const SdpWalkShape& shape, std::uint32_t bus_bytes, std::uint32_t chunk_bytes) {
  SdpWalkTotals totals;
  SdpWalk walk(shape);
  SdpRequest request;
  while (walk.next(request)) {
    const std::uint64_t end = request.address + request.bytes;
    const std::uint64_t last_beat = (end - 1) / bus_bytes;
    ++totals.requests;
    totals.bytes += request.bytes;
    totals.bus_bytes += (last_beat - request.address / bus_bytes + 1) * bus_bytes;
    totals.chunks += (end - 1) / chunk_bytes - request.address / chunk_bytes + 1;
    const std::uint64_t chunk = std::max(request.address, (end - 1) / chunk_bytes * chunk_bytes);
    totals.last_chunk_beats = static_cast<std::uint32_t>(last_beat - chunk / bus_bytes + 1);
  }
  return totals;
}

}  // namespace

// Lines whose addresses differ by a multiple of beat, chunk and block are alike: of lines at equal distances
// the first few repeat, and so do surfaces.
SdpWalkTotals walk_totals(const SdpWalkShape& shape, std::uint32_t bus_bytes, std::uint32_t chunk_bytes) {
  const std::uint64_t block = shape.aligned_blocks ? std::uint64_t{shape.block} * shape.atom_bytes : 1;
  const std::uint64_t period =
      std::lcm(std::lcm(std::uint64_t{bus_bytes}, std::uint64_t{chunk_bytes}), block);
  const auto line_at = [&](std::uint64_t surface, std::uint64_t line) {
    SdpWalkShape alone = shape;
    alone.base = shape.base + surface * shape.surface_step + line * shape.line_step;
    alone.lines = alone.surfaces = 1;
    return totals_of_all(alone, bus_bytes, chunk_bytes);
  };
  const std::uint64_t different_lines =
      std::min<std::uint64_t>(shape.lines, period / std::gcd(period, shape.line_step));
  const std::uint64_t different_surfaces =
      std::min<std::uint64_t>(shape.surfaces, period / std::gcd(period, shape.surface_step));
  SdpWalkTotals totals;
  for (std::uint64_t surface = 0; surface < different_surfaces; ++surface) {
    const std::uint64_t surfaces = (shape.surfaces - surface - 1) / different_surfaces + 1;
    for (std::uint64_t line = 0; line < different_lines; ++line) {
      const std::uint64_t alike = surfaces * ((shape.lines - line - 1) / different_lines + 1);
      const SdpWalkTotals one = line_at(surface, line);
      totals.requests += alike * one.requests;
      totals.bytes += alike * one.bytes;
      totals.bus_bytes += alike * one.bus_bytes;
      totals.chunks += alike * one.chunks;
    }
  }
  totals.last_chunk_beats = line_at(shape.surfaces - 1, shape.lines - 1).last_chunk_beats;
  return totals;
}

}  // namespace nvdla::amaix
