// SPDX-License-Identifier: Apache-2.0
#include "engine/levels/shared_layers.h"

#include <algorithm>
#include <utility>

#include "amaix/port_time.h"

namespace nvdla::engine {

bool SharedLayers::add(Lump& newcomer, std::vector<Lump>& lumps) {
  if (!possible_) return false;
  if (layers_.empty())
    for (Lump& lump : lumps) take(lump);
  take(newcomer);
  if (!walk_row()) {
    for (const Lump& lump : lumps) together_ = together_ && prepare(lump);
    together_ = together_ && prepare(newcomer);
    if (!together_) {
      give_up(lumps);
      return false;
    }
    walk();
  }
  const auto late = [&](Lump& lump) {
    const Layer& layer = layers_[lump.shared];
    lump.delay.emplace(layer.alone, layer.marks, layer.begin - layers_.front().begin);
  };
  for (Lump& lump : lumps) late(lump);
  late(newcomer);
  return true;
}

void SharedLayers::take(Lump& lump) {
  Layer layer;
  layer.begin = lump.begin;
  for (const ClosedOperation& operation : lump.layer.operations) {
    const auto engine = static_cast<std::size_t>(operation.engine);
    layer.used[engine] = true;
    const auto before =
        std::count_if(layers_.begin(), layers_.end(), [&](const Layer& other) { return other.used[engine]; });
    // Their readers take the second group when they have read the first.
    const bool pair = operation.engine == Engine::kCdp || operation.engine == Engine::kPdp;
    together_ = together_ && before < (pair ? 2 : 1);
  }
  together_ = together_ && lump.first_phase == 0 && one_port(lump);
  const ClosedOperation& head = lump.layer.operations.front();
  for (const auto& unit : units_)
    if (unit->engine() == head.engine) layer.linked = unit->linked(head.activation.index);
  lump.shared = layers_.size();
  layers_.push_back(std::move(layer));
}

void SharedLayers::walk() {
  std::vector<amaix::SharedUnit*> units;
  for (Layer& each : layers_) {
    each.unit->restart(each.begin - layers_.front().begin);
    units.push_back(each.unit.get());
  }
  amaix::walk_together(units, amaix::port_memory(memory_, static_cast<MemorySpace>(port_)), hardware_);
  for (Layer& each : layers_) each.marks = each.unit->marks();
}

// The store's last datum and the interrupt.
bool SharedLayers::walk_row() {
  if (layers_.size() > kMostInRow) return false;
  std::vector<amaix::LinkedRowEntry> row;
  for (const Layer& layer : layers_) {
    if (!layer.linked || layer.used != layers_.front().used) return false;
    row.push_back({layer.linked.get(), static_cast<double>(layer.begin - layers_.front().begin)});
  }
  const auto marks = [](const amaix::LinkedTimes& times) {
    return std::vector<Cycle>{nearest_cycle(times.last), nearest_cycle(times.done)};
  };
  const std::vector<amaix::LinkedTimes> times = amaix::walk_linked_row(row, memory_, hardware_);
  for (std::size_t i = 0; i < times.size(); ++i) {
    Layer& layer = layers_[i];
    if (layer.alone.empty())
      layer.alone = marks(amaix::walk_linked_row({{layer.linked.get(), 0}}, memory_, hardware_).front());
    layer.marks = marks(times[i]);
  }
  return !times.empty();
}

// Walks it alone.
bool SharedLayers::prepare(const Lump& lump) {
  Layer& layer = layers_[lump.shared];
  if (layer.unit) return true;
  const ClosedOperation& head = lump.layer.operations.front();
  for (const auto& unit : units_)
    if (unit->engine() == head.engine) layer.unit = unit->shared(head.activation.index, memory_);
  if (!layer.unit || !layer.unit->whole()) return false;
  layer.unit->restart(0);
  amaix::walk_together({layer.unit.get()}, amaix::port_memory(memory_, static_cast<MemorySpace>(port_)),
                       hardware_);
  layer.alone = layer.unit->marks();
  return true;
}

bool SharedLayers::one_port(const Lump& lump) {
  for (const ClosedOperation& operation : lump.layer.operations)
    for (std::size_t port = 0; port < amaix::kPorts; ++port) {
      const auto space = static_cast<MemorySpace>(port);
      if ((space == MemorySpace::kDbb ? operation.dbb : operation.cvsram).total() == 0) continue;
      const std::size_t used = memory_.cvsram ? port : static_cast<std::size_t>(MemorySpace::kDbb);
      if (port_ == amaix::kPorts) port_ = used;
      if (port_ != used) return false;
    }
  return true;
}

void SharedLayers::give_up(std::vector<Lump>& lumps) {
  possible_ = false;
  layers_.clear();
  for (Lump& lump : lumps) lump.delay.reset();
}

void SharedLayers::clear() {
  layers_.clear();
  port_ = amaix::kPorts;
  possible_ = together_ = true;
}

}  // namespace nvdla::engine
