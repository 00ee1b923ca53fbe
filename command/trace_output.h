// SPDX-License-Identifier: Apache-2.0
// --trace FILE: what the driver of a compiled network does, as a register trace that `replay` and `validate`
// take. The contents that it loads go beside it, FILE.0.bin, FILE.1.bin, ...
#pragma once

#include <boost/program_options.hpp>
#include <optional>
#include <string>

#include "host/network/driver_program.h"
#include "host/replay.h"

namespace nvdla::command {

class TraceOutput {
 public:
  static void add_options(boost::program_options::options_description& visible);
  // Listens to the accesses of the run of `network` where --trace is given. Throws UsageError.
  TraceOutput(const boost::program_options::variables_map& values, const std::string& network,
              host::ReplayOptions& options);

  // When the run has come to its end. Throws host::InputError, host::OutputError.
  void write(host::ReplayOptions& options) const;

 private:
  std::string path_;
  std::optional<host::ProgramRecorder> recorder_;
};

}  // namespace nvdla::command
