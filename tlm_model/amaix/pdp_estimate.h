// SPDX-License-Identifier: Apache-2.0
// PDP in closed form: its plan (amaix/pdp_plan.h) through amaix/stream_estimate.h, which has the formulas.
#pragma once

#include <memory>

#include "amaix/estimate.h"
#include "amaix/pdp_on_the_fly.h"
#include "amaix/sdp_estimate.h"
#include "amaix/shared_walk.h"
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

[[nodiscard]] PdpOnTheFly pdp_on_the_fly(const PdpOperation& operation, const HardwareParameters& hardware,
                                         const memory::MemorySystem& memory);
// Its PdpOnTheFly::written.
[[nodiscard]] std::vector<std::uint32_t> written_behind_atoms(const PdpOperation& operation,
                                                              const HardwareParameters& hardware);
// What it writes of `surfaces`, piece by piece, as chunks: `bytes` are the atoms of input that it needs
// behind those of the one before. No more than `most` and those of a surface.
[[nodiscard]] std::vector<SdpChunk> pooled_chunks(const PdpOperation& operation, std::uint32_t surfaces,
                                                  const HardwareParameters& hardware, std::size_t most);
// Adds it to what SDP adds to the convolution before it: the pace of the slower one, and its tail.
void add_pooling(const PdpOperation& operation, const HardwareParameters& hardware,
                 const memory::MemorySystem& memory, SdpOnTheFly& sdp);

// Among others on its port.
[[nodiscard]] std::unique_ptr<SharedUnit> share_pdp(const PdpOperation& operation,
                                                    const StreamSummary& summary,
                                                    const HardwareParameters& hardware);

}  // namespace nvdla::amaix
