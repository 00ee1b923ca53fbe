// SPDX-License-Identifier: Apache-2.0
#include "mapper/onnx/operators.h"

#include <map>

namespace nvdla::mapper {

namespace {

void fully_connected(const OnnxNode& node, NetworkBuilder& network, const Dimensions& weights,
                     bool transposed, bool bias) {
  if (weights.size() != 2)
    node.fail("its weights have " + std::to_string(weights.size()) + " dimensions, must have 2");
  Layer& layer = network.add(node, LayerKind::kFullyConnected, {network.needed_tensor(node, 0)});
  layer.kernels = node.natural(weights[transposed ? 0 : 1], "the number of its outputs");
  layer.bias = bias;
  network.expect_inputs(node.natural(weights[transposed ? 1 : 0], "the number of its inputs"));
}
void gemm(const OnnxNode& node, NetworkBuilder& network) {
  const Dimensions* weights = network.constant(node, 1);
  if (weights == nullptr || node.integer("transA", 0) != 0) return network.add_for_cpu(node);
  fully_connected(node, network, *weights, node.integer("transB", 0) != 0, node.has_input(2));
}
void matrix_product(const OnnxNode& node, NetworkBuilder& network) {
  const Dimensions* weights = network.constant(node, 1);
  if (weights == nullptr || weights->size() != 2) return network.add_for_cpu(node);
  fully_connected(node, network, *weights, false, false);
}

void normalisation(const OnnxNode& node, NetworkBuilder& network) {
  Layer& layer = network.add(node, LayerKind::kNormalisation, {network.needed_tensor(node, 0)});
  layer.local_size = node.natural(node.integer("size", 0), "size");
  layer.alpha = node.real("alpha", 0.0001F);
  layer.beta = node.real("beta", 0.75F);
  layer.k = node.real("bias", 1);
}

void concatenation(const OnnxNode& node, NetworkBuilder& network) {
  const std::int64_t axis = node.integer("axis", 1);
  if (axis != 1 && axis != -3) return network.add_for_cpu(node);
  std::vector<std::string> inputs;
  for (int i = 0; i < node.inputs(); ++i) {
    inputs.push_back(network.tensor(node, i));
    if (inputs.back().empty()) return network.add_for_cpu(node);
  }
  network.add(node, LayerKind::kConcatenation, std::move(inputs));
}

void same(const OnnxNode& node, NetworkBuilder& network) { network.alias(node); }

// Only where all that follows the batch becomes one dimension, or none changes but for trailing ones.
void reshape(const OnnxNode& node, NetworkBuilder& network) {
  const Dimensions* to = network.model().shape(node.output());
  const Dimensions* from = network.model().shape(node.input(0));
  const auto target = node.has_input(1) ? network.model().integers(node.input(1)) : std::nullopt;
  const bool flat = (to != nullptr && to->size() == 2) || (target && target->size() == 2);
  const auto sizes = [](const Dimensions& dimensions) {
    Dimensions result;
    for (std::size_t i = 1; i < dimensions.size(); ++i)
      if (dimensions[i] != 1) result.push_back(dimensions[i]);
    return result;
  };
  const bool unchanged =
      to != nullptr && from != nullptr && (*to == *from || (to->size() > 1 && sizes(*to) == sizes(*from)));
  if (flat || unchanged) {
    network.alias(node);
  } else {
    network.add_for_cpu(node);
  }
}

void softmax(const OnnxNode& node, NetworkBuilder& network) {
  network.add(node, LayerKind::kCpu, {network.needed_tensor(node, 0)}).known_to_software = true;
}

void constant(const OnnxNode& node, NetworkBuilder& network) {
  Dimensions dimensions;
  if (const onnx::AttributeProto* value = node.attribute("value"))
    dimensions = {value->t().dims().begin(), value->t().dims().end()};
  network.model().add_constant(node.output(), dimensions);
}

}  // namespace

OnnxOperator find_operator(const std::string& type) {
  static const std::map<std::string, OnnxOperator> operators = {{"Conv", convolution},
                                                                {"Gemm", gemm},
                                                                {"MatMul", matrix_product},
                                                                {"MaxPool", max_pool},
                                                                {"AveragePool", average_pool},
                                                                {"GlobalMaxPool", global_max_pool},
                                                                {"GlobalAveragePool", global_average_pool},
                                                                {"ReduceMean", reduce_mean},
                                                                {"LRN", normalisation},
                                                                {"BatchNormalization", batch_norm},
                                                                {"Relu", relu},
                                                                {"Sigmoid", sigmoid},
                                                                {"Tanh", mapper::tanh},
                                                                {"Add", add_values},
                                                                {"Sub", subtract},
                                                                {"Mul", multiply},
                                                                {"Div", divide},
                                                                {"Sum", sum},
                                                                {"Max", maximum},
                                                                {"Concat", concatenation},
                                                                {"Dropout", same},
                                                                {"Identity", same},
                                                                {"Cast", same},
                                                                {"QuantizeLinear", same},
                                                                {"DequantizeLinear", same},
                                                                {"Flatten", same},
                                                                {"Reshape", reshape},
                                                                {"Squeeze", reshape},
                                                                {"Unsqueeze", reshape},
                                                                {"Softmax", softmax},
                                                                {"LogSoftmax", softmax},
                                                                {"Constant", constant}};
  const auto found = operators.find(type);
  return found == operators.end() ? nullptr : found->second;
}

}  // namespace nvdla::mapper
