// SPDX-License-Identifier: Apache-2.0
#include "command/layer_network.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analysis/buffer_split.h"
#include "command/modules.h"
#include "command/options.h"
#include "host/replay.h"
#include "mapper/json_reader.h"

namespace nvdla::command {

namespace po = boost::program_options;

namespace {

analysis::Network network_of(const mapper::MappedNetwork& mapped, const HardwareParameters& hardware) {
  analysis::Network network(mapped.program, hardware);
  for (const auto& [operation, name] : mapped.names) network.name(operation, name);
  network.set_cpu_microseconds(mapped.cpu_microseconds());
  return network;
}

bool is_onnx(const std::string& path) { return std::filesystem::path(path).extension() == ".onnx"; }

// "NAME=MICROSECONDS"; names may contain '='.
std::pair<std::string, double> cpu_layer(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals != std::string::npos && equals > 0) {
    const std::string number = text.substr(equals + 1);
    char* end = nullptr;
    const double value = std::strtod(number.c_str(), &end);
    if (!number.empty() && *end == '\0' && std::isfinite(value) && value >= 0)
      return {text.substr(0, equals), value};
  }
  throw UsageError("--cpu-layer: '" + text + "' is not of the form NAME=MICROSECONDS");
}

}  // namespace

bool is_layer_network(const std::string& path) {
  if (is_onnx(path)) return true;
  if (std::filesystem::path(path).extension() != ".json") return false;
  std::ifstream in(path);
  const nlohmann::json file = nlohmann::json::parse(in, nullptr, false);
  if (!file.is_object()) return false;
  const auto schema = file.find("schema");
  return schema != file.end() && schema->is_string() &&
         schema->get_ref<const std::string&>().rfind("nvdla-network", 0) == 0;
}

void add_mapping_options(po::options_description& visible) {
  visible.add_options()("precision", po::value<std::string>(),
                        "of a network of layers: int8 or fp16; default int8 where the configuration has it")(
      "input-format", po::value<std::string>()->default_value("image"),
      "of a network of layers, for inputs of up to four channels: image or feature")(
      "cpu-layer", po::value<std::vector<std::string>>()->composing(),
      "NAME=MICROSECONDS: the CPU computes this layer, in this time; may be repeated");
}

Precision precision_from_name(const std::string& name) {
  if (name == "int8") return Precision::kInt8;
  if (name == "fp16") return Precision::kFp16;
  throw std::invalid_argument("unknown precision '" + name + "' (known: int8, fp16)");
}

bool image_from_name(const std::string& name) {
  if (name == "image" || name == "feature") return name == "image";
  throw std::invalid_argument("unknown input format '" + name + "' (known: image, feature)");
}

mapper::MapOptions MappingRequest::on(const HardwareParameters& hardware) const {
  mapper::MapOptions result = options;
  result.precision = precision.value_or(hardware.int8 ? Precision::kInt8 : Precision::kFp16);
  return result;
}

MappingRequest mapping_of(const po::variables_map& values) {
  MappingRequest request;
  const auto option = [&](const char* name, const auto& take) {
    if (values.count(name) == 0) return;
    try {
      take(values[name].as<std::string>());
    } catch (const std::invalid_argument& error) {
      throw UsageError(std::string("--") + name + ": " + error.what());
    }
  };
  option("precision", [&](const std::string& name) { request.precision = precision_from_name(name); });
  option("input-format", [&](const std::string& name) { request.options.image = image_from_name(name); });
  if (values.count("cpu-layer") != 0)
    for (const std::string& text : values["cpu-layer"].as<std::vector<std::string>>())
      request.options.cpu_microseconds.insert(cpu_layer(text));
  return request;
}

LayerNetwork layer_network(const std::string& path, const MappingRequest& request,
                           const HardwareParameters& hardware) {
  try {
    const auto layers = std::make_shared<const mapper::LayerNetwork>(
        is_onnx(path) ? onnx_module().read_network(path) : mapper::read_json_network(path));
    mapper::MappedNetwork mapped = mapper::map(*layers, hardware, request.on(hardware));
    std::vector<mapper::CpuLayer> cpu_layers = mapped.cpu_layers;
    LayerNetwork result{network_of(mapped, hardware), std::move(cpu_layers)};
    result.network.map_with([layers, request](const HardwareParameters& design) {
      return network_of(mapper::map(*layers, design, request.on(design)), design);
    });
    return result;
  } catch (const host::InputError& error) {
    throw host::ReplayError(error.what());
  } catch (const analysis::Infeasible& error) {
    throw host::ReplayError(path + ": " + error.what());
  }
}

}  // namespace nvdla::command
