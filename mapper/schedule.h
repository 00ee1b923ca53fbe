// SPDX-License-Identifier: Apache-2.0
// The order of operations, and which event of which operation each waits for (Node::waits_for and signals, by
// the kind of the other): what the compiler tells the firmware's scheduler.
//
// Model: depth first; where a node has several consumers the one with the lowest id comes first, and nothing
// comes before all that it takes is there. Each operation waits for the completion of the one before it, also
// across branches; the operations of a split convolution, and those on the fly, only until they are
// programmed. Operations of one engine form a chain: the next waits for the completion of the one before if
// it takes its data, else until it is programmed.
#pragma once

#include <vector>

#include "mapper/graph.h"

namespace nvdla::mapper {

// All nodes, concatenations and splits among them.
[[nodiscard]] std::vector<Node*> schedule(Graph& graph);

}  // namespace nvdla::mapper
