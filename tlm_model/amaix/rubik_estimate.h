// SPDX-License-Identifier: Apache-2.0
// Rubik in closed form: its plan (amaix/rubik_plan.h) through amaix/stream_estimate.h, which has the
// formulas.
#pragma once

#include <memory>

#include "amaix/estimate.h"
#include "amaix/linked_walk.h"
#include "hardware/parameters.h"
#include "operation/rubik.h"

namespace nvdla::amaix {

// Cycles from the start of the read DMA to the interrupt. `level` is kRoofline or kRefined; throws
// std::invalid_argument for kDynamic and for a memory without bandwidth.
[[nodiscard]] Estimate estimate_rubik(const RubikOperation& operation, const HardwareParameters& hardware,
                                      const memory::MemorySystem& memory, Level level);

// The same operation for a walk of several in a row.
[[nodiscard]] std::unique_ptr<LinkedLayer> linked_rubik(const RubikOperation& operation,
                                                        const HardwareParameters& hardware);

}  // namespace nvdla::amaix
