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
    // A unit may take an operation while it runs another (BDMA): one lump follows the other.
    Cycle& busy_until = busy_until_[static_cast<std::size_t>(layer->operations.front().engine)];
    lump.begin = std::max(lump.begin, busy_until);
    lump.done =
        std::max(core_.scheduler.now() + 1, lump.begin + static_cast<Cycle>(std::llround(layer->cycles)));
    busy_until = lump.done;
    lump.layer = std::move(*layer);
    for (const Unit part : lump.layer.parts) taken_[static_cast<std::size_t>(part)].reset();
    wake(lump.done);
    lumps_.push_back(std::move(lump));
  }
}

void ClosedForm::run(Cycle now) {
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
  for (const Lump& lump : lumps_) wake(lump.done);
}

void ClosedForm::finish(const Lump& lump, Cycle now) {
  for (const auto& [source, group] : lump.layer.other_interrupts) core_.raise(source, group, now);
  for (const ClosedOperation& operation : lump.layer.operations) {
    const OperationId id = id_of(operation);
    core_.log.traffic(id, operation.dbb, operation.cvsram);
    double at = static_cast<double>(lump.begin);
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
  for (const Unit part : lump.layer.parts) core_.starter(part).release(now);
}

void ClosedForm::reset() {
  taken_ = {};
  lumps_.clear();
  busy_until_.fill(0);
}

}  // namespace nvdla::engine
