// SPDX-License-Identifier: Apache-2.0
// SDP in closed form.
//
// From memory, counted from SDP_RDMA's start to SDP's interrupt (the step from the OP_ENABLE write to the
// start belongs to the registers):
//   datapath = request + latency + read + (transfers cycles_per_transfer - 1) + depth + write
//              + (beats of the last chunk - 1) beat time + latency + acknowledge
//   memory   = request + latency + span of the port + latency + acknowledge     for each port
//   open     = `datapath` with the span of a limit of open beats instead of the transfers; the limits of all
//              reads, of writes and of each client's latency FIFO (a datum stays in it for `read` cycles)
//              In place of the limits of reads, where they come near the others or the operation is short:
//              the reads of all streams followed chunk by chunk (amaix/sdp_read_walk.h)
//   pooling  = `datapath` with the cycles of PDP's core instead of the transfers, and its tail
//   refined  = the largest of them
//   roofline = the largest of transfers cycles_per_transfer, bytes / bandwidth and beats / (open / turn)
// Spans and limits: amaix/port_time.h.
// On the fly: cycles of one transfer, and the tail behind the last transfer of CACC.
// Lengths: SdpPathLengths and SdpPlan (amaix/sdp_plan.h). beat time = max(1, bus width / bandwidth).
// Limits: no contention with other units; the conflict of single reads and writes on one port is only in
// the bandwidth.
#pragma once

#include <array>
#include <vector>

#include "amaix/estimate.h"
#include "amaix/pdp_on_the_fly.h"
#include "amaix/port_time.h"
#include "amaix/sdp_plan.h"
#include "hardware/parameters.h"
#include "operation/sdp.h"

namespace nvdla::amaix {

// What no memory changes: the plans, and the totals of their walks, in chunks of the memory interface.
struct SdpWork {
  SdpFetchPlan fetch;
  SdpPlan plan;
  std::vector<SdpWalkTotals> streams;  // of the fetch
  SdpWalkTotals output;                // in units of the write path
  Traffic dbb, cvsram;                 // operands and output
  double write_cycles = 0;             // slots of the write path; 0: they are not modelled
};
[[nodiscard]] SdpWork sdp_work(const SdpOperation& operation, const HardwareParameters& hardware);

struct SdpEstimate : Estimate {
  double interrupt = 0;  // SDP's own
};
// An operation from memory, with PDP behind it (`pooling`) up to PDP's interrupt; `level` is kRoofline or
// kRefined. Throws std::invalid_argument for an operation on the fly (its time is its convolution's), for
// kDynamic, and for a memory without bandwidth.
[[nodiscard]] SdpEstimate estimate_sdp(const SdpOperation& operation, const SdpWork& work,
                                       const HardwareParameters& hardware, const memory::MemorySystem& memory,
                                       Level level, const PdpOnTheFly* pooling = nullptr);
[[nodiscard]] Estimate estimate_sdp(const SdpOperation& operation, const HardwareParameters& hardware,
                                    const memory::MemorySystem& memory, Level level);

// What SDP adds to a convolution that it follows on the fly.
struct SdpOnTheFly {
  // Cycles that one transfer of sdp_throughput elements takes, and what sets them: a sub-engine, or the slots
  // of the write path.
  double cycles_per_transfer = 1;
  Resource resource = Resource::kSdpCore;
  // From the cycle in which SDP takes a transfer to its entry; from its read DMA's start to the entry of the
  // first one, as far as the operands are concerned; 0: it has none.
  double entry = 0, operands_ready = 0;
  // Transfers that wait in front of a later stage that sets the pace.
  double ahead = 0;
  double ahead_depth = 0;  // cycles from the entry to that stage
  // From the cycle in which SDP takes the last transfer to its release and to its interrupt.
  double release_tail = 0;
  double interrupt_tail = 0;
  double fetch_tail = 0;   // and to its read DMA's
  double write_tail = 0;   // and to the first beat that is written of it
  double drain = 0;        // PDP behind it: of its last output, so much later
  double write_first = 0;  // transfers before the first that something is written of
  double write_time = 0;   // cycles of the port for all it writes
  double write_unit = 1;   // beats of it that leave together
  // Of the interrupt's, from its last write on the bus on, and the memory's part.
  double acknowledge = 0;
  double write_latency = 0;
  MemorySpace write_space = MemorySpace::kDbb;
  // Beats that its write path holds; 0: it writes nothing.
  double write_buffer = 0;
  double last_buffer = 0;  // the same of what writes, SDP or PDP behind
  double write_back = 0;   // branch master: a beat on the bus to CACC's last transfer that it makes room for
  // Bytes of SDP's own traffic: operands and output.
  Traffic dbb;
  Traffic cvsram;
  // Beats of operands that the latency FIFOs take before the first transfer comes, by memory, those of a
  // chunk of each stream, and what may be open of them. The mean beats of a chunk.
  std::array<double, 2> early_operands{}, operand_turn{};
  std::array<OpenLimit, 2> operand_limit{};
  double operand_chunk = 1;
  // Beats of those behind, by memory, and of the output that waits for them; from the hand-over of the first
  // transfer to the first of them on the bus.
  std::array<double, 2> late_operands{};
  double late_places = 0;  // of a stream of them
  double late_output = 0, late_turn = 0;
  // From its read DMA's start to the entry of the last transfer, if that waits for nothing but operands of
  // which few are on their way; 0: not walked.
  double operands_end = 0;
  double cycles_with_operands = 1;  // of a transfer, if its operands are there

  // As if all operands were there when they are needed.
  [[nodiscard]] SdpOnTheFly with_operands() const {
    SdpOnTheFly result = *this;
    result.cycles_per_transfer = cycles_with_operands;
    result.operands_end = result.operands_ready = 0;
    result.early_operands = result.late_operands = {};
    result.late_output = 0;
    return result;
  }
};
[[nodiscard]] SdpOnTheFly sdp_on_the_fly(const SdpOperation& operation, const SdpWork& work,
                                         const HardwareParameters& hardware,
                                         const memory::MemorySystem& memory);
[[nodiscard]] SdpOnTheFly sdp_on_the_fly(const SdpOperation& operation, const HardwareParameters& hardware,
                                         const memory::MemorySystem& memory);

}  // namespace nvdla::amaix
