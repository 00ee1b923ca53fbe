// SPDX-License-Identifier: Apache-2.0
#include "validation/layers.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "validation/csv.h"

namespace nvdla::validation {
namespace {

using nlohmann::json;

constexpr Engine kUnits[] = {Engine::kConv, Engine::kSdp,  Engine::kPdp,
                             Engine::kCdp,  Engine::kBdma, Engine::kRubik};

struct Layer {
  Engine unit = Engine::kConv;
  std::uint64_t enable_line = 0;
  std::string name;
};

Layer read_layer(const json& object, const std::string& where) {
  Layer layer;
  const auto engine = object.find("engine");
  if (engine == object.end() || !engine->is_string()) throw host::InputError(where + "engine is missing");
  const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                 [&](Engine u) { return engine_name(u) == engine->get<std::string>(); });
  if (unit == std::end(kUnits))
    throw host::InputError(where + "unknown engine \"" + engine->get<std::string>() + "\"");
  layer.unit = *unit;
  const auto line = object.find("enable_line");
  if (line == object.end() || !line->is_number_unsigned())
    throw host::InputError(where + "enable_line is missing");
  layer.enable_line = line->get<std::uint64_t>();
  for (const char* key : {"label", "name"}) {
    const auto name = object.find(key);
    if (name == object.end() || !name->is_string()) continue;
    layer.name = name->get<std::string>();
    break;
  }
  return layer;
}

}  // namespace

LayerNames::LayerNames(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw host::InputError(path + ": cannot be opened");
  json document;
  try {
    document = json::parse(file);
  } catch (const json::exception& error) {
    throw host::InputError(path + ": " + error.what());
  }
  const auto list = document.is_object() ? document.find("layers") : document.end();
  if (list == document.end() || !list->is_array()) throw host::InputError(path + ": no array \"layers\"");
  std::vector<Layer> layers;
  for (std::size_t i = 0; i < list->size(); ++i)
    layers.push_back(read_layer((*list)[i], path + ": layer " + std::to_string(i) + ": "));
  std::stable_sort(layers.begin(), layers.end(),
                   [](const Layer& a, const Layer& b) { return a.enable_line < b.enable_line; });
  std::map<Engine, std::uint32_t> next;
  for (const Layer& layer : layers) names_[{layer.unit, next[layer.unit]++}] = layer.name;
}

std::string LayerNames::of(Engine unit, std::uint32_t sequence) const {
  const auto found = names_.find({unit, sequence});
  return found == names_.end() ? std::string() : found->second;
}

}  // namespace nvdla::validation
