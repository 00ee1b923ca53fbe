// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mapper/onnx/operators.h"

namespace nvdla::mapper {

namespace {

void automatic_padding(const OnnxNode& node, NetworkBuilder& network, Window& window) {
  const onnx::AttributeProto* mode = node.attribute("auto_pad");
  if (mode == nullptr || mode->s().empty() || mode->s() == "NOTSET") return;
  window.top = window.left = window.bottom = window.right = 0;
  if (mode->s() == "VALID") return;
  if (mode->s() != "SAME_UPPER" && mode->s() != "SAME_LOWER")
    node.fail("unknown auto_pad '" + mode->s() + "'");
  const Dimensions* shape = network.model().shape(node.input(0));
  if (shape == nullptr || shape->size() != 4) node.fail("auto_pad needs the shape of its input");
  const bool lower = mode->s() == "SAME_LOWER";
  const auto pad = [&](std::int64_t size, std::uint32_t extent, std::uint32_t dilation, std::uint32_t stride,
                       std::uint32_t& before, std::uint32_t& after) {
    if (size < 1 || size > 8192 || stride == 0)
      node.fail("auto_pad needs the shape of its input, and a stride");
    const std::int64_t reach = (std::int64_t{extent} - 1) * dilation + 1;
    const std::int64_t places = (size + stride - 1) / stride;
    const std::int64_t all = std::max<std::int64_t>(0, (places - 1) * stride + reach - size);
    before = node.natural(lower ? (all + 1) / 2 : all / 2, "padding");
    after = node.natural(all - before, "padding");
  };
  pad((*shape)[2], window.height, window.dilation_y, window.stride_y, window.top, window.bottom);
  pad((*shape)[3], window.width, window.dilation_x, window.stride_x, window.left, window.right);
}

void read_window(const OnnxNode& node, NetworkBuilder& network, Window& window) {
  const auto two = [&](const char* name, std::uint32_t& first, std::uint32_t& second) {
    const std::vector<std::uint32_t> values = node.naturals(name, 2);
    if (values.empty()) return;
    first = values[0];
    second = values[1];
  };
  two("kernel_shape", window.height, window.width);
  two("strides", window.stride_y, window.stride_x);
  two("dilations", window.dilation_y, window.dilation_x);
  const std::vector<std::uint32_t> pads = node.naturals("pads", 4);
  if (!pads.empty()) {
    window.top = pads[0];
    window.left = pads[1];
    window.bottom = pads[2];
    window.right = pads[3];
  }
  automatic_padding(node, network, window);
}

void pooling(const OnnxNode& node, NetworkBuilder& network, PoolingMode mode) {
  if (node.has_output(1)) return network.add_for_cpu(node);
  Layer& layer = network.add(node, LayerKind::kPooling, {network.needed_tensor(node, 0)});
  if (node.naturals("kernel_shape", 2).empty()) node.fail("has no kernel_shape");
  read_window(node, network, layer.window);
  layer.pooling = mode;
  layer.round_up = node.integer("ceil_mode", 0) != 0;
}

void global_pool(const OnnxNode& node, NetworkBuilder& network, PoolingMode mode) {
  Layer& layer = network.add(node, LayerKind::kPooling, {network.needed_tensor(node, 0)});
  layer.global = true;
  layer.pooling = mode;
}

}  // namespace

void convolution(const OnnxNode& node, NetworkBuilder& network) {
  const Dimensions* weights = network.constant(node, 1);
  if (weights == nullptr) node.fail("its weights are not constant");
  if (weights->size() != 4)
    node.fail("its weights have " + std::to_string(weights->size()) + " dimensions, must have 4");
  Layer& layer = network.add(node, LayerKind::kConvolution, {network.needed_tensor(node, 0)});
  layer.window.height = node.natural((*weights)[2], "the height of its weights");
  layer.window.width = node.natural((*weights)[3], "the width of its weights");
  const Window of_weights = layer.window;
  read_window(node, network, layer.window);
  if (layer.window.height != of_weights.height || layer.window.width != of_weights.width)
    node.fail("kernel_shape and the shape of its weights differ");
  layer.kernels = node.natural((*weights)[0], "the number of its kernels");
  layer.groups = node.natural(node.integer("group", 1), "group");
  layer.bias = node.has_input(2);
  network.expect_inputs(node.natural((*weights)[1], "the channels of its weights"));
}

void max_pool(const OnnxNode& node, NetworkBuilder& network) {
  pooling(node, network, PoolingMode::kMaximum);
}
void average_pool(const OnnxNode& node, NetworkBuilder& network) {
  pooling(node, network, PoolingMode::kAverage);
}
void global_max_pool(const OnnxNode& node, NetworkBuilder& network) {
  global_pool(node, network, PoolingMode::kMaximum);
}
void global_average_pool(const OnnxNode& node, NetworkBuilder& network) {
  global_pool(node, network, PoolingMode::kAverage);
}
void reduce_mean(const OnnxNode& node, NetworkBuilder& network) {
  std::vector<std::int64_t> axes = node.integers("axes");
  if (axes.empty() && node.has_input(1))
    axes = network.model().integers(node.input(1)).value_or(std::vector<std::int64_t>{});
  for (std::int64_t& axis : axes)
    if (axis < 0) axis += 4;
  std::sort(axes.begin(), axes.end());
  if (axes != std::vector<std::int64_t>{2, 3}) return network.add_for_cpu(node);
  global_pool(node, network, PoolingMode::kAverage);
}

}  // namespace nvdla::mapper
