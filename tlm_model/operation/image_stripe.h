// SPDX-License-Identifier: Apache-2.0
// Output columns of an image that CSC issues one behind the other against one set of weights
// (NV_NVDLA_CSC_sg: CSC_IMG_STRIPE).
#pragma once

#include <cstdint>

#include "hardware/parameters.h"

namespace nvdla {

[[nodiscard]] inline std::uint32_t image_stripe(const HardwareParameters& hardware) {
  if (hardware.generation == Generation::kV1) return 64;
  const std::uint32_t k = hardware.atomic_k_int8;
  return (hardware.atomic_c == 4 * k ? 4 : 2) * k;
}

}  // namespace nvdla
