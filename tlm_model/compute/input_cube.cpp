// SPDX-License-Identifier: Apache-2.0
#include "compute/input_cube.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "compute/element_converter.h"
#include "compute/pixel_layout.h"
#include "operation/divide.h"
#include "operation/pixel_format.h"

namespace nvdla::compute {

namespace {

std::uint16_t element_at(const unsigned char* bytes, bool two_bytes) {
  return static_cast<std::uint16_t>(two_bytes ? bytes[0] | bytes[1] << 8U : bytes[0]);
}

// Line `y` of one batch of a feature cube, converted, to out[x * pitch + c].
void load_feature_line(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                       const memory::ByteSource& source, const ElementConverter& convert, std::uint32_t batch,
                       std::uint32_t y, std::vector<unsigned char>& buffer, std::int16_t* out,
                       SpecialNumbers& special) {
  const std::uint32_t atom = hardware.memory_atom_bytes;
  const std::uint32_t size = bytes_per_element(fetch.input_precision);
  const std::uint32_t in_atom = atom / size;
  const std::uint32_t channels = fetch.input.channels, width = fetch.input.width;
  const std::uint32_t surfaces = ceil_div(channels, in_atom);
  // A packed 1x1 cube is one line of atoms, whatever the surface stride.
  const bool packed =
      width == 1 && fetch.input.height == 1 && fetch.surface_packed && fetch.mode == ConvolutionMode::kDirect;
  const std::uint64_t surface_stride = packed ? atom : fetch.data.surface_stride;
  buffer.resize(std::size_t{width} * atom);
  for (std::uint32_t s = 0; s < surfaces; ++s) {
    source.read(fetch.data.space,
                fetch.data.address + std::uint64_t{batch} * fetch.batch_stride + s * surface_stride +
                    std::uint64_t{y} * fetch.data.line_stride,
                buffer.data(), buffer.size());
    if (fetch.input_precision == Precision::kFp16) special += count_special(buffer.data(), buffer.size());
    const std::uint32_t count = std::min(in_atom, channels - s * in_atom);
    for (std::uint32_t x = 0; x < width; ++x) {
      const unsigned char* from = buffer.data() + std::size_t{x} * atom;
      std::int16_t* to = out + std::size_t{x} * channels + std::size_t{s} * in_atom;
      for (std::uint32_t c = 0; c < count; ++c) to[c] = convert(element_at(from + c * size, size == 2), 0);
    }
  }
}

// Makes room for the elements, all `fill`. `lines`: those of the whole cube, which must fit.
void allocate(InputCube& cube, const HardwareParameters& hardware, std::uint32_t lines, std::int16_t fill) {
  const std::uint64_t line = std::uint64_t{cube.batches} * cube.width;
  const std::uint64_t bytes = std::uint64_t{cube.channels} * bytes_per_element(cube.precision);
  const std::uint64_t room = hardware.cbuf_bytes();
  // Each factor stays below 2^32.
  if (line > room || bytes > room || line * bytes > room || line * bytes * lines > room) {
    throw std::length_error("convolution: an input of " + std::to_string(cube.width) + " x " +
                            std::to_string(lines) + " x " + std::to_string(cube.channels) +
                            " does not fit the CBUF of " + std::to_string(room) +
                            " bytes: check CDMA.D_DATAIN_SIZE and D_ENTRY_PER_SLICE");
  }
  cube.elements.assign(cube.lines * cube.line_elements(), fill);
}

InputCube load_feature(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                       const memory::ByteSource& source, std::uint32_t first, std::uint32_t count) {
  InputCube cube;
  cube.precision = fetch.processing_precision;
  cube.batches = fetch.batches;
  cube.lines = count;
  cube.width = fetch.input.width;
  cube.channels = fetch.input.channels;
  allocate(cube, hardware, fetch.input.height, 0);
  const ElementConverter convert(fetch);
  std::vector<unsigned char> buffer;
  std::int16_t* out = cube.elements.data();
  for (std::uint32_t y = 0; y < cube.lines; ++y) {
    for (std::uint32_t b = 0; b < cube.batches; ++b, out += std::size_t{cube.width} * cube.channels) {
      load_feature_line(fetch, hardware, source, convert, b, first + y, buffer, out, cube.special);
    }
  }
  return cube;
}

InputCube load_winograd(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                        const memory::ByteSource& source) {
  // CDMA reorders whole atoms: the channels of the last one beyond the cube's are what memory holds there.
  const std::uint32_t in_atom = hardware.memory_atom_bytes / bytes_per_element(fetch.input_precision);
  ConvolutionFetch whole = fetch;
  whole.input.channels = ceil_div(fetch.input.channels, in_atom) * in_atom;
  const InputCube plain = load_feature(whole, hardware, source, 0, fetch.input.height);
  const std::uint32_t sx = fetch.stride_x, sy = fetch.stride_y;
  InputCube cube;
  cube.precision = fetch.processing_precision;
  cube.lines = fetch.input_ext.height;
  cube.width = fetch.input_ext.width;
  cube.channels = plain.channels * sx * sy;
  cube.special = plain.special;
  // The padding joins the data where they come from memory and is converted with them (NV_NVDLA_CDMA_wg.v,
  // dma_rsp_data); that of an image is put in behind the converter, that of a direct convolution in CSC.
  const bool bytes = fetch.input_precision == Precision::kInt8;
  const auto padding = static_cast<std::uint16_t>(bytes ? fetch.padding.value & 0xff : fetch.padding.value);
  allocate(cube, hardware, cube.lines, ElementConverter(fetch)(padding, 0));
  for (std::uint32_t y = 0; y < plain.lines; ++y) {
    const std::uint32_t py = y + fetch.padding.top;
    if (py / sy >= cube.lines) break;
    for (std::uint32_t x = 0; x < plain.width; ++x) {
      const std::uint32_t px = x + fetch.padding.left;
      if (px / sx >= cube.width) break;
      const std::uint32_t part = py % sy * sx + px % sx;
      const std::int16_t* from = plain.line(y, 0) + std::size_t{x} * plain.channels;
      std::copy_n(from, plain.channels,
                  cube.elements.data() + py / sy * cube.line_elements() +
                      std::size_t{px / sx} * cube.channels + std::size_t{part} * plain.channels);
    }
  }
  return cube;
}

// One plane of an image: its line `y`, without the pixels that the offset skips.
void read_plane_line(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                     const memory::ByteSource& source, std::uint32_t plane, std::uint32_t y,
                     std::vector<unsigned char>& bytes) {
  const std::uint32_t size = pixel_bytes(fetch.pixel_format, plane);
  // The offset of the second plane counts within an atom (NV_NVDLA_CDMA_IMG_ctrl.v).
  const std::uint32_t in_atom = std::max(1U, hardware.memory_atom_bytes / size);
  const std::uint32_t offset = plane == 0 ? fetch.pixel_x_offset : fetch.pixel_x_offset % in_atom;
  const std::uint64_t base = plane == 0 ? fetch.data.address : fetch.data_address_1;
  const std::uint32_t stride = plane == 0 ? fetch.data.line_stride : fetch.uv_line_stride;
  bytes.resize(std::size_t{fetch.input.width} * size);
  source.read(fetch.data.space, base + std::uint64_t{y} * stride + std::uint64_t{offset} * size, bytes.data(),
              bytes.size());
}

std::uint64_t little_endian(const unsigned char* bytes, std::uint32_t size) {
  std::uint64_t value = 0;
  for (std::uint32_t i = 0; i < size; ++i) value |= std::uint64_t{bytes[i]} << 8U * i;
  return value;
}

InputCube load_image(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                     const memory::ByteSource& source, std::uint32_t first_line, std::uint32_t count) {
  const PixelLayout layout = pixel_layout(fetch.pixel_format);
  const ElementConverter convert(fetch);
  const bool two_planes = planar(fetch.pixel_format);
  InputCube cube;
  cube.precision = fetch.processing_precision;
  cube.lines = count;
  cube.width = fetch.padding.left + fetch.input.width + fetch.padding.right;
  cube.channels = layout.components;
  allocate(cube, hardware, fetch.input.height, convert.padding(fetch.padding.value));
  std::vector<unsigned char> first, second;
  const std::uint32_t size = pixel_bytes(fetch.pixel_format, 0), size_1 = pixel_bytes(fetch.pixel_format, 1);
  for (std::uint32_t y = 0; y < cube.lines; ++y) {
    read_plane_line(fetch, hardware, source, 0, first_line + y, first);
    if (two_planes) read_plane_line(fetch, hardware, source, 1, first_line + y, second);
    if (fetch.input_precision == Precision::kFp16) cube.special += count_special(first.data(), first.size());
    std::int16_t* out =
        cube.elements.data() + y * cube.line_elements() + std::size_t{fetch.padding.left} * cube.channels;
    for (std::uint32_t x = 0; x < fetch.input.width; ++x) {
      const std::uint64_t pixel = little_endian(first.data() + std::size_t{x} * size, size);
      const std::uint64_t other =
          two_planes ? little_endian(second.data() + std::size_t{x} * size_1, size_1) : pixel;
      for (std::uint32_t i = 0; i < cube.channels; ++i) {
        *out++ = convert(layout.component(i == 0 ? pixel : other, i), i);
      }
    }
  }
  return cube;
}

}  // namespace

void InputCube::release(std::uint32_t count) {
  const std::uint32_t gone = std::min(count, lines);
  elements.erase(elements.begin(), elements.begin() + static_cast<std::ptrdiff_t>(gone * line_elements()));
  lines -= gone;
}

void InputCube::append(InputCube more) {
  const bool same = precision == more.precision && batches == more.batches && width == more.width &&
                    channels == more.channels;
  if (!same || lines == 0) {
    *this = std::move(more);
    return;
  }
  elements.insert(elements.end(), more.elements.begin(), more.elements.end());
  lines += more.lines;
}

InputCube load_input(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                     const memory::ByteSource& source) {
  const bool image = fetch.input_format == InputFormat::kPixel;
  if (!image && fetch.mode == ConvolutionMode::kWinograd) return load_winograd(fetch, hardware, source);
  return load_input_lines(fetch, hardware, source, 0, fetch.input.height);
}

InputCube load_input_lines(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                           const memory::ByteSource& source, std::uint32_t first, std::uint32_t count) {
  return fetch.input_format == InputFormat::kPixel ? load_image(fetch, hardware, source, first, count)
                                                   : load_feature(fetch, hardware, source, first, count);
}

}  // namespace nvdla::compute
