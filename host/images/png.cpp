// SPDX-License-Identifier: Apache-2.0
// PNG through libpng's simplified interface, which converts palettes, depths and transparency.
#include <png.h>

#include "host/images/image.h"
#include "host/text_source.h"

namespace nvdla::host {

Image decode_png(const std::vector<std::uint8_t>& bytes, const std::string& path) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0) {
    throw InputError(path + ": damaged PNG: " + png.message);
  }
  const bool grey = (png.format & PNG_FORMAT_FLAG_COLOR) == 0;
  try {
    check_size(png.width, png.height, path);
  } catch (...) {
    png_image_free(&png);
    throw;
  }
  png.format = grey ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  Image image{png.width, png.height, grey ? 1U : 3U, std::vector<std::uint8_t>(PNG_IMAGE_SIZE(png))};
  const png_color black{};
  if (png_image_finish_read(&png, &black, image.samples.data(), 0, nullptr) == 0) {
    throw InputError(path + ": damaged PNG: " + png.message);
  }
  return image;
}

}  // namespace nvdla::host
