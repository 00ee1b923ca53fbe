// SPDX-License-Identifier: Apache-2.0
#include "host/images/dimg.h"

#include <algorithm>

#include "host/driver/driver_error.h"

namespace nvdla::host {

namespace {

// Formats of the current release: int8 in atoms of 32 and of 8 elements, int16 and fp16 in atoms of 16.
constexpr std::uint32_t kInt8Atom32 = 40, kInt8Atom8 = 41, kInt16 = 42, kHalf = 43;

constexpr std::uint16_t kHalfOf32768 = 0x7800, kHalfOf31744 = 0x77c0;

}  // namespace

DimgRelease dimg_release(const Loadable& loadable) {
  constexpr std::uint8_t kCurrentMinor = 12;
  const bool current =
      std::any_of(loadable.tensors.begin(), loadable.tensors.end(),
                  [](const LoadableTensor& tensor) { return tensor.pixel_format == kPixelFeature8; }) ||
      std::any_of(loadable.blobs.begin(), loadable.blobs.end(), [](const LoadableBlob& blob) {
        return blob.interface == TaskInterface::kDla && blob.version.minor >= kCurrentMinor;
      });
  return current ? DimgRelease::kCurrent : DimgRelease::kFirst;
}

std::vector<unsigned char> make_dimg(const LoadableTensor& tensor, const std::vector<unsigned char>& bytes,
                                     DimgRelease release) {
  const auto fail = [&](const std::string& what) {
    throw DriverError("tensor '" + tensor.name + "': " + what);
  };
  std::uint32_t format = 0, element = 2;
  switch (tensor.type) {
    case TensorType::kHalf:
      format = kHalf;
      break;
    case TensorType::kInt16:
      format = kInt16;
      break;
    case TensorType::kInt8:
      format = tensor.pixel_format == kPixelFeature8 ? kInt8Atom8 : kInt8Atom32;
      element = 1;
      break;
    default:
      fail("the runtime writes fp16, int16 and int8 only");
  }
  const std::uint32_t pixel = format == kInt8Atom8 ? 8 : 32, channels = pixel / element;
  if (release == DimgRelease::kFirst) {
    if (format == kInt8Atom8) fail("the first release had no int8 with atoms of 8");
    if (format > kInt8Atom8) --format;
  }

  std::vector<unsigned char> result = {'D', 'I', 'M', 'G', 0, 0, 0, 0};
  for (const std::uint32_t value :
       {format, static_cast<std::uint32_t>(tensor.w), static_cast<std::uint32_t>(tensor.h),
        static_cast<std::uint32_t>(tensor.c), tensor.line_stride, tensor.surface_stride,
        static_cast<std::uint32_t>(tensor.size)}) {
    for (int shift = 0; shift < 32; shift += 8) result.push_back(static_cast<unsigned char>(value >> shift));
  }
  for (std::uint32_t c = 0; c < static_cast<std::uint32_t>(tensor.c); ++c) {
    for (std::uint32_t y = 0; y < static_cast<std::uint32_t>(tensor.h); ++y) {
      for (std::uint32_t x = 0; x < static_cast<std::uint32_t>(tensor.w); ++x) {
        const std::uint64_t at = std::uint64_t{c / channels} * tensor.surface_stride +
                                 std::uint64_t{y} * tensor.line_stride + std::uint64_t{x} * pixel +
                                 std::uint64_t{c % channels} * element;
        if (at + element > bytes.size())
          fail("its strides lead out of its " + std::to_string(bytes.size()) + " bytes");
        if (element == 1) {
          result.push_back(bytes[at]);
          continue;
        }
        auto value = static_cast<std::uint16_t>(bytes[at] | bytes[at + 1] << 8);
        if (format >= kHalf - (release == DimgRelease::kFirst ? 1 : 0)) {
          if (value == kHalfOf32768) value = 0;
          if ((value & 0x7fff) > 0x7c00) value = kHalfOf31744;
        }
        result.push_back(static_cast<unsigned char>(value));
        result.push_back(static_cast<unsigned char>(value >> 8));
      }
    }
  }
  return result;
}

}  // namespace nvdla::host
