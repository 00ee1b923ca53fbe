// SPDX-License-Identifier: Apache-2.0
#include "mapper/schedule.h"

#include <algorithm>
#include <set>

namespace nvdla::mapper {

namespace {

std::size_t index(const Node& node) { return static_cast<std::size_t>(node.kind); }

bool in(const std::vector<Node*>& list, const Node* node) {
  return std::find(list.begin(), list.end(), node) != list.end();
}

bool gives_data(const Node& from, const Node& to) { return in(Graph::consumers(from), &to); }
bool adjacent(const Node& from, const Node& to) { return gives_data(from, to) || in(from.after, &to); }

// A concatenation or a split: no operation.
bool only_a_view(const Node& node) {
  return node.kind == NodeKind::kConcatenation || node.kind == NodeKind::kSplit;
}

std::vector<Node*> depth_first(const Graph& graph) {
  std::vector<Node*> order, stack;
  std::set<const Node*> visited;
  const auto ready = [&](const Node& node) {
    return Graph::all_before(node, [&](const Node* each) { return visited.count(each) != 0; });
  };
  const auto push = [&](const std::vector<Node*>& nodes) {
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node)
      if (ready(**node)) stack.push_back(*node);
  };
  const auto& tensors = graph.tensors();
  for (auto tensor = tensors.rbegin(); tensor != tensors.rend(); ++tensor)
    if ((*tensor)->producer == nullptr) push((*tensor)->consumers);
  while (!stack.empty()) {
    Node* const node = stack.back();
    stack.pop_back();
    if (!visited.insert(node).second) continue;
    order.push_back(node);
    push(node->after);
    push(Graph::consumers(*node));
  }
  return order;
}

void link(Node& from, Node& to, Node::Event event) {
  from.signals[index(to)] = {&to, event};
  to.waits_for[index(from)] = {&from, event};
}

// Behind each other in the order.
void link_neighbours(Node& previous, Node& next) {
  Node* from = &previous;
  while (from != nullptr && !adjacent(*from, next)) from = from->fused_input;
  const bool other_branch = from == nullptr;
  if (other_branch) {
    from = &previous;
    Graph::order(previous, next);
  } else if (!gives_data(*from, next)) {
    return;
  }
  if (only_a_view(*from)) {
    for (Node::Link& each : from->signals)
      if (each.node != nullptr) each.node->waits_for[index(*from)] = {};
    from->signals = {};
  }
  if (only_a_view(next)) {
    for (Node::Link& each : next.waits_for)
      if (each.node != nullptr) each.node->signals[index(next)] = {};
    next.waits_for = {};
  }
  const bool on_the_fly = from->fused_output == &next;
  link(*from, next, on_the_fly ? Node::Event::kProgrammed : Node::Event::kCompleted);
}

// The next operation of the same engine.
void link_engine(const std::vector<Node*>& order, std::size_t at) {
  Node& node = *order[at];
  if (only_a_view(node)) return;
  for (std::size_t i = at + 1; i < order.size(); ++i) {
    if (order[i]->kind != node.kind) continue;
    link(node, *order[i], gives_data(node, *order[i]) ? Node::Event::kCompleted : Node::Event::kProgrammed);
    return;
  }
}

// What a view waited for signals what waited for the view.
void bridge(Node& view) {
  const auto linked = [](const std::array<Node::Link, kNodeKinds>& links) {
    const auto found =
        std::find_if(links.begin(), links.end(), [](const Node::Link& each) { return each.node != nullptr; });
    return found == links.end() ? nullptr : found->node;
  };
  Node* const from = linked(view.waits_for);
  Node* const to = linked(view.signals);
  if (from == nullptr || to == nullptr) return;
  from->signals[index(view)] = {};
  to->waits_for[index(view)] = {};
  link(*from, *to, Node::Event::kCompleted);
}

}  // namespace

std::vector<Node*> schedule(Graph& graph) {
  std::vector<Node*> order = depth_first(graph);
  for (std::size_t i = 0; i + 1 < order.size(); ++i) link_neighbours(*order[i], *order[i + 1]);
  for (std::size_t i = 0; i < order.size(); ++i) link_engine(order, i);
  for (Node* node : graph.ordered())
    if (only_a_view(*node)) bridge(*node);
  return order;
}

}  // namespace nvdla::mapper
