// SPDX-License-Identifier: Apache-2.0
// Tensors at the borders of a network between numbers and the bytes in memory. Feature formats: atoms of the
// configuration's memory (32 or 8 bytes) of consecutive channels, lines and surfaces at the tensor's strides.
// Image formats: R8, and four channels of 8 or 16 bits in one pixel.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/loadable/loadable.h"

namespace nvdla::host {

// Channel by channel, line by line.
struct TensorValues {
  std::uint32_t channel = 0, height = 0, width = 0;
  std::vector<float> values;

  [[nodiscard]] float at(std::uint32_t c, std::uint32_t h, std::uint32_t w) const {
    return values[(std::size_t{c} * height + h) * width + w];
  }
};

// Both throw DriverError: a format that is not known, values that do not match the tensor's dimensions,
// strides that lead out of it. Rounds to the type of the tensor: fp16 to nearest, integers to nearest and
// clipped. Channels that the values do not have (an image in a tensor of more channels) are zero.
[[nodiscard]] std::vector<unsigned char> encode_tensor(const LoadableTensor& tensor, std::uint32_t atom_bytes,
                                                       const TensorValues& values);
[[nodiscard]] TensorValues decode_tensor(const LoadableTensor& tensor, std::uint32_t atom_bytes,
                                         const std::vector<unsigned char>& bytes);

}  // namespace nvdla::host
