// SPDX-License-Identifier: Apache-2.0
#include "hardware/parameters_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <variant>

#include "hardware/parameter_table.h"
#include "hardware/strict_json.h"

namespace nvdla {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kFifoKey = "read_latency_fifo_beats";

class Loader {
 public:
  explicit Loader(const std::string& path) : path_(path) {}

  HardwareParameters load() {
    std::ifstream in(path_);
    if (!in) fail("cannot be opened");
    Json json;
    try {
      const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      json = parse_strict_json(text, path_);
    } catch (const std::ios_base::failure&) {
      fail("cannot be read");
    }
    if (!json.is_object()) fail("must be a JSON object");
    if (!json.contains("base") || !json["base"].is_string()) fail("\"base\" must name a preset");
    try {
      result_ = preset(json["base"].get<std::string>());
    } catch (const std::invalid_argument& error) {
      fail(error.what());
    }
    result_.name = std::filesystem::path(path_).stem().string();
    for (const auto& [key, value] : json.items()) apply(key, value);
    set_fifos(json);
    try {
      check(result_);
    } catch (const std::invalid_argument& error) {
      fail(error.what());
    }
    return result_;
  }

 private:
  [[noreturn]] void fail(const std::string& text) const { throw std::runtime_error(path_ + ": " + text); }

  [[nodiscard]] std::uint32_t number(const std::string& key, const Json& value) const {
    if (!value.is_number_unsigned() ||
        value.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max()) {
      fail("\"" + key + "\" must be a natural number of 32 bits, not " + value.dump());
    }
    return value.get<std::uint32_t>();
  }

  void apply(const std::string& key, const Json& value) {
    if (key == "base" || key == kFifoKey) return;
    if (key == "name") {
      if (!value.is_string()) fail("\"name\" must be a string");
      result_.name = value.get<std::string>();
      return;
    }
    const ParameterInfo* const parameter = find_parameter(key);
    if (parameter == nullptr) fail("unknown key \"" + key + "\" (known: see nvdla-vp configs --schema)");
    if (std::holds_alternative<ParameterInfo::Flag>(parameter->member)) {
      if (!value.is_boolean()) fail("\"" + key + "\" must be true or false, not " + value.dump());
      set_parameter(result_, *parameter, value.get<bool>() ? 1 : 0);
    } else if (std::holds_alternative<ParameterInfo::Real>(parameter->member)) {
      if (!value.is_number()) fail("\"" + key + "\" must be a number, not " + value.dump());
      set_parameter(result_, *parameter, value.get<double>());
    } else {
      set_parameter(result_, *parameter, number(key, value));
    }
  }

  void set_fifos(const Json& json) {
    bool resized = false;
    for (const std::string_view key : latency_fifo_inputs())
      resized = resized || json.contains(std::string(key));
    if (resized && result_.generation == Generation::kScalable) {
      result_.read_latency_fifo_beats = scalable_latency_fifos(result_);
    }
    const auto given = json.find(std::string(kFifoKey));
    if (given == json.end()) return;
    const std::string key(kFifoKey);
    if (!given->is_object()) fail("\"" + key + "\" must be an object of client names");
    for (const auto& [name, value] : given->items()) {
      std::size_t client = 0;
      while (client < kClients && client_name(static_cast<Client>(client)) != name) ++client;
      if (client == kClients) fail("\"" + key + "\": unknown client \"" + name + "\"");
      result_.read_latency_fifo_beats[client] = number(key + "." + name, value);
    }
  }

  const std::string& path_;
  HardwareParameters result_;
};

using OrderedJson = nlohmann::ordered_json;

OrderedJson value_json(const HardwareParameters& hardware, const ParameterInfo& parameter) {
  return std::visit([&](const auto member) { return OrderedJson(hardware.*member); }, parameter.member);
}

const char* json_type(const ParameterInfo& parameter) {
  if (std::holds_alternative<ParameterInfo::Flag>(parameter.member)) return "boolean";
  return std::holds_alternative<ParameterInfo::Real>(parameter.member) ? "number" : "integer";
}

}  // namespace

HardwareParameters load_hardware(const std::string& path) { return Loader(path).load(); }

HardwareParameters hardware_from(const std::string& preset_or_file) {
  const bool known = std::any_of(presets().begin(), presets().end(),
                                 [&](const HardwareParameters& each) { return each.name == preset_or_file; });
  const bool file = preset_or_file.find('/') != std::string::npos ||
                    std::filesystem::path(preset_or_file).extension() == ".json";
  return !known && file ? load_hardware(preset_or_file) : preset(preset_or_file);
}

std::string hardware_json(const HardwareParameters& hardware) {
  OrderedJson json;
  // A preset of the same generation; every value is given, so that which one does not matter.
  json["base"] = hardware.generation == Generation::kV1 ? "nv_full" : "nv_small";
  json["name"] = hardware.name;
  for (const ParameterInfo& parameter : parameter_table())
    json[std::string(parameter.name)] = value_json(hardware, parameter);
  for (std::size_t i = 0; i < kClients; ++i)
    json[std::string(kFifoKey)][std::string(client_name(static_cast<Client>(i)))] =
        hardware.read_latency_fifo_beats[i];
  return json.dump(1);
}

std::string hardware_schema() {
  OrderedJson json;
  json["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  json["title"] = "NVDLA configuration: a preset and what differs from it";
  json["type"] = "object";
  json["required"] = {"base"};
  json["additionalProperties"] = false;
  OrderedJson& properties = json["properties"];
  properties["base"] = {{"type", "string"},
                        {"description", "the preset that gives the generation and every value not set here"}};
  for (const HardwareParameters& each : presets()) properties["base"]["enum"].push_back(each.name);
  properties["name"] = {
      {"type", "string"}, {"minLength", 1}, {"description", "default: the file's name without extension"}};
  for (const ParameterInfo& parameter : parameter_table()) {
    OrderedJson& property = properties[std::string(parameter.name)];
    property["type"] = json_type(parameter);
    if (property["type"] != "boolean") property["minimum"] = 0;
    property["description"] =
        std::string(parameter.meaning) +
        (parameter.unit.empty() ? std::string() : " [" + std::string(parameter.unit) + "]");
  }
  OrderedJson& fifos = properties[std::string(kFifoKey)];
  fifos = {
      {"type", "object"},
      {"additionalProperties", false},
      {"description",
       "depth of the latency FIFO that takes the read data of a client, 0: no limit [beats]; default in the "
       "scalable generation: what mem_latency_primary needs at the rate of the unit"}};
  for (std::size_t i = 0; i < kClients; ++i)
    fifos["properties"][std::string(client_name(static_cast<Client>(i)))] = {{"type", "integer"},
                                                                             {"minimum", 0}};
  return json.dump(1);
}

}  // namespace nvdla
