// SPDX-License-Identifier: Apache-2.0
#include "command/configs.h"

#include <stdexcept>

#include "hardware/parameters_file.h"

namespace nvdla::command {

int run_configs(const std::vector<std::string>& arguments, std::ostream& out) {
  if (arguments.size() == 1 && (arguments[0] == "--help" || arguments[0] == "-h")) {
    out << "nvdla-vp configs [NAME|FILE.json...|--schema]\n\n"
           "Prints the presets, or the configurations named, as JSON with every value written out.\n"
           "--schema prints the JSON schema of such a file, with units and meanings.\n";
    return 0;
  }
  if (arguments.size() == 1 && arguments[0] == "--schema") {
    out << hardware_schema() << '\n';
    return 0;
  }
  std::vector<std::string> texts;
  for (const std::string& argument : arguments) {
    if (argument.substr(0, 1) == "-")
      throw std::invalid_argument("configs: unknown option '" + argument + "' (known: --schema, --help)");
    try {
      texts.push_back(hardware_json(hardware_from(argument)));
    } catch (const std::runtime_error& error) {
      throw std::invalid_argument(error.what());
    }
  }
  if (arguments.empty())
    for (const HardwareParameters& each : presets()) texts.push_back(hardware_json(each));
  if (texts.size() == 1) {
    out << texts.front() << '\n';
    return 0;
  }
  for (std::size_t i = 0; i < texts.size(); ++i) out << (i == 0 ? "[" : ",\n") << texts[i];
  out << "]\n";
  return 0;
}

}  // namespace nvdla::command
