// SPDX-License-Identifier: Apache-2.0
#include "tests/support/trace_networks.h"

#include <algorithm>
#include <filesystem>
#include <regex>

#include "mapper/json_reader.h"

namespace nvdla::test {

namespace {

namespace fs = std::filesystem;
using mapper::Layer;
using mapper::LayerKind;
using mapper::LayerNetwork;

std::uint32_t number(const std::ssub_match& match) {
  return static_cast<std::uint32_t>(std::stoul(match.str()));
}

class Builder {
 public:
  Builder(const std::string& name, std::uint32_t channels, std::uint32_t height, std::uint32_t width) {
    network_.path = name;
    network_.inputs = {{"data", {channels, height, width}}};
  }
  Layer& add(const std::string& name, LayerKind kind) {
    Layer layer;
    layer.name = layer.output = name;
    layer.type = "test";
    layer.kind = kind;
    layer.inputs = {network_.layers.empty() ? "data" : network_.layers.back().output};
    network_.layers.push_back(layer);
    return network_.layers.back();
  }
  Layer& convolution(const std::string& name, std::uint32_t kernels, std::uint32_t window,
                     std::uint32_t stride) {
    Layer& layer = add(name, LayerKind::kConvolution);
    layer.kernels = kernels;
    layer.bias = true;
    layer.window.height = layer.window.width = window;
    layer.window.stride_y = layer.window.stride_x = stride;
    layer.window.top = layer.window.left = layer.window.bottom = layer.window.right = window / 2;
    return layer;
  }
  LayerNetwork finish() {
    mapper::complete(network_);
    return std::move(network_);
  }

 private:
  LayerNetwork network_;
};

// Single layers, by the names of their folders.
LayerNetwork single(const std::string& name) {
  std::smatch m;
  if (std::regex_match(name, m, std::regex("u_conv\\d+_c(\\d+)_(\\d+)x(\\d+)_k(\\d+)_r(\\d+)_s(\\d+)"))) {
    Builder builder(name, number(m[1]), number(m[2]), number(m[3]));
    Layer& layer = builder.convolution("conv", number(m[4]), number(m[5]), number(m[6]));
    if (name.find("_5x5_") != std::string::npos || name.find("_30x20_") != std::string::npos)
      layer.window.top = layer.window.left = layer.window.bottom = layer.window.right = 0;
    return builder.finish();
  }
  if (name == "u_conv_nobias") {
    Builder builder(name, 64, 28, 28);
    builder.convolution("conv", 64, 3, 1).bias = false;
    return builder.finish();
  }
  if (std::regex_match(name, m, std::regex("u_conv_act_(\\w+)"))) {
    Builder builder(name, 64, 28, 28);
    builder.convolution("conv", 64, 3, 1);
    builder.add("act", LayerKind::kActivation).activation = m[1] == "relu"      ? mapper::Activation::kRelu
                                                            : m[1] == "sigmoid" ? mapper::Activation::kSigmoid
                                                                                : mapper::Activation::kTanh;
    return builder.finish();
  }
  if (std::regex_match(name, m, std::regex("u_fc_(\\d+)_(\\d+)"))) {
    Builder builder(name, number(m[1]), 1, 1);
    Layer& layer = builder.add("fc", LayerKind::kFullyConnected);
    layer.kernels = number(m[2]);
    layer.bias = true;
    return builder.finish();
  }
  if (std::regex_match(name, m, std::regex("u_fc_(\\d+)x(\\d+)x(\\d+)_(\\d+)"))) {
    Builder builder(name, number(m[3]), number(m[2]), number(m[1]));
    Layer& layer = builder.add("fc", LayerKind::kFullyConnected);
    layer.kernels = number(m[4]);
    layer.bias = true;
    return builder.finish();
  }
  if (std::regex_match(name, m, std::regex("u_lrn_(\\d+)x(\\d+)"))) {
    Builder builder(name, number(m[1]), number(m[2]), number(m[2]));
    builder.add("norm", LayerKind::kNormalisation);
    return builder.finish();
  }
  if (std::regex_match(name, m, std::regex("u_bn_relu_(\\d+)x(\\d+)"))) {
    Builder builder(name, number(m[1]), number(m[2]), number(m[2]));
    builder.add("bn", LayerKind::kBatchNorm);
    builder.add("relu", LayerKind::kActivation);
    return builder.finish();
  }
  if (name == "u_elt_64x28") {
    Builder builder(name, 64, 28, 28);
    builder.convolution("ca", 64, 1, 1);
    builder.convolution("cb", 64, 1, 1).inputs = {"data"};
    builder.add("sum", LayerKind::kElementWise).inputs = {"ca", "cb"};
    return builder.finish();
  }
  struct Pool {
    const char* name;
    std::uint32_t channels, height, width, window, stride, padding;
    bool average;
  };
  static const Pool kPools[] = {
      {"u_pool_ave2", 20, 24, 24, 2, 2, 0, true},       {"u_pool_ave7", 512, 7, 7, 7, 1, 0, true},
      {"u_pool_max2", 64, 56, 56, 2, 2, 0, false},      {"u_pool_max3_wide", 16, 56, 200, 3, 2, 0, false},
      {"u_pool_max3s1p1", 256, 14, 14, 3, 1, 1, false}, {"u_pool_max3s2", 96, 55, 55, 3, 2, 0, false}};
  for (const Pool& pool : kPools) {
    if (name != pool.name) continue;
    Builder builder(name, pool.channels, pool.height, pool.width);
    Layer& layer = builder.add("pool", LayerKind::kPooling);
    layer.round_up = true;
    layer.window.height = layer.window.width = pool.window;
    layer.window.stride_y = layer.window.stride_x = pool.stride;
    layer.window.top = layer.window.left = layer.window.bottom = layer.window.right = pool.padding;
    if (pool.average) layer.pooling = mapper::PoolingMode::kAverage;
    return builder.finish();
  }
  throw std::runtime_error("no layers are known for the trace " + name);
}

}  // namespace

std::vector<TraceNetwork> trace_networks(const std::string& folder) {
  std::vector<TraceNetwork> result;
  if (!fs::is_directory(folder)) return result;
  const std::regex pattern("(\\w+?)(_img)?_(nv_full|nv_small)_(int8|fp16)");
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_directory()) continue;
    TraceNetwork trace;
    trace.trace = entry.path().filename().string();
    std::smatch m;
    if (!std::regex_match(trace.trace, m, pattern)) throw std::runtime_error("unknown trace " + trace.trace);
    trace.configuration = m[3];
    trace.options.precision = m[4] == "int8" ? Precision::kInt8 : Precision::kFp16;
    trace.options.image = m[2].matched;
    const std::string name = m[1];
    trace.network = name == "lenet" || name == "alexnet"
                        ? mapper::read_json_network(NVDLA_SOURCE_DIR "/examples/networks/" + name + ".json")
                        : single(name);
    result.push_back(std::move(trace));
  }
  std::sort(result.begin(), result.end(),
            [](const TraceNetwork& a, const TraceNetwork& b) { return a.trace < b.trace; });
  return result;
}

}  // namespace nvdla::test
