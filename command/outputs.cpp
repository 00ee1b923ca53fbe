// SPDX-License-Identifier: Apache-2.0
#include "command/outputs.h"

namespace nvdla::command {

void Outputs::open(const std::string& option, const std::string& path) {
  files_.output(path, "--" + option);
  open_[option] = std::make_unique<host::OutputFile>(path);
  on_standard_output_ = on_standard_output_ || path == "-";
}

void Outputs::open(const boost::program_options::variables_map& values,
                   std::initializer_list<const char*> options) {
  for (const char* const option : options) {
    if (values.count(option) != 0) open(option, values[option].as<std::string>());
  }
}

void Outputs::write(const std::string& option, const std::function<void(std::ostream&)>& write) {
  const auto found = open_.find(option);
  if (found == open_.end()) return;
  write(found->second->stream());
  found->second->commit();
  open_.erase(found);
}

}  // namespace nvdla::command
