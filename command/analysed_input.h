// SPDX-License-Identifier: Apache-2.0
// What explain and explore work on: a program of any kind (command/program_input.h), a network of layers
// (command/layer_network.h), or a recording, which brings trace, design and memory along.
#pragma once

#include <boost/program_options.hpp>
#include <optional>
#include <string>

#include "analysis/network.h"
#include "command/options.h"
#include "host/replay.h"
#include "memory/description.h"

namespace nvdla::command {

struct AnalysedInput {
  analysis::Network network;
  memory::MemorySystem memory;
  std::optional<Cycle> recorded;  // cycles on the RTL, where design and memory are the recording's
};

// Options that are given replace what a recording says. Throws UsageError, host::InputError and
// host::ReplayError.
[[nodiscard]] AnalysedInput analysed_input(const std::string& path,
                                           const boost::program_options::variables_map& values);

// What was made for the hardware of the options, with the names of its layers; the driver of a compiled
// network runs on their memory. Throws host::ReplayError.
[[nodiscard]] analysis::Network named_network(const std::string& path, const host::ReplayOptions& options);

[[nodiscard]] memory::MemorySystem memory_system(const host::MemoryOptions& dbb,
                                                 const std::optional<host::MemoryOptions>& cvsram);

}  // namespace nvdla::command
