// SPDX-License-Identifier: Apache-2.0
#include "operation/layer_book.h"

#include <cstddef>

namespace nvdla {

namespace {

// CONV, SDP, PDP stand in this order on the fly.
std::size_t index(Engine engine) { return static_cast<std::size_t>(engine); }
std::size_t before(Engine engine) { return index(engine) - 1; }

}  // namespace

void LayerBook::add(OperationId id, Links links) {
  const Member member{id, links};
  if (!links.takes) {
    resolve(member, id);
    return;
  }
  Link& link = behind_[before(id.engine)];
  if (link.givers.empty()) {
    link.takers.push_back(member);
    return;
  }
  const OperationId head = link.givers.front();
  link.givers.erase(link.givers.begin());
  resolve(member, head);
}

void LayerBook::resolve(const Member& member, OperationId head) {
  resolved_(member.id, head);
  if (!member.links.gives) return;
  Link& link = behind_[index(member.id.engine)];
  if (link.takers.empty()) {
    link.givers.push_back(head);
    return;
  }
  const Member taker = link.takers.front();
  link.takers.erase(link.takers.begin());
  resolve(taker, head);
}

void LayerBook::reset() {
  for (Link& link : behind_) {
    link.givers.clear();
    link.takers.clear();
  }
}

}  // namespace nvdla
