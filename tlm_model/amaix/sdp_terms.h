// SPDX-License-Identifier: Apache-2.0
// Terms that SDP's closed forms share, from memory (amaix/sdp_estimate.cpp) and on the fly
// (amaix/sdp_on_the_fly.cpp): what the first datum waits for, and what comes behind the last. In cycles.
#pragma once

#include <cstdint>
#include <vector>

#include "amaix/sdp_estimate.h"

namespace nvdla::amaix {

struct SdpRate {
  Resource resource;
  std::uint32_t rate;  // elements a cycle
};

// The sub-engines in use; the output takes sdp_throughput elements a cycle whatever is bypassed.
[[nodiscard]] std::vector<SdpRate> sdp_stages(const SdpOperation& operation,
                                              const HardwareParameters& hardware);
// From the cycle in which the last transfer enters to the interrupt.
[[nodiscard]] double sdp_tail(const SdpWork& work, const HardwareParameters& hardware,
                              const memory::MemorySystem& memory);
// From the first request on the bus to the cycle before the first transfer enters: the streams' first beats
// come in turn, a chunk of each, and the last of what the first transfer needs decides.
[[nodiscard]] double sdp_first_entry(const SdpWork& work, const HardwareParameters& hardware,
                                     const memory::MemorySystem& memory);
// From the entry of the last transfer to SDP_RDMA's done, which its packet before the last one decides;
// `waits`: data wait for Y.
[[nodiscard]] double sdp_fetch_tail(const SdpFetchPlan& fetch, const SdpPlan& plan,
                                    const SdpPathLengths& paths, bool waits);
// Beats of a chunk of what SDP reads.
[[nodiscard]] double sdp_mean_chunk(const std::vector<SdpWalkTotals>& streams,
                                    const HardwareParameters& hardware);

}  // namespace nvdla::amaix
