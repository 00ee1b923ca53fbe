// SPDX-License-Identifier: Apache-2.0
// Feature cubes and where they lie in memory. Plain data, filled by the decoder (registers/decoder.h). Sizes
// are natural numbers (a register that holds "size - 1" is already corrected); strides and sizes in memory
// are in bytes.
#pragma once

#include <cstdint>

#include "hardware/types.h"

namespace nvdla {

struct Cube {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t channels = 0;
};

struct Surface {  // where a cube lies in memory
  MemorySpace space = MemorySpace::kDbb;
  std::uint64_t address = 0;
  std::uint32_t line_stride = 0;
  std::uint32_t surface_stride = 0;
};

struct Padding {
  std::uint32_t left = 0, right = 0, top = 0, bottom = 0;
  std::int32_t value = 0;
};

}  // namespace nvdla
