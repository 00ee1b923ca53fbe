// SPDX-License-Identifier: Apache-2.0
#include "command/explain.h"

#include <nlohmann/json.hpp>

#include "analysis/explain.h"
#include "analysis/what_if.h"
#include "command/analysed_input.h"
#include "command/explain_report.h"
#include "command/html_report.h"
#include "command/layer_network.h"
#include "command/outputs.h"
#include "host/files/run_files.h"
#include "host/replay.h"

namespace nvdla::command {

namespace po = boost::program_options;

int run_explain(const std::vector<std::string>& arguments, std::ostream& out) {
  po::options_description visible = common_options();
  visible.add_options()("level,l", po::value<std::string>()->default_value("dynamic"),
                        "dynamic, refined or roofline: of the explanation and of what-if")(
      "html", po::value<std::string>(), "write a report to this file: one page, opens without network")(
      "no-what-if", "do not evaluate other designs")("quiet,q", "no text");
  add_mapping_options(visible);
  const po::variables_map values = parse(arguments, visible, "INPUT");
  if (values.count("help") != 0) {
    out << "nvdla-vp explain INPUT|RECORDING [options]\n\n"
           "INPUT: what replay takes, a compiled network (*.nvdla), or a network of layers (*.onnx, "
           "*.json).\n"
           "A recording brings its configuration and memory along; --config and --dbb replace them.\n\n"
        << visible;
    return kOk;
  }
  const amaix::Level level = level_of(values["level"].as<std::string>());
  host::RunFiles files;
  files.input(input_of(values, "INPUT"), "the input");
  Outputs outputs(files);
  outputs.open(values, {"json", "html"});
  const AnalysedInput input = analysed_input(input_of(values, "INPUT"), values);
  try {
    const analysis::Design design(input.network, input.network.hardware());
    analysis::Explanation explanation = analysis::explain(input.network, design, input.memory, level);
    explanation.recorded = input.recorded;
    std::vector<analysis::WhatIf> what_if;
    if (values.count("no-what-if") == 0)
      what_if = analysis::what_if(input.network, explanation, analysis::usual_changes(explanation));
    if (values.count("quiet") == 0 && !outputs.on_standard_output())
      write_explanation(out, explanation, what_if);
    if (values.count("json") == 0 && values.count("html") == 0) return kOk;
    const nlohmann::ordered_json json = explanation_json(explanation, what_if);
    outputs.write("json", [&](std::ostream& file) { file << json.dump(1) << '\n'; });
    outputs.write("html", [&](std::ostream& file) { write_html(file, json); });
  } catch (const analysis::Infeasible& error) {
    throw host::ReplayError(input.network.path() + ": " + error.what());
  }
  return kOk;
}

}  // namespace nvdla::command
