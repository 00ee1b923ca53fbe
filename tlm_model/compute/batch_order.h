// SPDX-License-Identifier: Apache-2.0
// The order in which the atoms of one line of several batches pass from CACC through SDP to memory.
//
// Two columns share 64 bytes of memory, and pass together: of a pair of columns first both atoms of batch 0,
// then both of batch 1, and so on. A line that begins at an odd atom begins with a single column, and a last
// column can be left alone; of these each batch has one atom.
//
// CACC takes the place of a line from D_DATAOUT_ADDR, D_LINE_STRIDE and D_SURF_STRIDE
// (NV_NVDLA_CACC_delivery_ctrl.v; simulated on its own: 2,000 random shapes, 300,611 entries of its buffer in
// this order). SDP's lines begin at even atoms: the decoder refuses others, with which the RTL writes outside
// of its cube. Where CACC's do not, nothing tells SDP, and values go to other batches and columns of the
// line. NVIDIA's programming guide asks for multiples of 64 bytes on both sides.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "operation/cube.h"

namespace nvdla::compute {

// Whether a line of a surface begins at an odd atom.
[[nodiscard]] inline bool begins_odd(const Surface& surface, std::uint32_t index, std::uint32_t line,
                                     std::uint32_t atom_bytes) {
  const std::uint64_t address = surface.address + std::uint64_t{index} * surface.surface_stride +
                                std::uint64_t{line} * surface.line_stride;
  return address / atom_bytes % 2 != 0;
}

struct BatchPlace {
  std::uint32_t batch = 0, column = 0;
};

struct BatchOrder {
  std::uint32_t batches = 1, width = 1;
  bool odd = false;  // the line begins at an odd atom

  // Which atom of the line that of a place is.
  [[nodiscard]] std::size_t index(BatchPlace place) const {
    const std::uint32_t first = pair(place.column);
    return std::size_t{first} * batches + std::size_t{place.batch} * columns(first) + place.column - first;
  }

  [[nodiscard]] BatchPlace at(std::size_t index) const {
    const std::uint32_t first = pair(static_cast<std::uint32_t>(index / batches));
    const auto rest = static_cast<std::uint32_t>(index - std::size_t{first} * batches);
    return {rest / columns(first), first + rest % columns(first)};
  }

 private:
  // The first column of those that pass together with `column`, and how many they are.
  [[nodiscard]] std::uint32_t pair(std::uint32_t column) const {
    if (!odd) return column / 2 * 2;
    return column == 0 ? 0 : (column - 1) / 2 * 2 + 1;
  }
  [[nodiscard]] std::uint32_t columns(std::uint32_t first) const {
    return odd && first == 0 ? 1 : std::min(2U, width - first);
  }
};

}  // namespace nvdla::compute
