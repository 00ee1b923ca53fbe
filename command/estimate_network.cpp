// SPDX-License-Identifier: Apache-2.0
#include "command/estimate_network.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "analysis/explain.h"
#include "command/analysed_input.h"
#include "command/layer_network.h"
#include "command/options.h"
#include "command/outputs.h"
#include "host/files/run_files.h"
#include "host/replay.h"

namespace nvdla::command {

namespace po = boost::program_options;
using analysis::Cause;
using analysis::CauseAccount;
using analysis::ExplainedLayer;
using nlohmann::ordered_json;

namespace {

struct Estimate {
  analysis::Explanation explanation;
  Cycle roofline = 0;
  std::string precision;
  std::vector<mapper::CpuLayer> cpu_layers;
  double cpu_microseconds = 0;

  [[nodiscard]] const analysis::Evaluation& evaluation() const { return explanation.evaluation; }
};

double share(Cycle part, Cycle all) {
  return all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
}

std::vector<Cause> by_size(const CauseAccount& account) {
  std::vector<std::size_t> order(account.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return account[a] > account[b]; });
  std::vector<Cause> result;
  for (const std::size_t each : order)
    if (account[each] > 0) result.push_back(static_cast<Cause>(each));
  return result;
}

void write_layers(std::ostream& out, const Estimate& estimate) {
  std::size_t width = 5;
  for (const ExplainedLayer& layer : estimate.explanation.layers) width = std::max(width, layer.name.size());
  const auto columns = static_cast<int>(std::min<std::size_t>(width, 40));
  out << std::left << std::setw(columns) << "layer"
      << "  unit" << std::right << std::setw(12) << "cycles" << std::setw(9) << "% MAC" << std::setw(13)
      << "DBB bytes"
      << "  mostly\n";
  for (const ExplainedLayer& layer : estimate.explanation.layers) {
    out << std::left << std::setw(columns) << layer.name << "  " << std::setw(4)
        << engine_name(layer.head.engine) << std::right << std::setw(12) << layer.to - layer.from
        << std::setw(9) << std::fixed << std::setprecision(1) << 100 * layer.utilisation.mac_array
        << std::setw(13) << layer.dbb.total() << "  " << analysis::cause_text(layer.main_cause()) << '\n';
  }
}

void write_text(std::ostream& out, const Estimate& estimate) {
  const analysis::Evaluation& evaluation = estimate.evaluation();
  write_layers(out, estimate);
  for (const mapper::CpuLayer& layer : estimate.cpu_layers) {
    out << "CPU: " << layer.name << " (" << layer.type << "), ";
    if (layer.microseconds) {
      out << *layer.microseconds << " microseconds\n";
    } else {
      out << "not counted; --cpu-layer " << layer.name << "=MICROSECONDS counts it\n";
    }
  }
  out << '\n'
      << evaluation.cycles << " cycles (" << amaix::level_name(estimate.explanation.level) << ", "
      << estimate.precision << " on " << estimate.explanation.hardware.name << "; roofline "
      << estimate.roofline << ")\n"
      << std::setprecision(3) << evaluation.milliseconds << " ms at " << std::setprecision(0)
      << estimate.explanation.hardware.clock_mhz << " MHz";
  if (estimate.cpu_microseconds > 0)
    out << ", of which the CPU " << std::setprecision(3) << estimate.cpu_microseconds * 1e-3 << " ms";
  out << std::setprecision(1) << "; " << evaluation.per_second << " frames a second\n"
      << static_cast<double>(evaluation.dbb.total()) / 1e6 << " MB on DBB, "
      << static_cast<double>(evaluation.dbb.total()) / static_cast<double>(evaluation.cycles)
      << " bytes a cycle\n\nWhere the cycles go:\n";
  for (const Cause cause : by_size(estimate.explanation.causes)) {
    const Cycle cycles = estimate.explanation.causes[static_cast<std::size_t>(cause)];
    out << std::setw(6) << share(cycles, evaluation.cycles) << " %  " << analysis::cause_text(cause) << '\n';
  }
  out << std::defaultfloat;
}

ordered_json account_json(const CauseAccount& account) {
  ordered_json json = ordered_json::object();
  for (const Cause cause : by_size(account))
    json[std::string(analysis::cause_name(cause))] = account[static_cast<std::size_t>(cause)];
  return json;
}

ordered_json json_of(const Estimate& estimate) {
  const analysis::Evaluation& evaluation = estimate.evaluation();
  ordered_json json;
  json["schema"] = "nvdla-estimate/1";
  json["input"] = estimate.explanation.input;
  json["configuration"] = estimate.explanation.hardware.name;
  json["precision"] = estimate.precision;
  json["level"] = std::string(amaix::level_name(estimate.explanation.level));
  json["cycles"] = evaluation.cycles;
  json["roofline_cycles"] = estimate.roofline;
  json["clock_mhz"] = estimate.explanation.hardware.clock_mhz;
  json["milliseconds"] = evaluation.milliseconds;
  json["per_second"] = evaluation.per_second;
  json["dbb_bytes"] = evaluation.dbb.total();
  json["cvsram_bytes"] = evaluation.cvsram.total();
  json["causes"] = account_json(estimate.explanation.causes);
  json["cpu_layers"] = ordered_json::array();
  for (const mapper::CpuLayer& layer : estimate.cpu_layers) {
    ordered_json each = {{"name", layer.name}, {"type", layer.type}, {"microseconds", nullptr}};
    if (layer.microseconds) each["microseconds"] = *layer.microseconds;
    json["cpu_layers"].push_back(each);
  }
  json["layers"] = ordered_json::array();
  for (const ExplainedLayer& layer : estimate.explanation.layers)
    json["layers"].push_back({{"name", layer.name},
                              {"unit", std::string(engine_name(layer.head.engine))},
                              {"cycles", layer.to - layer.from},
                              {"mac_array", layer.utilisation.mac_array},
                              {"dbb_bytes", layer.dbb.total()},
                              {"causes", account_json(layer.causes)}});
  return json;
}

}  // namespace

int estimate_network(const std::string& path, const po::variables_map& values) {
  const CommonOptions common = common_of(values);
  const MappingRequest request = mapping_of(values);
  host::RunFiles files;
  files.input(path, "the network");
  Outputs outputs(files);
  outputs.open(values, {"json"});
  const LayerNetwork layers = layer_network(path, request, common.hardware);
  Estimate estimate;
  estimate.precision = request.on(common.hardware).precision == Precision::kInt8 ? "int8" : "fp16";
  estimate.cpu_layers = layers.cpu_layers;
  estimate.cpu_microseconds = layers.network.cpu_microseconds();
  const analysis::Design design(layers.network, common.hardware);
  estimate.explanation = analysis::explain(layers.network, design, memory_system(common.dbb, common.cvsram),
                                           level_of(values["level"].as<std::string>()));
  estimate.roofline = estimate.explanation.levels.front().cycles;
  if (!outputs.on_standard_output()) write_text(std::cout, estimate);
  outputs.write("json", [&](std::ostream& out) { out << json_of(estimate).dump(1) << '\n'; });
  return kOk;
}

}  // namespace nvdla::command
