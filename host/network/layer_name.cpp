// SPDX-License-Identifier: Apache-2.0
#include "host/network/layer_name.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace nvdla::host {
namespace {

// Indices of a task's address list, in the order in which the operation uses them; -1: none.
struct Addresses {
  std::vector<std::int16_t> list;

  void cubes(std::initializer_list<const DlaCube*> used) {
    for (const DlaCube* cube : used)
      if (cube->type != kDlaHardware) list.push_back(cube->address);
  }
  void operator()(const DlaBdma& b) {
    for (std::size_t i = 0; i < std::min<std::size_t>(b.count, b.transfers.size()); ++i) {
      list.push_back(b.transfers[i].source);
      list.push_back(b.transfers[i].destination);
    }
  }
  void operator()(const DlaConvolution& c) { cubes({&c.source, &c.weight, &c.destination}); }
  void operator()(const DlaSdp& s) {
    cubes({&s.source});
    const std::pair<const DlaSdpStage*, const DlaCube*> stages[] = {
        {&s.x1, &s.x1_data}, {&s.x2, &s.x2_data}, {&s.y, &s.y_data}};
    for (const auto& [stage, operand] : stages)
      if (stage->enable != 0 && stage->type != 0 && stage->mode != 0) cubes({operand});
    cubes({&s.destination});
  }
  void operator()(const DlaPdp& p) { cubes({&p.source, &p.destination}); }
  void operator()(const DlaCdp& c) { cubes({&c.source, &c.destination}); }
  void operator()(const DlaRubik& r) { cubes({&r.source, &r.destination}); }
};

std::string name_behind(const Loadable& loadable, std::uint16_t address) {
  const LoadableAddress& entry = loadable.addresses[address];
  const LoadableMemory& memory = loadable.memories[entry.memory];
  if (memory.input() || memory.output()) return loadable.tensors[memory.tensor].name;
  std::size_t blob = 0;
  if (loadable.initial_bytes(entry.memory, entry.offset, 1, &blob) == nullptr) return "";
  return loadable.blobs[blob].interface == TaskInterface::kNone ? loadable.blobs[blob].name : "";
}

}  // namespace

std::string layer_name(const Loadable& loadable, std::size_t task, const DlaTask& parsed,
                       std::size_t operation) {
  const auto dla_tasks = std::count_if(loadable.tasks.begin(), loadable.tasks.end(),
                                       [](const auto& one) { return one.interface == TaskInterface::kDla; });
  const std::string number = "op " + std::to_string(operation);
  Addresses used;
  std::visit(used, parsed.list.at(operation).work);
  const std::vector<std::uint16_t>& addresses = loadable.tasks.at(task).addresses;
  std::vector<std::string> names;
  for (const std::int16_t index : used.list) {
    if (index < 0 || static_cast<std::size_t>(index) >= addresses.size()) continue;
    const std::string name = name_behind(loadable, addresses[static_cast<std::size_t>(index)]);
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::string text = dla_tasks > 1 ? "task " + std::to_string(task) + " " + number : number;
  for (std::size_t i = 0; i < names.size(); ++i) text += (i == 0 ? " " : ", ") + names[i];
  return text;
}

}  // namespace nvdla::host
