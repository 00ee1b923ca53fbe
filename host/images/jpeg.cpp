// SPDX-License-Identifier: Apache-2.0
// JPEG through libjpeg. Its errors arrive in a callback that must not return; what it left unreadable at the
// end (a warning of the library) is an error here.

// jpeglib.h uses what it does not include.
// clang-format off
#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include "host/images/image.h"
#include "host/text_source.h"

namespace nvdla::host {

namespace {

struct ErrorHandler {
  jpeg_error_mgr base;  // first: the library knows only this
  std::jmp_buf back;
  char text[JMSG_LENGTH_MAX];
};

void on_error(j_common_ptr info) {
  auto* handler = reinterpret_cast<ErrorHandler*>(info->err);
  info->err->format_message(info, handler->text);
  std::longjmp(handler->back, 1);
}
void on_message(j_common_ptr info, int level) {
  if (level < 0) on_error(info);
}

// No object with a destructor may be made between setjmp and a longjmp: the buffer belongs to the caller.
bool decode(jpeg_decompress_struct& info, ErrorHandler& handler, const std::vector<std::uint8_t>& bytes,
            Image& image) {
  if (setjmp(handler.back) != 0) return false;
  jpeg_mem_src(&info, bytes.data(), bytes.size());
  jpeg_read_header(&info, TRUE);
  info.out_color_space = info.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  info.dct_method = JDCT_ISLOW;
  jpeg_calc_output_dimensions(&info);
  image.width = info.output_width;
  image.height = info.output_height;
  image.channel = info.num_components == 1 ? 1 : 3;
  if (image.width > 16384 || image.height > 16384) return true;  // the caller says so
  jpeg_start_decompress(&info);
  image.samples.resize(std::size_t{image.width} * image.height * image.channel);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = image.samples.data() + std::size_t{info.output_scanline} * image.width * image.channel;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return true;
}

}  // namespace

Image decode_jpeg(const std::vector<std::uint8_t>& bytes, const std::string& path) {
  jpeg_decompress_struct info{};
  ErrorHandler handler{};
  info.err = jpeg_std_error(&handler.base);
  handler.base.error_exit = on_error;
  handler.base.emit_message = on_message;
  jpeg_create_decompress(&info);
  Image image;
  const bool good = decode(info, handler, bytes, image);
  jpeg_destroy_decompress(&info);
  if (!good) throw InputError(path + ": damaged JPEG: " + handler.text);
  check_size(image.width, image.height, path);
  return image;
}

}  // namespace nvdla::host
