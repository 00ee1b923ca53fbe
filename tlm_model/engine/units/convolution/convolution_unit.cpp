// SPDX-License-Identifier: Apache-2.0
#include "engine/units/convolution/convolution_unit.h"

#include <algorithm>
#include <utility>

#include "amaix/convolution_alone.h"
#include "amaix/convolution_estimate.h"
#include "amaix/pdp_estimate.h"
#include "amaix/port_time.h"
#include "amaix/sdp_estimate.h"
#include "amaix/shared_convolution.h"
#include "compute/image_columns.h"
#include "engine/tensors/convolution_tensors.h"
#include "engine/tensors/value_registers.h"
#include "engine/unit_starter.h"
#include "engine/units/convolution/group_sizes.h"
#include "registers/decoder.h"

namespace nvdla::engine {

namespace {

constexpr std::uint32_t bit(Unit part) { return 1U << static_cast<std::uint32_t>(part); }
constexpr std::uint32_t kAllParts =
    bit(Unit::kCdma) | bit(Unit::kCsc) | bit(Unit::kCmacA) | bit(Unit::kCmacB) | bit(Unit::kCacc);

// What NVIDIA's programming guide forbids, and what the RTL then does.
std::vector<std::string> broken_rules(const ConvolutionOperation& operation,
                                      const HardwareParameters& hardware) {
  std::vector<std::string> broken;
  const ConvolutionSequence& sequence = operation.sequence;
  if (compute::columns_too_far(sequence, hardware)) {
    const std::uint32_t lines = sequence.post_y_extension;
    broken.push_back("CSC.D_POST_Y_EXTENSION, D_CONV_STRIDE_EXT: with " + std::to_string(lines) +
                     " lines the step of a column may be " + std::to_string(hardware.atomic_c / lines) +
                     " elements, not " + std::to_string(sequence.stride_x * sequence.input.channels) +
                     (hardware.generation == Generation::kScalable
                          ? ": hardware computes from other pixels, and so do the values"
                          : ": hardware computes from other pixels, which is not modelled"));
  }
  const bool feature =
      sequence.mode == ConvolutionMode::kDirect && sequence.input_format == InputFormat::kFeature;
  if (!feature && (sequence.dilation_x != 1 || sequence.dilation_y != 1)) {
    broken.push_back(
        "CSC.D_DILATION_EXT: hardware dilates only a direct convolution of feature data, and computes as if "
        "it were 0 here");
  }
  const Surface& destination = operation.accumulate.destination;
  const std::uint64_t places = destination.address | destination.line_stride | destination.surface_stride;
  if (sequence.batches > 1 && sequence.output.width > 1 && places % (2 * hardware.memory_atom_bytes) != 0) {
    broken.push_back(
        "CACC.D_DATAOUT_ADDR, D_LINE_STRIDE, D_SURF_STRIDE: with several batches they must be, as those of "
        "SDP, multiples of two atoms: hardware mixes columns and batches of a line otherwise, and so do the "
        "values");
  }
  return broken;
}

}  // namespace

ConvolutionUnit::ConvolutionUnit(Core& core, SdpUnit& sdp)
    : core_(core), sdp_(sdp), engine_(core.scheduler, core.hardware, core.dbb, core.cvsram, core.log, *this) {
  engine_.connect_sink(sdp.sink());
  sdp.connect_source(engine_.source());
}

const std::vector<Unit>& ConvolutionUnit::parts() const {
  static const std::vector<Unit> kParts = {Unit::kCdma, Unit::kCsc, Unit::kCmacA, Unit::kCmacB, Unit::kCacc};
  return kParts;
}

void ConvolutionUnit::enabled(Unit part, Activation activation) {
  Enabled& enabled = operations_[activation.index];
  ConvolutionOperation& operation = enabled.operation;
  if (part == Unit::kCdma) {
    operation.fetch = core_.decoded(part, activation, registers::decode_fetch);
  } else if (part == Unit::kCsc) {
    operation.sequence = core_.decoded(part, activation, registers::decode_sequence);
  } else if (part == Unit::kCacc) {
    operation.accumulate = core_.decoded(part, activation, registers::decode_accumulate);
  }
  enabled.parts |= bit(part);
  if (enabled.parts != kAllParts) return;
  (void)core_.of_groups({Unit::kCmacA, Unit::kCmacB, Unit::kCdma, Unit::kCsc, Unit::kCacc}, activation, [&] {
    registers::check_consistent(core_.file, activation.group, operation, core_.hardware);
    return true;
  });
  for (const std::string& text : broken_rules(operation, core_.hardware)) core_.warn(text);
}

void ConvolutionUnit::start(Unit part, Activation activation, Cycle at) {
  if (part == Unit::kCdma) {
    fetching_ = activation.index;
    engine_.fetch_start(id(activation.index), fetch_of(activation.index), at);
    return;
  }
  ++taken_[static_cast<std::size_t>(std::find(parts().begin(), parts().end(), part) - parts().begin()) - 1];
  if (*std::min_element(taken_.begin(), taken_.end()) == sequences_) return;
  const std::uint32_t index = sequences_++;
  engine_.sequence_start(id(index), operations_.at(index).operation.sequence, at);
}

const ConvolutionFetch& ConvolutionUnit::fetch_of(std::uint32_t operation) {
  ConvolutionFetch& fetch = operations_.at(operation).operation.fetch;
  if (!fetch.weight_compressed || !fetch.group_bytes.empty()) return fetch;
  fetch.group_bytes = read_group_sizes(fetch, core_.hardware,
                                       fetch.weight_space == MemorySpace::kDbb ? core_.dbb : core_.cvsram);
  if (fetch.group_bytes.empty())
    core_.warn(
        "CDMA: compressed weights: memory does not show the sizes of the kernel groups; they are taken as "
        "equal");
  return fetch;
}

void ConvolutionUnit::on_fetch_done(Cycle at) {
  show_fetched(fetching_, core_.starter(Unit::kCdma).group());
  core_.counters.end(Unit::kCdma, core_.starter(Unit::kCdma).release(at), at);
}

void ConvolutionUnit::on_sequence_done(Cycle at) {
  core_.starter(Unit::kCmacA).release(at);
  core_.starter(Unit::kCmacB).release(at);
  core_.starter(Unit::kCsc).release(at);
}

void ConvolutionUnit::on_accumulate_interrupt(Cycle at) {
  const std::uint32_t index = done_++;
  core_.finish_values(*this, index, index % 2);
  core_.log.done(id(index), Resource::kDownstream, at);
  // CACC's groups come in turn.
  core_.raise(Interrupt::kCacc, index % 2, at);
  forget(index);
}

amaix::ConvolutionContext ConvolutionUnit::after_last_fetch(const ConvolutionFetch& fetch) const {
  amaix::ConvolutionContext context;
  context.data_banks_change = fetch.data_banks != last_fetch_.data_banks || last_fetch_.kernels == 0;
  context.weight_banks_change = context.data_banks_change || fetch.weight_banks != last_fetch_.weight_banks;
  context.fetch_data = !(fetch.data_reuse && last_fetch_.skip_data_release && !context.data_banks_change);
  context.fetch_weights =
      !(fetch.weight_reuse && last_fetch_.skip_weight_release && !context.weight_banks_change);
  context.held_entries = last_fetch_.kernels == 0 ? 0 : amaix::data_entries(last_fetch_);
  return context;
}

amaix::ConvolutionContext ConvolutionUnit::context_of(const ConvolutionFetch& fetch,
                                                      const TakenParts& parts) const {
  amaix::ConvolutionContext context = after_last_fetch(fetch);
  const ConvolutionTiming timing = convolution_timing(core_.hardware);
  const Cycle csc = engine::taken(parts, Unit::kCsc)->at - engine::taken(parts, Unit::kCdma)->at;
  context.sequence_start = static_cast<double>(std::max<Cycle>(0, csc));
  context.data_released =
      static_cast<double>(csc - kSwitchLatency) - timing.sequence_done + timing.data_release;
  if (const auto& operands = engine::taken(parts, Unit::kSdpRdma))
    context.operands_ahead = static_cast<double>(engine::taken(parts, Unit::kCdma)->at - operands->at);
  return context;
}

amaix::ConvolutionContext ConvolutionUnit::ahead_of_sequence(const ConvolutionFetch& fetch) const {
  amaix::ConvolutionContext context = after_last_fetch(fetch);
  context.fetch_data = context.fetch_data && !context.data_banks_change;
  context.fetch_weights = context.fetch_weights && !context.weight_banks_change;
  return context;
}

const amaix::ConvolutionDataWork& ConvolutionUnit::data_work(std::uint32_t operation) {
  Enabled& enabled = operations_.at(operation);
  if (!enabled.data) {
    const auto count = [&] { return amaix::convolution_data_work(enabled.operation.fetch, core_.hardware); };
    enabled.data = core_.known == nullptr ? std::make_shared<const amaix::ConvolutionDataWork>(count())
                                          : core_.known->data(id(operation), core_.hardware, count);
  }
  return *enabled.data;
}

// The data that find room beside those of the layer before, and the weights that fit the banks.
std::optional<ClosedFetch> ConvolutionUnit::fetch_ahead(Unit part, Activation activation) {
  if (part != Unit::kCdma) return std::nullopt;
  const ConvolutionFetch& fetch = fetch_of(activation.index);
  const amaix::ConvolutionContext context = ahead_of_sequence(fetch);
  ClosedFetch ahead;
  ahead.request = convolution_timing(core_.hardware).weight_request;
  if (context.fetch_data) {
    const double need = amaix::data_entries(fetch);
    const double room =
        static_cast<double>(fetch.data_banks) * amaix::cbuf_shape(core_.hardware).entries_per_bank -
        context.held_entries;
    const double part_of = room >= need ? 1 : amaix::data_entries_in(fetch, room) / need;
    ahead.reads.push_back({fetch.data.space, data_work(activation.index).beats * part_of, 0});
  }
  if (context.fetch_weights) {
    const amaix::WeightPlan weights = amaix::plan_weights(fetch, core_.hardware);
    ahead.reads.push_back(
        {fetch.weight_space,
         static_cast<double>(std::min(weights.bytes, weights.capacity)) / core_.hardware.dbb_width_bytes, 0});
  }
  return ahead;
}

std::optional<ClosedLayer> ConvolutionUnit::closed_form(const TakenParts& parts,
                                                        const memory::MemorySystem& memory,
                                                        amaix::Level level) {
  for (const Unit unit : this->parts())
    if (!engine::taken(parts, unit)) return std::nullopt;
  const Activation cdma = engine::taken(parts, Unit::kCdma)->activation;
  (void)fetch_of(cdma.index);
  Enabled& enabled = operations_.at(cdma.index);
  const ConvolutionOperation& operation = enabled.operation;
  ClosedLayer layer;
  layer.first = Unit::kCdma;
  layer.parts.reserve(this->parts().size() + 3);  // with SDP, its read DMA and PDP
  layer.parts = this->parts();
  layer.operations.reserve(3);
  layer.early.reserve(this->parts().size() + 2);
  layer.operations.push_back({Engine::kConv, cdma, {}, {}, {}});
  const std::optional<SdpUnit::OnTheFly> sdp = sdp_.on_the_fly(parts, layer);
  if (!sdp) return std::nullopt;

  const ConvolutionFetch& fetch = operation.fetch;
  amaix::ConvolutionContext context = context_of(fetch, parts);
  for (const Unit unit : {Unit::kSdp, Unit::kPdp})
    if (sdp->pooling || unit == Unit::kSdp)
      context.sdp_start = std::max(
          context.sdp_start,
          static_cast<double>(engine::taken(parts, unit)->at - engine::taken(parts, Unit::kCdma)->at));
  last_fetch_ = fetch;
  if (context.fetch_data) context.data = &data_work(cdma.index);
  enabled.closed = Enabled::Closed{context, layer.operations[1].activation.index, sdp->pooling.has_value()};
  const OperationId sdp_id = core_.log.id(Engine::kSdp, layer.operations[1].activation.index);
  const auto work = core_.sdp_work(sdp_id, sdp->operation);
  const amaix::SdpOnTheFly post = amaix::sdp_on_the_fly(sdp->operation, *work, core_.hardware, memory);
  std::optional<amaix::SdpOnTheFly> behind = post;
  if (sdp->pooling) amaix::add_pooling(*sdp->pooling, core_.hardware, memory, *behind);
  amaix::ConvolutionEstimate estimate =
      amaix::estimate_convolution(fetch, operation.sequence, behind, core_.hardware, memory, context, level);
  if (level == amaix::Level::kRefined) walk_alone(enabled, *work, sdp->pooling, memory, estimate);
  layer.cycles = estimate.cycles;
  layer.other_interrupts = {{Interrupt::kCdmaData, cdma.group}, {Interrupt::kCdmaWeight, cdma.group}};
  if (level == amaix::Level::kRefined) {
    layer.first_write = estimate.first_transfer + post.release_tail;
    layer.write_buffer = estimate.write_buffer;
    layer.taken_before = estimate.taken_before;
    layer.late_operands = post.late_operands;
    layer.operand_places = post.late_places;
    if (!sdp->pooling) layer.moves_until = estimate.cycles - post.interrupt_tail + post.release_tail;
    // The estimate knows when CSC takes the layer; what it writes stands behind the writes of the one before.
    layer.steady = post.write_time;
    layer.operations.front().done = estimate.accumulate_interrupt;
    layer.other_interrupts[0].at = estimate.data_done;
    layer.other_interrupts[1].at = estimate.weights_done;
    layer.early.emplace_back(Unit::kCdma, estimate.fetch_done);
    // CACC and CMAC are done some cycles before CSC; one event serves all.
    for (const Unit part : {Unit::kCacc, Unit::kCsc, Unit::kCmacA, Unit::kCmacB})
      layer.early.emplace_back(part, estimate.sequence_done);
    const double last_transfer = estimate.last_transfer;
    layer.early.emplace_back(Unit::kSdp, last_transfer + post.release_tail);
    if (std::count(layer.parts.begin(), layer.parts.end(), Unit::kSdpRdma) > 0)
      layer.early.emplace_back(Unit::kSdpRdma, last_transfer + post.fetch_tail);
    // SDP is done when its last element has gone to PDP, which goes on.
    if (sdp->pooling) layer.operations[1].done = last_transfer + post.interrupt_tail;
  }
  ClosedOperation& own = layer.operations.front();
  own.phases = std::move(estimate.phases);
  own.dbb = estimate.dbb;
  own.cvsram = estimate.cvsram;
  layer.operations[1].dbb = post.dbb;
  layer.operations[1].cvsram = post.cvsram;
  if (sdp->pooling) {
    const amaix::PdpOnTheFly pooling = amaix::pdp_on_the_fly(*sdp->pooling, core_.hardware, memory);
    layer.operations[2].dbb = pooling.dbb;
    layer.operations[2].cvsram = pooling.cvsram;
  }
  return layer;
}

std::unique_ptr<amaix::SharedUnit> ConvolutionUnit::shared(std::uint32_t operation,
                                                           const memory::MemorySystem& memory) {
  // CACC's interrupt, or SDP's, is behind a layer that still writes: its descriptors may be gone.
  const auto found = operations_.find(operation);
  if (found == operations_.end() || !found->second.closed) return nullptr;
  const Enabled& enabled = found->second;
  if (enabled.closed->pooling || !sdp_.has(enabled.closed->sdp)) return nullptr;
  auto unit = walked({enabled.operation, enabled.closed->context, enabled.closed->sdp}, memory);
  if (enabled.closed->alone) unit->date(*enabled.closed->alone);
  return unit;
}

// A short layer takes as long as a walk of it alone.
void ConvolutionUnit::walk_alone(Enabled& enabled, const amaix::SdpWork& work,
                                 const std::optional<PdpOperation>& pooling,
                                 const memory::MemorySystem& memory, amaix::ConvolutionEstimate& estimate) {
  const amaix::ConvolutionContext& context = enabled.closed->context;
  const std::optional<MemorySpace> output = pooling            ? pooling->destination.space
                                            : work.plan.output ? std::optional(work.plan.output->space)
                                                               : std::nullopt;
  const std::optional<MemorySpace> port =
      amaix::short_on_one_port(enabled.operation.fetch, context, work, output, core_.hardware, memory);
  if (!port) return;
  const auto unit =
      walked({enabled.operation, context, enabled.closed->sdp, pooling ? &*pooling : nullptr}, memory);
  if (!unit->whole()) return;
  amaix::take_walk(*unit, context, amaix::port_memory(memory, *port), core_.hardware, estimate);
  enabled.closed->alone = std::make_unique<const amaix::ConvolutionEstimate>(estimate);
}

std::unique_ptr<amaix::SharedConvolution> ConvolutionUnit::walked(const Walked& what,
                                                                  const memory::MemorySystem& memory) {
  amaix::ConvolutionContext context = what.context;
  const SdpOperation post = sdp_.joined(what.sdp);
  const auto work = core_.sdp_work(core_.log.id(Engine::kSdp, what.sdp), post);
  amaix::SdpOnTheFly behind = amaix::sdp_on_the_fly(post, *work, core_.hardware, memory);
  std::vector<amaix::SdpChunk> pooled;
  if (what.pooling != nullptr) {
    amaix::add_pooling(*what.pooling, core_.hardware, memory, behind);
    pooled = amaix::pooled_chunks(*what.pooling, work->plan.surfaces, core_.hardware,
                                  amaix::SharedUnit::kMostSteps);
  }
  const ConvolutionOperation& own = what.operation;
  const auto estimated = [&](const amaix::SdpOnTheFly& sdp) {
    return amaix::estimate_convolution(own.fetch, own.sequence, sdp, core_.hardware, memory, context,
                                       amaix::Level::kRefined);
  };
  const amaix::ConvolutionEstimate estimate = estimated(behind);
  // Operands are walked.
  amaix::ConvolutionSchedule schedule;
  context.schedule = &schedule;
  (void)estimated(behind.with_operands());
  return std::make_unique<amaix::SharedConvolution>(own.fetch, context, schedule, estimate, behind, *work,
                                                    core_.hardware, pooled.empty() ? nullptr : &pooled);
}

std::unique_ptr<amaix::SharedUnit> ConvolutionUnit::shared_fetch(const TakenParts& parts,
                                                                 const memory::MemorySystem& memory) {
  const Activation activation = engine::taken(parts, Unit::kCdma)->activation;
  const ConvolutionFetch& fetch = fetch_of(activation.index);
  const std::optional<std::uint32_t> sdp = sdp_.behind_convolution(activation.index);
  if (engine::taken(parts, Unit::kCsc) && sdp && sdp_.has(*sdp) && !sdp_.joined(*sdp).output_to_pdp) {
    auto unit = walked({operations_.at(activation.index).operation, context_of(fetch, parts), *sdp}, memory);
    unit->wait_for_sdp(sdp_.complete(parts, *sdp));
    return unit;
  }
  return std::make_unique<amaix::SharedConvolution>(fetch, ahead_of_sequence(fetch), core_.hardware);
}

std::unique_ptr<OperationTensors> ConvolutionUnit::tensors(std::uint32_t operation, OperationImage& image) {
  const auto found = operations_.find(operation);
  if (found == operations_.end()) return nullptr;
  return std::make_unique<ConvolutionTensors>(image, found->second.operation, core_.hardware,
                                              core_.tensors->jobs(), core_.tensors->cbuf());
}

void ConvolutionUnit::show_values(std::uint32_t operation, std::uint32_t group, const ValueCounters& values) {
  engine::show_values(core_.file, Unit::kCacc, group, values);
  const auto found = operations_.find(operation);
  if (found != operations_.end() && found->second.closed) show_fetched(operation, group);
}

void ConvolutionUnit::show_fetched(std::uint32_t index, std::uint32_t group) {
  if (!core_.tensors) return;
  const Enabled& enabled = operations_.at(index);
  // Nobody may have asked for a result yet, and the units behind CDMA may not even be enabled.
  const auto* const computed = static_cast<const ConvolutionTensors*>(core_.tensors->made(id(index)));
  ValueCounters counters = computed != nullptr
                               ? computed->fetched()
                               : ConvolutionTensors::fetched(enabled.operation.fetch, core_.hardware,
                                                             core_.tensors->image(id(index)));
  if (enabled.closed && !enabled.closed->context.fetch_data) counters.nan_input = counters.inf_input = 0;
  if (enabled.closed && !enabled.closed->context.fetch_weights) counters.nan_weight = counters.inf_weight = 0;
  engine::show_values(core_.file, Unit::kCdma, group, counters);
}

void ConvolutionUnit::reset() {
  engine_.reset();
  operations_.clear();
  taken_ = {};
  sequences_ = done_ = 0;
  last_fetch_ = {};
}

}  // namespace nvdla::engine
