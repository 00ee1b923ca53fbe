// SPDX-License-Identifier: Apache-2.0
// The result files of one command, by option. All are opened before the work begins, so that a name that
// cannot be written, is an input or is given twice ends the command at once, and take their names when they
// are written whole (host/files/output_file.h).
#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <ostream>
#include <string>

#include "host/files/output_file.h"
#include "host/files/run_files.h"

namespace nvdla::command {

class Outputs {
 public:
  // `files` knows the inputs, and learns of the outputs; outlives this.
  explicit Outputs(host::RunFiles& files) : files_(files) {}

  // Throws host::InputError.
  void open(const std::string& option, const std::string& path);
  // Those of these options that are given.
  void open(const boost::program_options::variables_map& values, std::initializer_list<const char*> options);
  // Writes and closes what was opened for this option; nothing otherwise. Throws host::OutputError.
  void write(const std::string& option, const std::function<void(std::ostream&)>& write);
  // One of them is standard output, which then holds nothing else.
  [[nodiscard]] bool on_standard_output() const { return on_standard_output_; }

 private:
  host::RunFiles& files_;
  std::map<std::string, std::unique_ptr<host::OutputFile>> open_;
  bool on_standard_output_ = false;
};

}  // namespace nvdla::command
