// SPDX-License-Identifier: Apache-2.0
#include "command/estimate.h"

#include <iomanip>
#include <iostream>
#include <map>
#include <sstream>

#include "command/estimate_network.h"
#include "command/layer_network.h"
#include "command/outputs.h"
#include "command/program_input.h"
#include "command/report.h"
#include "command/simulation.h"
#include "host/runner.h"

namespace nvdla::command {

namespace po = boost::program_options;

int run_estimate(const std::vector<std::string>& arguments) {
  po::options_description visible = common_options();
  add_comparison_options(visible);
  add_mapping_options(visible);
  visible.add_options()("level,l", po::value<std::string>()->default_value("refined"),
                        "of a network of layers: refined or dynamic");
  const po::variables_map values = parse(arguments, visible, "INPUT");
  if (values.count("help") != 0) {
    std::cout << "nvdla-vp estimate TRACE|NETWORK.nvdla|NETWORK.onnx|NETWORK.json [options]\n\n" << visible;
    return kOk;
  }
  const std::string trace = input_of(values, "INPUT");
  if (is_layer_network(trace)) return estimate_network(trace, values);
  InputFile input_file(trace);
  const CommonOptions common = common_of(values, input_file.configuration(values));
  host::ReplayOptions options;
  options.hardware = common.hardware;
  options.dbb = common.dbb;
  options.cvsram = common.cvsram;
  take_comparison(values, options);
  options.dump.write = false;  // nothing is computed
  options.files.input(trace, "the trace");
  Outputs outputs(options.files);
  outputs.open(values, {"json"});
  std::map<OperationId, engine::OperationRecord> roofline;
  // What a compiled network's driver does depends on the level: it is that of the better one.
  options.level = amaix::Level::kRefined;
  const ProgramInput input = input_file.read(options);
  const host::Program& program = input.program;
  take_reset(program, options);
  options.level = amaix::Level::kRoofline;
  const host::ReplayResult lower = host::run(program, options);
  for (const engine::OperationRecord& operation : lower.operations) {
    roofline[operation.id] = operation;
  }
  options.level = amaix::Level::kRefined;
  host::ReplayResult result = host::run(program, options);
  name_layers(input, result);

  std::ostringstream text;
  text << std::left << std::setw(7) << "unit" << std::right << std::setw(4) << "seq" << std::setw(12)
       << "roofline" << std::setw(12) << "refined"
       << "  bound by (roofline; refined)\n";
  for (const engine::OperationRecord& operation : result.operations) {
    const engine::OperationRecord& bound = roofline[operation.id];
    text << std::left << std::setw(7) << engine_name(operation.id.engine) << std::right << std::setw(4)
         << operation.id.sequence << std::setw(12) << bound.done - bound.start << std::setw(12)
         << operation.done - operation.start << "  " << resource_name(bound.bound_by) << "; "
         << resource_name(operation.bound_by);
    if (const std::string layer = input.name_of(operation.id); !layer.empty()) text << "  [" << layer << ']';
    text << '\n';
  }
  text << "\nCycles from start to interrupt. Whole trace: " << lower.total_cycles << " (roofline), "
       << result.total_cycles << " (refined)\n";
  if (!outputs.on_standard_output()) std::cout << text.str();
  outputs.write("json", [&](std::ostream& out) { write_json(out, program.path(), options, result); });
  print_warnings(result);
  return matches(lower) && matches(result) ? kOk : kFailed;
}

}  // namespace nvdla::command
