// SPDX-License-Identifier: Apache-2.0
#include "engine/units/pdp/pdp_unit.h"

#include "amaix/pdp_estimate.h"
#include "engine/tensors/pdp_tensors.h"
#include "engine/tensors/value_registers.h"
#include "registers/decoder.h"

namespace nvdla::engine {

PdpUnit::PdpUnit(Core& core)
    : core_(core),
      engine_(core.scheduler, core.hardware, core.dbb, core.port(MemorySpace::kCvsram), core.log, *this) {}

const std::vector<Unit>& PdpUnit::parts() const {
  static const std::vector<Unit> kParts = {Unit::kPdpRdma, Unit::kPdp};
  return kParts;
}

void PdpUnit::enabled(Unit part, Activation activation) {
  if (part == Unit::kPdpRdma) {
    fetches_[activation.index] = {core_.decoded(part, activation, registers::decode_pdp_fetch),
                                  activation.group};
    const std::optional<std::uint32_t> operation = pairing_.operation_of(activation.index);
    if (operation) check_pair(*operation);
    return;
  }
  const PdpOperation operation = core_.decoded(part, activation, registers::decode_pdp);
  operations_[activation.index] = {operation, activation.group};
  pairing_.enabled_operation(activation.index, !operation.flying);
  flying_.enabled_operation(activation.index, operation.flying);
  check_pair(activation.index);
}

void PdpUnit::check_pair(std::uint32_t operation) const {
  const std::optional<std::uint32_t> fetch = pairing_.fetch_of(operation);
  const auto found = fetch ? fetches_.find(*fetch) : fetches_.end();
  if (found == fetches_.end()) return;
  registers::check_consistent(core_.file, found->second.group, operations_.at(operation).operation,
                              found->second.fetch, core_.hardware);
}

Links PdpUnit::links(std::uint32_t operation) const {
  return {operations_.at(operation).operation.flying, false};
}

void PdpUnit::start(Unit part, Activation activation, Cycle at) {
  if (part == Unit::kPdpRdma) {
    const std::uint32_t operation =
        pairing_.operation_of(activation.index).value_or(pairing_.next_operation());
    engine_.fetch_start(core_.log.id(Engine::kPdp, operation), fetches_.at(activation.index).fetch, at);
    return;
  }
  running_.push(activation);
  engine_.start(core_.log.id(Engine::kPdp, activation.index), operations_.at(activation.index).operation, at);
}

void PdpUnit::on_stream_fetch_done(Cycle at) {
  core_.counters.end(Unit::kPdpRdma, core_.starter(Unit::kPdpRdma).release(at), at);
}

void PdpUnit::on_stream_released(Cycle at) {
  core_.counters.end(Unit::kPdp, core_.starter(Unit::kPdp).release(at), at);
}

void PdpUnit::on_stream_done(OperationId id, Cycle at) {
  const Activation activation = running_.front();
  running_.pop();
  core_.finish_values(*this, activation.index, activation.group);
  forget(activation.index);
  core_.log.done(id, Resource::kWritePath, at);
  core_.raise(Interrupt::kPdp, activation.group, at);
}

std::optional<PdpOperation> PdpUnit::on_the_fly(const TakenParts& parts, ClosedLayer& layer) const {
  const auto& pdp = engine::taken(parts, Unit::kPdp);
  if (!pdp || !operations_.at(pdp->activation.index).operation.flying) return std::nullopt;
  layer.parts.push_back(Unit::kPdp);
  layer.operations.push_back({Engine::kPdp, pdp->activation, {}, {}, {}});
  return operations_.at(pdp->activation.index).operation;
}

std::optional<ClosedLayer> PdpUnit::closed_form(const TakenParts& parts, const memory::MemorySystem& memory,
                                                amaix::Level level) {
  const auto& pdp = engine::taken(parts, Unit::kPdp);
  const auto& rdma = engine::taken(parts, Unit::kPdpRdma);
  if (!pdp || !rdma || pairing_.fetch_of(pdp->activation.index) != rdma->activation.index)
    return std::nullopt;
  const PdpOperation operation = from_memory(pdp->activation.index, rdma->activation.index);
  const amaix::Estimate estimate = amaix::estimate_pdp(operation, summary(pdp->activation.index, operation),
                                                       core_.hardware, memory, level);
  ClosedLayer layer;
  layer.cycles = estimate.cycles;
  layer.first = Unit::kPdpRdma;
  layer.parts = this->parts();
  if (level == amaix::Level::kRefined) {
    layer.steady = estimate.steady;
    layer.early = {{Unit::kPdpRdma, estimate.fetch_done}, {Unit::kPdp, estimate.released}};
  }
  layer.operations.push_back({Engine::kPdp, pdp->activation, estimate.phases, estimate.dbb, estimate.cvsram});
  return layer;
}

PdpOperation PdpUnit::from_memory(std::uint32_t operation, std::uint32_t fetch) const {
  PdpOperation result = operations_.at(operation).operation;
  result.source = fetches_.at(fetch).fetch.source;
  return result;
}

amaix::StreamSummary PdpUnit::summary(std::uint32_t index, const PdpOperation& operation) const {
  return core_.summary(core_.log.id(Engine::kPdp, index),
                       [&] { return amaix::summarise_pdp(operation, core_.hardware); });
}

std::unique_ptr<amaix::SharedUnit> PdpUnit::shared(std::uint32_t operation,
                                                   const memory::MemorySystem& /*memory*/) {
  const std::optional<std::uint32_t> fetch = pairing_.fetch_of(operation);
  if (!fetch || operations_.count(operation) == 0 || fetches_.count(*fetch) == 0) return nullptr;
  const PdpOperation pooling = from_memory(operation, *fetch);
  return amaix::share_pdp(pooling, summary(operation, pooling), core_.hardware);
}

std::unique_ptr<OperationTensors> PdpUnit::tensors(std::uint32_t operation, OperationImage& image) {
  const auto found = operations_.find(operation);
  if (found == operations_.end()) return nullptr;
  PdpOperation pooling = found->second.operation;
  SdpTensors* sdp = nullptr;
  if (const std::optional<std::uint32_t> k = flying_.fetch_of(operation)) {
    if (const std::optional<std::uint32_t> giver = giver_ ? giver_(*k) : std::nullopt) {
      const OperationId source = core_.log.id(Engine::kSdp, *giver);
      sdp = dynamic_cast<SdpTensors*>(core_.tensors->find(source));
      core_.tensors->connect(core_.log.id(Engine::kPdp, operation), source);
    }
  } else if (const std::optional<std::uint32_t> fetch = pairing_.fetch_of(operation)) {
    const auto source = fetches_.find(*fetch);
    if (source != fetches_.end()) pooling.source = source->second.fetch.source;
  }
  return std::make_unique<PdpTensors>(image, pooling, core_.hardware, sdp);
}

void PdpUnit::show_values(std::uint32_t /*operation*/, std::uint32_t group, const ValueCounters& values) {
  engine::show_values(core_.file, Unit::kPdp, group, values);
}

void PdpUnit::forget(std::uint32_t operation) {
  flying_.forget(operation);
  if (const std::optional<std::uint32_t> fetch = pairing_.fetch_of(operation)) fetches_.erase(*fetch);
  pairing_.forget(operation);
  operations_.erase(operation);
}

void PdpUnit::reset() {
  engine_.reset();
  pairing_.reset();
  flying_.reset();
  operations_.clear();
  fetches_.clear();
  running_.clear();
}

}  // namespace nvdla::engine
