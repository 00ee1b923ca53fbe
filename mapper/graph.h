// SPDX-License-Identifier: Apache-2.0
// A network as operations of the accelerator's engines: what the mapper works on, from pass to pass. A node
// is one operation; a tensor has one producer and any number of consumers. Concatenations and splits are
// nodes without work: they say which tensors are parts of others.
//
// Nodes are ordered by id, which rises in the order in which they come into being; NVIDIA's compiler decides
// by it between branches.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mapper/layers.h"

namespace nvdla::mapper {

struct Node;

struct Tensor {
  std::string name;
  Shape shape;
  Node* producer = nullptr;      // null: an input of the network
  std::vector<Node*> consumers;  // by rising id, each once
  bool image = false;            // pixels, line by line, instead of a feature cube
  Tensor* whole = nullptr;       // this is a part of that one's memory, from
  std::uint32_t first_line = 0;
  std::uint32_t first_surface = 0;  // in atoms of channels
};

enum class NodeKind : std::uint8_t { kConvolution, kSdp, kPdp, kCdp, kConcatenation, kSplit, kCpu };
inline constexpr std::size_t kNodeKinds = 7;

// What one stage of SDP does.
enum class SdpOperation : std::uint8_t {
  kNone,
  kBias,
  kScale,
  kBatchNorm,
  kElementWise,
  kRelu,  // nothing else
  kTable  // sigmoid, tanh
};
struct SdpStage {
  SdpOperation operation = SdpOperation::kNone;
  bool per_channel = true;  // of bias, scale, batch norm; false: one operand, in a register
  bool relu = false;
  ElementWise element_wise = ElementWise::kSum;
  Tensor* operand = nullptr;  // of kElementWise, read behind the main input
};
struct SdpWork {
  SdpStage x1;
  std::optional<SdpStage> x2;
  bool unit_scale = false;  // the scale is one: it only changes the number format
  Activation table = Activation::kSigmoid;
};

struct ConvolutionWork {
  Window window;
  std::uint32_t kernels = 0;
  bool fully_connected = false;
  std::uint32_t lines_at_once = 0;  // image: 0, 2 or 4 lines in the place of channels
  std::uint32_t entries = 0, data_banks = 0, weight_banks = 0;  // of CBUF
  const Node* part_of = nullptr;                                // split by height: the first part
  bool reuse_weights = false, keep_weights = false;
};

struct PoolingWork {
  PoolingMode mode = PoolingMode::kMaximum;
  Window window;
  std::int32_t right = 0, bottom = 0;  // padding that the last window reaches into; below 0: input left out
  std::uint32_t parts = 1;             // split by width
  std::array<std::uint32_t, 3> in{}, out{};  // width of the first part, those between, the last
};

struct NormalisationWork {
  std::uint32_t local_size = 5;
  float alpha = 1, beta = 0, k = 1;
};

struct Node {
  std::uint32_t id = 0;
  NodeKind kind = NodeKind::kSdp;
  std::string name;  // of the layer
  std::vector<Tensor*> inputs, outputs;
  std::vector<Node*> before, after;  // edges without data: comes behind those, and before these
  Node* fused_input = nullptr;       // on the fly: the node that its data come from
  Node* fused_output = nullptr;      // and the one that they go to

  ConvolutionWork convolution;
  SdpWork sdp;
  PoolingWork pooling;
  NormalisationWork normalisation;
  std::size_t layer = 0;  // kCpu: index in LayerNetwork::layers

  // What the firmware's scheduler is told; see mapper/schedule.h.
  enum class Event : std::uint8_t { kProgrammed, kCompleted };
  struct Link {
    Node* node = nullptr;
    Event event = Event::kCompleted;
  };
  std::array<Link, kNodeKinds> waits_for, signals;
};

class Graph {
 public:
  Node& add(NodeKind kind, const std::string& name);
  Tensor& add_tensor(const std::string& name, const Shape& shape);

  void consume(Node& node, Tensor& tensor);
  void produce(Node& node, Tensor& tensor);
  // `second` comes behind `first`, although it takes nothing from it.
  static void order(Node& first, Node& second);
  // `node` takes `to` where it took `from`.
  void replace_input(Node& node, Tensor& from, Tensor& to);
  // `node` leaves the graph; its consumers take what `by` gives instead of its output.
  void remove_behind(Node& node, Node& by);
  // `node`, which has one input, leaves the graph; its only consumer takes that input.
  void remove_before(Node& node);

  // Each once, by edges of data: those of an output's consumers, and the producers of the inputs.
  [[nodiscard]] static std::vector<Node*> consumers(const Node& node);
  [[nodiscard]] static std::vector<Node*> producers(const Node& node);

  // All that a node comes behind fulfils `what`.
  template <class What>
  [[nodiscard]] static bool all_before(const Node& node, What what) {
    for (const Tensor* input : node.inputs)
      if (input->producer != nullptr && !what(input->producer)) return false;
    for (const Node* each : node.before)
      if (!what(each)) return false;
    return true;
  }

  // All nodes, each behind its producers: the first branch is followed as far as it goes.
  [[nodiscard]] std::vector<Node*> ordered() const;

  [[nodiscard]] const std::vector<std::unique_ptr<Node>>& nodes() const { return nodes_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Tensor>>& tensors() const { return tensors_; }

 private:
  void remove(Node& node);

  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<std::unique_ptr<Tensor>> tensors_;
  std::uint32_t next_id_ = 0;
};

}  // namespace nvdla::mapper
