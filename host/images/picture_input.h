// SPDX-License-Identifier: Apache-2.0
// A picture as the values of an input tensor, prepared as the application of nvdla/sw's runtime does: fp16
// takes (sample - mean) / divisor; int8 takes the samples 0..255 scaled to 0..127. Colours are in the order
// blue, green, red that Caffe's networks expect, unless told otherwise.
#pragma once

#include <array>

#include "host/driver/tensor_codec.h"
#include "host/images/image.h"

namespace nvdla::host {

struct PictureOptions {
  std::array<float, 4> mean{};  // of each channel, in the order of the tensor
  float divisor = 1;            // fp16 only
  bool red_first = false;
};

// Throws DriverError when size or channels do not match; a colour picture becomes grey for a tensor of one
// channel.
[[nodiscard]] TensorValues picture_values(const Image& image, const LoadableTensor& tensor,
                                          const PictureOptions& options);

}  // namespace nvdla::host
