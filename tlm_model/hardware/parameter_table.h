// SPDX-License-Identifier: Apache-2.0
// The parameters of a configuration as data: the one list of names, units and meanings that configuration
// files, their schema and sweeps use.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hardware/parameters.h"

namespace nvdla {

struct ParameterInfo {
  using Number = std::uint32_t HardwareParameters::*;
  using Real = double HardwareParameters::*;
  using Flag = bool HardwareParameters::*;

  std::string_view name;  // as in configuration files
  std::variant<Number, Real, Flag> member;
  std::string_view unit;  // empty for a flag
  std::string_view meaning;
};

// All but the name, the generation and the depths of the latency FIFOs, in the order of HardwareParameters.
[[nodiscard]] const std::vector<ParameterInfo>& parameter_table();
// Null when there is none of this name.
[[nodiscard]] const ParameterInfo* find_parameter(std::string_view name);

// What scalable_latency_fifos computes with.
[[nodiscard]] const std::vector<std::string_view>& latency_fifo_inputs();

// A flag is 0 or 1.
[[nodiscard]] double parameter_value(const HardwareParameters& hardware, const ParameterInfo& parameter);
// Throws std::invalid_argument naming the parameter when the value does not fit its type (a fraction, a
// negative number, a flag that is neither 0 nor 1). What contradicts other parameters is for check() to find.
void set_parameter(HardwareParameters& hardware, const ParameterInfo& parameter, double value);

// A design derived from another: sets the parameters, and lets follow what depends on them and is not set
// itself, as a designer would:
//   cbuf_entry_bytes          one operand of an atomic operation; cbuf_entries_per_bank then keeps the bytes
//   of
//                             a bank
//   mcif_chunk_beats          holds a burst; V1: 256 bytes as before when dbb_width_bytes changes
//   sdp_throughput            the largest of its sub-engines
//   read_latency_fifo_beats   scalable generation: scalable_latency_fifos
// Throws std::invalid_argument: unknown name, and whatever check() finds.
struct ParameterSetting {
  std::string name;
  double value = 0;
};
[[nodiscard]] HardwareParameters derived(HardwareParameters hardware,
                                         const std::vector<ParameterSetting>& settings);

}  // namespace nvdla
