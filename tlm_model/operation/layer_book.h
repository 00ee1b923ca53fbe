// SPDX-License-Identifier: Apache-2.0
// Hardware layers: an operation that reads memory, the head, with those that work on the fly behind it. A
// convolution with its SDP and, perhaps, the PDP behind that; an SDP from memory, perhaps with a PDP; any
// other operation alone. A layer is named by its head.
//
// Rule of pairing (hardware has no other): the k-th operation of an engine that gives on the fly feeds the
// k-th operation of the next engine that takes on the fly.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "operation/identity.h"

namespace nvdla {

class LayerBook {
 public:
  // Told when the layer of an operation is known: at the latest when the head and all between are enabled.
  using Resolved = std::function<void(OperationId member, OperationId head)>;

  explicit LayerBook(Resolved resolved) : resolved_(std::move(resolved)) {}

  // Precondition: operations of one engine come in the order of their sequence.
  void add(OperationId id, Links links);
  // Forgets what is not paired.
  void reset();

 private:
  struct Member {
    OperationId id;
    Links links;
  };
  struct Link {                       // from one engine to the next; of two groups, few wait
    std::vector<OperationId> givers;  // heads of the layers whose giver is there and whose taker is not
    std::vector<Member> takers;       // that wait for a giver
  };
  void resolve(const Member& member, OperationId head);

  Resolved resolved_;
  std::array<Link, kEngines> behind_;  // by the giving engine
};

}  // namespace nvdla
