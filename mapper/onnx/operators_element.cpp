// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mapper/onnx/operators.h"

namespace nvdla::mapper {

namespace {

Layer& add_layer(const OnnxNode& node, NetworkBuilder& network, LayerKind kind) {
  return network.add(node, kind, {network.needed_tensor(node, 0)});
}

// One number, or one for each channel.
bool of_channel(const Dimensions& dimensions) {
  return std::count_if(dimensions.begin(), dimensions.end(), [](std::int64_t each) { return each != 1; }) <=
         1;
}

// Of two tensors, or of a tensor and a constant of one number or one for each channel.
void arithmetic(const OnnxNode& node, NetworkBuilder& network, std::optional<ElementWise> of_tensors,
                std::optional<LayerKind> of_constant) {
  if (node.inputs() != 2) return network.add_for_cpu(node);
  const std::string first = network.tensor(node, 0), second = network.tensor(node, 1);
  if (!first.empty() && !second.empty() && of_tensors) {
    network.add(node, LayerKind::kElementWise, {first, second}).element_wise = *of_tensors;
    return;
  }
  const int at = network.constant(node, 1) != nullptr ? 1 : 0;
  const Dimensions* factor = network.constant(node, at);
  const std::string& value = at == 1 ? first : second;
  const bool commutes = of_tensors.has_value();
  if (factor == nullptr || value.empty() || !of_constant || (at == 0 && !commutes) || !of_channel(*factor))
    return network.add_for_cpu(node);
  network.add(node, *of_constant, {value});
}

}  // namespace

void batch_norm(const OnnxNode& node, NetworkBuilder& network) {
  add_layer(node, network, LayerKind::kBatchNorm);
}
void relu(const OnnxNode& node, NetworkBuilder& network) { add_layer(node, network, LayerKind::kActivation); }
void sigmoid(const OnnxNode& node, NetworkBuilder& network) {
  add_layer(node, network, LayerKind::kActivation).activation = Activation::kSigmoid;
}
void tanh(const OnnxNode& node, NetworkBuilder& network) {
  add_layer(node, network, LayerKind::kActivation).activation = Activation::kTanh;
}

void add_values(const OnnxNode& node, NetworkBuilder& network) {
  arithmetic(node, network, ElementWise::kSum, LayerKind::kBias);
}
void subtract(const OnnxNode& node, NetworkBuilder& network) {
  arithmetic(node, network, std::nullopt, LayerKind::kBias);
}
void multiply(const OnnxNode& node, NetworkBuilder& network) {
  arithmetic(node, network, ElementWise::kProduct, LayerKind::kScale);
}
void divide(const OnnxNode& node, NetworkBuilder& network) {
  arithmetic(node, network, std::nullopt, LayerKind::kScale);
}
void sum(const OnnxNode& node, NetworkBuilder& network) {
  arithmetic(node, network, ElementWise::kSum, std::nullopt);
}
void maximum(const OnnxNode& node, NetworkBuilder& network) {
  arithmetic(node, network, ElementWise::kMaximum, std::nullopt);
}

}  // namespace nvdla::mapper
