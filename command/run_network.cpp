// SPDX-License-Identifier: Apache-2.0
#include "command/run_network.h"

#include <iostream>

#include "command/network_io.h"
#include "command/simulation.h"
#include "command/value_options.h"
#include "host/files/byte_source.h"
#include "host/network/network_runner.h"

namespace nvdla::command {

namespace po = boost::program_options;

int run_network(const std::vector<std::string>& arguments) {
  po::options_description visible = common_options();
  add_simulation_options(visible);
  NetworkIo::add_options(visible);
  add_value_options(visible);
  const po::variables_map values = parse(arguments, visible, "NETWORK");
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp run NETWORK.nvdla [options]\n\n" << visible;
    return kOk;
  }
  host::ReplayOptions options = simulation_options(values, values["config"].as<std::string>());
  take_value_options(values, true, options);  // a network brings its weights
  NetworkIo io(values, options.hardware.memory_atom_bytes);
  const std::string path = input_of(values, "NETWORK");
  host::Loadable loadable;
  try {
    loadable = host::read_loadable(path);
  } catch (const host::InputError& error) {
    throw host::ReplayError(error.what());
  }
  (void)simulate_and_report(
      values, path, options,
      [&](const host::ReplayOptions& complete) { return host::run_network(loadable, complete, io.hooks()); },
      [&](std::ostream& out) { io.print(out); });
  return kOk;
}

}  // namespace nvdla::command
