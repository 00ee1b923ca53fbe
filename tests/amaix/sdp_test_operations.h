// SPDX-License-Identifier: Apache-2.0
// SDP operations as the driver programs them.
#pragma once

#include <cstdint>

#include "hardware/parameters.h"
#include "hardware/types.h"
#include "operation/cube.h"
#include "operation/sdp.h"

namespace nvdla::amaix::sdp_test {

// The two recorded configurations.
inline const HardwareParameters& nv_full() { return preset("nv_full"); }
inline const HardwareParameters& nv_small() { return preset("nv_small"); }

inline Surface surface(std::uint64_t address, std::uint32_t line, std::uint32_t stride) {
  Surface result;
  result.address = address;
  result.line_stride = line;
  result.surface_stride = stride;
  return result;
}

// A square cube from memory to memory; operands as the caller sets them afterwards.
inline SdpOperation square(const HardwareParameters& hardware, Precision precision, std::uint32_t side,
                           std::uint32_t channels, bool flying) {
  SdpOperation operation;
  operation.cube = {side, side, channels};
  operation.flying = flying;
  operation.processing_precision = operation.output_precision = precision;
  const std::uint32_t line = side * hardware.memory_atom_bytes;
  operation.destination = surface(0x80040000, line, line * side);
  operation.has_fetch = true;
  operation.fetch.cube = operation.cube;
  operation.fetch.flying = flying;
  operation.fetch.source = surface(0x80020000, line, line * side);
  operation.fetch.input_precision = operation.fetch.processing_precision = precision;
  operation.fetch.output_precision = precision;
  return operation;
}

// A bias for each kernel, as the driver programs it behind a convolution.
inline void add_bias(SdpOperation& operation) {
  operation.x1.bypass = operation.x1.alu_bypass = false;
  operation.x1.alu_from_dma = true;
  operation.x1.alu_algorithm = 2;
  operation.fetch.x1.enabled = true;
  operation.fetch.x1.use = SdpDataUse::kAlu;
  operation.fetch.x1.two_bytes = true;
  operation.fetch.x1.source = surface(0x80001000, 32, 32);
}

// Batch normalisation and ReLU on X1: scale and shift for each kernel.
inline void add_batch_norm(SdpOperation& operation) {
  add_bias(operation);
  operation.x1.mul_bypass = operation.x1.relu_bypass = false;
  operation.x1.mul_from_dma = true;
  operation.fetch.x1.use = SdpDataUse::kBoth;
}

// A bias element by element: the other operand of an addition of two cubes.
inline void add_cube(SdpOperation& operation, bool two_bytes) {
  add_bias(operation);
  operation.fetch.x1.per_element = true;
  operation.fetch.x1.two_bytes = two_bytes;
  operation.fetch.x1.source = operation.fetch.source;
  operation.fetch.x1.source.address = 0x80060000;
}

// An activation through the look-up table of Y.
inline void add_lut(SdpOperation& operation) {
  operation.y.bypass = false;
  operation.y.alu_bypass = operation.y.mul_bypass = true;
  operation.y.lut = true;
}

}  // namespace nvdla::amaix::sdp_test
