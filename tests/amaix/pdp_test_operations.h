// SPDX-License-Identifier: Apache-2.0
// PDP operations of the recorded single-layer traces, packed cubes.
#pragma once

#include "hardware/parameters.h"
#include "hardware/types.h"
#include "operation/cube.h"
#include "operation/pdp.h"

namespace nvdla::amaix::pdp_test {

struct Shape {
  std::uint32_t width, height, channels, kernel, stride, pad_before, pad_after;
};

inline PdpOperation operation(const HardwareParameters& hardware, const Shape& shape, Precision precision,
                              PoolingMethod method) {
  PdpOperation op;
  const auto out = [&](std::uint32_t in) {
    return (in + shape.pad_before + shape.pad_after - shape.kernel) / shape.stride + 1;
  };
  op.input = {shape.width, shape.height, shape.channels};
  op.output = {out(shape.width), out(shape.height), shape.channels};
  op.method = method;
  op.precision = precision;
  op.kernel_width = op.kernel_height = shape.kernel;
  op.stride_x = op.stride_y = shape.stride;
  op.padding.left = op.padding.top = shape.pad_before;
  op.padding.right = op.padding.bottom = shape.pad_after;
  const std::uint32_t atom = hardware.memory_atom_bytes;
  const auto pack = [&](Surface& surface, std::uint64_t address, const Cube& cube) {
    surface = {MemorySpace::kDbb, address, cube.width * atom, cube.width * cube.height * atom};
  };
  pack(op.source, 0x80080000, op.input);
  pack(op.destination, 0x80020000, op.output);
  return op;
}

}  // namespace nvdla::amaix::pdp_test
