// SPDX-License-Identifier: Apache-2.0
// What explain and explore work on: a driver trace; a compiled network (*.nvdla), whose driver is run once;
// or a recording, which brings trace, design and memory along.
#pragma once

#include <boost/program_options.hpp>
#include <optional>
#include <string>

#include "analysis/network.h"
#include "command/options.h"
#include "memory/description.h"

namespace nvdla::command {

struct AnalysedInput {
  analysis::Network network;  // layers are named by the layers.json beside the trace
  memory::MemorySystem memory;
  std::optional<Cycle> recorded;  // cycles on the RTL, where design and memory are the recording's
};

// Options that are given replace what a recording says. Throws UsageError, host::InputError and
// host::ReplayError.
[[nodiscard]] AnalysedInput analysed_input(const std::string& path,
                                           const boost::program_options::variables_map& values);

// A trace that was made for `hardware`, with the names of its layers. Throws host::ReplayError.
[[nodiscard]] analysis::Network named_network(const std::string& trace, const HardwareParameters& hardware);

[[nodiscard]] memory::MemorySystem memory_system(const host::MemoryOptions& dbb,
                                                 const std::optional<host::MemoryOptions>& cvsram);

}  // namespace nvdla::command
