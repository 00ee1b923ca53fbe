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
    const Cycle own = lump.begin + std::llround(layer->cycles);
    const Cycle behind = busy_until + std::llround(layer->steady.value_or(layer->cycles));
    lump.done = std::max({core_.scheduler.now() + 1, own, busy_until > lump.begin ? behind : own});
    busy_until = lump.done;
    lump.layer = std::move(*layer);
    for (const Unit part : lump.layer.parts) taken_[static_cast<std::size_t>(part)].reset();
    for (const auto& [part, after] : lump.layer.early)
      lump.early.emplace_back(part, lump.begin + std::llround(after));
    wake_for(lump);
    lumps_.push_back(std::move(lump));
  }
}

void ClosedForm::wake_for(const Lump& lump) {
  wake(lump.done);
  for (const auto& [part, at] : lump.early) wake(at);
  for (const ClosedInterrupt& interrupt : lump.layer.other_interrupts)
    if (interrupt.at) wake(lump.begin + std::llround(*interrupt.at));
  for (const ClosedOperation& operation : lump.layer.operations)
    if (operation.done) wake(lump.begin + std::llround(*operation.done));
}

// What is due at the layer's end or later goes with it.
void ClosedForm::do_early(Lump& lump, Cycle now) {
  if (lump.done <= now) return;
  const auto due = [&](const std::optional<double>& after) {
    return after && lump.begin + std::llround(*after) <= now;
  };
  auto& interrupts = lump.layer.other_interrupts;
  for (auto interrupt = interrupts.begin(); interrupt != interrupts.end();) {
    if (!due(interrupt->at)) {
      ++interrupt;
      continue;
    }
    core_.raise(interrupt->source, interrupt->group, now);
    interrupt = interrupts.erase(interrupt);
  }
  auto& early = lump.early;
  for (auto part = early.begin(); part != early.end();) {
    if (part->second > now) {
      ++part;
      continue;
    }
    auto& parts = lump.layer.parts;
    parts.erase(std::find(parts.begin(), parts.end(), part->first));
    core_.starter(part->first).release(now);
    part = early.erase(part);
  }
  auto& operations = lump.layer.operations;
  while (!operations.empty() && due(operations.front().done)) {
    finish(operations.front(), lump.begin, now);
    operations.erase(operations.begin());
  }
}

void ClosedForm::run(Cycle now) {
  for (Lump& lump : lumps_) do_early(lump, now);
  std::vector<Lump> due;
  for (auto lump = lumps_.begin(); lump != lumps_.end();) {
    if (lump->done > now) {
      ++lump;
      continue;
    }
    due.push_back(std::move(*lump));
    lump = lumps_.erase(lump);
  }
  for (const Lump& lump : due) finish(lump, now);
  for (const Lump& lump : lumps_) wake_for(lump);
}

void ClosedForm::finish(const Lump& lump, Cycle now) {
  for (const ClosedInterrupt& interrupt : lump.layer.other_interrupts)
    core_.raise(interrupt.source, interrupt.group, now);
  for (const ClosedOperation& operation : lump.layer.operations) finish(operation, lump.begin, now);
  for (const Unit part : lump.layer.parts) core_.starter(part).release(now);
}

void ClosedForm::finish(const ClosedOperation& operation, Cycle begin, Cycle now) {
  const OperationId id = id_of(operation);
  core_.log.traffic(id, operation.dbb, operation.cvsram);
  double at = static_cast<double>(begin);
  for (const amaix::Phase& phase : operation.phases) {
    at += phase.cycles;
    core_.log.account(id, phase.resource, std::min<Cycle>(now, std::llround(at)));
  }
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
