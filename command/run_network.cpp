// SPDX-License-Identifier: Apache-2.0
#include "command/run_network.h"

#include <iostream>

#include "command/modules.h"
#include "command/network_io.h"
#include "command/program_input.h"
#include "command/progress.h"
#include "command/simulation.h"
#include "command/trace_output.h"
#include "command/value_options.h"
#include "host/network/network_runner.h"

namespace nvdla::command {

namespace po = boost::program_options;

int run_network(const std::vector<std::string>& arguments) {
  po::options_description visible = common_options();
  add_simulation_options(visible);
  add_component_option(visible);
  NetworkIo::add_options(visible);
  TraceOutput::add_options(visible);
  add_value_options(visible);
  const po::variables_map values = parse(arguments, visible, "NETWORK");
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp run NETWORK.nvdla [options]\n\n" << visible;
    return kOk;
  }
  const std::string path = input_of(values, "NETWORK");
  (void)level_of(values["level"].as<std::string>());  // wrong options come before a look at the network
  const host::Loadable loadable = read_loadable(path);
  host::ReplayOptions options = simulation_options(values, configuration_of(values, loadable));
  take_value_options(values, true, options);  // a network brings its weights
  NetworkIo io(values, loadable, options.hardware.memory_atom_bytes, options.files);
  const TraceOutput trace(values, path, options);
  (void)simulate_and_report(
      values, path, options,
      [&](host::ReplayOptions& complete) {
        ProgressLine progress;
        complete.progress = progress.callback();
        host::ReplayResult result = values.count("systemc") != 0
                                        ? systemc_module().run_network(loadable, complete, io.hooks())
                                        : host::run_network(loadable, complete, io.hooks());
        trace.write(complete);
        return result;
      },
      [&](std::ostream& out) { io.print(out); });
  return kOk;
}

}  // namespace nvdla::command
