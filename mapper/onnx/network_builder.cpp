// SPDX-License-Identifier: Apache-2.0
#include "mapper/onnx/network_builder.h"

#include <array>

#include "host/files/byte_source.h"

namespace nvdla::mapper {

std::optional<Shape> shape_without_batch(const Dimensions& dimensions, std::size_t* bad) {
  std::array<std::uint32_t, 3> sizes{1, 1, 1};
  for (std::size_t i = 1; i < dimensions.size(); ++i) {
    if (dimensions[i] < 1 || dimensions[i] > 8192) {
      if (bad != nullptr) *bad = i;
      return std::nullopt;
    }
    sizes[i - 1] = static_cast<std::uint32_t>(dimensions[i]);
  }
  return Shape{sizes[0], sizes[1], sizes[2]};
}

NetworkBuilder::NetworkBuilder(OnnxModel& model, const std::string& path) : model_(model), path_(path) {
  network_.path = path;
  for (const onnx::ValueInfoProto& value : model_.graph().input())
    if (model_.constant(value.name()) == nullptr) add_input(value);
}

void NetworkBuilder::add_input(const onnx::ValueInfoProto& value) {
  const Dimensions* shape = model_.shape(value.name());
  const auto bad = [&](const std::string& what) {
    throw host::InputError(path_ + ": input '" + value.name() + "': " + what);
  };
  if (shape == nullptr) bad("has no shape");
  if (shape->size() != 4 && shape->size() != 2)
    bad("has " + std::to_string(shape->size()) +
        " dimensions, must have 4 (batch, channels, height, width) or 2");
  if ((*shape)[0] > 1)
    bad("has a batch of " + std::to_string((*shape)[0]) + "; one image at a time is mapped");
  std::size_t wrong = 0;
  const std::optional<Shape> sizes = shape_without_batch(*shape, &wrong);
  if (!sizes) bad("dimension " + std::to_string(wrong) + " must be a number from 1 to 8192");
  network_.inputs.push_back({value.name(), *sizes});
  tensors_[value.name()] = value.name();
}

std::string NetworkBuilder::tensor(const OnnxNode& node, int index) const {
  const auto found = tensors_.find(node.input(index));
  return found == tensors_.end() ? "" : found->second;
}
std::string NetworkBuilder::needed_tensor(const OnnxNode& node, int index) const {
  std::string found = tensor(node, index);
  if (found.empty()) node.fail("its input '" + node.input(index) + "' is no value of the network before it");
  return found;
}
const Dimensions* NetworkBuilder::constant(const OnnxNode& node, int index) const {
  return node.has_input(index) ? model_.constant(node.input(index)) : nullptr;
}

Layer& NetworkBuilder::add(const OnnxNode& node, LayerKind kind, std::vector<std::string> inputs) {
  Layer layer;
  layer.name = node.name();
  // ONNX asks for no unique names.
  if (!names_.insert(layer.name).second) {
    layer.name = node.output();
    if (!names_.insert(layer.name).second) node.fail("there is another node of this name");
  }
  layer.type = node.type();
  layer.kind = kind;
  layer.inputs = std::move(inputs);
  layer.output = node.output();
  if (!tensors_.emplace(layer.output, layer.output).second) node.fail("its output exists already");
  network_.layers.push_back(std::move(layer));
  return network_.layers.back();
}

void NetworkBuilder::alias(const OnnxNode& node) {
  if (const Dimensions* dimensions = constant(node, 0)) {
    model_.add_constant(node.output(), *dimensions);
  } else {
    tensors_[node.output()] = needed_tensor(node, 0);
  }
}

void NetworkBuilder::add_for_cpu(const OnnxNode& node) {
  std::vector<std::string> inputs;
  for (int i = 0; i < node.inputs(); ++i)
    if (node.has_input(i) && !tensor(node, i).empty()) inputs.push_back(tensor(node, i));
  // A computation with shapes.
  if (inputs.empty() || node.type() == "Shape") {
    for (int i = 0; i < node.outputs(); ++i)
      if (node.has_output(i)) model_.add_constant(node.output(i), {});
    return;
  }
  Layer& layer = add(node, LayerKind::kCpu, std::move(inputs));
  const Dimensions* shape = model_.shape(node.output());
  if (shape == nullptr || shape->size() < 2 || shape->size() > 4) return;
  if (const std::optional<Shape> sizes = shape_without_batch(*shape)) layer.shape = *sizes;
}

LayerNetwork NetworkBuilder::finish() {
  complete(network_);
  check_weights();
  return std::move(network_);
}

// The channels that the weights are for, now that shapes are known.
void NetworkBuilder::check_weights() const {
  std::map<std::string, Shape> shapes;
  for (const NetworkInput& each : network_.inputs) shapes[each.name] = each.shape;
  for (std::size_t i = 0; i < network_.layers.size(); ++i) {
    const Layer& layer = network_.layers[i];
    shapes[layer.output] = layer.shape;
    const auto expected = expected_.find(i);
    if (expected == expected_.end()) continue;
    const Shape& in = shapes.at(layer.inputs.front());
    const std::uint64_t has = layer.kind == LayerKind::kConvolution
                                  ? in.channels / layer.groups
                                  : std::uint64_t{in.channels} * in.height * in.width;
    if (has != expected->second)
      throw host::InputError(path_ + ": node '" + layer.name + "' (" + layer.type +
                             "): its weights are for " + std::to_string(expected->second) +
                             " inputs, it has " + std::to_string(has));
  }
}

}  // namespace nvdla::mapper
