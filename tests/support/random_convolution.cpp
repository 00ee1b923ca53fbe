// SPDX-License-Identifier: Apache-2.0
#include "random_convolution.h"

#include "compute/pixel_layout.h"
#include "operation/divide.h"
#include "operation/pixel_format.h"

namespace nvdla::test {

namespace {

// Addresses far enough apart for the small cubes here.
constexpr std::uint64_t kData = 0x80000000, kData1 = 0x81000000, kWeights = 0x90000000, kMask = 0xa0000000;

std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 33U;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33U;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ x >> 33U;
}

std::uint16_t fp16_from(std::uint64_t bits, bool with_nan) {
  const auto sign_fraction = static_cast<std::uint16_t>(bits & 0x83ffU);
  const std::uint64_t kind = bits >> 16U & 0xffU;
  std::uint32_t exponent = 8 + (bits >> 24U) % 12;
  if (kind < 24) return static_cast<std::uint16_t>(bits & 0x8000U);  // a zero
  if (kind < 32) exponent = 0;
  if (kind < 48) exponent = static_cast<std::uint32_t>(bits >> 24U) % 31;
  if (kind == 48) return static_cast<std::uint16_t>((bits & 0x8000U) | 0x7c00U);
  if (kind == 49 && with_nan && (bits >> 40U) % 16 == 0) exponent = 31;
  return static_cast<std::uint16_t>(sign_fraction | exponent << 10U);
}

}  // namespace

void RandomMemory::read(MemorySpace, std::uint64_t address, unsigned char* data, std::size_t length) const {
  for (std::size_t i = 0; i < length; ++i) {
    const std::uint64_t at = address + i;
    const std::uint64_t bits = mix((at & ~std::uint64_t{1}) ^ seed_);
    const unsigned shift = at % 2 == 0 ? 0 : 8;
    if (precision_ == Precision::kFp16 && address < kMask) {
      data[i] = static_cast<unsigned char>(fp16_from(bits, with_nan_) >> shift);
    } else {
      data[i] = static_cast<unsigned char>((bits >> 60U) < 3 ? 0 : bits >> shift);
    }
  }
}

RandomConvolution RandomConvolutions::next(Precision precision) {
  RandomConvolution c;
  const bool small = precision == Precision::kInt8 && below(3) == 0;
  c.hardware = preset(small ? (below(2) == 0 ? "nv_small" : "nv_large") : "nv_full");
  c.fetch.input_precision = c.fetch.processing_precision = precision;
  c.sequence.kernels = 1 + below(below(4) == 0 ? 70 : 20);
  const std::uint32_t kind = below(small ? 8 : 10);
  if (kind < 6) {
    direct(c);
  } else if (kind < 8) {
    image(c);
  } else {
    winograd(c);
  }
  ConvolutionSequence& s = c.sequence;
  s.processing_precision = precision;
  s.atomics = s.output.width * s.output.height;
  s.output.channels = s.kernels;
  c.fetch.kernels = s.kernels;
  c.fetch.mode = s.mode;
  c.fetch.input_format = s.input_format;
  c.fetch.batches = s.batches;
  c.fetch.batch_stride = 1U << 20U;
  const std::uint32_t size = bytes_per_element(precision);
  c.fetch.bytes_per_kernel = s.kernel_width * s.kernel_height * s.kernel_channels * size;
  c.fetch.weight_address = kWeights;
  c.fetch.weight_bytes = ceil_div(std::uint64_t{c.fetch.bytes_per_kernel} * s.kernels, 128U) * 128;
  if (c.hardware.weight_compression && below(4) == 0) {
    c.fetch.weight_compressed = s.weight_compressed = true;
    c.fetch.wmb_address = kMask;
    c.fetch.wmb_bytes = ceil_div(std::uint64_t{c.fetch.bytes_per_kernel} / size * s.kernels, 1024U) * 128;
  }
  if (precision != Precision::kFp16 && below(3) == 0) {
    c.fetch.convert = true;
    c.fetch.convert_offset = static_cast<std::int32_t>(below(400)) - 200;
    c.fetch.convert_scale = static_cast<std::int32_t>(below(65536)) - 32768;
    c.fetch.convert_truncate = below(18);
  }
  c.fetch.nan_to_zero = below(4) == 0;
  c.accumulate.processing_precision = precision;
  c.accumulate.output = s.output;
  c.accumulate.clip_truncate = below(2) == 0 ? 0 : below(32);
  return c;
}

void RandomConvolutions::direct(RandomConvolution& c) {
  ConvolutionSequence& s = c.sequence;
  s.kernel_width = 1 + below(5);
  s.kernel_height = 1 + below(5);
  s.stride_x = 1 + below(3);
  s.stride_y = 1 + below(3);
  s.dilation_x = 1 + below(3);
  s.dilation_y = 1 + below(3);
  s.kernel_channels = 1 + below(below(3) == 0 ? 150 : 40);
  s.padding.left = below(s.kernel_width);
  s.padding.top = below(s.kernel_height);
  s.padding.value = static_cast<std::int32_t>(below(65536)) - 32768;
  if (s.processing_precision == Precision::kFp16) s.padding.value = 0x3800;
  s.output = {1 + below(9), 1 + below(5), 0};
  const auto size = [&](std::uint32_t out, std::uint32_t stride, std::uint32_t kernel, std::uint32_t dilation,
                        std::uint32_t pad) {
    const std::uint32_t needed = (out - 1) * stride + (kernel - 1) * dilation + 1;
    return needed > pad + 1 ? needed - pad - below(2) : 1;
  };
  s.input = {size(s.output.width, s.stride_x, s.kernel_width, s.dilation_x, s.padding.left),
             size(s.output.height, s.stride_y, s.kernel_height, s.dilation_y, s.padding.top),
             s.kernel_channels};
  if (c.hardware.batch && below(4) == 0) s.batches = 2 + below(3);
  c.fetch.input = c.fetch.input_ext = s.input;
  c.fetch.data.address = kData;
  c.fetch.data.line_stride = s.input.width * c.hardware.memory_atom_bytes;
  c.fetch.data.surface_stride = c.fetch.data.line_stride * s.input.height;
}

void RandomConvolutions::image(RandomConvolution& c) {
  ConvolutionSequence& s = c.sequence;
  ConvolutionFetch& f = c.fetch;
  s.input_format = InputFormat::kPixel;
  // Formats of the precision; the scalable generation reads those of eight bits.
  static const std::vector<std::uint32_t> kBytes = {0x00, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11,
                                                    0x12, 0x13, 0x1a, 0x1b, 0x1c, 0x1d};
  static const std::vector<std::uint32_t> kWords = {0x01, 0x02, 0x03, 0x04, 0x06, 0x07, 0x09,
                                                    0x0a, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19,
                                                    0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23};
  static const std::vector<std::uint32_t> kFloats = {0x05, 0x08, 0x0b};
  const auto& formats = f.processing_precision == Precision::kInt8    ? kBytes
                        : f.processing_precision == Precision::kInt16 ? kWords
                                                                      : kFloats;
  f.pixel_format = formats[below(static_cast<std::uint32_t>(formats.size()))];
  const std::uint32_t channels = compute::pixel_layout(f.pixel_format).components;
  const std::uint32_t kernel = 1 + below(6);
  s.kernel_height = 1 + below(6);
  s.kernel_channels = kernel * channels;
  s.stride_x = 1 + below(3);
  s.stride_y = 1 + below(3);
  const std::uint32_t ratio = c.hardware.atomic_c / s.kernel_channels;
  const std::uint32_t extension = below(3);
  s.post_y_extension = ratio >= 4 && extension == 2 ? 4 : (ratio >= 2 && extension > 0 ? 2 : 1);
  s.output = {1 + below(9), 1 + below(5), 0};
  const std::uint32_t width = (s.output.width - 1) * s.stride_x + kernel;
  const std::uint32_t height = (s.output.height - 1) * s.stride_y + s.kernel_height;
  f.padding.left = below(std::min(kernel, width));
  f.padding.right = below(std::min(kernel, width - f.padding.left));
  s.padding.left = f.padding.left;
  s.padding.top = below(std::min(s.kernel_height, height));
  f.padding.value = s.padding.value = static_cast<std::int32_t>(below(65536)) - 32768;
  if (f.processing_precision == Precision::kFp16) f.padding.value = s.padding.value = 0x3c00;
  f.input = {width - f.padding.left - f.padding.right, height - s.padding.top, channels};
  s.input = {width, f.input.height, channels};
  f.input_ext = s.input;
  f.pixel_x_offset = below(32);
  f.pixel_sign_override = below(2) == 0;
  f.mean_per_pixel = below(2) == 0;
  for (std::uint32_t& mean : f.mean) mean = below(65536);
  f.data.address = kData;
  f.data.line_stride = 4096;
  f.data_address_1 = kData1;
  f.uv_line_stride = 4096;
}

void RandomConvolutions::winograd(RandomConvolution& c) {
  ConvolutionSequence& s = c.sequence;
  ConvolutionFetch& f = c.fetch;
  s.mode = ConvolutionMode::kWinograd;
  s.pra_truncate = below(4);
  s.kernel_width = s.kernel_height = 4;
  s.output = {4 * (1 + below(3)), 4 * (1 + below(2)), 0};
  f.stride_x = 1 + below(2);
  f.stride_y = 1 + below(2);
  f.padding = {below(2), below(3), below(2), below(3), static_cast<std::int32_t>(below(64)) - 32};
  if (f.processing_precision == Precision::kFp16) f.padding.value = 0x3c00;
  const std::uint32_t atom = c.hardware.memory_atom_bytes / bytes_per_element(f.input_precision);
  f.input_ext = {s.output.width + 4, s.output.height + 4, 0};
  f.input = {f.input_ext.width * f.stride_x - f.padding.left - f.padding.right,
             f.input_ext.height * f.stride_y - f.padding.top - f.padding.bottom, 1 + below(2 * atom)};
  const std::uint32_t channels = ceil_div(f.input.channels, atom) * atom * f.stride_x * f.stride_y;
  s.kernel_channels = channels;
  s.input = {f.input_ext.width, f.input_ext.height, channels};
  f.data.address = kData;
  f.data.line_stride = f.input.width * c.hardware.memory_atom_bytes;
  f.data.surface_stride = f.data.line_stride * f.input.height;
}

}  // namespace nvdla::test
