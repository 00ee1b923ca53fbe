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
// Output (generation V1): a request is a command; WDMA_DAT_out and WRITE_IG_bpt behind it have a slot a cycle
// for commands and data:
//   write cycles = sum over requests of (1 + chunks of the request + beats of the request on the bus)
// which binds where requests are small: when 8 bits are widened to 16, in batches, in Winograd's tiles.
// Pairs of operands of two bytes for each element (generation V1): two of the four FIFOs of EG_ro carry them.
// The multiplier takes its half of a pair behind the ALU, so that five transfers are on their way for ten
// cycles. Operands: a per-kernel operand is one record for a surface, a per-element operand one for a
// position. Limits: batches are read from the same address by MRDMA (it has no batch stride in the RTL).
// Output of 16-bit processing as int8 is not covered: the RTL's own counts do not match; a warning says so.
#pragma once

#include <algorithm>
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

// Lengths of the ways around the datapath: sums of hardware/paths/sdp.h, which says what each begins and
// ends with.
struct SdpPathLengths {
  std::uint32_t request = 0;
  std::uint32_t read = 0;
  std::uint32_t operand = 0;
  std::uint32_t operand_y = 0, operand_y_mul = 0, operand_x_mul = 0;
  std::uint32_t from_cacc = 0;
  std::uint32_t write = 0;
  std::uint32_t acknowledge = 0;
  // From the entry of the last transfer but one record; negative: SDP_RDMA is done before that entry.
  std::int32_t main_done = 0;
  std::int32_t alu_operand_done = 0;
  std::int32_t mul_operand_done = 0;
  std::uint32_t quiet_interrupt = 0;
  std::uint32_t write_buffer_beats = 0;
  std::uint32_t credit = 0;  // a beat on the bus to its place in the latency FIFO being free at the arbiter,
                             // where there is room behind the FIFO (0: not followed)
  std::uint32_t use = 0;     // where there is none: from the use of a record's last transfer
  std::uint32_t records_ahead = 0;  // that have left those FIFOs when the next one is taken
  std::uint32_t pop = 0;            // what leaves the latency FIFO to its place being free at the arbiter
};
struct SdpStream;
struct SdpPlan;
// From the use of the last record but one to the done of the stream's reader (main_done, *_operand_done).
[[nodiscard]] std::int32_t done_tail(const SdpStream& stream, const SdpPathLengths& paths);
// From a beat of the stream to the entry of the first datum that uses it; negative: the datum is on its way
// for longer.
[[nodiscard]] std::int32_t entry_path(const SdpStream& stream, const SdpPlan& plan,
                                      const SdpPathLengths& paths);
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
  std::uint64_t record_atoms = 1;  // of the cube, that a record serves
  std::uint64_t lookahead_bytes = 0;
  // Packs: nothing of `gather_bytes` leaves the reader before all of them have arrived, or the last of a
  // request.
  std::uint64_t gather_bytes = 1;
  std::uint64_t request_bytes = 1;
  bool adder = false, multiplier = false;  // carries ALU operands, MUL operands

  // Where the pack that byte `byte` (from 0) lies in begins; and ends.
  [[nodiscard]] std::uint64_t pack_begin(std::uint64_t byte) const;
  [[nodiscard]] std::uint64_t pack_end(std::uint64_t byte) const;
  // Records in the pack that begins at byte `begin`.
  [[nodiscard]] std::uint32_t pack_records(std::uint64_t begin) const {
    return static_cast<std::uint32_t>(std::max<std::uint64_t>(1, (pack_end(begin) - begin) / record_bytes));
  }
  // Transfers before `transfer` that the same pack serves.
  [[nodiscard]] std::uint64_t behind(std::uint64_t transfer) const;
  // Bytes that may have left the latency FIFO when the datapath has taken so many records.
  [[nodiscard]] std::uint64_t room_behind(std::uint64_t records, const SdpPathLengths& paths) const;
  // The same before it takes anything, if the bus brings a beat a cycle.
  [[nodiscard]] std::uint64_t room_ahead(const HardwareParameters& hardware) const;
  // Beats, of `beats` in all, that are read before the datapath takes a record: what the latency FIFO and the
  // FIFOs behind it hold. No latency FIFO: all.
  [[nodiscard]] double beats_ahead(double beats, const HardwareParameters& hardware) const;
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
  // Generation V1: the write path passes a command, a chunk's command or a beat a cycle (0: not modelled).
  std::uint32_t slot_bytes = 0;

  // Slots of a part of a command; `begins`: its first.
  [[nodiscard]] std::uint32_t slots(const SdpRequest& part, bool begins) const;
};

struct SdpPlan {
  std::uint64_t transfers = 0;
  std::uint32_t transfers_per_atom = 1;
  std::uint32_t positions = 0;  // of the plane, all batches
  std::uint32_t surfaces = 0;
  std::uint32_t elements_per_atom = 8;  // channels of a surface
  std::uint32_t cycles_per_transfer = 1;
  // So many transfers enter in group_cycles at most; 0: no such limit.
  std::uint32_t group_transfers = 0, group_cycles = 0;
  // Transfers that one record of EG_ro holds: the granularity at which the operand side runs ahead.
  std::uint32_t packet_transfers = 1;
  // Transfers from CACC that wait in front of the stage that sets the pace, taken from CACC as fast as they
  // come, and the way from the entry to that stage. 0: the pace is that of the entry.
  std::uint32_t ahead = 0, ahead_depth = 0;
  // The stage is PDP's input, which takes a transfer in so many cycles; 0: it is not.
  std::uint32_t pdp_pace = 0;
  // Then, of them, those in front of the entry, which may wait for operands, and their way.
  std::uint32_t front = 0, front_depth = 0;
  std::uint32_t depth_core = 0, depth_x1 = 0, depth_x2 = 0, depth_y = 0;
  // Skid registers of X1 and X2: each holds a transfer when what is behind it stands, and hands its room on a
  // cycle later.
  std::uint32_t skids = 0;
  // Scalable generation: from the entry to X1; in front of the second operand of a sub-engine (MUL of an X,
  // ALU of Y); and what Y's operands pass before they meet the data.
  std::uint32_t to_x = 0, second_x1 = 0, second_x2 = 0, second_y = 0, convert_alu = 0, convert_mul = 0;
  std::optional<SdpOutput> output;  // none when PDP takes the result or Y only compares
  std::vector<std::string> warnings;

  // From the entry to the sub-engine that uses the operands of `client`, less that of X1.
  [[nodiscard]] std::uint32_t depth_before(Client client) const {
    return client == Client::kSdpN ? depth_x1 : client == Client::kSdpE ? depth_x1 + depth_x2 : 0;
  }
  // Registers from the entry to where a record of the stream is used, its last use if there are two, and the
  // transfers that they hold when what is behind them stands. Generation V1: the sub-engine's entry.
  struct Place {
    std::uint32_t registers = 0, transfers = 0;
  };
  [[nodiscard]] Place place_of(const SdpStream& stream) const;
  [[nodiscard]] std::uint32_t standing(const SdpStream& stream) const;
  // Transfers that come to where the data of a stream are used when those of `stand` are waited for (none: Y
  // sets the pace), and how much later the last of them comes there than the one that goes on from the stand
  // has entered. Scalable generation.
  struct RunAhead {
    std::uint32_t transfers = 0, delay = 0;
  };
  [[nodiscard]] RunAhead run_ahead(const SdpStream& stream, const SdpStream* stand) const;
  // The same of what comes from CACC: transfers that SDP has taken, and how much later the last of them could
  // have entered.
  [[nodiscard]] RunAhead taken_ahead(const SdpStream& stand) const;
  // Of many transfers.
  [[nodiscard]] double steady_cycles() const {
    const double group = group_transfers == 0 ? 0 : static_cast<double>(group_cycles) / group_transfers;
    return group > cycles_per_transfer ? group : cycles_per_transfer;
  }
  [[nodiscard]] std::uint32_t depth() const { return depth_core + depth_x1 + depth_x2 + depth_y; }
};

[[nodiscard]] SdpFetchPlan plan_sdp_fetch(const SdpFetch& fetch, const HardwareParameters& hardware);
// Cycles in which PDP takes a transfer of SDP, where it is the slower and a FIFO holds them in front of it
// (scalable generation); else 0.
[[nodiscard]] std::uint32_t pdp_pace(const HardwareParameters& hardware);
[[nodiscard]] SdpPlan plan_sdp(const SdpOperation& operation, const HardwareParameters& hardware);

}  // namespace nvdla::amaix
