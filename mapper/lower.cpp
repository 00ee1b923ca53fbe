// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "analysis/buffer_split.h"
#include "mapper/passes.h"
#include "operation/divide.h"

namespace nvdla::mapper {

namespace {

class Lowering {
 public:
  Lowering(const LayerNetwork& network, const Target& target)
      : network_(network),
        int8_(target.precision == Precision::kInt8),
        image_(target.image),
        bytes_(bytes_per_element(target.precision)),
        atom_(target.hardware.memory_atom_bytes) {}

  Graph run() {
    for (const NetworkInput& input : network_.inputs)
      tensors_[input.name] = &graph_.add_tensor(input.name, input.shape);
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
      layer_ = &network_.layers[i];
      index_ = i;
      tensors_[layer_->output] = &graph_.add_tensor(layer_->output, layer_->shape);
      add();
    }
    for (const NetworkInput& input : network_.inputs) choose_format(*tensors_[input.name]);
    return std::move(graph_);
  }

 private:
  [[nodiscard]] Tensor& input(std::size_t index) { return *tensors_.at(layer_->inputs[index]); }
  [[nodiscard]] Tensor& output() { return *tensors_.at(layer_->output); }

  Node& node(NodeKind kind, Tensor& from, Tensor& to) {
    Node& result = graph_.add(kind, layer_->name);
    graph_.consume(result, from);
    graph_.produce(result, to);
    return result;
  }
  Node& sdp(SdpOperation operation, Tensor& from, Tensor& to) {
    Node& result = node(NodeKind::kSdp, from, to);
    result.sdp.x1.operation = operation;
    return result;
  }

  void convolution() {
    Tensor& stream = graph_.add_tensor(layer_->name, layer_->shape);
    Node& conv = node(NodeKind::kConvolution, input(0), stream);
    conv.convolution.window = layer_->window;
    conv.convolution.kernels = layer_->kernels;
    conv.convolution.fully_connected = layer_->kind == LayerKind::kFullyConnected;
    // CACC's results in int8 have to be scaled, with or without a bias.
    Node& behind = sdp(layer_->bias ? SdpOperation::kBias
                       : int8_      ? SdpOperation::kScale
                                    : SdpOperation::kNone,
                       stream, output());
    if (!layer_->bias) behind.sdp.x1.per_channel = false;
    conv.fused_output = &behind;
    behind.fused_input = &conv;
  }

  void activation() {
    Tensor* from = &input(0);
    if (layer_->activation != Activation::kRelu) {
      sdp(SdpOperation::kTable, *from, output()).sdp.table = layer_->activation;
      return;
    }
    if (int8_) {
      Tensor& scaled = graph_.add_tensor(layer_->name, layer_->shape);
      sdp(SdpOperation::kScale, *from, scaled).sdp.unit_scale = true;
      from = &scaled;
    }
    sdp(SdpOperation::kRelu, *from, output()).sdp.x1.relu = true;
  }

  void pooling() {
    Node& pool = node(NodeKind::kPdp, input(0), output());
    pool.pooling.mode = layer_->pooling;
    pool.pooling.window = layer_->window;
  }

  void normalisation() {
    node(NodeKind::kCdp, input(0), output()).normalisation = {layer_->local_size, layer_->alpha, layer_->beta,
                                                              layer_->k};
  }

  void element_wise() {
    Node& sum = sdp(SdpOperation::kElementWise, input(0), output());
    graph_.consume(sum, input(1));
    sum.sdp.x1.element_wise = layer_->element_wise;
    sum.sdp.x1.operand = &input(1);
  }

  void concatenation() {
    Node& whole = graph_.add(NodeKind::kConcatenation, layer_->name);
    std::uint32_t surface = 0;
    for (std::size_t i = 0; i < layer_->inputs.size(); ++i) {
      Tensor& part = input(i);
      if (part.producer == nullptr || part.producer->kind == NodeKind::kCpu || part.whole != nullptr)
        infeasible(whole, "its input '" + part.name +
                              (part.whole != nullptr ? "' is already part of another concatenation"
                                                     : "' does not come from a layer of the accelerator"));
      part.whole = &output();
      part.first_surface = surface;
      surface += ceil_div(part.shape.channels * bytes_, atom_);
      graph_.consume(whole, part);
    }
    graph_.produce(whole, output());
  }

  void add() {
    switch (layer_->kind) {
      case LayerKind::kConvolution:
      case LayerKind::kFullyConnected:
        convolution();
        break;
      case LayerKind::kPooling:
        pooling();
        break;
      case LayerKind::kNormalisation:
        normalisation();
        break;
      case LayerKind::kBatchNorm:
        sdp(SdpOperation::kBatchNorm, input(0), output());
        break;
      case LayerKind::kBias:
        sdp(SdpOperation::kBias, input(0), output());
        break;
      case LayerKind::kScale:
        sdp(SdpOperation::kScale, input(0), output());
        break;
      case LayerKind::kActivation:
        activation();
        break;
      case LayerKind::kElementWise:
        element_wise();
        break;
      case LayerKind::kConcatenation:
        concatenation();
        break;
      case LayerKind::kCpu: {
        Node& cpu = graph_.add(NodeKind::kCpu, layer_->name);
        cpu.layer = index_;
        for (std::size_t i = 0; i < layer_->inputs.size(); ++i) graph_.consume(cpu, input(i));
        graph_.produce(cpu, output());
        break;
      }
    }
  }

  // Only convolutions read pixels, without dilation.
  void choose_format(Tensor& tensor) const {
    constexpr std::uint32_t kPixelChannels = 4;
    if (!image_ || tensor.shape.channels > kPixelChannels || tensor.consumers.empty()) return;
    for (const Node* node : tensor.consumers) {
      const Window& window = node->convolution.window;
      if (node->kind != NodeKind::kConvolution || window.dilation_x != 1 || window.dilation_y != 1) return;
    }
    tensor.image = true;
    tensor.shape.channels = kPixelChannels;
  }

  const LayerNetwork& network_;
  bool int8_, image_;
  std::uint32_t bytes_, atom_;
  Graph graph_;
  std::map<std::string, Tensor*> tensors_;
  const Layer* layer_ = nullptr;
  std::size_t index_ = 0;
};

}  // namespace

Graph lower(const LayerNetwork& network, const Target& target) { return Lowering(network, target).run(); }

void infeasible(const Node& node, const std::string& what) {
  throw analysis::Infeasible("layer '" + node.name + "': " + what);
}

}  // namespace nvdla::mapper
