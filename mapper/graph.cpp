// SPDX-License-Identifier: Apache-2.0
#include "mapper/graph.h"

#include <algorithm>
#include <list>
#include <set>

namespace nvdla::mapper {

namespace {

void add_consumer(Tensor& tensor, Node& node) {
  auto& all = tensor.consumers;
  if (std::find(all.begin(), all.end(), &node) != all.end()) return;
  all.insert(std::upper_bound(all.begin(), all.end(), &node,
                              [](const Node* a, const Node* b) { return a->id < b->id; }),
             &node);
}

void remove_consumer(Tensor& tensor, Node& node) {
  auto& all = tensor.consumers;
  all.erase(std::remove(all.begin(), all.end(), &node), all.end());
}

}  // namespace

Node& Graph::add(NodeKind kind, const std::string& name) {
  nodes_.push_back(std::make_unique<Node>());
  Node& node = *nodes_.back();
  node.id = next_id_++;
  node.kind = kind;
  node.name = name;
  return node;
}

Tensor& Graph::add_tensor(const std::string& name, const Shape& shape) {
  tensors_.push_back(std::make_unique<Tensor>());
  tensors_.back()->name = name;
  tensors_.back()->shape = shape;
  return *tensors_.back();
}

void Graph::consume(Node& node, Tensor& tensor) {
  node.inputs.push_back(&tensor);
  add_consumer(tensor, node);
}

void Graph::produce(Node& node, Tensor& tensor) {
  node.outputs.push_back(&tensor);
  tensor.producer = &node;
}

void Graph::order(Node& first, Node& second) {
  first.after.push_back(&second);
  second.before.push_back(&first);
}

void Graph::replace_input(Node& node, Tensor& from, Tensor& to) {
  std::replace(node.inputs.begin(), node.inputs.end(), &from, &to);
  for (SdpStage* stage : {&node.sdp.x1, node.sdp.x2 ? &*node.sdp.x2 : nullptr})
    if (stage != nullptr && stage->operand == &from) stage->operand = &to;
  remove_consumer(from, node);
  add_consumer(to, node);
}

void Graph::remove(Node& node) {
  for (Tensor* input : node.inputs) remove_consumer(*input, node);
  const auto forget = [&](std::vector<Node*>& list) {
    list.erase(std::remove(list.begin(), list.end(), &node), list.end());
  };
  for (Node* other : node.before) forget(other->after);
  for (Node* other : node.after) forget(other->before);
  nodes_.erase(
      std::find_if(nodes_.begin(), nodes_.end(), [&](const auto& each) { return each.get() == &node; }));
}

void Graph::remove_behind(Node& node, Node& by) {
  Tensor& output = *node.outputs.front();
  by.outputs.front()->producer = nullptr;
  by.outputs.front() = &output;
  output.producer = &by;
  remove(node);
}

void Graph::remove_before(Node& node) {
  Tensor& input = *node.inputs.front();
  Tensor& output = *node.outputs.front();
  for (Node* consumer : std::vector<Node*>(output.consumers)) replace_input(*consumer, output, input);
  output.producer = nullptr;
  remove(node);
}

std::vector<Node*> Graph::consumers(const Node& node) {
  std::vector<Node*> result;
  for (const Tensor* output : node.outputs)
    for (Node* consumer : output->consumers)
      if (std::find(result.begin(), result.end(), consumer) == result.end()) result.push_back(consumer);
  return result;
}

std::vector<Node*> Graph::producers(const Node& node) {
  std::vector<Node*> result;
  for (const Tensor* input : node.inputs)
    if (input->producer != nullptr &&
        std::find(result.begin(), result.end(), input->producer) == result.end())
      result.push_back(input->producer);
  return result;
}

// Places in the graph are kept in a list. The first one that can be reached is done and moves on to its first
// consumer; the other consumers are put behind it, the last one first.
std::vector<Node*> Graph::ordered() const {
  std::vector<Node*> result;
  std::set<const Node*> done;
  std::list<Node*> places;
  for (const auto& tensor : tensors_) {
    if (tensor->producer != nullptr || tensor->whole != nullptr) continue;
    for (Node* node : tensor->consumers) places.push_back(node);
  }
  const auto reachable = [&](const Node* node) {
    return all_before(*node, [&](const Node* each) { return done.count(each) != 0; });
  };
  for (;;) {
    places.remove_if([&](const Node* node) { return done.count(node) != 0; });
    const auto at = std::find_if(places.begin(), places.end(), reachable);
    if (at == places.end()) return result;
    Node* const node = *at;
    done.insert(node);
    result.push_back(node);
    std::vector<Node*> next = consumers(*node);
    for (Node* each : node->after)
      if (std::find(next.begin(), next.end(), each) == next.end()) next.push_back(each);
    if (next.empty()) continue;
    const auto behind = std::next(at);
    for (std::size_t i = next.size() - 1; i > 0; --i) places.insert(behind, next[i]);
    *at = next.front();
  }
}

}  // namespace nvdla::mapper
