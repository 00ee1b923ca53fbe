// SPDX-License-Identifier: Apache-2.0
// The order of a convolution's weights in memory, direct mode in int8 (nvdla/doc hw/format.rst): groups of as
// many kernels as the array has rows; in a group, for each block of atomic_c channels, line and column, the
// channels of the block of every kernel.
#pragma once

#include <cstdint>
#include <vector>

#include "hardware/parameters.h"

namespace nvdla::tools {

struct KernelShape {
  std::uint32_t kernels = 0, channels = 0, size = 0;  // size lines of size columns
};

// `weights`: kernel by kernel, channel by channel, line by line.
[[nodiscard]] std::vector<unsigned char> pack_weights(const std::vector<std::int8_t>& weights,
                                                      const KernelShape& shape,
                                                      const HardwareParameters& hardware);

}  // namespace nvdla::tools
