// SPDX-License-Identifier: Apache-2.0
#include "engine/units/bdma/bdma_unit.h"

#include "amaix/bdma_estimate.h"
#include "engine/tensors/mover_tensors.h"
#include "registers/decoder.h"

namespace nvdla::engine {

BdmaUnit::BdmaUnit(Core& core)
    : core_(core),
      engine_(core.scheduler, core.hardware, core.dbb, core.port(MemorySpace::kCvsram), core.log, *this) {}

const std::vector<Unit>& BdmaUnit::parts() const {
  static const std::vector<Unit> kParts = {Unit::kBdma};
  return kParts;
}

void BdmaUnit::queue() {
  try {
    queue_.push_back(registers::decode_bdma(core_.file, core_.hardware));
  } catch (const registers::DecodeError&) {
    core_.file.take_bdma_transfer();  // it is never executed
    throw;
  }
}

void BdmaUnit::enabled(Unit /*part*/, Activation activation) {
  operations_[activation.index] = std::move(queue_);
  queue_.clear();
  if (operations_[activation.index].empty())
    core_.warn("BDMA: group " + std::to_string(activation.group) + " launched without a queued transfer");
}

void BdmaUnit::taken(Unit /*part*/, Activation activation) {
  for (std::size_t i = 0; i < operations_.at(activation.index).size(); ++i) core_.file.take_bdma_transfer();
}

void BdmaUnit::start(Unit /*part*/, Activation activation, Cycle at) {
  running_.push(activation);
  const std::vector<BdmaTransfer>& transfers = operations_.at(activation.index);
  if (loading_.empty()) core_.counters.count_reads_for(activation.group, true, engine_.asks());
  if (!transfers.empty()) loading_.push(activation.group);
  engine_.start(core_.log.id(Engine::kBdma, activation.index), transfers, at);
}

// What it is in the middle of counts for the group that comes next.
void BdmaUnit::on_stream_last_command(Cycle /*at*/) {
  loading_.pop();
  if (!loading_.empty()) core_.counters.count_reads_for(loading_.front(), false, false);
}

void BdmaUnit::on_stream_done(OperationId id, Cycle at) {
  const Activation activation = running_.front();
  running_.pop();
  core_.counters.end(Unit::kBdma, activation.group, at);
  core_.finish_values(*this, activation.index, activation.group);
  forget(activation.index);
  core_.log.done(id, Resource::kWritePath, at);
  core_.starter(Unit::kBdma).release(at);
  core_.raise(Interrupt::kBdma, activation.group, at);
}

std::optional<ClosedLayer> BdmaUnit::closed_form(const TakenParts& parts, const memory::MemorySystem& memory,
                                                 amaix::Level level) {
  const auto& own = engine::taken(parts, Unit::kBdma);
  if (!own) return std::nullopt;
  const amaix::Estimate estimate =
      amaix::estimate_bdma(operations_.at(own->activation.index), core_.hardware, memory, level);
  ClosedLayer layer;
  layer.cycles = estimate.cycles;
  if (level == amaix::Level::kRefined) {
    layer.steady = estimate.steady;
    layer.first_write = estimate.first_write;
    layer.fetched = estimate.fetch_done;
  }
  layer.first = Unit::kBdma;
  layer.parts = this->parts();
  layer.operations.push_back(
      {Engine::kBdma, own->activation, estimate.phases, estimate.dbb, estimate.cvsram});
  return layer;
}

std::unique_ptr<amaix::LinkedLayer> BdmaUnit::linked(std::uint32_t operation) {
  const auto found = operations_.find(operation);
  if (found == operations_.end()) return nullptr;
  return amaix::linked_bdma(found->second, core_.hardware);
}

std::unique_ptr<OperationTensors> BdmaUnit::tensors(std::uint32_t operation, OperationImage& image) {
  const auto found = operations_.find(operation);
  if (found == operations_.end()) return nullptr;
  return std::make_unique<BdmaTensors>(image, found->second);
}

void BdmaUnit::reset() {
  engine_.reset();
  operations_.clear();
  running_.clear();
  loading_.clear();
  queue_.clear();
}

}  // namespace nvdla::engine
