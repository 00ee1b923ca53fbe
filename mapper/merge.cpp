// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mapper/passes.h"

namespace nvdla::mapper {

namespace {

using Operation = SdpOperation;

class Merging {
 public:
  Merging(Graph& graph, const Target& target) : graph_(graph), int8_(target.precision == Precision::kInt8) {}

  void run() {
    repeat([this](Node& node, Node& next) { return unit_scale(node, next); });
    repeat([this](Node& node, Node& next) { return arithmetic(node, next); });
  }

 private:
  // The SDP operation behind `node`, if nothing else takes what it gives and it takes nothing else.
  static Node* only_next(const Node& node) {
    const std::vector<Node*> next = Graph::consumers(node);
    if (next.size() != 1 || next.front()->kind != NodeKind::kSdp) return nullptr;
    return Graph::producers(*next.front()).size() == 1 && next.front()->inputs.size() == 1 ? next.front()
                                                                                           : nullptr;
  }

  // Until nothing changes any more.
  template <class Try>
  void repeat(Try attempt) {
    for (bool changed = true; changed;) {
      changed = false;
      for (Node* node : graph_.ordered()) {
        if (node->kind != NodeKind::kSdp && node->kind != NodeKind::kConvolution) continue;
        Node* const next = only_next(*node);
        if (next == nullptr || !attempt(*node, *next)) continue;
        changed = true;
        break;
      }
    }
  }

  // A change of format is the output converter's, whatever the operation.
  bool unit_scale(Node& node, Node& next) {
    if (node.kind != NodeKind::kSdp || !next.sdp.unit_scale) return false;
    graph_.remove_behind(next, node);
    return true;
  }

  bool arithmetic(Node& node, Node& next) {
    return node.kind == NodeKind::kConvolution ? into_weights(node, next) : sdp(node, next);
  }

  // A convolution keeps one SDP operation behind it, which writes.
  bool into_weights(Node& conv, Node& next) {
    if (next.sdp.x1.operation == Operation::kBatchNorm) {
      next.sdp.x1.operation = Operation::kBias;
      return true;
    }
    if (next.sdp.x1.operation != Operation::kScale) return false;
    const std::vector<Node*> behind = Graph::consumers(next);
    if (behind.size() != 1 || behind.front()->kind != NodeKind::kSdp) return false;
    // In int8 ReLU and element-wise operations need the scaled number.
    const Operation then = behind.front()->sdp.x1.operation;
    if (int8_ && (then == Operation::kRelu || then == Operation::kTable || then == Operation::kElementWise))
      return false;
    graph_.remove_before(next);
    put_behind(conv, *behind.front());
    return true;
  }
  // `next` is now the one on the fly behind the convolution.
  static void put_behind(Node& conv, Node& next) {
    conv.fused_output = &next;
    next.fused_input = &conv;
  }

  bool behind(Node& node, Node& next) {
    graph_.remove_behind(next, node);
    return true;
  }
  bool before(Node& node, Node& next) {
    Node* const conv = node.fused_input;
    graph_.remove_before(node);
    if (conv != nullptr) put_behind(*conv, next);
    return true;
  }

  bool sdp(Node& node, Node& next) {
    SdpStage& here = node.sdp.x1;
    const SdpStage& there = next.sdp.x1;
    if (here.operation == Operation::kNone) return before(node, next);
    if (here.relu || here.operation == Operation::kTable) return false;
    if (there.operation == Operation::kRelu) {
      here.relu = true;
      return behind(node, next);
    }
    if (here.operation == Operation::kBias) {
      if (there.operation == Operation::kBias) return behind(node, next);
      if (there.operation == Operation::kScale && here.per_channel == there.per_channel) {
        here.operation = Operation::kBatchNorm;
        here.relu = there.relu;
        return behind(node, next);
      }
      if (there.operation == Operation::kBatchNorm) return before(node, next);
    }
    if (here.operation == Operation::kBatchNorm &&
        (there.operation == Operation::kScale || there.operation == Operation::kBias)) {
      here.relu = there.relu;
      return behind(node, next);
    }
    return false;
  }

  Graph& graph_;
  bool int8_;
};

}  // namespace

void merge(Graph& graph, const Target& target) { Merging(graph, target).run(); }

}  // namespace nvdla::mapper
