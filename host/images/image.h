// SPDX-License-Identifier: Apache-2.0
// Pictures that networks are asked about: PGM and PPM (P2, P3, P5, P6), PNG, JPEG, told apart by their first
// bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nvdla::host {

// Pixel by pixel, `channel` samples each (1 grey; 3 red, green, blue), scaled to 0..255.
struct Image {
  std::uint32_t width = 0, height = 0, channel = 0;
  std::vector<std::uint8_t> samples;
};

// Throws InputError "file: what is wrong". Transparency is dropped, palettes and 16 bits a sample are
// converted. At most 16384 pixels in each direction.
[[nodiscard]] Image read_image(const std::string& path);

// Decoders of read_image(), with the whole file in `bytes`.
[[nodiscard]] Image decode_pnm(const std::vector<std::uint8_t>& bytes, const std::string& path);
[[nodiscard]] Image decode_png(const std::vector<std::uint8_t>& bytes, const std::string& path);
[[nodiscard]] Image decode_jpeg(const std::vector<std::uint8_t>& bytes, const std::string& path);

// Sides that are too large, or zero.
void check_size(std::uint64_t width, std::uint64_t height, const std::string& path);

}  // namespace nvdla::host
