// SPDX-License-Identifier: Apache-2.0
// Where the components of a pixel lie in memory, for the 36 values of PIXEL_FORMAT. Components are given in
// the order in which they reach the channels of the cube: R, G, B, A or Y, U, V, A.
// Sources: nvdla/doc hw/format.rst (table of pixel formats), nvdla/hw NV_NVDLA_CDMA_IMG_ctrl.v (pixel_order)
// and NV_NVDLA_CDMA_IMG_pack.v (packed 10-bit formats are left-justified in 16 bits).
#pragma once

#include <array>
#include <cstdint>

namespace nvdla::compute {

struct PixelLayout {
  std::uint32_t components = 1;
  // Shift of each component in the pixel (one plane), or in the pixel of its plane (two planes: the first
  // component is the whole pixel of plane 0, the others are halves of the one of plane 1).
  std::array<std::uint8_t, 4> shift{0, 0, 0, 0};
  std::array<std::uint8_t, 4> bits{8, 0, 0, 0};  // width of each component
  bool two_bytes = false;                        // a component enters the converter as 16 bits
  bool packed = false;                           // 10-bit fields, moved to the top of 16 bits

  // Component `i` out of a pixel read as a little-endian number.
  [[nodiscard]] std::uint16_t component(std::uint64_t pixel, std::uint32_t i) const {
    const std::uint64_t field = pixel >> shift[i] & ((std::uint64_t{1} << bits[i]) - 1);
    return static_cast<std::uint16_t>(packed ? field << (16U - bits[i]) : field);
  }
};

// Precondition: format < 36.
[[nodiscard]] PixelLayout pixel_layout(std::uint32_t format);

}  // namespace nvdla::compute
