// SPDX-License-Identifier: Apache-2.0
#include "command/explore_spec.h"

#include <cmath>
#include <filesystem>
#include <fstream>

#include "command/analysed_input.h"
#include "command/layer_network.h"
#include "command/version.h"
#include "hardware/parameters_file.h"

namespace nvdla::command {

namespace fs = std::filesystem;
namespace po = boost::program_options;
using analysis::Axis;
using analysis::Sampling;
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

constexpr const char* kSchema = "nvdla-exploration/1";

// FNV-1a over what the network is: two files with the same commands are the same network.
std::string checksum(const analysis::Network& network) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto add = [&](std::uint64_t value) {
    for (int byte = 0; byte < 8; ++byte, value >>= 8U) hash = (hash ^ (value & 0xffU)) * 0x100000001b3U;
  };
  for (const host::Program::Command& command : network.program().commands()) {
    add(static_cast<std::uint64_t>(command.kind));
    add(command.offset);
    add(command.mask);
    add(command.value);
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

std::optional<Sampling> sampling_of(const std::string& name) {
  if (name == "grid") return Sampling::kGrid;
  if (name == "random") return Sampling::kRandom;
  if (name == "latin_hypercube") return Sampling::kLatinHypercube;
  return std::nullopt;
}

// What options and file have in common, before it is checked.
struct Draft {
  std::vector<analysis::Network> networks;
  HardwareParameters hardware;
  memory::MemorySystem memory;
  std::string level = "refined";
  std::vector<Axis> axes;
  std::string sampling = "grid";
  std::uint64_t points = 0, seed = 1;
  std::vector<std::string> constraints, objectives{"milliseconds", "macs", "cbuf_bytes"};
};

ordered_json memory_json(const memory::MemoryDescription& memory) {
  return {{"latency", memory.latency},
          {"bandwidth", memory.bytes_per_cycle},
          {"max_outstanding", memory.max_outstanding}};
}

ExploreRequest finished(Draft draft) {
  ExploreRequest request;
  const auto sampling = sampling_of(draft.sampling);
  if (!sampling)
    throw std::invalid_argument("unknown sampling \"" + draft.sampling +
                                "\" (known: grid, random, latin_hypercube)");
  if (draft.networks.size() > 1) {
    Axis networks{"network", {}};
    for (std::size_t i = 0; i < draft.networks.size(); ++i) networks.values.push_back(static_cast<double>(i));
    draft.axes.insert(draft.axes.begin(), networks);
  }
  // Memory last: it changes fastest in a grid, and points of one design follow each other.
  std::stable_partition(draft.axes.begin(), draft.axes.end(),
                        [](const Axis& axis) { return axis.key.find('.') == std::string::npos; });
  analysis::ExplorationSpec& spec = request.spec;
  spec.hardware = draft.hardware;
  spec.memory = draft.memory;
  spec.level = level_of(draft.level);
  spec.space = analysis::Space(draft.axes, *sampling, draft.points, draft.seed);
  for (const std::string& text : draft.constraints)
    spec.constraints.push_back(analysis::parse_constraint(text));
  if (draft.objectives.empty()) throw std::invalid_argument("there is no objective");
  for (const std::string& objective : draft.objectives)
    if (!analysis::known_metric(objective))
      throw std::invalid_argument("unknown objective \"" + objective +
                                  "\" (known: cycles, milliseconds, per_second, macs, cbuf_bytes, dbb_bytes, "
                                  "cvsram_bytes, peak_gbytes)");
  request.objectives = draft.objectives;
  spec.networks = std::move(draft.networks);
  analysis::check(spec);

  ordered_json& complete = request.complete;
  complete["schema"] = kSchema;
  complete["program"] = "nvdla-vp " + std::string(version());
  for (const analysis::Network& network : spec.networks)
    complete["inputs"].push_back(
        {{"file", network.path()}, {"config", network.hardware().name}, {"checksum", checksum(network)}});
  complete["hardware"] = ordered_json::parse(hardware_json(spec.hardware));
  complete["memory"]["dbb"] = memory_json(spec.memory.dbb);
  if (spec.memory.cvsram) complete["memory"]["cvsram"] = memory_json(*spec.memory.cvsram);
  complete["level"] = draft.level;
  complete["axes"] = ordered_json::object();
  for (const Axis& axis : spec.space.axes()) complete["axes"][axis.key] = axis.values;
  complete["sampling"] = {{"method", draft.sampling}, {"points", spec.space.size()}, {"seed", draft.seed}};
  complete["constraints"] = draft.constraints;
  complete["objectives"] = draft.objectives;
  return request;
}

// -- options -------------------------------------------------------------------------------------------

Axis parse_sweep(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageError("--sweep: '" + text + "' is not of the form KEY=VALUE,VALUE,...");
  Axis axis{text.substr(0, equals), {}};
  for (std::size_t first = equals + 1; first <= text.size();) {
    const std::size_t end = std::min(text.find(',', first), text.size());
    const std::string number = text.substr(first, end - first);
    char* stop = nullptr;
    const double value = std::strtod(number.c_str(), &stop);
    if (number.empty() || *stop != '\0' || !std::isfinite(value))
      throw UsageError("--sweep " + axis.key + ": '" + number + "' is not a number");
    axis.values.push_back(value);
    first = end + 1;
  }
  return axis;
}

void take_options(const po::variables_map& values, Draft& draft) {
  const auto strings = [&](const char* option) {
    return values.count(option) == 0 ? std::vector<std::string>{}
                                     : values[option].as<std::vector<std::string>>();
  };
  for (const std::string& text : strings("sweep")) draft.axes.push_back(parse_sweep(text));
  for (const std::string& text : strings("constraint")) draft.constraints.push_back(text);
  if (values.count("objective") != 0) draft.objectives = strings("objective");
  if (!values["level"].defaulted()) draft.level = values["level"].as<std::string>();
  if (values.count("sampling") != 0) draft.sampling = values["sampling"].as<std::string>();
  if (values.count("points") != 0) draft.points = values["points"].as<std::uint64_t>();
  if (values.count("seed") != 0) draft.seed = values["seed"].as<std::uint64_t>();
}

// -- file ----------------------------------------------------------------------------------------------

class FileReader {
 public:
  explicit FileReader(const std::string& path) : path_(path) {}

  Draft read() {
    std::ifstream in(path_);
    if (!in) throw host::InputError(path_ + ": cannot be opened");
    json file;
    try {
      file = json::parse(in);
    } catch (const json::parse_error& error) {
      throw host::InputError(path_ + ": " + error.what());
    }
    if (!file.is_object() || file.value("schema", json()) != kSchema)
      fail("schema", "must be \"" + std::string(kSchema) + "\"");
    static const std::vector<std::string> kKeys = {"schema", "inputs",   "config",      "memory",    "level",
                                                   "axes",   "sampling", "constraints", "objectives"};
    for (const auto& [key, value] : file.items())
      if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) fail(key, "unknown key");
    inputs(file);
    memory(file);
    if (file.contains("level")) draft_.level = string(file["level"], "level");
    axes(file);
    sampling(file);
    if (file.contains("constraints")) draft_.constraints = strings(file["constraints"], "constraints");
    if (file.contains("objectives")) draft_.objectives = strings(file["objectives"], "objectives");
    return std::move(draft_);
  }

 private:
  [[noreturn]] void fail(const std::string& key, const std::string& what) const {
    throw host::InputError(path_ + ": " + key + ": " + what);
  }
  std::string string(const json& value, const std::string& key) const {
    if (!value.is_string()) fail(key, "must be a string");
    return value.get<std::string>();
  }
  std::vector<std::string> strings(const json& value, const std::string& key) const {
    if (!value.is_array()) fail(key, "must be an array of strings");
    std::vector<std::string> result;
    for (const json& each : value) result.push_back(string(each, key));
    return result;
  }
  double number(const json& value, const std::string& key) const {
    if (!value.is_number()) fail(key, "must be a number, not " + value.dump());
    return value.get<double>();
  }
  std::uint64_t natural(const json& value, const std::string& key) const {
    if (!value.is_number_unsigned()) fail(key, "must be a natural number, not " + value.dump());
    return value.get<std::uint64_t>();
  }
  // Paths are relative to the specification.
  [[nodiscard]] std::string beside(const std::string& file) const {
    const fs::path path(file);
    return path.is_absolute() ? file : (fs::path(path_).parent_path() / path).string();
  }

  HardwareParameters hardware(const json& value, const std::string& key) const {
    const std::string text = string(value, key);
    try {
      return hardware_from(fs::path(text).extension() == ".json" ? beside(text) : text);
    } catch (const std::exception& error) {
      fail(key, error.what());
    }
  }

  void inputs(const json& file) {
    const HardwareParameters own =
        file.contains("config") ? hardware(file["config"], "config") : preset("nv_full");
    if (!file.contains("inputs") || !file["inputs"].is_array() || file["inputs"].empty())
      fail("inputs", "must be an array of {\"file\": TRACE, \"config\": CONFIGURATION that it was made for}");
    for (const json& input : file["inputs"]) {
      if (!input.is_object() || !input.contains("file")) fail("inputs", "each needs a \"file\"");
      for (const auto& [key, value] : input.items())
        if (key != "file" && key != "config" && key != "precision" && key != "input_format")
          fail("inputs", "unknown key \"" + key + "\"");
      network(beside(string(input["file"], "inputs.file")),
              input.contains("config") ? hardware(input["config"], "inputs.config") : own, input);
    }
    draft_.hardware = file.contains("config") ? own : draft_.networks.front().hardware();
  }

  void network(const std::string& file, const HardwareParameters& hardware, const json& input) {
    if (!is_layer_network(file)) {
      for (const char* key : {"precision", "input_format"})
        if (input.contains(key)) fail(std::string("inputs.") + key, "only networks of layers have a choice");
      host::ReplayOptions options;
      options.hardware = hardware;
      options.dbb.bytes_per_cycle = hardware.dbb_width_bytes;
      draft_.networks.push_back(named_network(file, options));
      return;
    }
    MappingRequest request;
    try {
      if (input.contains("precision"))
        request.precision = precision_from_name(string(input["precision"], "inputs.precision"));
      if (input.contains("input_format"))
        request.options.image = image_from_name(string(input["input_format"], "inputs.input_format"));
    } catch (const std::invalid_argument& error) {
      fail("inputs", error.what());
    }
    draft_.networks.push_back(layer_network(file, request, hardware).network);
  }

  void port(const json& value, const std::string& key, memory::MemoryDescription& port) const {
    if (!value.is_object()) fail(key, "must be an object");
    for (const auto& [name, item] : value.items()) {
      const std::string path = key + "." + name;
      if (name == "latency") {
        port.latency = static_cast<std::uint32_t>(natural(item, path));
      } else if (name == "bandwidth") {
        port.bytes_per_cycle = number(item, path);
        if (!(port.bytes_per_cycle > 0)) fail(path, "must be above 0");
      } else if (name == "max_outstanding") {
        port.max_outstanding = static_cast<std::uint32_t>(natural(item, path));
      } else {
        fail(path, "unknown key (known: latency, bandwidth, max_outstanding)");
      }
    }
  }

  void memory(const json& file) {
    draft_.memory.dbb.bytes_per_cycle = draft_.hardware.dbb_width_bytes;
    if (!file.contains("memory")) return;
    if (!file["memory"].is_object()) fail("memory", "must be an object");
    for (const auto& [key, value] : file["memory"].items()) {
      if (key == "dbb") {
        port(value, "memory.dbb", draft_.memory.dbb);
      } else if (key == "cvsram") {
        draft_.memory.cvsram = draft_.memory.dbb;
        port(value, "memory.cvsram", *draft_.memory.cvsram);
      } else {
        fail("memory." + key, "unknown key (known: dbb, cvsram)");
      }
    }
  }

  Axis range(const std::string& key, const json& value) const {
    const std::string path = "axes." + key;
    for (const auto& [name, item] : value.items())
      if (name != "from" && name != "to" && name != "steps" && name != "scale")
        fail(path, "unknown key " + name);
    for (const char* name : {"from", "to", "steps"})
      if (!value.contains(name)) fail(path, std::string("needs \"") + name + "\"");
    const double from = number(value["from"], path), to = number(value["to"], path);
    const std::uint64_t steps = natural(value["steps"], path);
    const std::string scale = value.contains("scale") ? string(value["scale"], path) : "linear";
    if (scale != "linear" && scale != "log") fail(path, "scale must be linear or log");
    if (steps < 1 || steps > 1000000) fail(path, "steps must be 1 to 1000000");
    if (scale == "log" && !(from > 0 && to > 0)) fail(path, "a log scale needs numbers above 0");
    Axis axis{key, {}};
    for (std::uint64_t i = 0; i < steps; ++i) {
      const double at = steps == 1 ? 0 : static_cast<double>(i) / static_cast<double>(steps - 1);
      axis.values.push_back(scale == "log" ? from * std::pow(to / from, at) : from + (to - from) * at);
    }
    return axis;
  }

  void axes(const json& file) {
    if (!file.contains("axes") || !file["axes"].is_object())
      fail("axes", "must be an object of KEY: [values] or KEY: {from, to, steps, scale}");
    for (const auto& [key, value] : file["axes"].items()) {
      if (value.is_object()) {
        draft_.axes.push_back(range(key, value));
        continue;
      }
      if (!value.is_array()) fail("axes." + key, "must be an array of values, or {from, to, steps, scale}");
      Axis axis{key, {}};
      for (const json& each : value)
        axis.values.push_back(each.is_boolean() ? (each.get<bool>() ? 1 : 0) : number(each, "axes." + key));
      draft_.axes.push_back(axis);
    }
  }

  void sampling(const json& file) {
    if (!file.contains("sampling")) return;
    const json& value = file["sampling"];
    if (!value.is_object()) fail("sampling", "must be an object");
    for (const auto& [key, item] : value.items()) {
      if (key == "method") {
        draft_.sampling = string(item, "sampling.method");
      } else if (key == "points") {
        draft_.points = natural(item, "sampling.points");
      } else if (key == "seed") {
        draft_.seed = natural(item, "sampling.seed");
      } else {
        fail("sampling." + key, "unknown key (known: method, points, seed)");
      }
    }
  }

  const std::string& path_;
  Draft draft_;
};

bool is_specification(const std::string& path) {
  if (fs::path(path).extension() != ".json" || is_layer_network(path)) return false;
  std::ifstream in(path);
  const json file = json::parse(in, nullptr, false);
  return !file.is_object() || file.value("schema", std::string()).rfind("nvdla-recording", 0) != 0;
}

}  // namespace

ExploreRequest explore_request(const std::string& input, const po::variables_map& values) {
  try {
    if (is_specification(input)) {
      Draft draft = FileReader(input).read();
      for (const char* option : {"dbb", "cvsram"})
        if (values.count(option) != 0)
          throw UsageError(std::string("--") + option + ": the specification says which memory");
      if (!values["config"].defaulted()) throw UsageError("--config: the specification says which");
      take_options(values, draft);
      return finished(std::move(draft));
    }
    AnalysedInput analysed = analysed_input(input, values);
    Draft draft;
    draft.hardware = analysed.network.hardware();
    draft.memory = analysed.memory;
    draft.networks.push_back(std::move(analysed.network));
    take_options(values, draft);
    return finished(std::move(draft));
  } catch (const std::invalid_argument& error) {
    throw UsageError(input + ": " + error.what());
  }
}

}  // namespace nvdla::command
