// SPDX-License-Identifier: Apache-2.0
#include "fuzz/onnx_seed.h"

#include <onnx/onnx_pb.h>

#include <initializer_list>

namespace nvdla::fuzz {

namespace {

class Builder {
 public:
  Builder() {
    model_.set_ir_version(7);
    model_.add_opset_import()->set_version(13);
    onnx::ValueInfoProto& input = *graph().add_input();
    input.set_name("x");
    onnx::TypeProto::Tensor& type = *input.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    for (const int size : {1, 3, 16, 16}) type.mutable_shape()->add_dim()->set_dim_value(size);
  }

  onnx::NodeProto& node(const char* type, const char* name, std::initializer_list<const char*> inputs) {
    onnx::NodeProto& result = *graph().add_node();
    result.set_op_type(type);
    for (const char* each : inputs) result.add_input(each);
    result.add_output(name);
    return result;
  }
  static void set(onnx::NodeProto& node, const char* name, std::initializer_list<int> values) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INTS);
    for (const int each : values) attribute.add_ints(each);
  }
  static void set(onnx::NodeProto& node, const char* name, int value) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(value);
  }
  void constant(const char* name, std::initializer_list<int> sizes) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const int each : sizes) tensor.add_dims(each);
  }
  void numbers(const char* name, std::initializer_list<int> values) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::INT64);
    tensor.add_dims(static_cast<std::int64_t>(values.size()));
    for (const int each : values) tensor.add_int64_data(each);
  }
  [[nodiscard]] std::string bytes() const { return model_.SerializeAsString(); }

 private:
  onnx::GraphProto& graph() { return *model_.mutable_graph(); }
  onnx::ModelProto model_;
};

}  // namespace

std::string onnx_seed() {
  Builder b;
  b.constant("w", {8, 3, 3, 3});
  b.constant("b", {8});
  onnx::NodeProto& conv = b.node("Conv", "c", {"x", "w", "b"});
  Builder::set(conv, "strides", {2, 2});
  Builder::set(conv, "pads", {1, 1, 1, 1});
  b.node("BatchNormalization", "n", {"c", "b", "b", "b", "b"});
  b.node("Relu", "r", {"n"});
  b.node("Add", "s", {"r", "c"});
  Builder::set(b.node("Concat", "k", {"s", "r"}), "axis", 1);
  Builder::set(b.node("LRN", "l", {"k"}), "size", 5);
  onnx::NodeProto& pool = b.node("MaxPool", "p", {"l"});
  Builder::set(pool, "kernel_shape", {2, 2});
  Builder::set(pool, "strides", {2, 2});
  b.numbers("to", {1, -1});
  b.node("Reshape", "f", {"p", "to"});
  b.constant("m", {10, 256});
  Builder::set(b.node("Gemm", "g", {"f", "m"}), "transB", 1);
  b.node("Softmax", "o", {"g"});
  return b.bytes();
}

}  // namespace nvdla::fuzz
