// SPDX-License-Identifier: Apache-2.0
// What CACC delivers of one convolution: a 32-bit value for every kernel slot, output position and batch.
// Consumed by SDP on the fly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hardware/parameters.h"
#include "operation/convolution.h"

namespace nvdla::compute {

struct Accumulators {
  // True: the values are bit patterns of fp32 (processing precision fp16), else integers.
  bool floating = false;
  std::uint32_t batches = 1;
  // Kernels rounded up to whole kernel groups and to whole atoms of int8 output, so that SDP finds a value
  // for each lane it writes; lanes beyond the last kernel hold what hardware delivers for absent kernels, 0.
  std::uint32_t channels = 0;
  std::uint32_t height = 0, width = 0;
  std::vector<std::int32_t> values;  // [batch][channel][y][x]
  // Where CACC takes the output to lie: with several batches the order of delivery follows from it
  // (batch_order.h).
  Surface destination;
  // Elements that the final rounding had to clamp (D_OUT_SATURATION).
  std::uint64_t saturations = 0;

  [[nodiscard]] std::size_t index(std::uint32_t batch, std::uint32_t channel, std::uint32_t y,
                                  std::uint32_t x) const {
    return ((std::size_t{batch} * channels + channel) * height + y) * width + x;
  }
  [[nodiscard]] std::int32_t at(std::uint32_t batch, std::uint32_t channel, std::uint32_t y,
                                std::uint32_t x) const {
    return values[index(batch, channel, y, x)];
  }
};

// Zeros in the shape of the operation's output. Throws std::length_error for more than 2^30 values.
[[nodiscard]] Accumulators make_accumulators(const ConvolutionSequence& sequence,
                                             const ConvolutionAccumulate& accumulate,
                                             const HardwareParameters& hardware);

}  // namespace nvdla::compute
