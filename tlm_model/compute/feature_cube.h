// SPDX-License-Identifier: Apache-2.0
// A feature cube as the post-processors move it: whole atoms, surface after surface, lines, columns; lanes
// beyond the cube's channels included. address = base + surface * surface_stride + line * line_stride +
// column * atom in memory, packed here.
// Source: nvdla/doc hw/format.rst, "Feature Data Format".
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hardware/parameters.h"
#include "memory/contents.h"
#include "operation/cube.h"

namespace nvdla::compute {

struct FeatureCube {
  std::uint32_t width = 0, height = 0, surfaces = 0, atom_bytes = 0;
  std::vector<unsigned char> bytes;  // [surface][line][column][byte of the atom]

  FeatureCube() = default;
  FeatureCube(std::uint32_t width, std::uint32_t height, std::uint32_t surfaces, std::uint32_t atom_bytes)
      : width(width),
        height(height),
        surfaces(surfaces),
        atom_bytes(atom_bytes),
        bytes(std::size_t{width} * height * surfaces * atom_bytes) {}

  [[nodiscard]] std::size_t line_bytes() const { return std::size_t{width} * atom_bytes; }
  [[nodiscard]] unsigned char* line(std::uint32_t surface, std::uint32_t y) {
    return bytes.data() + (std::size_t{surface} * height + y) * line_bytes();
  }
  [[nodiscard]] const unsigned char* line(std::uint32_t surface, std::uint32_t y) const {
    return bytes.data() + (std::size_t{surface} * height + y) * line_bytes();
  }
};

// Atoms that hold the channels of one position.
[[nodiscard]] std::uint32_t surfaces_of(std::uint32_t channels, Precision precision,
                                        const HardwareParameters& hardware);

// Reads columns [first, first + width) of all lines and surfaces of `where`.
[[nodiscard]] FeatureCube read_cube(const memory::ByteSource& source, const Surface& where,
                                    std::uint32_t first, std::uint32_t width, std::uint32_t height,
                                    std::uint32_t surfaces, std::uint32_t atom_bytes);

// Writes the cube to columns from `first` on.
void write_cube(memory::ByteSink& sink, const Surface& where, std::uint32_t first, const FeatureCube& cube);

// Elements of an atom's bytes, little endian; of one byte in two's complement.
[[nodiscard]] inline std::int32_t load8(const unsigned char* bytes) {
  return static_cast<std::int32_t>(bytes[0]) - (static_cast<std::int32_t>(bytes[0] & 0x80U) << 1);
}
[[nodiscard]] inline std::uint16_t load16(const unsigned char* bytes) {
  return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8);
}
inline void store16(unsigned char* bytes, std::uint32_t value) {
  bytes[0] = static_cast<unsigned char>(value);
  bytes[1] = static_cast<unsigned char>(value >> 8U);
}

}  // namespace nvdla::compute
