// SPDX-License-Identifier: Apache-2.0
// Presets: the configurations of nvdla/hw, spec/defs/*.spec (branch master; nv_small: branch nv_small;
// nv_full: branch nvdlav1), and what the RTL of those branches fixes beyond the spec file. Held against their
// RTL (docs/recording.md).
#include <stdexcept>

#include "hardware/parameters.h"

namespace nvdla {

namespace {

// Depths of the nvdlav1 RTL (NV_NVDLA_MCIF_READ_ig.v), which branch nv_small keeps (NV_NVDLA_partition_o.v).
constexpr std::array<std::uint32_t, kClients> kV1LatencyFifos = {
    245,  // BDMA
    80,   // SDP
    61,   // PDP
    61,   // CDP
    80,   // Rubik
    160,  // SDP X1
    160,  // SDP X2
    80,   // SDP Y
    0,    // CDMA data
    0     // CDMA weights
};

HardwareParameters nv_small() {
  HardwareParameters p;
  p.name = "nv_small";
  p.generation = Generation::kScalable;
  p.atomic_c = 8;
  p.atomic_k_int8 = 8;
  p.memory_atom_bytes = 8;
  p.cbuf_banks = 32;
  p.cbuf_entry_bytes = 8;
  p.cbuf_entries_per_bank = 512;
  p.sdp_bs_throughput = 1;
  p.sdp_bn_throughput = 1;
  p.sdp_ew_throughput = 0;
  p.sdp_throughput = 1;
  p.pdp_throughput = 1;
  p.cdp_throughput = 1;
  p.dbb_width_bytes = 8;
  p.mem_address_bits = 32;
  p.max_burst_beats = 1;
  p.mcif_chunk_beats = 1;
  p.max_outstanding_beats = 256;
  p.mem_latency_primary = 64;
  p.read_latency_fifo_beats = kV1LatencyFifos;
  return p;
}

HardwareParameters nv_small_256() {
  HardwareParameters p = nv_small();
  p.name = "nv_small_256";
  p.master_rtl = true;
  p.atomic_c = 32;
  p.cbuf_entry_bytes = 32;
  p.cbuf_entries_per_bank = 128;
  p.read_latency_fifo_beats = scalable_latency_fifos(p);
  return p;
}

HardwareParameters nv_small_256_full() {
  HardwareParameters p = nv_small_256();
  p.name = "nv_small_256_full";
  p.sdp_bs_throughput = 2;
  p.sdp_bn_throughput = 2;
  p.sdp_ew_throughput = 1;
  p.sdp_throughput = 2;
  p.max_burst_beats = 4;
  p.mcif_chunk_beats = 4;
  p.sdp_lut = true;
  p.cvsram = true;
  p.read_latency_fifo_beats = scalable_latency_fifos(p);
  return p;
}

HardwareParameters nv_medium_512() {
  HardwareParameters p = nv_small();
  p.name = "nv_medium_512";
  p.master_rtl = true;
  p.atomic_c = 32;
  p.atomic_k_int8 = 16;
  p.memory_atom_bytes = 16;
  p.cbuf_entry_bytes = 32;
  p.sdp_bs_throughput = 4;
  p.sdp_bn_throughput = 4;
  p.sdp_throughput = 4;
  p.pdp_throughput = 2;
  p.cdp_throughput = 2;
  p.dbb_width_bytes = 16;
  p.mem_address_bits = 64;
  p.max_burst_beats = 4;
  p.mcif_chunk_beats = 4;
  p.mem_latency_primary = 256;
  p.read_latency_fifo_beats = scalable_latency_fifos(p);
  return p;
}

HardwareParameters nv_medium_1024_full() {
  HardwareParameters p = nv_medium_512();
  p.name = "nv_medium_1024_full";
  p.atomic_k_int8 = 32;
  p.memory_atom_bytes = 32;
  p.sdp_bs_throughput = 8;
  p.sdp_bn_throughput = 8;
  p.sdp_ew_throughput = 2;
  p.sdp_throughput = 8;
  p.pdp_throughput = 4;
  p.cdp_throughput = 4;
  p.dbb_width_bytes = 32;
  p.mem_latency_primary = 1024;
  p.sdp_lut = true;
  p.cvsram = true;
  p.read_latency_fifo_beats = scalable_latency_fifos(p);
  return p;
}

HardwareParameters nv_large() {
  HardwareParameters p = nv_medium_1024_full();
  p.name = "nv_large";
  p.atomic_c = 64;
  p.cbuf_banks = 16;
  p.cbuf_entry_bytes = 64;
  p.sdp_bs_throughput = 16;
  p.sdp_bn_throughput = 16;
  p.sdp_ew_throughput = 4;
  p.sdp_throughput = 16;
  p.pdp_throughput = 8;
  p.cdp_throughput = 8;
  p.max_burst_beats = 1;
  p.mcif_chunk_beats = 1;
  p.read_latency_fifo_beats = scalable_latency_fifos(p);
  return p;
}

HardwareParameters nv_full() {
  HardwareParameters p;
  p.name = "nv_full";
  p.generation = Generation::kV1;
  p.int16 = true;
  p.fp16 = true;
  p.atomic_c = 64;
  p.atomic_k_int8 = 32;
  p.memory_atom_bytes = 32;
  p.cbuf_banks = 16;
  p.cbuf_entry_bytes = 128;
  p.cbuf_entries_per_bank = 256;
  p.sdp_bs_throughput = 16;
  p.sdp_bn_throughput = 16;
  p.sdp_ew_throughput = 4;
  p.sdp_throughput = 16;
  p.pdp_throughput = 8;
  p.cdp_throughput = 8;
  p.dbb_width_bytes = 64;
  p.mem_address_bits = 64;
  // Every address on the bus is for one beat, as the spec file says; the memory interface grants a client up
  // to 256 bytes in a row (NV_NVDLA_MCIF_READ_IG_bpt.v).
  p.max_burst_beats = 1;
  p.mcif_chunk_beats = 4;
  p.max_outstanding_beats = 256;
  p.mem_latency_primary = 1200;
  p.read_latency_fifo_beats = kV1LatencyFifos;
  p.winograd = true;
  p.weight_compression = true;
  p.batch = true;
  p.sdp_lut = true;
  p.cvsram = true;
  p.bdma = true;
  p.rubik = true;
  return p;
}

}  // namespace

const std::vector<HardwareParameters>& presets() {
  static const std::vector<HardwareParameters> all = {
      nv_small(), nv_small_256(), nv_small_256_full(), nv_medium_512(), nv_medium_1024_full(),
      nv_large(), nv_full()};
  return all;
}

const HardwareParameters& preset(std::string_view name) {
  std::string known;
  for (const HardwareParameters& candidate : presets()) {
    if (candidate.name == name) return candidate;
    known += (known.empty() ? "" : ", ") + candidate.name;
  }
  throw std::invalid_argument("unknown configuration \"" + std::string(name) + "\"; known: " + known);
}

}  // namespace nvdla
