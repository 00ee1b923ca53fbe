// SPDX-License-Identifier: Apache-2.0
// Rules that the parameters of a configuration obey.
#include "hardware/parameters.h"

#include <algorithm>
#include <stdexcept>

namespace nvdla {

namespace {

bool power_of_two(std::uint32_t value) { return value != 0 && (value & (value - 1)) == 0; }

// Collects the rules of one configuration; the first that is broken throws.
class Checker {
 public:
  explicit Checker(const HardwareParameters& hardware) : name_(hardware.name) {}

  // Texts are made when they are needed: a configuration is checked for every accelerator that is built.
  template <class Value>
  void require(bool holds, const char* parameter, const Value& value, const char* rule) const {
    if (!holds) fail(parameter, text(value), rule);
  }
  void power(std::uint32_t value, std::uint32_t low, std::uint32_t high, const char* parameter) const {
    range(value, low, high, parameter);
    require(power_of_two(value), parameter, value, "must be a power of two");
  }
  void range(std::uint32_t value, std::uint32_t low, std::uint32_t high, const char* parameter) const {
    if (value >= low && value <= high) return;
    fail(parameter, text(value), "must be in " + text(low) + ".." + text(high));
  }
  void only_v1(bool feature, const HardwareParameters& hardware, const char* parameter) const {
    require(!feature || hardware.generation == Generation::kV1, parameter, "true",
            "the scalable generation does not build it");
  }

  [[noreturn]] void fail(const std::string& parameter, const std::string& value,
                         const std::string& rule) const {
    throw std::invalid_argument("configuration " + (name_.empty() ? "(unnamed)" : name_) + ": " + parameter +
                                " = " + value + ": " + rule);
  }

 private:
  static std::string text(const char* value) { return value; }
  template <class Number>
  static std::string text(Number value) {
    return std::to_string(value);
  }

  const std::string& name_;
};

}  // namespace

std::array<std::uint32_t, kClients> scalable_latency_fifos(const HardwareParameters& hardware) {
  const std::uint64_t width = std::max(hardware.dbb_width_bytes, hardware.memory_atom_bytes);
  const std::uint64_t share = hardware.dbb_width_bytes / 4;
  const auto depth = [&](std::uint64_t rate) {
    const std::uint64_t bytes = hardware.mem_latency_primary * std::min(rate, share);
    return static_cast<std::uint32_t>(std::max<std::uint64_t>(4, (bytes + width - 1) / width));
  };
  std::array<std::uint32_t, kClients> beats{};
  const auto at = [&](Client client) -> std::uint32_t& { return beats[static_cast<std::size_t>(client)]; };
  at(Client::kBdma) = 245;
  at(Client::kRubik) = 80;
  at(Client::kSdp) = depth(hardware.sdp_throughput);
  at(Client::kPdp) = depth(hardware.pdp_throughput);
  at(Client::kCdp) = depth(hardware.cdp_throughput);
  at(Client::kSdpB) = depth(std::uint64_t{4} * hardware.sdp_bs_throughput);
  at(Client::kSdpN) = depth(std::uint64_t{4} * hardware.sdp_bn_throughput);
  at(Client::kSdpE) = depth(std::uint64_t{4} * hardware.sdp_ew_throughput);
  return beats;
}

std::uint64_t cbuf_flush_cycles(const HardwareParameters& hardware) {
  const std::uint32_t beat = std::max(hardware.dbb_width_bytes, hardware.memory_atom_bytes);
  const std::uint32_t written = hardware.generation == Generation::kV1
                                    ? hardware.cbuf_entry_bytes / 2
                                    : std::min(hardware.cbuf_entry_bytes, beat);
  return hardware.cbuf_bytes() / 2 / written;
}

void check(const HardwareParameters& hardware) {
  const Checker c(hardware);
  const bool v1 = hardware.generation == Generation::kV1;
  c.require(!hardware.name.empty(), "name", "\"\"", "must not be empty");
  c.require(hardware.clock_mhz > 0 && hardware.clock_mhz <= 100000, "clock_mhz", hardware.clock_mhz,
            "must be above 0 and at most 100000");
  c.require(hardware.int8, "int8", "false", "every configuration computes int8");
  c.only_v1(hardware.int16, hardware, "int16");
  c.only_v1(hardware.fp16, hardware, "fp16");
  c.power(hardware.atomic_c, 8, 128, "atomic_c");
  c.power(hardware.atomic_k_int8, 4, 64, "atomic_k_int8");
  c.require(!hardware.fp16 || hardware.atomic_k_int8 >= 8, "atomic_k_int8", hardware.atomic_k_int8,
            "16-bit precisions use half of it");
  c.power(hardware.memory_atom_bytes, 8, 64, "memory_atom_bytes");

  // DATA_BANK and WEIGHT_BANK have 4 bits on V1, 5 on the scalable generation, and count from 1.
  c.range(hardware.cbuf_banks, 2, v1 ? 16 : 32, "cbuf_banks");
  c.power(hardware.cbuf_entry_bytes, 8, 256, "cbuf_entry_bytes");
  c.require(hardware.cbuf_entry_bytes >= hardware.memory_atom_bytes, "cbuf_entry_bytes",
            hardware.cbuf_entry_bytes, "must hold a memory atom");
  c.require(hardware.cbuf_entry_bytes == hardware.atomic_c * (v1 ? 2 : 1), "cbuf_entry_bytes",
            hardware.cbuf_entry_bytes,
            v1 ? "must be 2 * atomic_c: one operand of an atomic operation"
               : "must be atomic_c: one operand of an atomic operation");
  c.power(hardware.cbuf_entries_per_bank, 16, 4096, "cbuf_entries_per_bank");

  const std::uint32_t widest =
      std::max({hardware.sdp_bs_throughput, hardware.sdp_bn_throughput, hardware.sdp_ew_throughput});
  c.range(hardware.sdp_throughput, 1, 32, "sdp_throughput");
  c.require(hardware.sdp_throughput >= widest, "sdp_throughput", hardware.sdp_throughput,
            "must be the largest of sdp_bs_throughput, sdp_bn_throughput and sdp_ew_throughput");
  c.range(hardware.sdp_bs_throughput, 0, 32, "sdp_bs_throughput");
  c.range(hardware.sdp_bn_throughput, 0, 32, "sdp_bn_throughput");
  c.range(hardware.sdp_ew_throughput, 0, 32, "sdp_ew_throughput");
  c.require(!hardware.sdp_lut || hardware.sdp_ew_throughput > 0, "sdp_lut", "true",
            "the table is part of the Y unit: sdp_ew_throughput must not be 0");
  c.power(hardware.pdp_throughput, 1, 32, "pdp_throughput");
  c.power(hardware.cdp_throughput, 1, 32, "cdp_throughput");

  c.power(hardware.dbb_width_bytes, 4, 128, "dbb_width_bytes");
  c.require(hardware.dbb_width_bytes >= hardware.memory_atom_bytes, "dbb_width_bytes",
            hardware.dbb_width_bytes, "must hold a memory atom");
  c.require(hardware.mem_address_bits == 32 || hardware.mem_address_bits == 64, "mem_address_bits",
            hardware.mem_address_bits, "must be 32 or 64");
  c.power(hardware.max_burst_beats, 1, 16, "max_burst_beats");
  c.power(hardware.mcif_chunk_beats, 1, 16, "mcif_chunk_beats");
  c.require(hardware.mcif_chunk_beats >= hardware.max_burst_beats, "mcif_chunk_beats",
            hardware.mcif_chunk_beats, "must hold one burst of max_burst_beats");
  // The limit registers have 8 bits and admit one beat more than their value.
  c.range(hardware.max_outstanding_beats, hardware.mcif_chunk_beats, 256, "max_outstanding_beats");
  c.range(hardware.mem_latency_primary, 1, 65536, "mem_latency_primary");
  for (std::size_t i = 0; i < kClients; ++i) {
    const std::uint32_t beats = hardware.read_latency_fifo_beats[i];
    if (beats == 0 || beats >= hardware.mcif_chunk_beats) continue;
    c.fail("read_latency_fifo_beats." + std::string(client_name(static_cast<Client>(i))),
           std::to_string(beats), "must be 0 (no limit) or hold a chunk of mcif_chunk_beats");
  }

  c.require(!hardware.master_rtl || !v1, "master_rtl", "true", "nv_full's generation is branch nvdlav1");
  c.only_v1(hardware.winograd, hardware, "winograd");
  c.only_v1(hardware.weight_compression, hardware, "weight_compression");
  c.only_v1(hardware.batch, hardware, "batch");
}

}  // namespace nvdla
