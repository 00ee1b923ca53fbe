// SPDX-License-Identifier: Apache-2.0
// SDP, the single data point processor: what one operation moves and how fast its datapath runs.
//
// Model: the datapath takes transfers of sdp_throughput elements, one in `cycles_per_transfer` cycles,
//   cycles_per_transfer = max over the enabled sub-engines X1, X2, Y of
//                         ceil(sdp_throughput / elements a cycle of the sub-engine);
// a transfer that enters in cycle e leaves towards the write DMA in cycle
//   e + (cycles_per_transfer - 1) + depth,   depth = core + X1 + X2 + Y (pipeline registers).
// Transfers come surface by surface, position by position, padded to whole atoms of channels:
//   transfers = ceil(channels / elements of an atom) * width * height * batches * transfers_per_atom.
// Operands: a per-kernel operand is one record for a surface, a per-element operand one for a position.
// Limits: batches are read from the same address by MRDMA (it has no batch stride in the RTL). Output of
// 16-bit processing as int8 is not covered: the RTL's own counts do not match; a warning says so.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "amaix/sdp_walk.h"
#include "hardware/clients.h"
#include "hardware/parameters.h"
#include "hardware/types.h"
#include "operation/sdp.h"

namespace nvdla::amaix {

// Pipeline lengths outside the datapath, in cycles; sources name the RTL modules that hold the registers.
struct SdpPathLengths {
  // SDP_RDMA's start to its first request on the bus: op_load, *_ig, the two pipes of its output, then
  // splitter, arbiter and address converter of the memory interface (READ_IG_bpt, _arb, _cvt).
  std::uint32_t request = 9;
  // A main input beat on the bus to the datapath's entry: READ_eg, MRDMA_EG_din (pipes, latency FIFO),
  // MRDMA_EG_dout, cmux.
  std::uint32_t read = 13;
  // An operand beat on the bus to the datapath: READ_eg, *RDMA_eg, EG_ro.
  std::uint32_t operand = 9;
  // The hand-over from CACC to the datapath's entry: the pipe of SDP_cmux.
  std::uint32_t from_cacc = 1;
  // The last datum leaving the datapath (SDP's done) to its beat on the bus: WDMA_dmaif pipes and
  // WRITE_IG_bpt, _spt, _arb, _cvt.
  std::uint32_t write = 9;
  // Acknowledge on the bus to the interrupt: WRITE_eg, WDMA_dmaif (mc_dma_wr_rsp_complete), GLB.
  std::uint32_t acknowledge = 6;
  // The entry of the last transfer but one record to the done of MRDMA; negative: it runs ahead of the
  // datapath by the transfers that cmux and the packers hold.
  std::int32_t main_done = -3;
  // The same for the last record of an operand leaving EG_ro, for an ALU operand and, later in the
  // pipeline, for a MUL operand.
  std::int32_t alu_operand_done = 5;
  std::int32_t mul_operand_done = 10;
  // SDP's done to its interrupt when nothing is written (the result goes to PDP or is only compared):
  // registers of WDMA_dmaif (sdp2glb_done_intr_pd) and GLB.
  std::uint32_t quiet_interrupt = 3;
  // Beats behind SDP's done that wait for the bus: WDMA_dmaif pipes 4, WRITE_IG_bpt pipe and FIFO 4,
  // WRITE_IG_spt 5, WRITE_IG_arb 4, WRITE_IG_cvt 3.
  std::uint32_t write_buffer_beats = 20;
};
[[nodiscard]] const SdpPathLengths& sdp_path_lengths(const HardwareParameters& hardware);

// One read stream of SDP_RDMA: a client, its requests in order and how the datapath uses the data up.
struct SdpStream {
  Client client = Client::kSdp;
  MemorySpace space = MemorySpace::kDbb;
  SdpWalkShape walk;
  // `record_bytes` serve `record_transfers` transfers; `lookahead_bytes` more must have arrived (the
  // second surface when 16 bits are narrowed to 8).
  std::uint64_t record_bytes = 1;
  std::uint64_t record_transfers = 1;
  std::uint64_t lookahead_bytes = 0;
  bool multiplier = false;  // carries MUL operands

  // Bytes that must have arrived for `transfers` transfers.
  [[nodiscard]] std::uint64_t bytes_for(std::uint64_t transfers) const;
  // Transfers that `bytes` arrived bytes serve; `total` is the number of bytes of the whole stream.
  [[nodiscard]] std::uint64_t transfers_for(std::uint64_t bytes, std::uint64_t total) const;
};

// SDP_RDMA's share: started on its own, before SDP or after.
struct SdpFetchPlan {
  std::vector<SdpStream> streams;  // main input first if there is one, then X1, X2, Y
  std::uint64_t transfers = 0;     // of the cube that SDP_RDMA is told
  std::uint32_t packet_transfers = 1;
  std::vector<std::string> warnings;
};

// What SDP writes.
struct SdpOutput {
  MemorySpace space = MemorySpace::kDbb;
  SdpWalkShape walk;
  std::uint32_t transfers_per_atom = 1;
  // Data wait in the memory interface until this much is complete (aligned): whole chunks in generation
  // V1 (MCIF_WRITE_IG_spt), single beats in the scalable one.
  std::uint32_t unit_bytes = 256;
};

struct SdpPlan {
  std::uint64_t transfers = 0;
  std::uint32_t transfers_per_atom = 1;
  std::uint32_t positions = 0;  // of the plane, all batches
  std::uint32_t surfaces = 0;
  std::uint32_t elements_per_atom = 8;  // channels of a surface
  std::uint32_t cycles_per_transfer = 1;
  // Transfers that one record of EG_ro holds: the granularity at which the operand side runs ahead.
  std::uint32_t packet_transfers = 1;
  std::uint32_t depth_core = 9, depth_x1 = 0, depth_x2 = 0, depth_y = 0;
  std::optional<SdpOutput> output;  // none when PDP takes the result or Y only compares
  std::vector<std::string> warnings;

  [[nodiscard]] std::uint32_t depth() const { return depth_core + depth_x1 + depth_x2 + depth_y; }
};

[[nodiscard]] SdpFetchPlan plan_sdp_fetch(const SdpFetch& fetch, const HardwareParameters& hardware);
[[nodiscard]] SdpPlan plan_sdp(const SdpOperation& operation, const HardwareParameters& hardware);

}  // namespace nvdla::amaix
