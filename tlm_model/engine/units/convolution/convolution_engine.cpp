// SPDX-License-Identifier: Apache-2.0
#include "engine/units/convolution/convolution_engine.h"

#include <algorithm>

namespace nvdla::engine {

namespace {
// CDMA_dc and CDMA_wt go from idle to done without a fetch: two state transitions.
constexpr Cycle kReuseDone = 2;
}  // namespace

ConvolutionEngine::ConvolutionEngine(Scheduler& scheduler, const HardwareParameters& hardware,
                                     MemoryInterface& dbb, MemoryInterface& cvsram, OperationLog& log,
                                     ConvolutionOwner& owner)
    : Process(scheduler),
      hardware_(hardware),
      timing_(convolution_timing(hardware)),
      owner_(owner),
      data_(scheduler, hardware, dbb, cvsram, cbuf_),
      weight_(scheduler, hardware, dbb, cvsram, cbuf_),
      csc_(scheduler, hardware, {log, data_.ledger(), weight_.ledger()}),
      cacc_(scheduler, hardware) {
  data_.on_done([this](Cycle at) {
    // Winograd counts the lines of the extended cube; otherwise what was fetched is added to what was kept.
    const bool winograd = current_.mode == ConvolutionMode::kWinograd;
    csc_.add_lines(winograd ? current_.input_ext.height : current_.input.height, at);
    data_pending_ = false;
    owner_.on_data_done(at);
    part_done();
  });
  weight_.on_done([this](Cycle at) {
    weight_pending_ = false;
    owner_.on_weight_done(at);
    part_done();
  });
  weight_.on_kernels([this](std::uint32_t kernels, Cycle beat) { csc_.add_kernels(kernels, beat); });
  csc_.on_delivery([this](const Delivery& delivery) { cacc_.deliver(delivery); });
  csc_.on_data_release([this](std::uint64_t entries, Cycle at) { data_.release(entries, at); });
  csc_.on_weight_release([this](std::uint32_t kernels, Cycle at) { release_weights(kernels, at); });
  csc_.on_last_atomic([this](Cycle at) { cacc_.release(at + csc_.timing().accumulate_done); });
  csc_.on_done([this](Cycle at) { owner_.on_sequence_done(at); });
  cacc_.on_credits([this](std::uint32_t transfers, Cycle at) { csc_.add_credits(transfers, at); });
  cacc_.on_done([this](Cycle at) { owner_.on_accumulate_done(at); });
  cacc_.on_interrupt([this](Cycle at) { owner_.on_accumulate_interrupt(at); });
}

void ConvolutionEngine::fetch_start(OperationId id, const ConvolutionFetch& fetch, Cycle at) {
  const bool data_change = fetch.data_banks != fetch_banks_.data;
  const bool weight_change = data_change || fetch.weight_banks != fetch_banks_.weight;
  fetch_banks_ = {fetch.data_banks, fetch.weight_banks};
  ++fetches_;
  fetching_ = true;
  data_pending_ = weight_pending_ = true;
  current_ = fetch;
  if (weight_change && sequences_ < fetches_) pending_ = Pending{id, fetch, at, data_change};
  if (!pending_ || !data_change) begin_data(id, fetch, at, data_change);
  if (!pending_) begin_weights(id, fetch, at, weight_change);
}

void ConvolutionEngine::begin_data(OperationId id, const ConvolutionFetch& fetch, Cycle at, bool change) {
  cbuf_.data_capacity = std::uint64_t{fetch.data_banks} * amaix::cbuf_shape(hardware_).entries_per_bank;
  const bool image = fetch.input_format == InputFormat::kPixel;
  const Cycle request = image                                      ? timing_.image_request
                        : fetch.mode == ConvolutionMode::kWinograd ? timing_.winograd_request
                                                                   : timing_.data_request;
  if (fetch.data_reuse && last_skip_data_ && !change) {
    data_skip_at_ = at + kReuseDone;
    wake(data_skip_at_);
  } else {
    if (change) cbuf_.data_entries = 0;
    data_.start(id, fetch, at, at + request + (change ? timing_.bank_change : 0));
  }
  last_skip_data_ = fetch.skip_data_release;
}

void ConvolutionEngine::begin_weights(OperationId id, const ConvolutionFetch& fetch, Cycle at, bool change) {
  const amaix::CbufShape shape = amaix::cbuf_shape(hardware_);
  cbuf_.weight_capacity = std::uint64_t{fetch.weight_banks} * shape.entries_per_bank * shape.entry_bytes;
  cbuf_.mask_capacity = std::uint64_t{shape.entries_per_bank} * shape.entry_bytes;
  if (fetch.weight_reuse && last_skip_weight_ && !change) {
    weight_skip_at_ = at + kReuseDone;
    wake(weight_skip_at_);
  } else {
    if (change) {
      cbuf_.weight_bytes = cbuf_.mask_bytes = 0;
      held_.clear();
    }
    hold_weights(amaix::plan_weights(fetch, hardware_));
    weight_.start(id, fetch, at, at + timing_.weight_request + (change ? timing_.bank_change : 0));
  }
  last_skip_weight_ = fetch.skip_weight_release;
}

void ConvolutionEngine::hold_weights(const amaix::WeightPlan& plan) {
  for (std::uint32_t group = 0; group < plan.groups; ++group) {
    const std::uint64_t before = group == 0 ? 0 : plan.required(group - 1);
    const std::uint64_t mask_before = group == 0 ? 0 : plan.required_mask(group - 1);
    held_.push({group + 1 == plan.groups ? plan.last_group_kernels : plan.group_kernels,
                plan.required(group) - before, plan.required_mask(group) - mask_before});
  }
}

void ConvolutionEngine::release_weights(std::uint32_t kernels, Cycle at) {
  std::uint64_t bytes = 0, mask_bytes = 0;
  while (kernels > 0 && !held_.empty()) {
    kernels -= std::min(kernels, held_.front().kernels);
    bytes += held_.front().bytes;
    mask_bytes += held_.front().mask_bytes;
    held_.pop();
  }
  weight_.release(bytes, mask_bytes, at);
}

void ConvolutionEngine::sequence_start(OperationId id, const ConvolutionSequence& sequence, Cycle at) {
  const bool data_change = sequence.data_banks != sequence_banks_.data;
  const bool weight_change = data_change || sequence.weight_banks != sequence_banks_.weight;
  sequence_banks_ = {sequence.data_banks, sequence.weight_banks};
  ++sequences_;
  csc_.start(id, sequence, at, data_change, weight_change);
  cacc_.start(sequence.batches, sequence.output.width);
  if (pending_ && sequences_ >= fetches_) {
    const Pending pending = *pending_;
    pending_.reset();
    const Cycle begin = std::max(at, pending.at);
    if (pending.data_change) begin_data(pending.id, pending.fetch, begin, true);
    begin_weights(pending.id, pending.fetch, begin, true);
  }
}

void ConvolutionEngine::part_done() {
  if (data_pending_ || weight_pending_) return;
  fetching_ = false;
  owner_.on_fetch_done(now());
}

void ConvolutionEngine::run(Cycle now) {
  if (data_skip_at_ <= now) {
    const Cycle at = data_skip_at_;
    data_skip_at_ = kNever;
    data_pending_ = false;
    owner_.on_data_done(at);
    if (!weight_pending_) part_done();
  }
  if (weight_skip_at_ <= now) {
    const Cycle at = weight_skip_at_;
    weight_skip_at_ = kNever;
    weight_pending_ = false;
    owner_.on_weight_done(at);
    part_done();
  }
  wake(std::min(data_skip_at_, weight_skip_at_));
}

void ConvolutionEngine::reset() {
  cbuf_ = {};
  data_.reset();
  weight_.reset();
  csc_.reset();
  cacc_.reset();
  fetch_banks_ = sequence_banks_ = {};
  fetching_ = data_pending_ = weight_pending_ = false;
  data_skip_at_ = weight_skip_at_ = kNever;
  fetches_ = sequences_ = 0;
  pending_.reset();
  last_skip_data_ = last_skip_weight_ = false;
  held_.clear();
}

}  // namespace nvdla::engine
