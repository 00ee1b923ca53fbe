// SPDX-License-Identifier: Apache-2.0
// CDP in closed form: its plan (amaix/cdp_plan.h) through amaix/stream_estimate.h, which has the formulas.
#pragma once

#include <memory>

#include "amaix/estimate.h"
#include "amaix/shared_walk.h"
#include "amaix/stream_estimate.h"
#include "hardware/parameters.h"
#include "operation/cdp.h"

namespace nvdla::amaix {

// Cycles from the start of the read DMA to the interrupt. `level` is kRoofline or kRefined; throws
// std::invalid_argument for kDynamic and for a memory without bandwidth.
[[nodiscard]] Estimate estimate_cdp(const CdpOperation& operation, const HardwareParameters& hardware,
                                    const memory::MemorySystem& memory, Level level);

// In two steps: what a walk over the operation counts, which no memory changes, and the rest.
[[nodiscard]] StreamSummary summarise_cdp(const CdpOperation& operation, const HardwareParameters& hardware);
[[nodiscard]] Estimate estimate_cdp(const CdpOperation& operation, const StreamSummary& summary,
                                    const HardwareParameters& hardware, const memory::MemorySystem& memory,
                                    Level level);

// Among others on its port.
[[nodiscard]] std::unique_ptr<SharedUnit> share_cdp(const CdpOperation& operation,
                                                    const StreamSummary& summary,
                                                    const HardwareParameters& hardware);

}  // namespace nvdla::amaix
