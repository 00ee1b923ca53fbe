// SPDX-License-Identifier: Apache-2.0
#include "engine/units/rubik/rubik_unit.h"

#include "amaix/rubik_estimate.h"
#include "engine/tensors/mover_tensors.h"
#include "registers/decoder.h"

namespace nvdla::engine {

RubikUnit::RubikUnit(Core& core)
    : core_(core),
      engine_(core.scheduler, core.hardware, core.dbb, core.port(MemorySpace::kCvsram), core.log, *this) {}

const std::vector<Unit>& RubikUnit::parts() const {
  static const std::vector<Unit> kParts = {Unit::kRubik};
  return kParts;
}

void RubikUnit::enabled(Unit part, Activation activation) {
  operations_[activation.index] = core_.decoded(part, activation, registers::decode_rubik);
}

void RubikUnit::start(Unit /*part*/, Activation activation, Cycle at) {
  running_.push(activation);
  engine_.start(core_.log.id(Engine::kRubik, activation.index), operations_.at(activation.index), at);
}

void RubikUnit::on_stream_done(OperationId id, Cycle at) {
  const Activation activation = running_.front();
  running_.pop();
  core_.counters.end(Unit::kRubik, activation.group, at);
  core_.finish_values(*this, activation.index, activation.group);
  forget(activation.index);
  core_.log.done(id, Resource::kWritePath, at);
  core_.raise(Interrupt::kRubik, activation.group, at);
}

std::optional<ClosedLayer> RubikUnit::closed_form(const TakenParts& parts, const memory::MemorySystem& memory,
                                                  amaix::Level level) {
  const auto& own = engine::taken(parts, Unit::kRubik);
  if (!own) return std::nullopt;
  const amaix::Estimate estimate =
      amaix::estimate_rubik(operations_.at(own->activation.index), core_.hardware, memory, level);
  ClosedLayer layer;
  layer.cycles = estimate.cycles;
  layer.first = Unit::kRubik;
  layer.parts = this->parts();
  if (level == amaix::Level::kRefined) {
    layer.steady = estimate.steady;
    layer.first_write = estimate.first_write;
    layer.fetched = estimate.fetch_done;
    layer.early = {{Unit::kRubik, estimate.released}};
  }
  layer.operations.push_back(
      {Engine::kRubik, own->activation, estimate.phases, estimate.dbb, estimate.cvsram});
  return layer;
}

std::unique_ptr<amaix::LinkedLayer> RubikUnit::linked(std::uint32_t operation) {
  const auto found = operations_.find(operation);
  if (found == operations_.end()) return nullptr;
  return amaix::linked_rubik(found->second, core_.hardware);
}

std::unique_ptr<OperationTensors> RubikUnit::tensors(std::uint32_t operation, OperationImage& image) {
  const auto found = operations_.find(operation);
  if (found == operations_.end()) return nullptr;
  return std::make_unique<RubikTensors>(image, found->second, core_.hardware);
}

void RubikUnit::reset() {
  engine_.reset();
  operations_.clear();
  running_.clear();
}

}  // namespace nvdla::engine
