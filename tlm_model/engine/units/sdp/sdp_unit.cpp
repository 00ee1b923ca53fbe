// SPDX-License-Identifier: Apache-2.0
#include "engine/units/sdp/sdp_unit.h"

#include <algorithm>

#include "amaix/pdp_estimate.h"
#include "amaix/sdp_estimate.h"
#include "amaix/shared_convolution.h"
#include "engine/tensors/sdp_tensors.h"
#include "engine/tensors/value_registers.h"
#include "registers/decoder.h"

namespace nvdla::engine {

namespace {

bool takes_data(const SdpOperation& operation) {
  const auto reads = [](const SdpStage& stage) { return stage.alu_from_dma || stage.mul_from_dma; };
  return !operation.flying || reads(operation.x1) || reads(operation.x2) || reads(operation.y);
}

}  // namespace

SdpUnit::SdpUnit(Core& core, PdpUnit& pdp)
    : core_(core),
      pdp_(pdp),
      engine_(core.scheduler, core.hardware, core.dbb, core.port(MemorySpace::kCvsram), core.log, *this) {
  engine_.connect_pdp(pdp.sink());
  pdp.connect_source(engine_);
  pdp.connect_operations([this](std::uint32_t k) { return gives_to_pooling(k); });
}

const std::vector<Unit>& SdpUnit::parts() const {
  static const std::vector<Unit> kParts = {Unit::kSdpRdma, Unit::kSdp};
  return kParts;
}

void SdpUnit::enabled(Unit part, Activation activation) {
  if (part == Unit::kSdpRdma) {
    fetches_[activation.index] = core_.decoded(part, activation, registers::decode_sdp_fetch);
    const std::optional<std::uint32_t> operation = pairing_.operation_of(activation.index);
    if (operation) check_pair(*operation);
    return;
  }
  const SdpOperation operation = core_.decoded(part, activation, registers::decode_sdp);
  Enabled& enabled = operations_[activation.index];
  enabled.operation = operation;
  enabled.group = activation.group;
  pairing_.enabled_operation(activation.index, takes_data(operation));
  convolutions_.enabled_operation(activation.index, operation.flying);
  poolings_.enabled_operation(activation.index, operation.output_to_pdp);
  check_pair(activation.index);
}

void SdpUnit::check_pair(std::uint32_t operation) const {
  const std::optional<std::uint32_t> fetch = pairing_.fetch_of(operation);
  if (!fetch || fetches_.find(*fetch) == fetches_.end()) return;
  registers::check_consistent(core_.file, operations_.at(operation).group, joined(operation), core_.hardware);
}

SdpOperation SdpUnit::joined(std::uint32_t operation) const {
  SdpOperation both = operations_.at(operation).operation;
  const std::optional<std::uint32_t> fetch = pairing_.fetch_of(operation);
  if (!fetch) return both;
  const auto found = fetches_.find(*fetch);
  both.has_fetch = found != fetches_.end();
  if (both.has_fetch) both.fetch = found->second;
  return both;
}

Links SdpUnit::links(std::uint32_t operation) const {
  const SdpOperation& op = operations_.at(operation).operation;
  return {op.flying, op.output_to_pdp};
}

void SdpUnit::taken(Unit part, Activation activation) {
  if (part != Unit::kSdp || !core_.tensors) return;
  Enabled& enabled = operations_.at(activation.index);
  if (enabled.operation.y.lut) enabled.lut = registers::decode_sdp_lut(core_.file, core_.hardware);
}

void SdpUnit::start(Unit part, Activation activation, Cycle at) {
  if (part == Unit::kSdpRdma) {
    const std::uint32_t operation =
        pairing_.operation_of(activation.index).value_or(pairing_.next_operation());
    engine_.fetch_start(core_.log.id(Engine::kSdp, operation), fetches_.at(activation.index), at);
    return;
  }
  const SdpOperation operation = joined(activation.index);
  const bool fetches = pairing_.fetch_of(activation.index).has_value();
  if (fetches && !operation.has_fetch)
    core_.log.warn("SDP: group " + std::to_string(activation.group) +
                       " needs data from memory and waits for SDP_RDMA to be enabled",
                   at);
  running_.push(activation);
  engine_.start(core_.log.id(Engine::kSdp, activation.index), operation, fetches, at);
}

void SdpUnit::on_sdp_fetch_done(Cycle at) {
  core_.counters.end(Unit::kSdpRdma, core_.starter(Unit::kSdpRdma).release(at), at);
}

void SdpUnit::on_sdp_released(Cycle at) {
  core_.counters.end(Unit::kSdp, core_.starter(Unit::kSdp).release(at), at);
}

void SdpUnit::on_sdp_done(OperationId id, Cycle at) {
  const Activation activation = running_.front();
  running_.pop();
  core_.finish_values(*this, activation.index, activation.group);
  forget(activation.index);
  core_.log.done(id, Resource::kWritePath, at);
  core_.raise(Interrupt::kSdp, activation.group, at);
}

bool SdpUnit::complete(const TakenParts& parts, std::uint32_t operation) const {
  if (!pairing_.fetch_of(operation)) return true;
  const auto& rdma = engine::taken(parts, Unit::kSdpRdma);
  return rdma && rdma->activation.index == *pairing_.fetch_of(operation);
}

void SdpUnit::add_parts(const TakenParts& parts, std::uint32_t operation, ClosedLayer& layer) const {
  layer.parts.push_back(Unit::kSdp);
  if (pairing_.fetch_of(operation)) layer.parts.push_back(Unit::kSdpRdma);
  layer.operations.push_back({Engine::kSdp, engine::taken(parts, Unit::kSdp)->activation, {}, {}, {}});
}

std::optional<SdpUnit::OnTheFly> SdpUnit::on_the_fly(const TakenParts& parts, ClosedLayer& layer) const {
  const auto& sdp = engine::taken(parts, Unit::kSdp);
  if (!sdp || !complete(parts, sdp->activation.index)) return std::nullopt;
  if (!operations_.at(sdp->activation.index).operation.flying) return std::nullopt;
  std::optional<OnTheFly> result(std::in_place, OnTheFly{joined(sdp->activation.index), std::nullopt});
  add_parts(parts, sdp->activation.index, layer);
  if (result->operation.output_to_pdp) {
    result->pooling = pdp_.on_the_fly(parts, layer);
    if (!result->pooling) return std::nullopt;
  }
  return result;
}

std::optional<ClosedLayer> SdpUnit::closed_form(const TakenParts& parts, const memory::MemorySystem& memory,
                                                amaix::Level level) {
  const auto& sdp = engine::taken(parts, Unit::kSdp);
  if (!sdp || !complete(parts, sdp->activation.index)) return std::nullopt;
  if (operations_.at(sdp->activation.index).operation.flying) return std::nullopt;
  const SdpOperation operation = joined(sdp->activation.index);
  ClosedLayer layer;
  add_parts(parts, sdp->activation.index, layer);
  std::optional<amaix::PdpOnTheFly> pooling;
  if (operation.output_to_pdp) {
    const std::optional<PdpOperation> pdp = pdp_.on_the_fly(parts, layer);
    if (!pdp) return std::nullopt;
    pooling = amaix::pdp_on_the_fly(*pdp, core_.hardware, memory);
    if (level == amaix::Level::kRefined) pooling->written = amaix::written_behind_atoms(*pdp, core_.hardware);
    layer.operations[1].dbb = pooling->dbb;
    layer.operations[1].cvsram = pooling->cvsram;
  }
  const OperationId id = core_.log.id(Engine::kSdp, sdp->activation.index);
  const amaix::SdpEstimate estimate =
      amaix::estimate_sdp(operation, *core_.sdp_work(id, operation), core_.hardware, memory, level,
                          pooling ? &*pooling : nullptr);
  layer.cycles = estimate.cycles;
  layer.first = Unit::kSdpRdma;
  if (level == amaix::Level::kRefined) {
    layer.steady = estimate.steady;
    layer.early = {{Unit::kSdpRdma, estimate.fetch_done}, {Unit::kSdp, estimate.released}};
    if (pooling) layer.operations.front().done = estimate.interrupt;
  }
  ClosedOperation& own = layer.operations.front();
  own.phases = estimate.phases;
  own.dbb = estimate.dbb;
  own.cvsram = estimate.cvsram;
  return layer;
}

// What the latency FIFOs take before SDP works.
std::optional<ClosedFetch> SdpUnit::fetch_ahead(Unit part, Activation activation) {
  if (part != Unit::kSdpRdma) return std::nullopt;
  const std::optional<std::uint32_t> index = pairing_.operation_of(activation.index);
  if (!index) return std::nullopt;
  const SdpOperation operation = joined(*index);
  const auto work = core_.sdp_work(core_.log.id(Engine::kSdp, *index), operation);
  ClosedFetch ahead;
  ahead.request = amaix::sdp_path_lengths(core_.hardware).request;
  for (std::size_t i = 0; i < work->streams.size(); ++i) {
    const amaix::SdpStream& stream = work->fetch.streams[i];
    const std::uint32_t fifo =
        core_.hardware.read_latency_fifo_beats[static_cast<std::size_t>(stream.client)];
    const double beats = static_cast<double>(work->streams[i].bus_bytes) / core_.hardware.dbb_width_bytes;
    ahead.reads.push_back({stream.space, stream.beats_ahead(beats, core_.hardware), fifo});
  }
  return ahead;
}

// Of what is behind a convolution.
std::unique_ptr<amaix::SharedUnit> SdpUnit::shared_fetch(const TakenParts& parts,
                                                         const memory::MemorySystem& /*memory*/) {
  const std::optional<std::uint32_t> index =
      pairing_.operation_of(engine::taken(parts, Unit::kSdpRdma)->activation.index);
  if (!index) return nullptr;
  const SdpOperation operation = joined(*index);
  if (!operation.flying) return nullptr;
  const auto work = core_.sdp_work(core_.log.id(Engine::kSdp, *index), operation);
  return std::make_unique<amaix::SharedConvolution>(*work, core_.hardware);
}

std::unique_ptr<OperationTensors> SdpUnit::tensors(std::uint32_t operation, OperationImage& image) {
  const auto found = operations_.find(operation);
  if (found == operations_.end()) return nullptr;
  ConvolutionTensors* convolution = nullptr;
  if (const std::optional<std::uint32_t> before = convolutions_.fetch_of(operation)) {
    const OperationId source = core_.log.id(Engine::kConv, *before);
    convolution = dynamic_cast<ConvolutionTensors*>(core_.tensors->find(source));
    core_.tensors->connect(core_.log.id(Engine::kSdp, operation), source);
  }
  return std::make_unique<SdpTensors>(image, joined(operation), found->second.lut, core_.hardware,
                                      convolution);
}

void SdpUnit::show_values(std::uint32_t operation, std::uint32_t group, const ValueCounters& values) {
  engine::show_values(core_.file, Unit::kSdp, group, values);
  // The read DMA takes its groups in turn.
  if (const std::optional<std::uint32_t> fetch = pairing_.fetch_of(operation))
    engine::show_values(core_.file, Unit::kSdpRdma, *fetch % 2, values);
}

void SdpUnit::forget(std::uint32_t operation) {
  convolutions_.forget(operation);
  if (const std::optional<std::uint32_t> fetch = pairing_.fetch_of(operation)) fetches_.erase(*fetch);
  pairing_.forget(operation);
  operations_.erase(operation);
}

void SdpUnit::reset() {
  engine_.reset();
  pairing_.reset();
  convolutions_.reset();
  poolings_.reset();
  operations_.clear();
  fetches_.clear();
  running_.clear();
}

}  // namespace nvdla::engine
