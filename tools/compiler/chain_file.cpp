// SPDX-License-Identifier: Apache-2.0
#include "tools/compiler/chain_file.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "hardware/strict_json.h"
#include "host/files/byte_source.h"
#include "host/images/npy.h"
#include "tools/compiler/chain_builder.h"

namespace nvdla::tools {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20U;
constexpr std::int64_t kLargestSize = 1024, kMostChannels = 8192;

// An object of the file, and what it is called there.
class Object {
 public:
  Object(const json& value, std::string where) : value_(value), where_(std::move(where)) {
    if (!value_.is_object()) throw host::InputError(where_ + ": must be an object");
  }
  [[noreturn]] void fail(const std::string& key, const std::string& what) const {
    throw host::InputError(where_ + ": \"" + key + "\" " + what);
  }
  [[nodiscard]] const json& at(const char* key) const {
    const auto found = value_.find(key);
    if (found == value_.end()) fail(key, "is missing");
    return *found;
  }
  [[nodiscard]] bool has(const char* key) const { return value_.contains(key); }
  [[nodiscard]] std::int64_t integer(const char* key, std::int64_t least, std::int64_t most) const {
    const json& value = at(key);
    if (!value.is_number_integer() || value < least || value > most)
      fail(key, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return value.get<std::int64_t>();
  }
  [[nodiscard]] bool yes(const char* key) const {
    if (!at(key).is_boolean()) fail(key, "must be true or false");
    return at(key).get<bool>();
  }
  [[nodiscard]] std::string text(const char* key) const {
    if (!at(key).is_string()) fail(key, "must be a string");
    return at(key).get<std::string>();
  }
  [[nodiscard]] float positive(const char* key) const {
    if (!at(key).is_number() || !(at(key).get<float>() > 0)) fail(key, "must be a number above 0");
    return at(key).get<float>();
  }
  void known(std::initializer_list<const char*> keys) const {
    for (const auto& [key, value] : value_.items())
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) fail(key, "is not known");
  }

 private:
  const json& value_;
  std::string where_;
};

template <typename Number>
std::vector<Number> array(const std::string& path) {
  std::vector<Number> result;
  for (const float value : host::read_npy(path).values) {
    const auto whole = static_cast<Number>(
        std::clamp<float>(value, std::numeric_limits<Number>::min(), std::numeric_limits<Number>::max()));
    if (static_cast<float>(whole) != value)
      throw host::InputError(path + ": " + std::to_string(value) + " is no whole number of " +
                             std::to_string(8 * sizeof(Number)) + " bits");
    result.push_back(whole);
  }
  return result;
}

void add_layer(ChainBuilder& chain, const Object& layer, const std::filesystem::path& folder) {
  layer.known(
      {"name", "kernels", "size", "relu", "pool", "weights", "bias", "bias_shift", "scale", "truncate"});
  ConvolutionValues values;
  values.name = layer.text("name");
  values.weights = array<std::int8_t>((folder / layer.text("weights")).string());
  values.bias = array<std::int16_t>((folder / layer.text("bias")).string());
  values.bias_shift = static_cast<std::uint8_t>(layer.integer("bias_shift", 0, 31));
  values.scale = static_cast<std::int16_t>(layer.integer("scale", 1, 32767));
  values.truncate = static_cast<std::uint8_t>(layer.integer("truncate", 0, 63));
  chain.convolution(static_cast<std::uint16_t>(layer.integer("kernels", 1, kMostChannels)),
                    static_cast<std::uint16_t>(layer.integer("size", 1, 32)), layer.yes("relu"),
                    layer.yes("pool"), values);
}

}  // namespace

std::vector<unsigned char> compile_chain(const std::string& path, const HardwareParameters& hardware) {
  try {
    const json document = parse_strict_json(host::read_file(path, kMostBytes), path);
    const Object root(document, path);
    root.known({"schema", "input", "layers", "softmax"});
    if (root.text("schema") != "nvdla-chain/1") root.fail("schema", "must be \"nvdla-chain/1\"");
    const Object input(root.at("input"), path + ": input");
    input.known({"width", "height", "channels"});
    ChainBuilder chain(hardware, Precision::kInt8,
                       static_cast<std::uint16_t>(input.integer("width", 1, kLargestSize)),
                       static_cast<std::uint16_t>(input.integer("height", 1, kLargestSize)),
                       static_cast<std::uint16_t>(input.integer("channels", 1, kMostChannels)));
    const json& layers = root.at("layers");
    if (!layers.is_array() || layers.empty()) root.fail("layers", "must be an array of layers");
    for (std::size_t i = 0; i < layers.size(); ++i)
      add_layer(chain, Object(layers[i], path + ": layers[" + std::to_string(i) + "]"),
                std::filesystem::path(path).parent_path());
    if (root.has("softmax")) {
      const Object softmax(root.at("softmax"), path + ": softmax");
      softmax.known({"input_scale", "output_scale"});
      chain.softmax(softmax.positive("input_scale"), softmax.positive("output_scale"));
    }
    return chain.finish();
  } catch (const host::InputError&) {
    throw;
  } catch (const std::invalid_argument& error) {
    throw host::InputError(path + ": " + error.what());
  } catch (const std::runtime_error& error) {
    throw host::InputError(error.what());
  }
}

}  // namespace nvdla::tools
