// SPDX-License-Identifier: Apache-2.0
#include "engine/levels/shared_layers.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "amaix/port_time.h"

namespace nvdla::engine {

namespace {

// Engines of which a second layer is walked behind the first.
bool pairs(Engine engine) { return engine == Engine::kCdp || engine == Engine::kPdp; }

}  // namespace

bool SharedLayers::add(Lump& newcomer, std::vector<Lump>& lumps) {
  if (!possible_) return false;
  if (layers_.empty())
    for (Lump& lump : lumps) take(lump);
  if (fetching_ > 0 && newcomer.engine() == Engine::kConv) {
    complete(newcomer);
  } else {
    take(newcomer);
  }
  if (!walk_row()) {
    for (const Lump& lump : lumps) together_ = together_ && prepare(lump);
    together_ = together_ && prepare(newcomer);
    if (!together_) {
      give_up(lumps);
      return false;
    }
    walk();
  }
  for (Lump& lump : lumps) set_delay(lump);
  set_delay(newcomer);
  return true;
}

bool SharedLayers::fetch(const TakenParts& parts, const ClosedFetch& fetch, std::vector<Lump>& lumps) {
  if (!possible_ || !together_) return false;
  if (layers_.empty()) {
    for (Lump& lump : lumps) take(lump);
  } else if (fetching_ == 0) {
    forget_past(lumps);
  }
  for (const ClosedFetch::Reads& reads : fetch.reads) use(reads.space);
  for (const Lump& lump : lumps) together_ = together_ && prepare(lump);
  return together_ && add_fetches(parts, lumps);
}

void SharedLayers::fetch_on(const TakenParts& parts, std::vector<Lump>& lumps) {
  if (!add_fetches(parts, lumps)) give_up(lumps);
}

// In place of those that were there.
bool SharedLayers::add_fetches(const TakenParts& parts, std::vector<Lump>& lumps) {
  drop_fetches();
  const auto add = [&](Unit part, Engine engine) {
    Layer layer;
    layer.begin = engine::taken(parts, part)->at;
    for (const auto& unit : units_)
      if (unit->engine() == engine) layer.unit = unit->shared_fetch(parts, memory_);
    if (!layer.unit || !layer.unit->whole()) return false;
    walk_alone(layer);
    layers_.push_back(std::move(layer));
    ++fetching_;
    return true;
  };
  if (engine::taken(parts, Unit::kCdma) && !add(Unit::kCdma, Engine::kConv)) return false;
  const bool operands = fetching_ > 0 && layers_.back().unit->readers().size() > 2;
  if (engine::taken(parts, Unit::kSdpRdma) && !operands && !add(Unit::kSdpRdma, Engine::kSdp)) return false;
  walk();
  for (Lump& lump : lumps) set_delay(lump);
  return true;
}

void SharedLayers::drop_fetches() {
  layers_.resize(layers_.size() - fetching_);
  fetching_ = 0;
}

// The layer that is fetched for: its own unit in place of those of the fetch.
void SharedLayers::complete(Lump& lump) {
  drop_fetches();
  lump.shared = layers_.size();
  Layer layer;
  layer.begin = lump.begin;
  layer.fetched = true;
  for (const ClosedOperation& operation : lump.layer.operations)
    layer.used[static_cast<std::size_t>(operation.engine)] = true;
  layers_.push_back(std::move(layer));
  together_ = together_ && lump.first_phase == 0 && one_port(lump);
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
    together_ = together_ && before < (pairs(operation.engine) ? 2 : 1);
  }
  together_ = together_ && lump.first_phase == 0 && one_port(lump);
  const ClosedOperation& head = lump.layer.operations.front();
  for (const auto& unit : units_)
    if (unit->engine() == head.engine) layer.linked = unit->linked(head.activation.index);
  lump.shared = layers_.size();
  layers_.push_back(std::move(layer));
}

// Layers that are over go; what another is late by until now counts as if it had begun so much later.
void SharedLayers::forget_past(std::vector<Lump>& lumps) {
  std::vector<Layer> present;
  for (Lump& lump : lumps) {
    Layer& layer = layers_[lump.shared];
    layer.late = lump.at - lump.begin - nearest_cycle(lump.own);
    lump.shared = present.size();
    present.push_back(std::move(layer));
  }
  layers_ = std::move(present);
}

void SharedLayers::walk() {
  std::vector<amaix::SharedUnit*> units;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& each = layers_[i];
    const amaix::SharedUnit* before = nullptr;
    for (std::size_t other = 0; other < i; ++other)
      if (layers_[other].used == each.used) before = layers_[other].unit.get();
    each.unit->restart(each.begin + each.late - walk_begin(), before);
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

void SharedLayers::walk_alone(Layer& layer) {
  layer.unit->restart(layer.unit->ahead(), nullptr);
  amaix::walk_together({layer.unit.get()}, amaix::port_memory(memory_, static_cast<MemorySpace>(port_)),
                       hardware_);
  layer.alone = layer.unit->marks();
  for (Cycle& mark : layer.alone)
    if (mark != kNever) mark -= layer.unit->ahead();
}

// What is asked for before the first layer's begin is walked as well.
Cycle SharedLayers::walk_begin() const {
  Cycle begin = layers_.front().begin;
  for (const Layer& layer : layers_)
    if (layer.unit) begin = std::min(begin, layer.begin + layer.late - layer.unit->ahead());
  return begin;
}

bool SharedLayers::prepare(const Lump& lump) {
  Layer& layer = layers_[lump.shared];
  if (layer.unit) return true;
  const ClosedOperation& head = lump.layer.operations.front();
  for (const auto& unit : units_)
    if (unit->engine() == head.engine) layer.unit = unit->shared(head.activation.index, memory_);
  if (!layer.unit || !layer.unit->whole()) return false;
  walk_alone(layer);
  if (layer.fetched) end_as_walked(layer);
  return true;
}

// A layer that was fetched under another shares the port with operands of its own as well, and waits for the
// writes of the one before: of its end the walk knows more than the estimate.
void SharedLayers::end_as_walked(Layer& layer) const {
  const std::vector<double>& dates = layer.unit->dates();
  if (dates.empty() || layer.alone.back() == kNever) return;
  const Cycle late = layer.alone.back() + nearest_cycle(layer.unit->tail() - dates.back());
  // Of less than a chunk the walk knows nothing.
  if (std::abs(late) <= static_cast<Cycle>(hardware_.mcif_chunk_beats)) return;
  for (std::size_t i = layer.alone.size() - layer.unit->ends(); i < layer.alone.size(); ++i)
    if (layer.alone[i] != kNever) layer.alone[i] -= late;
}

void SharedLayers::set_delay(Lump& lump) {
  const Layer& layer = layers_[lump.shared];
  lump.delay.emplace(layer.alone, layer.marks, layer.begin - walk_begin(),
                     layer.unit ? layer.unit->dates() : std::vector<double>{});
  lump.own = lump.delay->own(static_cast<double>(lump.at - lump.begin));
}

bool SharedLayers::one_port(const Lump& lump) {
  for (const ClosedOperation& operation : lump.layer.operations)
    for (std::size_t port = 0; port < amaix::kPorts; ++port) {
      const auto space = static_cast<MemorySpace>(port);
      if ((space == MemorySpace::kDbb ? operation.dbb : operation.cvsram).total() != 0) use(space);
    }
  return together_;
}

void SharedLayers::use(MemorySpace space) {
  const auto used = static_cast<std::size_t>(memory_.cvsram ? space : MemorySpace::kDbb);
  if (port_ == amaix::kPorts) port_ = used;
  together_ = together_ && port_ == used;
}

void SharedLayers::give_up(std::vector<Lump>& lumps) {
  possible_ = false;
  fetching_ = 0;
  layers_.clear();
  for (Lump& lump : lumps) lump.delay.reset();
}

void SharedLayers::clear() {
  layers_.clear();
  fetching_ = 0;
  port_ = amaix::kPorts;
  possible_ = together_ = true;
}

}  // namespace nvdla::engine
