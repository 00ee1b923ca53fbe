// SPDX-License-Identifier: Apache-2.0
// From the time of the closed forms, a real number of cycles, to that of the simulation.
#pragma once

#include "hardware/types.h"

namespace nvdla {

// std::llround() of what is not negative, without a call into the library for each phase of an estimate.
[[nodiscard]] constexpr Cycle nearest_cycle(double time) {
  const auto whole = static_cast<Cycle>(time);
  return whole + (time - static_cast<double>(whole) >= 0.5 ? 1 : 0);
}

}  // namespace nvdla
