// SPDX-License-Identifier: Apache-2.0
// Where the interrupt sources stand in GLB.S_INTR_STATUS, _MASK and _SET. The same in both generations.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hardware/units.h"

namespace nvdla {

inline constexpr std::size_t kInterrupts = 8;

// Number of the bit of group 0; group 1 is the next bit.
[[nodiscard]] constexpr std::uint32_t interrupt_bit(Interrupt source) {
  const auto index = static_cast<std::uint32_t>(source);
  // Bits 10 to 15 belong to no unit.
  return source < Interrupt::kCdmaData ? 2 * index : 16 + 2 * (index - 5);
}

}  // namespace nvdla
