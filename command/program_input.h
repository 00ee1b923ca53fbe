// SPDX-License-Identifier: Apache-2.0
// What the commands are asked about, opened in one way: register traces, trace tests of nvdla/hw, logs of the
// virtual platform (host/inputs/read_input.h), and compiled networks, whose driver is run once on the
// hardware and memory of the options (host/network/driver_program.h).
#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <optional>
#include <string>

#include "host/inputs/input_kind.h"
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

// A file that is looked at once and read once, as far as that does not depend on the configuration. One that
// cannot be read is a failed replay, not a wrong option: host::ReplayError.
class InputFile {
 public:
  explicit InputFile(std::string path);

  [[nodiscard]] bool is_loadable() const { return kind_ == host::InputKind::kLoadable; }
  // Without --config, the one that the input was made for; says so on standard error where it is not nv_full,
  // or where a network fits others too.
  [[nodiscard]] std::string configuration(const boost::program_options::variables_map& values);
  // Once. `named`: somebody will ask for the names of layers.
  [[nodiscard]] ProgramInput read(const host::ReplayOptions& options, bool named = true);

 private:
  std::string path_;
  host::InputKind kind_;
  std::optional<host::Program> program_;
  std::optional<host::Loadable> loadable_;
};

[[nodiscard]] host::Loadable read_loadable(const std::string& path);
// As InputFile::configuration.
[[nodiscard]] std::string configuration_of(const boost::program_options::variables_map& values,
                                           const host::Loadable& loadable);

}  // namespace nvdla::command
