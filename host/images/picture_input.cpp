// SPDX-License-Identifier: Apache-2.0
#include "host/images/picture_input.h"

#include <cmath>

#include "host/driver/driver_error.h"

namespace nvdla::host {

namespace {

// ITU-R BT.601
constexpr float kRed = 0.299F, kGreen = 0.587F, kBlue = 0.114F;

// Sample of a channel of the tensor, 0..255.
float sample(const Image& image, std::size_t pixel, std::uint32_t channel, std::uint32_t channels,
             bool red_first) {
  const std::uint8_t* at = &image.samples[pixel * image.channel];
  if (image.channel == 1) return at[0];
  if (channels == 1) return kRed * at[0] + kGreen * at[1] + kBlue * at[2];
  return at[red_first ? channel : 2 - channel];
}

}  // namespace

TensorValues picture_values(const Image& image, const LoadableTensor& tensor, const PictureOptions& options) {
  const auto width = static_cast<std::uint32_t>(tensor.w), height = static_cast<std::uint32_t>(tensor.h);
  const std::string name = "tensor '" + tensor.name + "': ";
  if (image.width != width || image.height != height) {
    throw DriverError(name + "is " + std::to_string(width) + "x" + std::to_string(height) + ", the picture " +
                      std::to_string(image.width) + "x" + std::to_string(image.height) + ": scale it first");
  }
  if (tensor.c != 1 && static_cast<std::uint32_t>(tensor.c) < image.channel) {
    throw DriverError(name + "has " + std::to_string(tensor.c) + " channels, the picture " +
                      std::to_string(image.channel));
  }
  if (image.channel == 1 && tensor.c > 1) {
    throw DriverError(name + "has " + std::to_string(tensor.c) + " channels, the picture is grey");
  }
  TensorValues result{tensor.c == 1 ? 1U : image.channel, height, width, {}};
  const std::size_t pixels = std::size_t{width} * height;
  result.values.reserve(pixels * result.channel);
  for (std::uint32_t c = 0; c < result.channel; ++c) {
    for (std::size_t i = 0; i < pixels; ++i) {
      const float value = sample(image, i, c, result.channel, options.red_first);
      if (tensor.type == TensorType::kInt8) {
        result.values.push_back(static_cast<float>(std::floor(value * 127.0 / 255.0 + 0.5)));
      } else {
        result.values.push_back((value - options.mean[c]) / options.divisor);
      }
    }
  }
  return result;
}

}  // namespace nvdla::host
