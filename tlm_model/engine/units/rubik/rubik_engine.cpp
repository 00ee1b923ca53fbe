// SPDX-License-Identifier: Apache-2.0
#include "engine/units/rubik/rubik_engine.h"

#include <memory>

namespace nvdla::engine {

void RubikEngine::start(OperationId id, const RubikOperation& operation, Cycle at) {
  const amaix::RubikPlan plan = amaix::plan_rubik(operation, hardware_);
  warn(plan.warnings);
  add_fetch(id, std::make_unique<amaix::RubikReads>(plan), plan.timing, at);
  add_operation(id, std::make_unique<amaix::RubikCore>(plan), plan.timing, true, at);
}

void RubikEngine::reset() {
  StreamEngine::reset();
  file_.clear();
}

void RubikEngine::present(const LinkItem& item) {
  switch (item.item.kind) {
    case amaix::StreamItemKind::kCommand:
      file_.command(item.tag, item.item.request);
      return;
    case amaix::StreamItemKind::kDatum:
      file_.beat(item.at, item.item.read_beats);
      break;
    case amaix::StreamItemKind::kOutput:
      file_.output(item.item.atoms);
      if (item.item.last) file_.close();
      break;
  }
  free_read(item.timing);
}

void RubikEngine::on_link_taken(const amaix::WriteLink::Taken& datum, const amaix::StreamTiming& timing) {
  file_.taken(datum.at);
  free_read(timing);
}

void RubikEngine::free_read(const amaix::StreamTiming& timing) {
  while (const std::optional<amaix::RubikFile::Freed> beat = file_.freed())
    free_beats(beat->read_beats, beat->at + timing.credit);
}

}  // namespace nvdla::engine
