// SPDX-License-Identifier: Apache-2.0
// PIXEL_FORMAT of CDMA.D_DATAIN_FORMAT: planes and bytes of a pixel (nvdla/doc hw/format.rst, "Pixel
// formats").
#pragma once

#include <cstdint>

namespace nvdla {

// Formats with a second plane (semi-planar YUV).
[[nodiscard]] constexpr bool planar(std::uint32_t pixel_format) { return pixel_format >= 0x1c; }

// Bytes of a pixel in the first (0) and in the second plane.
[[nodiscard]] constexpr std::uint32_t pixel_bytes(std::uint32_t pixel_format, std::uint32_t plane) {
  if (pixel_format == 0x00) return 1;
  if (pixel_format <= 0x05) return 2;
  if (pixel_format <= 0x0b) return 8;
  if (pixel_format <= 0x1b) return 4;
  if (pixel_format <= 0x1d) return plane == 0 ? 1 : 2;
  return plane == 0 ? 2 : 4;
}

}  // namespace nvdla
