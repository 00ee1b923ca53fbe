// SPDX-License-Identifier: Apache-2.0
#include "host/driver/tensor_codec.h"

#include <algorithm>
#include <cmath>

#include "host/driver/driver_error.h"
#include "host/driver/half.h"

namespace nvdla::host {

namespace {

// Numbers of the list of pixel formats.
constexpr std::uint8_t kFirstFourOf16 = 6, kLastFourOf16 = 11, kFirstFourOf8 = 12, kLastFourOf8 = 19;

class Codec {
 public:
  Codec(const LoadableTensor& tensor, std::uint32_t atom_bytes) : t_(tensor) {
    if (t_.n != 1) fail("batch of " + std::to_string(t_.n) + ", only 1 is known");
    switch (t_.type) {
      case TensorType::kHalf:
      case TensorType::kInt16:
        element_ = 2;
        break;
      case TensorType::kInt8:
        element_ = 1;
        break;
      default:
        fail("data type " + std::to_string(static_cast<unsigned>(t_.type)) +
             ", known are fp16, int16 and int8");
    }
    if (t_.pixel_format == kPixelFeature || t_.pixel_format == kPixelFeature8) {
      pixel_ = atom_bytes;
      channels_ = atom_bytes / element_;
    } else if (t_.pixel_format == kPixelR8) {
      pixel_ = channels_ = 1;
      unsigned_ = true;
    } else if (t_.pixel_format >= kFirstFourOf8 && t_.pixel_format <= kLastFourOf8) {
      pixel_ = channels_ = 4;
      unsigned_ = true;
    } else if (t_.pixel_format >= kFirstFourOf16 && t_.pixel_format <= kLastFourOf16) {
      pixel_ = 8;
      channels_ = 4;
    } else {
      fail("pixel format " + std::to_string(t_.pixel_format) +
           ", known are feature, R8 and four channels of 8 or 16 bits");
    }
    if (unsigned_) element_ = 1;
    const bool feature = t_.pixel_format >= kPixelFeature;
    if (!feature && static_cast<std::uint32_t>(t_.c) > channels_) {
      fail(std::to_string(t_.c) + " channels in a pixel of " + std::to_string(channels_));
    }
    // Later elements are later in memory but for the last surface, which may be half empty.
    if (t_.c > 0 && t_.h > 0 && t_.w > 0) {
      const std::uint32_t last = static_cast<std::uint32_t>(t_.c) - 1;
      const std::uint32_t full = last / channels_ * channels_;
      const std::uint64_t end = std::max(offset(last, t_.h - 1U, t_.w - 1U),
                                         full == 0 ? 0 : offset(full - 1, t_.h - 1U, t_.w - 1U)) +
                                element_;
      if (end > t_.size) {
        fail("its strides lead to byte " + std::to_string(end) + ", but it has " + std::to_string(t_.size));
      }
    }
  }

  [[nodiscard]] std::uint64_t offset(std::uint32_t c, std::uint32_t h, std::uint32_t w) const {
    return std::uint64_t{c / channels_} * t_.surface_stride + std::uint64_t{h} * t_.line_stride +
           std::uint64_t{w} * pixel_ + std::uint64_t{c % channels_} * element_;
  }

  void put(unsigned char* at, float value) const {
    if (element_ == 2) {
      const std::uint16_t bits = t_.type == TensorType::kHalf
                                     ? float_to_half(value)
                                     : static_cast<std::uint16_t>(integer(value, -32768, 32767));
      at[0] = static_cast<unsigned char>(bits);
      at[1] = static_cast<unsigned char>(bits >> 8);
    } else {
      *at = static_cast<unsigned char>(unsigned_ ? integer(value, 0, 255) : integer(value, -128, 127));
    }
  }
  [[nodiscard]] float get(const unsigned char* at) const {
    if (element_ == 1)
      return unsigned_ ? static_cast<float>(*at) : static_cast<float>(static_cast<std::int8_t>(*at));
    const auto bits = static_cast<std::uint16_t>(at[0] | at[1] << 8);
    return t_.type == TensorType::kHalf ? half_to_float(bits)
                                        : static_cast<float>(static_cast<std::int16_t>(bits));
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw DriverError("tensor '" + t_.name + "': " + what);
  }

 private:
  static int integer(float value, int lowest, int highest) {
    if (std::isnan(value)) return 0;
    return static_cast<int>(
        std::lround(std::min(std::max(value, static_cast<float>(lowest)), static_cast<float>(highest))));
  }

  const LoadableTensor& t_;
  std::uint32_t element_ = 1, pixel_ = 1, channels_ = 1;
  bool unsigned_ = false;
};

}  // namespace

std::vector<unsigned char> encode_tensor(const LoadableTensor& tensor, std::uint32_t atom_bytes,
                                         const TensorValues& values) {
  const Codec codec(tensor, atom_bytes);
  if (values.width != static_cast<std::uint32_t>(tensor.w) ||
      values.height != static_cast<std::uint32_t>(tensor.h) ||
      values.channel > static_cast<std::uint32_t>(tensor.c)) {
    codec.fail("is " + std::to_string(tensor.w) + "x" + std::to_string(tensor.h) + " with " +
               std::to_string(tensor.c) + " channels, but the input is " + std::to_string(values.width) +
               "x" + std::to_string(values.height) + " with " + std::to_string(values.channel));
  }
  std::vector<unsigned char> bytes(tensor.size, 0);
  for (std::uint32_t c = 0; c < values.channel; ++c) {
    for (std::uint32_t h = 0; h < values.height; ++h) {
      for (std::uint32_t w = 0; w < values.width; ++w)
        codec.put(&bytes[codec.offset(c, h, w)], values.at(c, h, w));
    }
  }
  return bytes;
}

TensorValues decode_tensor(const LoadableTensor& tensor, std::uint32_t atom_bytes,
                           const std::vector<unsigned char>& bytes) {
  const Codec codec(tensor, atom_bytes);
  if (bytes.size() != tensor.size) {
    codec.fail("has " + std::to_string(tensor.size) + " bytes, not " + std::to_string(bytes.size()));
  }
  TensorValues result{static_cast<std::uint32_t>(tensor.c),
                      static_cast<std::uint32_t>(tensor.h),
                      static_cast<std::uint32_t>(tensor.w),
                      {}};
  result.values.reserve(std::size_t{result.channel} * result.height * result.width);
  for (std::uint32_t c = 0; c < result.channel; ++c) {
    for (std::uint32_t h = 0; h < result.height; ++h) {
      for (std::uint32_t w = 0; w < result.width; ++w)
        result.values.push_back(codec.get(&bytes[codec.offset(c, h, w)]));
    }
  }
  return result;
}

}  // namespace nvdla::host
