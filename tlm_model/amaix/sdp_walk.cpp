// SPDX-License-Identifier: Apache-2.0
#include "amaix/sdp_walk.h"

#include <algorithm>

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

SdpWalkTotals walk_totals(const SdpWalkShape& shape, std::uint32_t bus_bytes, std::uint32_t chunk_bytes) {
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

}  // namespace nvdla::amaix
