// SPDX-License-Identifier: Apache-2.0
#include "mapper/onnx/onnx_reader.h"

#include "host/files/byte_source.h"
#include "mapper/onnx/network_builder.h"
#include "mapper/onnx/onnx_model.h"
#include "mapper/onnx/operators.h"

namespace nvdla::mapper {

namespace {

constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 31U;

// Is what it computes known without the network's values: a computation with shapes and constants only?
bool only_constants(const OnnxNode& node, NetworkBuilder& network) {
  for (int i = 0; i < node.inputs(); ++i) {
    if (!node.has_input(i)) continue;
    if (network.has_tensor(node.input(i)) || network.constant(node, i) == nullptr) return false;
  }
  return true;
}

// A constant under another name, or the value of a node, keeps its dimensions; of any other computation with
// constants nothing is known.
bool keeps_dimensions(const OnnxNode& node) {
  return node.type() == "Constant" || find_operator(node.type()) == find_operator("Identity");
}

void read_node(const OnnxNode& node, NetworkBuilder& network) {
  const OnnxOperator read = node.is_standard() ? find_operator(node.type()) : nullptr;
  if (read == nullptr || (only_constants(node, network) && !keeps_dimensions(node))) {
    network.add_for_cpu(node);
  } else {
    read(node, network);
  }
}

}  // namespace

LayerNetwork parse_onnx_network(const void* data, std::size_t size, const std::string& path) {
  OnnxModel model(data, size, path);
  NetworkBuilder network(model, path);
  for (const onnx::NodeProto& node : model.graph().node()) read_node({node, path}, network);
  return network.finish();
}

LayerNetwork read_onnx_network(const std::string& path) {
  const std::string bytes = host::read_file(path, kLargestFile);
  return parse_onnx_network(bytes.data(), bytes.size(), path);
}

}  // namespace nvdla::mapper
