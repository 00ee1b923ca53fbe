// SPDX-License-Identifier: Apache-2.0
// ONNX models for tests, node by node, as exporters write them; weights have shapes and no values.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace nvdla::test {

class OnnxBuilder {
 public:
  using Numbers = std::vector<std::int64_t>;

  // Of a batch with a name, as exporters write it.
  OnnxBuilder(const std::string& input, const Numbers& channels_height_width);

  // A node with one output, called as the node is.
  onnx::NodeProto& add(const std::string& type, const std::string& name,
                       const std::vector<std::string>& inputs);
  // A constant without values.
  std::string weights(const std::string& name, const Numbers& dimensions);
  std::string integers(const std::string& name, const Numbers& values);

  static void set(onnx::NodeProto& node, const std::string& name, std::int64_t value);
  static void set(onnx::NodeProto& node, const std::string& name, const Numbers& values);
  static void set(onnx::NodeProto& node, const std::string& name, float value);
  static void set(onnx::NodeProto& node, const std::string& name, const std::string& value);

  // The same kernel, stride and padding in both directions. `channels` of its input.
  std::string convolution(const std::string& name, const std::string& input, std::int64_t channels,
                          std::int64_t kernels, std::int64_t window, std::int64_t stride = 1,
                          std::int64_t padding = 0, std::int64_t groups = 1, bool bias = true);
  std::string pool(const std::string& type, const std::string& name, const std::string& input,
                   std::int64_t window, std::int64_t stride, std::int64_t padding = 0);
  std::string fully_connected(const std::string& name, const std::string& input, std::int64_t inputs,
                              std::int64_t outputs);
  std::string simple(const std::string& type, const std::string& name,
                     const std::vector<std::string>& inputs);
  std::string batch_norm(const std::string& name, const std::string& input, std::int64_t channels);

  [[nodiscard]] onnx::ModelProto& model() { return model_; }
  // The model with this output, as bytes.
  [[nodiscard]] std::string finish(const std::string& output);

 private:
  onnx::ModelProto model_;
};

// BVLC's networks, as in examples/networks.
[[nodiscard]] std::string onnx_lenet();
[[nodiscard]] std::string onnx_alexnet();

}  // namespace nvdla::test
