// SPDX-License-Identifier: Apache-2.0
// An ONNX model without its weights, with the shapes that ONNX infers: what the reader looks things up in.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nvdla::mapper {

using Dimensions = std::vector<std::int64_t>;  // below 0: not known

class OnnxModel {
 public:
  // Throws host::InputError: no model, no graph, functions of its own.
  OnnxModel(const void* data, std::size_t size, const std::string& path);

  [[nodiscard]] const onnx::GraphProto& graph() const { return model_.graph(); }
  // Dimensions of a constant; nothing where `name` is no constant.
  [[nodiscard]] const Dimensions* constant(const std::string& name) const;
  // A further constant: the result of a node that has constants only.
  void add_constant(const std::string& name, Dimensions dimensions) {
    constants_[name] = std::move(dimensions);
  }
  // Integers that a constant holds; nothing where they are not in the model.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> integers(const std::string& name) const;
  // Of an input or a value in between, as far as ONNX knows.
  [[nodiscard]] const Dimensions* shape(const std::string& name) const;

 private:
  void take_weights();
  void infer();

  std::string path_;
  onnx::ModelProto model_;
  std::map<std::string, Dimensions> constants_, shapes_;
  std::map<std::string, std::vector<std::int64_t>> integers_;
};

}  // namespace nvdla::mapper
