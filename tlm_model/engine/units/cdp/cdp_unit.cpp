// SPDX-License-Identifier: Apache-2.0
#include "engine/units/cdp/cdp_unit.h"

#include "amaix/cdp_estimate.h"
#include "engine/tensors/cdp_tensors.h"
#include "engine/tensors/value_registers.h"
#include "registers/decoder.h"

namespace nvdla::engine {

CdpUnit::CdpUnit(Core& core)
    : core_(core),
      engine_(core.scheduler, core.hardware, core.dbb, core.port(MemorySpace::kCvsram), core.log, *this) {}

const std::vector<Unit>& CdpUnit::parts() const {
  static const std::vector<Unit> kParts = {Unit::kCdpRdma, Unit::kCdp};
  return kParts;
}

void CdpUnit::enabled(Unit part, Activation activation) {
  if (part == Unit::kCdpRdma) {
    fetches_[activation.index] = {core_.decoded(part, activation, registers::decode_cdp_fetch),
                                  activation.group};
  } else {
    operations_[activation.index] = {core_.decoded(part, activation, registers::decode_cdp),
                                     activation.group};
  }
  check_pair(activation.index);
  if (held_ && held_->index == activation.index) {
    const Activation held = *held_;
    held_.reset();
    begin(held, core_.scheduler.now());
  }
}

void CdpUnit::check_pair(std::uint32_t index) const {
  const auto operation = operations_.find(index);
  const auto fetch = fetches_.find(index);
  if (operation == operations_.end() || fetch == fetches_.end()) return;
  registers::check_consistent(core_.file, operation->second.group,
                              joined(operation->second.descriptor, fetch->second.descriptor),
                              fetch->second.group, fetch->second.descriptor, core_.hardware);
}

void CdpUnit::taken(Unit part, Activation activation) {
  if (part == Unit::kCdp && core_.tensors)
    luts_[activation.index] = registers::decode_cdp_lut(core_.file, core_.hardware);
}

void CdpUnit::start(Unit part, Activation activation, Cycle at) {
  if (part == Unit::kCdpRdma) {
    engine_.fetch_start(core_.log.id(Engine::kCdp, activation.index),
                        fetches_.at(activation.index).descriptor, at);
    return;
  }
  running_.push(activation);
  if (fetches_.count(activation.index) != 0) {
    begin(activation, at);
    return;
  }
  core_.log.warn("CDP: group " + std::to_string(activation.group) + " waits for CDP_RDMA to be enabled", at);
  held_ = activation;
}

void CdpUnit::begin(Activation activation, Cycle at) {
  engine_.start(core_.log.id(Engine::kCdp, activation.index),
                joined(operations_.at(activation.index).descriptor, fetches_.at(activation.index).descriptor),
                at);
}

void CdpUnit::on_stream_fetch_done(Cycle at) {
  core_.counters.end(Unit::kCdpRdma, core_.starter(Unit::kCdpRdma).release(at), at);
}

void CdpUnit::on_stream_released(Cycle at) {
  core_.counters.end(Unit::kCdp, core_.starter(Unit::kCdp).release(at), at);
}

void CdpUnit::on_stream_done(OperationId id, Cycle at) {
  const Activation activation = running_.front();
  running_.pop();
  core_.finish_values(*this, activation.index, activation.group);
  forget(activation.index);
  core_.log.done(id, Resource::kWritePath, at);
  core_.raise(Interrupt::kCdp, activation.group, at);
}

std::optional<ClosedLayer> CdpUnit::closed_form(const TakenParts& parts, const memory::MemorySystem& memory,
                                                amaix::Level level) {
  const auto& cdp = engine::taken(parts, Unit::kCdp);
  const auto& rdma = engine::taken(parts, Unit::kCdpRdma);
  if (!cdp || !rdma || cdp->activation.index != rdma->activation.index) return std::nullopt;
  const CdpOperation operation =
      joined(operations_.at(cdp->activation.index).descriptor, fetches_.at(cdp->activation.index).descriptor);
  const amaix::Estimate estimate = amaix::estimate_cdp(operation, summary(cdp->activation.index, operation),
                                                       core_.hardware, memory, level);
  ClosedLayer layer;
  layer.cycles = estimate.cycles;
  layer.first = Unit::kCdpRdma;
  layer.parts = this->parts();
  if (level == amaix::Level::kRefined) {
    layer.steady = estimate.steady;
    layer.early = {{Unit::kCdpRdma, estimate.fetch_done}, {Unit::kCdp, estimate.released}};
  }
  layer.operations.push_back({Engine::kCdp, cdp->activation, estimate.phases, estimate.dbb, estimate.cvsram});
  return layer;
}

amaix::StreamSummary CdpUnit::summary(std::uint32_t index, const CdpOperation& operation) const {
  return core_.summary(core_.log.id(Engine::kCdp, index),
                       [&] { return amaix::summarise_cdp(operation, core_.hardware); });
}

std::unique_ptr<amaix::SharedUnit> CdpUnit::shared(std::uint32_t operation,
                                                   const memory::MemorySystem& /*memory*/) {
  const auto own = operations_.find(operation);
  const auto fetch = fetches_.find(operation);
  if (own == operations_.end() || fetch == fetches_.end()) return nullptr;
  const CdpOperation normalisation = joined(own->second.descriptor, fetch->second.descriptor);
  return amaix::share_cdp(normalisation, summary(operation, normalisation), core_.hardware);
}

std::unique_ptr<OperationTensors> CdpUnit::tensors(std::uint32_t operation, OperationImage& image) {
  const auto found = operations_.find(operation);
  const auto fetch = fetches_.find(operation);
  if (found == operations_.end() || fetch == fetches_.end()) return nullptr;
  return std::make_unique<CdpTensors>(image, joined(found->second.descriptor, fetch->second.descriptor),
                                      luts_[operation], core_.hardware);
}

void CdpUnit::show_values(std::uint32_t /*operation*/, std::uint32_t group, const ValueCounters& values) {
  engine::show_values(core_.file, Unit::kCdp, group, values);
}

void CdpUnit::forget(std::uint32_t operation) {
  luts_.erase(operation);
  operations_.erase(operation);
  fetches_.erase(operation);
}

void CdpUnit::reset() {
  engine_.reset();
  operations_.clear();
  fetches_.clear();
  luts_.clear();
  held_.reset();
  running_.clear();
}

}  // namespace nvdla::engine
