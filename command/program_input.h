// SPDX-License-Identifier: Apache-2.0
// What the commands are asked about, opened in one way: register traces, trace tests of nvdla/hw, logs of the
// virtual platform (host/inputs/read_input.h), and compiled networks, whose driver is run once on the
// hardware and memory of the options (host/network/driver_program.h).
#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <string>

#include "host/loadable/loadable.h"
#include "host/program.h"
#include "host/replay.h"

namespace nvdla::command {

struct ProgramInput {
  host::Program program;
  // Of layers: from the layers.json beside a trace, or from the compiled network. Empty if unknown.
  std::function<std::string(OperationId)> name_of;
};

// Names the operations of a run of the input.
void name_layers(const ProgramInput& input, host::ReplayResult& result);

[[nodiscard]] bool is_loadable(const std::string& path);

// An input that cannot be read is a failed replay, not a wrong option: host::ReplayError.
[[nodiscard]] ProgramInput read_program(const std::string& path, const host::ReplayOptions& options);
[[nodiscard]] host::Loadable read_loadable(const std::string& path);

// Without --config, the one that the input was made for; says so on standard error where it is not nv_full,
// or where a network fits others too.
[[nodiscard]] std::string configuration_of(const boost::program_options::variables_map& values,
                                           const std::string& path);
[[nodiscard]] std::string configuration_of(const boost::program_options::variables_map& values,
                                           const host::Loadable& loadable);

}  // namespace nvdla::command
