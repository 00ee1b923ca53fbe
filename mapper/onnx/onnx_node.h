// SPDX-License-Identifier: Apache-2.0
// One node of an ONNX graph: its attributes and the names of its values, checked as they are read. What is
// wrong is a host::InputError that names file, node and operator.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace nvdla::mapper {

class OnnxNode {
 public:
  // Both outlive it.
  OnnxNode(const onnx::NodeProto& node, const std::string& path) : node_(node), path_(path) {}

  [[nodiscard]] const std::string& type() const { return node_.op_type(); }
  [[nodiscard]] bool is_standard() const { return node_.domain().empty() || node_.domain() == "ai.onnx"; }
  // Its own, or that of what it computes.
  [[nodiscard]] std::string name() const;

  [[nodiscard]] int inputs() const { return node_.input_size(); }
  [[nodiscard]] bool has_input(int index) const {
    return index < node_.input_size() && !node_.input(index).empty();
  }
  [[nodiscard]] const std::string& input(int index) const;
  [[nodiscard]] int outputs() const { return node_.output_size(); }
  [[nodiscard]] bool has_output(int index) const {
    return index < node_.output_size() && !node_.output(index).empty();
  }
  [[nodiscard]] const std::string& output(int index = 0) const;

  // nullptr: there is none.
  [[nodiscard]] const onnx::AttributeProto* attribute(const char* name) const;
  [[nodiscard]] std::int64_t integer(const char* name, std::int64_t otherwise) const;
  [[nodiscard]] float real(const char* name, float otherwise) const;
  [[nodiscard]] std::vector<std::int64_t> integers(const char* name) const;
  // `count` numbers, or none.
  [[nodiscard]] std::vector<std::uint32_t> naturals(const char* name, int count) const;

  // A number that a size may be; `what` it is for.
  [[nodiscard]] std::uint32_t natural(std::int64_t value, const std::string& what) const;
  [[noreturn]] void fail(const std::string& what) const;

 private:
  const onnx::NodeProto& node_;
  const std::string& path_;
};

}  // namespace nvdla::mapper
