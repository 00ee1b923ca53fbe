// SPDX-License-Identifier: Apache-2.0
#include "tests/support/onnx_builder.h"

namespace nvdla::test {

OnnxBuilder::OnnxBuilder(const std::string& input, const Numbers& channels_height_width) {
  model_.set_ir_version(7);
  model_.add_opset_import()->set_version(13);
  onnx::ValueInfoProto& value = *model_.mutable_graph()->add_input();
  value.set_name(input);
  onnx::TypeProto::Tensor& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx::TensorProto::FLOAT);
  tensor.mutable_shape()->add_dim()->set_dim_param("N");
  for (const std::int64_t each : channels_height_width)
    tensor.mutable_shape()->add_dim()->set_dim_value(each);
  model_.mutable_graph()->set_name("test");
}

onnx::NodeProto& OnnxBuilder::add(const std::string& type, const std::string& name,
                                  const std::vector<std::string>& inputs) {
  onnx::NodeProto& node = *model_.mutable_graph()->add_node();
  node.set_op_type(type);
  node.set_name(name);
  for (const std::string& each : inputs) node.add_input(each);
  node.add_output(name);
  return node;
}

std::string OnnxBuilder::weights(const std::string& name, const Numbers& dimensions) {
  onnx::TensorProto& tensor = *model_.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t each : dimensions) tensor.add_dims(each);
  return name;
}

std::string OnnxBuilder::integers(const std::string& name, const Numbers& values) {
  onnx::TensorProto& tensor = *model_.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::INT64);
  tensor.add_dims(static_cast<std::int64_t>(values.size()));
  for (const std::int64_t each : values) tensor.add_int64_data(each);
  return name;
}

namespace {

onnx::AttributeProto& attribute(onnx::NodeProto& node, const std::string& name,
                                onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto& result = *node.add_attribute();
  result.set_name(name);
  result.set_type(type);
  return result;
}

}  // namespace

void OnnxBuilder::set(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  attribute(node, name, onnx::AttributeProto::INT).set_i(value);
}
void OnnxBuilder::set(onnx::NodeProto& node, const std::string& name, const Numbers& values) {
  onnx::AttributeProto& list = attribute(node, name, onnx::AttributeProto::INTS);
  for (const std::int64_t each : values) list.add_ints(each);
}
void OnnxBuilder::set(onnx::NodeProto& node, const std::string& name, float value) {
  attribute(node, name, onnx::AttributeProto::FLOAT).set_f(value);
}
void OnnxBuilder::set(onnx::NodeProto& node, const std::string& name, const std::string& value) {
  attribute(node, name, onnx::AttributeProto::STRING).set_s(value);
}

std::string OnnxBuilder::convolution(const std::string& name, const std::string& input, std::int64_t channels,
                                     std::int64_t kernels, std::int64_t window, std::int64_t stride,
                                     std::int64_t padding, std::int64_t groups, bool bias) {
  std::vector<std::string> inputs = {input,
                                     weights(name + ".weight", {kernels, channels / groups, window, window})};
  if (bias) inputs.push_back(weights(name + ".bias", {kernels}));
  onnx::NodeProto& node = add("Conv", name, inputs);
  set(node, "kernel_shape", Numbers{window, window});
  set(node, "strides", Numbers{stride, stride});
  set(node, "pads", Numbers{padding, padding, padding, padding});
  if (groups != 1) set(node, "group", groups);
  return name;
}

std::string OnnxBuilder::pool(const std::string& type, const std::string& name, const std::string& input,
                              std::int64_t window, std::int64_t stride, std::int64_t padding) {
  onnx::NodeProto& node = add(type, name, {input});
  set(node, "kernel_shape", Numbers{window, window});
  set(node, "strides", Numbers{stride, stride});
  set(node, "pads", Numbers{padding, padding, padding, padding});
  return name;
}

std::string OnnxBuilder::fully_connected(const std::string& name, const std::string& input,
                                         std::int64_t inputs, std::int64_t outputs) {
  set(add("Gemm", name,
          {input, weights(name + ".weight", {outputs, inputs}), weights(name + ".bias", {outputs})}),
      "transB", std::int64_t{1});
  return name;
}

std::string OnnxBuilder::simple(const std::string& type, const std::string& name,
                                const std::vector<std::string>& inputs) {
  add(type, name, inputs);
  return name;
}

std::string OnnxBuilder::batch_norm(const std::string& name, const std::string& input,
                                    std::int64_t channels) {
  std::vector<std::string> inputs = {input};
  for (const char* part : {".scale", ".B", ".mean", ".var"})
    inputs.push_back(weights(name + part, {channels}));
  return simple("BatchNormalization", name, inputs);
}

std::string OnnxBuilder::finish(const std::string& output) {
  onnx::ValueInfoProto& value = *model_.mutable_graph()->add_output();
  value.set_name(output);
  value.mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
  return model_.SerializeAsString();
}

std::string onnx_lenet() {
  OnnxBuilder b("data", {1, 28, 28});
  b.convolution("conv1", "data", 1, 20, 5);
  b.pool("MaxPool", "pool1", "conv1", 2, 2);
  b.convolution("conv2", "pool1", 20, 50, 5);
  b.pool("MaxPool", "pool2", "conv2", 2, 2);
  b.simple("Flatten", "flat", {"pool2"});
  b.fully_connected("ip1", "flat", 800, 500);
  b.simple("Relu", "relu1", {"ip1"});
  b.fully_connected("ip2", "relu1", 500, 10);
  b.simple("Softmax", "prob", {"ip2"});
  return b.finish("prob");
}

std::string onnx_alexnet() {
  OnnxBuilder b("data", {3, 227, 227});
  const auto norm = [&](const std::string& name, const std::string& input) {
    onnx::NodeProto& node = b.add("LRN", name, {input});
    OnnxBuilder::set(node, "size", std::int64_t{5});
    OnnxBuilder::set(node, "alpha", 0.0001F);
  };
  b.convolution("conv1", "data", 3, 96, 11, 4);
  b.simple("Relu", "relu1", {"conv1"});
  norm("norm1", "relu1");
  b.pool("MaxPool", "pool1", "norm1", 3, 2);
  b.convolution("conv2", "pool1", 96, 256, 5, 1, 2, 2);
  b.simple("Relu", "relu2", {"conv2"});
  norm("norm2", "relu2");
  b.pool("MaxPool", "pool2", "norm2", 3, 2);
  b.convolution("conv3", "pool2", 256, 384, 3, 1, 1);
  b.simple("Relu", "relu3", {"conv3"});
  b.convolution("conv4", "relu3", 384, 384, 3, 1, 1, 2);
  b.simple("Relu", "relu4", {"conv4"});
  b.convolution("conv5", "relu4", 384, 256, 3, 1, 1, 2);
  b.simple("Relu", "relu5", {"conv5"});
  b.pool("MaxPool", "pool5", "relu5", 3, 2);
  b.add("Reshape", "flat", {"pool5", b.integers("shape", {1, -1})});
  b.fully_connected("fc6", "flat", 9216, 4096);
  b.simple("Relu", "relu6", {"fc6"});
  b.simple("Dropout", "drop6", {"relu6"});
  b.fully_connected("fc7", "drop6", 4096, 4096);
  b.simple("Relu", "relu7", {"fc7"});
  b.fully_connected("fc8", "relu7", 4096, 1000);
  b.simple("Softmax", "prob", {"fc8"});
  return b.finish("prob");
}

}  // namespace nvdla::test
