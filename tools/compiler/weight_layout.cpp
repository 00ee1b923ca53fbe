// SPDX-License-Identifier: Apache-2.0
#include "tools/compiler/weight_layout.h"

#include <algorithm>

namespace nvdla::tools {

std::vector<unsigned char> pack_weights(const std::vector<std::int8_t>& weights, const KernelShape& shape,
                                        const HardwareParameters& hardware) {
  const std::uint32_t plane = shape.size * shape.size;
  std::vector<unsigned char> result;
  result.reserve(weights.size());
  for (std::uint32_t group = 0; group < shape.kernels; group += hardware.atomic_k_int8) {
    const std::uint32_t behind = std::min(shape.kernels, group + hardware.atomic_k_int8);
    for (std::uint32_t block = 0; block < shape.channels; block += hardware.atomic_c) {
      const std::uint32_t end = std::min(shape.channels, block + hardware.atomic_c);
      for (std::uint32_t place = 0; place < plane; ++place) {
        for (std::uint32_t kernel = group; kernel < behind; ++kernel) {
          for (std::uint32_t channel = block; channel < end; ++channel)
            result.push_back(static_cast<unsigned char>(
                weights[(std::size_t{kernel} * shape.channels + channel) * plane + place]));
        }
      }
    }
  }
  return result;
}

}  // namespace nvdla::tools
