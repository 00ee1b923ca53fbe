// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mapper/passes.h"

namespace nvdla::mapper {

namespace {

using Operation = SdpOperation;

class Pairing {
 public:
  Pairing(Graph& graph, const Target& target)
      : graph_(graph), int8_(target.precision == Precision::kInt8), hardware_(target.hardware) {}

  void run() {
    for (bool changed = true; changed;) {
      changed = false;
      const std::vector<Node*> ordered = graph_.ordered();
      for (std::size_t i = 0; i < ordered.size() && !changed; ++i) changed = attempt(ordered, i);
    }
  }

 private:
  static bool takes_part(Operation operation) {
    return operation == Operation::kBias || operation == Operation::kScale ||
           operation == Operation::kBatchNorm;
  }

  bool attempt(const std::vector<Node*>& ordered, std::size_t at) {
    Node& node = *ordered[at];
    if (node.kind != NodeKind::kSdp || node.sdp.x2 || !takes_part(node.sdp.x1.operation)) return false;
    // In int8 the output converter of a bias scales, and there is none between the stages.
    if (int8_ && node.sdp.x1.operation == Operation::kBias) return false;
    const std::vector<Node*> consumers = Graph::consumers(node);
    if (consumers.size() != 1 || consumers.front()->kind != NodeKind::kSdp) return false;
    Node& next = *consumers.front();
    if (next.sdp.x2 || hardware_.sdp_bn_throughput == 0) return false;
    const Operation operation = next.sdp.x1.operation;
    if (operation == Operation::kElementWise) return element_wise(ordered, at, next);
    if (!takes_part(operation)) return false;
    node.sdp.x2 = next.sdp.x1;
    graph_.remove_behind(next, node);
    return true;
  }

  // Joins the one of its two sources that comes last; the other's result is then in memory.
  bool element_wise(const std::vector<Node*>& ordered, std::size_t at, Node& next) {
    Node& node = *ordered[at];
    const std::vector<Node*> sources = Graph::producers(next);
    if (sources.size() != 2) return false;
    Node* const peer = sources[0] == &node ? sources[1] : sources[0];
    if (std::find(ordered.begin() + static_cast<std::ptrdiff_t>(at), ordered.end(), peer) != ordered.end())
      return false;
    Tensor* const own = node.outputs.front();
    Tensor* const other = next.inputs[0] == own ? next.inputs[1] : next.inputs[0];
    SdpStage stage = next.sdp.x1;
    stage.operand = other;
    graph_.consume(node, *other);
    graph_.remove_behind(next, node);
    node.sdp.x2 = stage;
    if (node.fused_input != nullptr) Graph::order(*peer, *node.fused_input);
    return true;
  }

  Graph& graph_;
  bool int8_;
  const HardwareParameters& hardware_;
};

}  // namespace

void pair(Graph& graph, const Target& target) { Pairing(graph, target).run(); }

}  // namespace nvdla::mapper
