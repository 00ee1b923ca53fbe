// SPDX-License-Identifier: Apache-2.0
#include "host/images/image.h"

#include "host/text_source.h"

namespace nvdla::host {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1}
                                    << 30;  // the largest picture in color, with room to spare

}  // namespace

void check_size(std::uint64_t width, std::uint64_t height, const std::string& path) {
  constexpr std::uint64_t kMaxSide = 16384;
  if (width == 0 || height == 0 || width > kMaxSide || height > kMaxSide) {
    throw InputError(path + ": picture of " + std::to_string(width) + "x" + std::to_string(height) +
                     " pixels, known are sizes from 1 to 16384");
  }
}

Image read_image(const std::string& path) {
  const std::string text = read_file(path, kMaxBytes);
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  if (bytes.size() >= 8 && bytes[0] == 0x89 && bytes[1] == 'P' && bytes[2] == 'N' && bytes[3] == 'G') {
    return decode_png(bytes, path);
  }
  if (bytes.size() >= 3 && bytes[0] == 0xff && bytes[1] == 0xd8 && bytes[2] == 0xff)
    return decode_jpeg(bytes, path);
  if (bytes.size() >= 3 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6')
    return decode_pnm(bytes, path);
  throw InputError(path + ": not a picture that is known (PGM, PPM, PNG, JPEG)");
}

}  // namespace nvdla::host
