// SPDX-License-Identifier: Apache-2.0
#include "mapper/json_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "hardware/strict_json.h"
#include "host/files/byte_source.h"

namespace nvdla::mapper {

namespace {

using nlohmann::json;

constexpr const char* kSchema = "nvdla-network/1";
constexpr std::uint64_t kLargestFile = std::uint64_t{64} << 20U;

struct Type {
  LayerKind kind = LayerKind::kCpu;
  std::vector<const char*> keys;  // besides name, type and inputs
  void (*set)(Layer&) = nullptr;
};

const std::map<std::string, Type>& types() {
  static const std::vector<const char*> pool = {"window", "stride", "padding", "round_up"};
  static const std::map<std::string, Type> all = {
      {"convolution",
       {LayerKind::kConvolution,
        {"kernels", "window", "stride", "padding", "dilation", "groups", "bias"},
        [](Layer& layer) { layer.bias = true; }}},
      {"fully_connected",
       {LayerKind::kFullyConnected, {"kernels", "bias"}, [](Layer& layer) { layer.bias = true; }}},
      {"max_pool", {LayerKind::kPooling, pool, nullptr}},
      {"average_pool",
       {LayerKind::kPooling, pool, [](Layer& layer) { layer.pooling = PoolingMode::kAverage; }}},
      {"global_max_pool", {LayerKind::kPooling, {}, [](Layer& layer) { layer.global = true; }}},
      {"global_average_pool",
       {LayerKind::kPooling,
        {},
        [](Layer& layer) {
          layer.global = true;
          layer.pooling = PoolingMode::kAverage;
        }}},
      {"lrn", {LayerKind::kNormalisation, {"local_size", "alpha", "beta", "k"}, nullptr}},
      {"batch_norm", {LayerKind::kBatchNorm, {}, nullptr}},
      {"bias", {LayerKind::kBias, {}, nullptr}},
      {"scale", {LayerKind::kScale, {}, nullptr}},
      {"relu", {LayerKind::kActivation, {}, nullptr}},
      {"sigmoid",
       {LayerKind::kActivation, {}, [](Layer& layer) { layer.activation = Activation::kSigmoid; }}},
      {"tanh", {LayerKind::kActivation, {}, [](Layer& layer) { layer.activation = Activation::kTanh; }}},
      {"sum", {LayerKind::kElementWise, {}, nullptr}},
      {"product",
       {LayerKind::kElementWise, {}, [](Layer& layer) { layer.element_wise = ElementWise::kProduct; }}},
      {"maximum",
       {LayerKind::kElementWise, {}, [](Layer& layer) { layer.element_wise = ElementWise::kMaximum; }}},
      {"concatenation", {LayerKind::kConcatenation, {}, nullptr}},
      {"softmax", {LayerKind::kCpu, {}, [](Layer& layer) { layer.known_to_software = true; }}},
      {"cpu", {LayerKind::kCpu, {"shape"}, nullptr}}};
  return all;
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  LayerNetwork read(const json& file) {
    network_.path = path_;
    if (!file.is_object() || file.value("schema", json()) != kSchema)
      fail("schema", "must be \"" + std::string(kSchema) + "\"");
    known(file, "", {"schema", "inputs", "layers"});
    if (!file.contains("inputs") || !file["inputs"].is_array()) fail("inputs", "must be an array");
    for (std::size_t i = 0; i < file["inputs"].size(); ++i)
      input(file["inputs"][i], "inputs[" + std::to_string(i) + "]");
    if (!file.contains("layers") || !file["layers"].is_array()) fail("layers", "must be an array");
    for (std::size_t i = 0; i < file["layers"].size(); ++i)
      layer(file["layers"][i], "layers[" + std::to_string(i) + "]");
    complete(network_);
    return std::move(network_);
  }

 private:
  [[noreturn]] void fail(const std::string& place, const std::string& what) const {
    throw host::InputError(path_ + ": " + place + ": " + what);
  }
  void known(const json& object, const std::string& place, const std::vector<const char*>& keys) const {
    for (const auto& [key, value] : object.items())
      if (std::find(keys.begin(), keys.end(), key) == keys.end())
        fail(place.empty() ? key : place + "." + key, "unknown key");
  }
  [[nodiscard]] std::uint32_t natural(const json& value, const std::string& place) const {
    constexpr std::uint32_t kMost = 1U << 20U;
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMost)
      fail(place, "must be a natural number up to " + std::to_string(kMost));
    return value.get<std::uint32_t>();
  }
  [[nodiscard]] std::string text(const json& object, const char* key, const std::string& place) const {
    if (!object.contains(key) || !object[key].is_string() ||
        object[key].get_ref<const std::string&>().empty())
      fail(place + "." + key, "must be a string that is not empty");
    return object[key].get<std::string>();
  }
  [[nodiscard]] std::vector<std::uint32_t> naturals(const json& value, const std::string& place) const {
    std::vector<std::uint32_t> result;
    if (!value.is_array()) return {natural(value, place)};
    for (const json& each : value) result.push_back(natural(each, place));
    return result;
  }
  // A number for both, or [vertical, horizontal].
  void both(const json& object, const char* key, const std::string& place, std::uint32_t& vertical,
            std::uint32_t& horizontal) const {
    if (!object.contains(key)) return;
    const std::vector<std::uint32_t> values = naturals(object[key], place + "." + key);
    if (values.empty() || values.size() > 2)
      fail(place + "." + key, "must be a number or [vertical, horizontal]");
    vertical = values.front();
    horizontal = values.back();
  }
  [[nodiscard]] Shape shape(const json& object, const std::string& place) const {
    const std::string where = place + ".shape";
    if (!object.contains("shape") || !object["shape"].is_array() || object["shape"].size() != 3)
      fail(where, "must be [channels, height, width]");
    const json& sizes = object["shape"];
    return {natural(sizes[0], where), natural(sizes[1], where), natural(sizes[2], where)};
  }

  void input(const json& object, const std::string& place) {
    if (!object.is_object()) fail(place, "must be an object");
    known(object, place, {"name", "shape"});
    network_.inputs.push_back({text(object, "name", place), shape(object, place)});
  }

  void window(const json& object, const std::string& place, Layer& layer) const {
    Window& window = layer.window;
    both(object, "window", place, window.height, window.width);
    both(object, "stride", place, window.stride_y, window.stride_x);
    both(object, "dilation", place, window.dilation_y, window.dilation_x);
    if (!object.contains("padding")) return;
    const std::string where = place + ".padding";
    const std::vector<std::uint32_t> values = naturals(object["padding"], where);
    if (values.size() == 4) {
      window.top = values[0];
      window.left = values[1];
      window.bottom = values[2];
      window.right = values[3];
    } else if (values.size() == 1 || values.size() == 2) {
      window.top = window.bottom = values.front();
      window.left = window.right = values.back();
    } else {
      fail(where, "must be a number, [vertical, horizontal] or [top, left, bottom, right]");
    }
  }

  void number(const json& object, const char* key, const std::string& place, std::uint32_t& value) const {
    if (object.contains(key)) value = natural(object[key], place + "." + key);
  }
  void number(const json& object, const char* key, const std::string& place, float& value) const {
    if (!object.contains(key)) return;
    if (!object[key].is_number()) fail(place + "." + key, "must be a number");
    value = object[key].get<float>();
  }
  void flag(const json& object, const char* key, const std::string& place, bool& value) const {
    if (!object.contains(key)) return;
    if (!object[key].is_boolean()) fail(place + "." + key, "must be true or false");
    value = object[key].get<bool>();
  }

  void layer(const json& object, std::string place) {
    if (!object.is_object()) fail(place, "must be an object");
    Layer layer;
    layer.name = text(object, "name", place);
    place += " '" + layer.name + "'";
    layer.type = text(object, "type", place);
    const auto type = types().find(layer.type);
    if (type == types().end()) {
      std::string list;
      for (const auto& [name, each] : types()) list += (list.empty() ? "" : ", ") + name;
      fail(place + ".type", "unknown type \"" + layer.type + "\" (known: " + list + ")");
    }
    std::vector<const char*> keys = type->second.keys;
    keys.insert(keys.end(), {"name", "type", "inputs"});
    known(object, place, keys);
    layer.kind = type->second.kind;
    if (type->second.set != nullptr) type->second.set(layer);
    layer.output = layer.name;
    inputs(object, place, layer);
    window(object, place, layer);
    number(object, "kernels", place, layer.kernels);
    number(object, "groups", place, layer.groups);
    flag(object, "bias", place, layer.bias);
    flag(object, "round_up", place, layer.round_up);
    number(object, "local_size", place, layer.local_size);
    number(object, "alpha", place, layer.alpha);
    number(object, "beta", place, layer.beta);
    number(object, "k", place, layer.k);
    if (object.contains("shape")) layer.shape = shape(object, place);
    network_.layers.push_back(std::move(layer));
  }

  // By default what the layer before gives.
  void inputs(const json& object, const std::string& place, Layer& layer) const {
    if (!object.contains("inputs")) {
      if (!network_.layers.empty()) {
        layer.inputs = {network_.layers.back().output};
      } else if (!network_.inputs.empty()) {
        layer.inputs = {network_.inputs.front().name};
      }
      return;
    }
    if (!object["inputs"].is_array()) fail(place + ".inputs", "must be an array of names");
    for (const json& each : object["inputs"]) {
      if (!each.is_string()) fail(place + ".inputs", "must be an array of names");
      layer.inputs.push_back(each.get<std::string>());
    }
  }

  const std::string& path_;
  LayerNetwork network_;
};

}  // namespace

LayerNetwork parse_json_network(const std::string& text, const std::string& path) {
  json file;
  try {
    file = parse_strict_json(text, path);
  } catch (const std::runtime_error& error) {
    throw host::InputError(error.what());
  }
  return Reader(path).read(file);
}

LayerNetwork read_json_network(const std::string& path) {
  return parse_json_network(host::read_file(path, kLargestFile), path);
}

}  // namespace nvdla::mapper
