// SPDX-License-Identifier: Apache-2.0
// One transfer of BDMA. Plain data, filled by the decoder (registers/decoder.h). Sizes are natural numbers (a
// register that holds "size - 1" is already corrected); strides and sizes in memory are in bytes.
#pragma once

#include <cstdint>

#include "operation/cube.h"

namespace nvdla {

// One transfer of BDMA's command FIFO: a rectangle of lines and surfaces. One activation of a group
// runs all transfers queued since the previous launch.
struct BdmaTransfer {
  Surface source;
  Surface destination;
  std::uint32_t line_bytes = 32;
  std::uint32_t lines = 1;
  std::uint32_t surfaces = 1;
};

}  // namespace nvdla
