// SPDX-License-Identifier: Apache-2.0
// The network of layers that grows while the nodes of an ONNX graph are read: which ONNX value is which of
// its tensors, which names are taken, and for how many inputs the weights of a layer are.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mapper/layers.h"
#include "mapper/onnx/onnx_model.h"
#include "mapper/onnx/onnx_node.h"

namespace nvdla::mapper {

class NetworkBuilder {
 public:
  // Begins with the inputs of the graph. Both outlive it.
  NetworkBuilder(OnnxModel& model, const std::string& path);

  [[nodiscard]] OnnxModel& model() { return model_; }
  // Has the network a tensor for this ONNX value?
  [[nodiscard]] bool has_tensor(const std::string& value) const { return tensors_.count(value) != 0; }
  // The tensor that an input of the node is; "" for a constant or a shape.
  [[nodiscard]] std::string tensor(const OnnxNode& node, int index) const;
  // The same, where there must be one.
  [[nodiscard]] std::string needed_tensor(const OnnxNode& node, int index) const;
  [[nodiscard]] const Dimensions* constant(const OnnxNode& node, int index) const;

  // The layer that the node is.
  Layer& add(const OnnxNode& node, LayerKind kind, std::vector<std::string> inputs);
  // The weights of the layer added last are for so many inputs.
  void expect_inputs(std::uint32_t count) { expected_[network_.layers.size() - 1] = count; }
  // The node's output is its input, or the tensor of that input, under another name.
  void alias(const OnnxNode& node);
  // A layer for software: nothing that the accelerator has.
  void add_for_cpu(const OnnxNode& node);

  // The whole network, its shapes known.
  [[nodiscard]] LayerNetwork finish();

 private:
  void add_input(const onnx::ValueInfoProto& value);
  void check_weights() const;

  OnnxModel& model_;
  const std::string& path_;
  LayerNetwork network_;
  std::map<std::string, std::string> tensors_;  // of the network, by the name of the ONNX value
  std::set<std::string> names_;
  std::map<std::size_t, std::uint32_t> expected_;  // inputs of a kernel, by layer
};

// Channels, height and width of (batch, channels, height, width) or less; nothing where one is not 1 to 8192.
// `bad`: the first dimension that is not.
[[nodiscard]] std::optional<Shape> shape_without_batch(const Dimensions& dimensions,
                                                       std::size_t* bad = nullptr);

}  // namespace nvdla::mapper
