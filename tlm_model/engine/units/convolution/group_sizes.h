// SPDX-License-Identifier: Apache-2.0
// Sizes of compressed kernel groups (WGS), which CDMA_wt reads from memory: the only contents of memory that
// time depends on.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/memory_interface.h"
#include "operation/convolution.h"

namespace nvdla::engine {

// Bytes of each kernel group. Empty when memory does not show them, or what it shows cannot be sizes (memory
// that nobody has filled).
[[nodiscard]] std::vector<std::uint32_t> read_group_sizes(const ConvolutionFetch& fetch,
                                                          const HardwareParameters& hardware,
                                                          const MemoryInterface& memory);

}  // namespace nvdla::engine
