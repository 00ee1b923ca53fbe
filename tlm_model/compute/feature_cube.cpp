// SPDX-License-Identifier: Apache-2.0
#include "compute/feature_cube.h"

#include "operation/divide.h"

namespace nvdla::compute {

namespace {

std::uint64_t line_address(const Surface& where, std::uint32_t surface, std::uint32_t y, std::uint32_t first,
                           std::uint32_t atom_bytes) {
  return where.address + std::uint64_t{surface} * where.surface_stride +
         std::uint64_t{y} * where.line_stride + std::uint64_t{first} * atom_bytes;
}

}  // namespace

std::uint32_t surfaces_of(std::uint32_t channels, Precision precision, const HardwareParameters& hardware) {
  return ceil_div(channels, hardware.memory_atom_bytes / bytes_per_element(precision));
}

FeatureCube read_cube(const memory::ByteSource& source, const Surface& where, std::uint32_t first,
                      std::uint32_t width, std::uint32_t height, std::uint32_t surfaces,
                      std::uint32_t atom_bytes) {
  FeatureCube cube(width, height, surfaces, atom_bytes);
  for (std::uint32_t s = 0; s < surfaces; ++s) {
    for (std::uint32_t y = 0; y < height; ++y) {
      source.read(where.space, line_address(where, s, y, first, atom_bytes), cube.line(s, y),
                  cube.line_bytes());
    }
  }
  return cube;
}

void write_cube(memory::ByteSink& sink, const Surface& where, std::uint32_t first, const FeatureCube& cube) {
  for (std::uint32_t s = 0; s < cube.surfaces; ++s) {
    for (std::uint32_t y = 0; y < cube.height; ++y) {
      sink.write(where.space, line_address(where, s, y, first, cube.atom_bytes), cube.line(s, y),
                 cube.line_bytes());
    }
  }
}

}  // namespace nvdla::compute
