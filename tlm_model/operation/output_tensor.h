// SPDX-License-Identifier: Apache-2.0
// What an operation leaves in memory, and how it lies there.
//   feature cube   element (c, y, x) at address + c / n * surface_stride + y * line_stride + (x * n + c % n)
//   *
//                  size, n elements an atom
//   planar         element (c, y, x) at address + c * surface_stride + y * line_stride + x * size
// Batches follow each other batch_stride apart. Source: nvdla/doc hw/format.rst.
#pragma once

#include <cstdint>

#include "hardware/types.h"
#include "operation/cube.h"

namespace nvdla {

struct OutputTensor {
  Surface where;
  Cube cube;
  Precision precision = Precision::kInt8;
  std::uint32_t atom_bytes = 0;  // 0: planar
  std::uint32_t batches = 1;
  std::uint64_t batch_stride = 0;

  // Address of the element's first byte.
  [[nodiscard]] std::uint64_t address_of(std::uint32_t batch, std::uint32_t c, std::uint32_t y,
                                         std::uint32_t x) const {
    const std::uint64_t size = bytes_per_element(precision);
    const std::uint64_t lanes = atom_bytes == 0 ? 1 : atom_bytes / size;
    return where.address + batch * batch_stride + c / lanes * where.surface_stride +
           std::uint64_t{y} * where.line_stride + (x * lanes + c % lanes) * size;
  }
};

}  // namespace nvdla
