// SPDX-License-Identifier: Apache-2.0
#include "amaix/sdp_walk.h"

#include <algorithm>
#include <numeric>

#include "operation/chunk.h"

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

// Requests of one line, one behind the other, and what they are cut into.
class LineTotals {
 public:
  LineTotals(const SdpWalkShape& shape, std::uint32_t bus_bytes, std::uint32_t chunk_bytes,
             std::uint64_t period)
      : shape_(shape), bus_(bus_bytes), chunk_(chunk_bytes) {
    const std::uint64_t block = std::uint64_t{shape.block} * shape.atom_bytes;
    different_ = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(period / std::gcd(period, block), shape.width / shape.block + 1));
  }

  // The line at `address`.
  [[nodiscard]] SdpWalkTotals at(std::uint64_t address) {
    totals_ = {};
    std::uint32_t column = 0;
    if (const std::uint32_t first = first_atoms(address); first != 0) column = add(address, 0, first, 1);
    // Whole blocks: those at the same place in beat and chunk are alike.
    const std::uint32_t whole = (shape_.width - column) / shape_.block;
    const std::uint32_t different = std::min(different_, whole);
    for (std::uint32_t i = 0; i < different; ++i)
      (void)add(address, column + i * shape_.block, shape_.block, (whole - i - 1) / different + 1);
    column += whole * shape_.block;
    if (column < shape_.width) column = add(address, column, shape_.width - column, 1);
    return totals_;
  }
  // Beats of the last chunk of the line at `address`.
  [[nodiscard]] std::uint32_t last_chunk_beats(std::uint64_t address) const {
    const std::uint64_t line = address + (shape_.inner - 1) * shape_.inner_step;
    const std::uint32_t left = shape_.width - first_atoms(address);
    const std::uint64_t last = left == 0 ? shape_.width : (left - 1) % shape_.block + 1;
    const std::uint64_t end = line + std::uint64_t{shape_.width} * shape_.atom_bytes;
    const std::uint64_t begin = std::max(end - last * shape_.atom_bytes, (end - 1) / chunk_ * chunk_);
    return static_cast<std::uint32_t>((end - 1) / bus_ - begin / bus_ + 1);
  }

 private:
  // Atoms of the first block where that is not a whole one: aligned blocks end at multiples of their size.
  [[nodiscard]] std::uint32_t first_atoms(std::uint64_t address) const {
    if (!shape_.aligned_blocks) return 0;
    const auto phase = static_cast<std::uint32_t>(address / shape_.atom_bytes % shape_.block);
    return phase == 0 ? 0 : std::min(shape_.block - phase, shape_.width);
  }
  // A request of `atoms` at this column, and those alike. Returns the column behind it.
  std::uint32_t add(std::uint64_t address, std::uint32_t column, std::uint32_t atoms, std::uint64_t alike) {
    for (std::uint32_t inner = 0; inner < shape_.inner; ++inner) {
      const std::uint64_t begin =
          address + std::uint64_t{column} * shape_.atom_bytes + inner * shape_.inner_step;
      const std::uint64_t end = begin + std::uint64_t{atoms} * shape_.atom_bytes;
      totals_.requests += alike;
      totals_.bytes += alike * (end - begin);
      totals_.bus_bytes += alike * ((end - 1) / bus_ - begin / bus_ + 1) * bus_;
      totals_.chunks += alike * ((end - 1) / chunk_ - begin / chunk_ + 1);
    }
    return column + atoms;
  }

  const SdpWalkShape& shape_;
  const std::uint64_t bus_, chunk_;
  std::uint32_t different_ = 1;
  SdpWalkTotals totals_;
};

}  // namespace

// Lines whose addresses differ by a multiple of beat, chunk and block are alike: of lines at equal distances
// the first few repeat, and so do surfaces, and the blocks of a line.
SdpWalkTotals walk_totals(const SdpWalkShape& shape, std::uint32_t bus_bytes, std::uint32_t chunk_bytes) {
  if (shape.width == 0) return {};
  const std::uint64_t block = shape.aligned_blocks ? std::uint64_t{shape.block} * shape.atom_bytes : 1;
  const std::uint64_t period =
      std::lcm(std::lcm(std::uint64_t{bus_bytes}, std::uint64_t{chunk_bytes}), block);
  LineTotals lines(shape, bus_bytes, chunk_bytes, period);
  const auto address = [&](std::uint64_t surface, std::uint64_t line) {
    return shape.base + surface * shape.surface_step + line * shape.line_step;
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
      const SdpWalkTotals one = lines.at(address(surface, line));
      totals.requests += alike * one.requests;
      totals.bytes += alike * one.bytes;
      totals.bus_bytes += alike * one.bus_bytes;
      totals.chunks += alike * one.chunks;
    }
  }
  totals.last_chunk_beats = lines.last_chunk_beats(address(shape.surfaces - 1, shape.lines - 1));
  return totals;
}

std::vector<SdpChunk> walk_chunks(const SdpWalkShape& shape, const HardwareParameters& hardware,
                                  std::size_t most) {
  const std::uint32_t bus = hardware.dbb_width_bytes;
  std::vector<SdpChunk> chunks;
  SdpWalk walk(shape);
  for (SdpRequest request; chunks.size() <= most && walk.next(request);)
    for_each_chunk(request.address, request.address + request.bytes, hardware.mcif_chunk_beats * bus,
                   [&](std::uint64_t begin, std::uint64_t end) {
                     chunks.push_back({beats_of(begin, end, bus), static_cast<std::uint32_t>(end - begin),
                                       begin == request.address});
                   });
  return chunks;
}

}  // namespace nvdla::amaix
