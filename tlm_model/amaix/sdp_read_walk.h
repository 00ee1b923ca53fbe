// SPDX-License-Identifier: Apache-2.0
// SDP's reads chunk by chunk, where the beats that may be open limit them: several streams that take turns at
// the memory interface, each with a latency FIFO of its own, and the datapath that uses their data up.
//
//   granted(chunk)  = max(the grant before + its bursts, the chunk's places in the latency FIFO being free);
//                     of those that could go first the one whose turn it is
//   returned(beat)  = max(accepted + latency, the port's room)
//   entry(atom)     = max(entry(atom - 1) + its cycles, beats of what each stream must have brought + path)
//                     V1: data are as wide as the bus from the request's first byte on; one that begins
//                     inside a beat is complete with the next (MCIF_READ_eg)
//   free(beat)      = max(the beat before + 1, returned(beat) + credit, room in the FIFOs behind the latency
//                     FIFO); V1, all beats of a chunk: when the datapath takes its last datum
// Limits: of long operations the first kMostAtoms are walked, the others come at the pace of their
// second half; what waits for the bus does not stop the datapath, nor do PDP's pauses between lines.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "amaix/sdp_plan.h"
#include "hardware/parameters.h"
#include "memory/description.h"

namespace nvdla::amaix {

struct SdpTimes {
  double first = 0;    // entry of the first transfer
  double entry = 0;    // of the last one
  double done = 0;     // SDP_RDMA's; 0: not known
  double written = 0;  // the last beat, where it goes through a port that is read from; 0: it does not
};
// What gives SDP its data, and takes its output.
struct SdpTaker {
  bool late = false;  // no transfer comes before all that is read ahead of the first
  double cycles = 0;  // a transfer
  // What it writes: beats behind each atom of a surface, so many cycles after the entry of its last transfer.
  const std::vector<std::uint32_t>* written = nullptr;
  MemorySpace space = MemorySpace::kDbb;
  double write_lag = 0;
};
// Cycles from the first address on the bus; nothing where the streams come from several memories.
[[nodiscard]] std::optional<SdpTimes> walk_sdp_reads(const SdpFetchPlan& fetch, const SdpPlan& plan,
                                                     const memory::MemorySystem& memory,
                                                     const HardwareParameters& hardware,
                                                     const SdpTaker& taker = {});

}  // namespace nvdla::amaix
