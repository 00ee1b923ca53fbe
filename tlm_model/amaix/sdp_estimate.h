// SPDX-License-Identifier: Apache-2.0
// SDP in closed form.
//
// From memory, counted from SDP_RDMA's start to SDP's interrupt (the step from the OP_ENABLE write to the
// start belongs to the registers):
//   datapath = request + latency + read + (transfers cycles_per_transfer - 1) + depth + write
//              + (beats of the last chunk - 1) beat time + latency + acknowledge
//   memory   = request + latency + bytes / bandwidth + latency + acknowledge     for each port
//   refined  = the largest of them and of the same with the latency bound as steady state
//   roofline = the largest of transfers cycles_per_transfer, bytes / bandwidth and the latency bound
// The latency bound: a read client keeps at most min(its latency FIFO, max_outstanding) beats between
// request and datapath, for latency + read cycles each.
// On the fly: cycles of one transfer, and the tail behind the last transfer of CACC.
// Lengths: SdpPathLengths and SdpPlan (amaix/sdp_plan.h). beat time = max(1, bus width / bandwidth).
// Limits: no contention with other units; the conflict of single reads and writes on one port is only in
// the bandwidth.
#pragma once

#include "amaix/estimate.h"
#include "amaix/sdp_plan.h"
#include "hardware/parameters.h"
#include "operation/sdp.h"

namespace nvdla::amaix {

// An operation from memory; `level` is kRoofline or kRefined. Throws std::invalid_argument for an operation
// on the fly (its time is its convolution's), for kDynamic, and for a memory without bandwidth.
[[nodiscard]] Estimate estimate_sdp(const SdpOperation& operation, const HardwareParameters& hardware,
                                    const memory::MemorySystem& memory, Level level);

// What SDP adds to a convolution that it follows on the fly.
struct SdpOnTheFly {
  // Cycles that one transfer of sdp_throughput elements takes, and what sets them: a sub-engine, or the slots
  // of the write path.
  double cycles_per_transfer = 1;
  Resource resource = Resource::kSdpCore;
  // From the cycle in which SDP takes the last transfer to its release and to its interrupt.
  double release_tail = 0;
  double interrupt_tail = 0;
  // Bytes of SDP's own traffic: operands and output.
  Traffic dbb;
  Traffic cvsram;
};
[[nodiscard]] SdpOnTheFly sdp_on_the_fly(const SdpOperation& operation, const HardwareParameters& hardware,
                                         const memory::MemorySystem& memory);

}  // namespace nvdla::amaix
