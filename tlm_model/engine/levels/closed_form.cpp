// SPDX-License-Identifier: Apache-2.0
#include "engine/levels/closed_form.h"

#include <algorithm>
#include <cmath>

namespace nvdla::engine {

void ClosedForm::started(EngineUnit& /*owner*/, Unit part, Activation activation, Cycle at) {
  taken_[static_cast<std::size_t>(part)] = TakenPart{activation, at};
  consider();
}

void ClosedForm::consider() {
  for (const auto& unit : units_) {
    std::optional<ClosedLayer> layer = unit->closed_form(taken_, memory_, level_);
    if (!layer) continue;
    Lump lump;
    lump.begin = level_ == amaix::Level::kRoofline ? core_.log.begin(id_of(layer->operations.front()))
                                                   : engine::taken(taken_, layer->first)->at;
    // A unit may take an operation while it runs another: their fill and drain overlap.
    Cycle& busy_until = busy_until_[static_cast<std::size_t>(layer->operations.front().engine)];
    const Cycle now = core_.scheduler.now();
    const Cycle own = lump.begin + nearest_cycle(layer->cycles);
    lump.behind = nearest_cycle(layer->steady.value_or(layer->cycles));
    const Cycle done = std::max({now + 1, own, busy_until > lump.begin ? busy_until + lump.behind : own});
    busy_until = done;
    lump.length = done - lump.begin;
    lump.at = now;
    lump.own = static_cast<double>(now - lump.begin);
    lump.layer = std::move(*layer);
    // Behind another layer of its engine it waits; of a convolution the estimate knows when.
    if (lump.layer.operations.front().engine != Engine::kConv) lump.first_phase = done - own;
    for (const Unit part : lump.layer.parts) taken_[static_cast<std::size_t>(part)].reset();
    pass(now);
    lumps_.push_back(std::move(lump));
    set_speeds();
  }
}

void ClosedForm::pass(Cycle now) {
  for (Lump& lump : lumps_) {
    lump.own += static_cast<double>(now - lump.at) * lump.speed;
    lump.at = now;
  }
}

void ClosedForm::set_speeds() {
  if (level_ == amaix::Level::kRefined && lumps_.size() > 1) {
    std::vector<amaix::PortUse> uses;
    for (Lump& lump : lumps_) {
      if (!lump.profile)
        lump.profile.emplace(lump.layer, static_cast<double>(lump.first_phase), memory_, core_.hardware);
      uses.push_back(lump.profile->at(lump.own + kSlack));
    }
    const std::vector<double> speeds = amaix::speeds(uses);
    for (std::size_t i = 0; i < lumps_.size(); ++i) lumps_[i].speed = speeds[i];
  } else {
    for (Lump& lump : lumps_) lump.speed = 1;
  }
  for (const Lump& lump : lumps_) wake_for(lump);
}

void ClosedForm::wake_for(const Lump& lump) {
  const auto wake_at = [&](double own) {
    if (own <= lump.own + kSlack) return;
    wake(lump.at + static_cast<Cycle>(std::ceil((own - lump.own) / lump.speed - kSlack)));
  };
  const auto wake_after = [&](double after) { wake_at(static_cast<double>(nearest_cycle(after))); };
  wake_at(static_cast<double>(lump.length));
  for (const auto& [part, after] : lump.layer.early) wake_after(after);
  for (const ClosedInterrupt& interrupt : lump.layer.other_interrupts)
    if (interrupt.at) wake_after(*interrupt.at);
  for (const ClosedOperation& operation : lump.layer.operations)
    if (operation.done) wake_after(*operation.done);
  if (lumps_.size() > 1 && lump.profile) {
    const double change = lump.profile->next_change(lump.own + kSlack);
    if (change < static_cast<double>(lump.length)) wake_at(change);
  }
}

// What is due at the layer's end or later goes with it.
void ClosedForm::do_early(Lump& lump, Cycle now) {
  if (lump.due(static_cast<double>(lump.length))) return;
  auto& interrupts = lump.layer.other_interrupts;
  for (auto interrupt = interrupts.begin(); interrupt != interrupts.end();) {
    if (!interrupt->at || !lump.due(*interrupt->at)) {
      ++interrupt;
      continue;
    }
    core_.raise(interrupt->source, interrupt->group, now);
    interrupt = interrupts.erase(interrupt);
  }
  auto& early = lump.layer.early;
  for (auto part = early.begin(); part != early.end();) {
    if (!lump.due(part->second)) {
      ++part;
      continue;
    }
    auto& parts = lump.layer.parts;
    parts.erase(std::find(parts.begin(), parts.end(), part->first));
    core_.starter(part->first).release(now);
    part = early.erase(part);
  }
  auto& operations = lump.layer.operations;
  while (!operations.empty() && operations.front().done && lump.due(*operations.front().done)) {
    finish(lump, operations.front(), now);
    operations.erase(operations.begin());
  }
}

// Layers of an engine end in order.
bool ClosedForm::waits(std::size_t lump) const {
  const Engine engine = lumps_[lump].layer.operations.front().engine;
  for (std::size_t i = 0; i < lump; ++i)
    if (lumps_[i].layer.operations.front().engine == engine) return true;
  return false;
}

void ClosedForm::run(Cycle now) {
  pass(now);
  for (std::size_t i = 0; i < lumps_.size(); ++i) do_early(lumps_[i], now);
  std::vector<Lump> due;
  for (std::size_t i = 0; i < lumps_.size();) {
    if (!lumps_[i].due(static_cast<double>(lumps_[i].length)) || waits(i)) {
      ++i;
      continue;
    }
    due.push_back(std::move(lumps_[i]));
    lumps_.erase(lumps_.begin() + static_cast<std::ptrdiff_t>(i));
    for (Lump& next : lumps_)
      if (next.layer.operations.front().engine == due.back().layer.operations.front().engine)
        next.own = std::min(next.own, static_cast<double>(next.length - next.behind));
  }
  for (const Lump& lump : due) finish(lump, now);
  set_speeds();
}

void ClosedForm::finish(const Lump& lump, Cycle now) {
  for (const ClosedInterrupt& interrupt : lump.layer.other_interrupts)
    core_.raise(interrupt.source, interrupt.group, now);
  for (const ClosedOperation& operation : lump.layer.operations) finish(lump, operation, now);
  for (const Unit part : lump.layer.parts) core_.starter(part).release(now);
}

void ClosedForm::finish(const Lump& lump, const ClosedOperation& operation, Cycle now) {
  const OperationId id = id_of(operation);
  core_.log.traffic(id, operation.dbb, operation.cvsram);
  // What slowed it down is spread over its phases.
  const double stretch = static_cast<double>(now - lump.begin) / lump.own;
  core_.log.account(id, lump.begin, operation.phases, stretch, now);
  for (const auto& unit : units_) {
    if (unit->engine() != operation.engine) continue;
    core_.finish_values(*unit, operation.activation.index, operation.activation.group);
    unit->forget(operation.activation.index);
  }
  core_.log.done(id, Resource::kPartner, now);
  core_.raise(engine_info(operation.engine).interrupt, operation.activation.group, now);
}

void ClosedForm::reset() {
  taken_ = {};
  lumps_.clear();
  busy_until_.fill(0);
}

}  // namespace nvdla::engine
