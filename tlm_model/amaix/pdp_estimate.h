// SPDX-License-Identifier: Apache-2.0
// PDP in closed form: its plan (amaix/pdp_plan.h) through amaix/stream_estimate.h, which has the formulas.
#pragma once

#include "amaix/estimate.h"
#include "amaix/sdp_estimate.h"
#include "amaix/stream_estimate.h"
#include "hardware/parameters.h"
#include "operation/pdp.h"

namespace nvdla::amaix {

// Cycles from the start of the read DMA to the interrupt. `level` is kRoofline or kRefined; throws
// std::invalid_argument for kDynamic, for an operation on the fly (its time is its convolution's) and for a
// memory without bandwidth.
[[nodiscard]] Estimate estimate_pdp(const PdpOperation& operation, const HardwareParameters& hardware,
                                    const memory::MemorySystem& memory, Level level);

// In two steps: what a walk over the operation counts, which no memory changes, and the rest.
[[nodiscard]] StreamSummary summarise_pdp(const PdpOperation& operation, const HardwareParameters& hardware);
[[nodiscard]] Estimate estimate_pdp(const PdpOperation& operation, const StreamSummary& summary,
                                    const HardwareParameters& hardware, const memory::MemorySystem& memory,
                                    Level level);

// What PDP adds to an SDP operation that it follows on the fly.
struct PdpOnTheFly {
  double cycles_per_atom = 1;
  // From the cycle in which SDP hands over the last transfer to PDP's interrupt.
  double interrupt_tail = 0;
  // Of that, from the last write on the bus on, and the memory's part.
  double acknowledge = 0;
  double write_latency = 0;
  MemorySpace write_space = MemorySpace::kDbb;
  Traffic dbb;
  Traffic cvsram;
};
[[nodiscard]] PdpOnTheFly pdp_on_the_fly(const PdpOperation& operation, const HardwareParameters& hardware,
                                         const memory::MemorySystem& memory);
// Adds it to what SDP adds to the convolution before it: the pace of the slower one, and its tail.
void add_pooling(const PdpOperation& operation, const HardwareParameters& hardware,
                 const memory::MemorySystem& memory, SdpOnTheFly& sdp);

}  // namespace nvdla::amaix
