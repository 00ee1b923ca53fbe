// SPDX-License-Identifier: Apache-2.0
// Parameters of one NVDLA configuration: what the sub-models, the decoder and the engines need to know
// of the hardware. All sizes in bytes unless the name says otherwise, all times in core clock cycles.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hardware/clients.h"
#include "hardware/types.h"

namespace nvdla {

struct HardwareParameters {
  std::string name;
  Generation generation = Generation::kV1;
  // The scalable generation as branch master of nvdla/hw has it, not nv_small: the memory interface has no
  // stage that splits requests, and the FIFOs behind the latency FIFOs of PDP and CDP hold 32 beats, not 4.
  bool master_rtl = false;
  // Core clock. Cycles do not depend on it: it turns them into time.
  double clock_mhz = 1000;

  // Data types that the datapath computes.
  bool int8 = true;
  bool int16 = false;
  bool fp16 = false;

  // MAC array: one atomic operation multiplies atomic_c channels with atomic_k kernels in one cycle.
  // 16-bit precisions of generation V1 use half of atomic_k_int8.
  std::uint32_t atomic_c = 8;
  std::uint32_t atomic_k_int8 = 8;
  // Bytes of one atom: the innermost channel slice of a feature cube in memory (ATOMIC_MEMORY).
  std::uint32_t memory_atom_bytes = 8;

  // Convolution buffer. An entry is one row over the width of a bank, the unit of ENTRY_PER_SLICE: atomic_c
  // elements, of two bytes on V1 (NV_NVDLA_cbuf.v: 16 banks of 256 entries of 128 bytes).
  std::uint32_t cbuf_banks = 16;
  std::uint32_t cbuf_entry_bytes = 8;
  std::uint32_t cbuf_entries_per_bank = 512;

  // Elements a cycle of the post-processors; 0: the sub-unit does not exist.
  std::uint32_t sdp_bs_throughput = 1;
  std::uint32_t sdp_bn_throughput = 1;
  std::uint32_t sdp_ew_throughput = 0;
  std::uint32_t sdp_throughput = 1;  // CACC to SDP and SDP to its write DMA
  std::uint32_t pdp_throughput = 1;
  std::uint32_t cdp_throughput = 1;

  // Memory interface.
  std::uint32_t dbb_width_bytes = 8;    // one beat
  std::uint32_t mem_address_bits = 32;  // MEM_ADDRESS_WIDTH
  std::uint32_t max_burst_beats = 1;    // beats of one request to the bus; see burst_beats()
  std::uint32_t mcif_chunk_beats = 4;   // beats granted to one client before arbitration turns
  std::uint32_t max_outstanding_beats = 256;
  std::uint32_t mem_latency_primary = 64;  // MEMIF latency the buffers are sized for
  // Depth of the latency FIFO that takes the read data of each client, in beats, indexed by Client; the
  // memory interface grants a read only while its beats fit. 0: no limit here (CDMA has its own buffers).
  std::array<std::uint32_t, kClients> read_latency_fifo_beats{};

  // Features.
  bool winograd = false;
  bool weight_compression = false;
  bool batch = false;
  bool sdp_lut = false;
  bool cvsram = false;
  bool bdma = false;
  bool rubik = false;

  [[nodiscard]] std::uint64_t cbuf_bytes() const {
    return std::uint64_t{cbuf_banks} * cbuf_entry_bytes * cbuf_entries_per_bank;
  }
  // Beats of one request to `space`: CVIF of V1 leaves chunks whole (NV_NVDLA_CVIF_READ_IG_spt,
  // CVIF_WRITE_IG_spt), MCIF makes one request of each beat (MCIF_READ_IG_spt).
  [[nodiscard]] std::uint32_t burst_beats(MemorySpace space) const {
    const bool whole = space == MemorySpace::kCvsram && generation == Generation::kV1;
    return whole ? mcif_chunk_beats : max_burst_beats;
  }
};

// nv_small, nv_small_256, nv_small_256_full, nv_medium_512, nv_medium_1024_full, nv_large, nv_full.
[[nodiscard]] const std::vector<HardwareParameters>& presets();

// Throws std::invalid_argument that lists the known names.
[[nodiscard]] const HardwareParameters& preset(std::string_view name);

// Latency FIFO depths of a scalable configuration (spec/defs/projects.spec, branch master): the FIFO of a
// read DMA covers mem_latency_primary at the rate that its consumer takes data, at least 4 entries:
//   max(4, ceil(latency * min(rate, dbb_width / 4) / width)), width = max(dbb_width, memory atom)
// with rate = the unit's throughput for SDP's main input, PDP and CDP, and four times it for SDP's operands.
// BDMA and Rubik have fixed depths (NV_NVDLA_MCIF_define.vh).
[[nodiscard]] std::array<std::uint32_t, kClients> scalable_latency_fifos(const HardwareParameters& hardware);

// Cycles in which CDMA clears the CBUF after reset: its data and its weight port write half of it each
// (CDMA_cvt, CDMA_wt: *_cbuf_flush_idx), V1 half an entry a cycle, the scalable generation what a beat
// brings, at most an entry.
[[nodiscard]] std::uint64_t cbuf_flush_cycles(const HardwareParameters& hardware);

// Throws std::invalid_argument naming the parameter that is out of range or contradicts another.
void check(const HardwareParameters& hardware);

}  // namespace nvdla
