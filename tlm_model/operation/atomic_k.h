// SPDX-License-Identifier: Apache-2.0
// Kernels that the MAC array works on at once, a kernel group: generation V1 splits each 16-bit multiplier in
// two for int8.
#pragma once

#include <cstdint>

#include "hardware/parameters.h"
#include "hardware/types.h"

namespace nvdla {

[[nodiscard]] inline std::uint32_t atomic_k(const HardwareParameters& hardware, Precision precision) {
  const bool half = hardware.generation == Generation::kV1 && precision != Precision::kInt8;
  return half ? hardware.atomic_k_int8 / 2 : hardware.atomic_k_int8;
}

}  // namespace nvdla
