// SPDX-License-Identifier: Apache-2.0
#include "mapper/onnx/onnx_model.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>

#include <cstring>
#include <limits>

#include "host/files/byte_source.h"
#include "mapper/onnx/shape_inference.h"

namespace nvdla::mapper {

namespace {

constexpr int kMostIntegers = 64;  // of a shape or a list of axes

Dimensions dimensions_of(const onnx::TensorShapeProto& shape) {
  Dimensions result;
  for (const auto& each : shape.dim()) result.push_back(each.has_dim_value() ? each.dim_value() : -1);
  return result;
}

}  // namespace

OnnxModel::OnnxModel(const void* data, std::size_t size, const std::string& path) : path_(path) {
  if (size > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw host::InputError(path + ": an ONNX model of more than 2 GiB must keep its weights outside");
  const google::protobuf::LogSilencer silent;
  google::protobuf::io::ArrayInputStream bytes(data, static_cast<int>(size));
  google::protobuf::io::CodedInputStream coded(&bytes);
  coded.SetTotalBytesLimit(std::numeric_limits<int>::max());
  if (!model_.ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage())
    throw host::InputError(path + ": is not an ONNX model");
  if (!model_.has_graph() || model_.graph().node_size() == 0)
    throw host::InputError(path + ": the ONNX model has no graph with nodes");
  if (model_.functions_size() > 0)
    throw host::InputError(path + ": the ONNX model has functions of its own; export it with them inlined");
  take_weights();
  infer();
}

// Values of weights are let go; their shapes stay, as those of inputs, which is what shape inference needs.
void OnnxModel::take_weights() {
  onnx::GraphProto& graph = *model_.mutable_graph();
  for (const onnx::TensorProto& tensor : graph.initializer()) {
    constants_[tensor.name()] = {tensor.dims().begin(), tensor.dims().end()};
    if (tensor.data_type() == onnx::TensorProto::INT64 && tensor.dims_size() <= 1) {
      std::vector<std::int64_t> values(tensor.int64_data().begin(), tensor.int64_data().end());
      if (values.empty() && tensor.raw_data().size() % sizeof(std::int64_t) == 0) {
        values.resize(tensor.raw_data().size() / sizeof(std::int64_t));
        if (!values.empty()) std::memcpy(values.data(), tensor.raw_data().data(), tensor.raw_data().size());
      }
      if (!values.empty() && values.size() <= kMostIntegers) {
        integers_[tensor.name()] = std::move(values);
        continue;
      }
    }
  }
  google::protobuf::RepeatedPtrField<onnx::TensorProto> kept;
  std::map<std::string, bool> inputs;
  for (const onnx::ValueInfoProto& input : graph.input()) inputs[input.name()] = true;
  for (onnx::TensorProto& tensor : *graph.mutable_initializer()) {
    if (integers_.count(tensor.name()) != 0) {
      kept.Add()->Swap(&tensor);
      continue;
    }
    if (inputs.count(tensor.name()) != 0) continue;
    onnx::ValueInfoProto& info = *graph.add_value_info();
    info.set_name(tensor.name());
    info.mutable_type()->mutable_tensor_type()->set_elem_type(tensor.data_type());
    for (const std::int64_t each : tensor.dims())
      info.mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(each);
  }
  graph.mutable_initializer()->Swap(&kept);
}

void OnnxModel::infer() {
  // What is not known is missed where it is needed, with the node's name.
  infer_shapes(model_);
  const auto take = [&](const auto& list) {
    for (const onnx::ValueInfoProto& info : list)
      if (info.type().has_tensor_type() && info.type().tensor_type().has_shape())
        shapes_[info.name()] = dimensions_of(info.type().tensor_type().shape());
  };
  take(graph().value_info());
  take(graph().output());
  take(graph().input());
}

const Dimensions* OnnxModel::constant(const std::string& name) const {
  const auto found = constants_.find(name);
  return found == constants_.end() ? nullptr : &found->second;
}

std::optional<std::vector<std::int64_t>> OnnxModel::integers(const std::string& name) const {
  const auto found = integers_.find(name);
  if (found == integers_.end()) return std::nullopt;
  return found->second;
}

const Dimensions* OnnxModel::shape(const std::string& name) const {
  const auto found = shapes_.find(name);
  return found == shapes_.end() ? nullptr : &found->second;
}

}  // namespace nvdla::mapper
