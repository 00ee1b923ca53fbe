// SPDX-License-Identifier: Apache-2.0
#include "mapper/passes.h"

namespace nvdla::mapper {

void fit(Graph& graph, const Target& target) {
  for (Node* node : graph.ordered()) {
    if (node->kind == NodeKind::kConvolution) fit_convolution(graph, target, *node);
    if (node->kind == NodeKind::kPdp) fit_pooling(target, *node);
  }
}

}  // namespace nvdla::mapper
