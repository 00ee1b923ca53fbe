// SPDX-License-Identifier: Apache-2.0
#include "hardware/parameter_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace nvdla {

namespace {

using P = HardwareParameters;

std::string number_text(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (!text.empty() && text.back() == '.') text.pop_back();
  return text;
}

[[noreturn]] void unfit(const ParameterInfo& parameter, double value, const char* what) {
  throw std::invalid_argument(std::string(parameter.name) + " = " + number_text(value) + ": must be " + what);
}

}  // namespace

const std::vector<ParameterInfo>& parameter_table() {
  static const std::vector<ParameterInfo> table = {
      {"clock_mhz", &P::clock_mhz, "MHz", "core clock; turns cycles into time, no cycle depends on it"},
      {"int8", &P::int8, "", "the datapath computes int8 (always)"},
      {"int16", &P::int16, "", "the datapath computes int16 (nv_full's generation only)"},
      {"fp16", &P::fp16, "", "the datapath computes fp16 (nv_full's generation only)"},
      {"atomic_c", &P::atomic_c, "channels", "input channels of an atomic operation; power of two, 8 to 128"},
      {"atomic_k_int8", &P::atomic_k_int8, "kernels",
       "kernels of an atomic operation in int8, half as many in 16 bits; power of two, 4 to 64"},
      {"memory_atom_bytes", &P::memory_atom_bytes, "bytes",
       "innermost channel slice of a feature cube in memory; power of two, 8 to 64"},
      {"cbuf_banks", &P::cbuf_banks, "banks",
       "banks of the convolution buffer; 2 to 16 (nv_full's generation) or 32"},
      {"cbuf_entry_bytes", &P::cbuf_entry_bytes, "bytes",
       "width of a bank; atomic_c, in nv_full's generation 2 * atomic_c"},
      {"cbuf_entries_per_bank", &P::cbuf_entries_per_bank, "entries",
       "depth of a bank; power of two, 16 to 4096"},
      {"sdp_bs_throughput", &P::sdp_bs_throughput, "elements/cycle",
       "SDP's sub-engine X1; 0: it does not exist"},
      {"sdp_bn_throughput", &P::sdp_bn_throughput, "elements/cycle",
       "SDP's sub-engine X2; 0: it does not exist"},
      {"sdp_ew_throughput", &P::sdp_ew_throughput, "elements/cycle",
       "SDP's sub-engine Y; 0: it does not exist"},
      {"sdp_throughput", &P::sdp_throughput, "elements/cycle",
       "CACC to SDP and SDP to its write DMA; at least that of its sub-engines, up to 32"},
      {"pdp_throughput", &P::pdp_throughput, "elements/cycle", "pooling; power of two, 1 to 32"},
      {"cdp_throughput", &P::cdp_throughput, "elements/cycle", "normalisation; power of two, 1 to 32"},
      {"dbb_width_bytes", &P::dbb_width_bytes, "bytes", "a beat on the bus; power of two, 4 to 128"},
      {"mem_address_bits", &P::mem_address_bits, "bits", "32 or 64"},
      {"max_burst_beats", &P::max_burst_beats, "beats", "of one request on the bus; power of two, 1 to 16"},
      {"mcif_chunk_beats", &P::mcif_chunk_beats, "beats",
       "granted to a client before arbitration turns; power of two, 1 to 16, holds a burst"},
      {"max_outstanding_beats", &P::max_outstanding_beats, "beats",
       "open reads of the memory interface; up to 256"},
      {"master_rtl", &P::master_rtl, "",
       "paths and FIFOs of branch master (nv_small_256 and larger), not nv_small; scalable generation only"},
      {"mem_latency_primary", &P::mem_latency_primary, "cycles",
       "latency that the buffers of the memory interface are sized for"},
      {"winograd", &P::winograd, "", "Winograd convolution (nv_full's generation only)"},
      {"weight_compression", &P::weight_compression, "", "compressed weights (nv_full's generation only)"},
      {"batch", &P::batch, "", "several inputs at once (nv_full's generation only)"},
      {"sdp_lut", &P::sdp_lut, "", "SDP has look-up tables; needs sdp_ew_throughput"},
      {"cvsram", &P::cvsram, "", "second memory interface"},
      {"bdma", &P::bdma, "", "the unit BDMA exists"},
      {"rubik", &P::rubik, "", "the unit Rubik exists"}};
  return table;
}

const ParameterInfo* find_parameter(std::string_view name) {
  const auto& table = parameter_table();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const ParameterInfo& parameter) { return parameter.name == name; });
  return found == table.end() ? nullptr : &*found;
}

const std::vector<std::string_view>& latency_fifo_inputs() {
  static const std::vector<std::string_view> names = {
      "mem_latency_primary", "dbb_width_bytes",   "memory_atom_bytes", "sdp_throughput",   "pdp_throughput",
      "cdp_throughput",      "sdp_bs_throughput", "sdp_bn_throughput", "sdp_ew_throughput"};
  return names;
}

double parameter_value(const HardwareParameters& hardware, const ParameterInfo& parameter) {
  return std::visit([&](const auto member) { return static_cast<double>(hardware.*member); },
                    parameter.member);
}

void set_parameter(HardwareParameters& hardware, const ParameterInfo& parameter, double value) {
  if (const auto* real = std::get_if<ParameterInfo::Real>(&parameter.member)) {
    if (!std::isfinite(value)) unfit(parameter, value, "a number");
    hardware.*(*real) = value;
  } else if (const auto* flag = std::get_if<ParameterInfo::Flag>(&parameter.member)) {
    if (value != 0 && value != 1) unfit(parameter, value, "true or false");
    hardware.*(*flag) = value != 0;
  } else {
    if (!(value >= 0) || value > std::numeric_limits<std::uint32_t>::max() || value != std::floor(value))
      unfit(parameter, value, "a natural number of 32 bits");
    hardware.*std::get<ParameterInfo::Number>(parameter.member) = static_cast<std::uint32_t>(value);
  }
}

HardwareParameters derived(HardwareParameters hardware, const std::vector<ParameterSetting>& settings) {
  const HardwareParameters before = hardware;
  const auto given = [&](std::string_view name) {
    return std::any_of(settings.begin(), settings.end(),
                       [&](const ParameterSetting& setting) { return setting.name == name; });
  };
  for (const ParameterSetting& setting : settings) {
    const ParameterInfo* const parameter = find_parameter(setting.name);
    if (parameter == nullptr)
      throw std::invalid_argument("unknown hardware parameter \"" + setting.name + "\"");
    set_parameter(hardware, *parameter, setting.value);
  }
  const bool v1 = hardware.generation == Generation::kV1;
  if (!given("cbuf_entry_bytes")) hardware.cbuf_entry_bytes = hardware.atomic_c * (v1 ? 2 : 1);
  if (!given("cbuf_entries_per_bank") && hardware.cbuf_entry_bytes != 0) {
    const std::uint64_t bank = std::uint64_t{before.cbuf_entry_bytes} * before.cbuf_entries_per_bank;
    hardware.cbuf_entries_per_bank = static_cast<std::uint32_t>(bank / hardware.cbuf_entry_bytes);
  }
  if (!given("mcif_chunk_beats") && hardware.dbb_width_bytes != 0) {
    if (v1 && given("dbb_width_bytes")) {
      const std::uint32_t bytes = before.mcif_chunk_beats * before.dbb_width_bytes;
      hardware.mcif_chunk_beats = std::max(1U, bytes / hardware.dbb_width_bytes);
    }
    hardware.mcif_chunk_beats = std::max(hardware.mcif_chunk_beats, hardware.max_burst_beats);
  }
  if (!given("sdp_throughput"))
    hardware.sdp_throughput =
        std::max({hardware.sdp_bs_throughput, hardware.sdp_bn_throughput, hardware.sdp_ew_throughput, 1U});
  const auto resized = [&](std::string_view name) {
    const ParameterInfo& parameter = *find_parameter(name);
    return parameter_value(hardware, parameter) != parameter_value(before, parameter);
  };
  if (!v1 && hardware.dbb_width_bytes != 0 &&
      std::any_of(latency_fifo_inputs().begin(), latency_fifo_inputs().end(), resized))
    hardware.read_latency_fifo_beats = scalable_latency_fifos(hardware);
  check(hardware);
  return hardware;
}

}  // namespace nvdla
