// SPDX-License-Identifier: Apache-2.0
#include "engine/units/convolution/csc.h"

#include <algorithm>

namespace nvdla::engine {

Csc::Csc(Scheduler& scheduler, const HardwareParameters& hardware, const SequenceAccounts& accounts)
    : Process(scheduler),
      hardware_(hardware),
      accounts_(accounts),
      timing_(convolution_timing(hardware)),
      credits_(timing_.credits) {}

void Csc::start(OperationId id, const ConvolutionSequence& sequence, Cycle at, bool data_lost,
                bool weights_lost) {
  id_ = id;
  accounts_.log.account(id, Resource::kPartner, at);  // the layer before had the array until now
  group_atomics_ = group_credits_ = 0;
  sequence_ = sequence;
  plan_ = amaix::plan_sequence(sequence, hardware_);
  timing_ = convolution_timing(hardware_, sequence.processing_precision);
  busy_ = true;
  state_ = State::kGroup;
  group_ = repeat_ = stripe_ = position_ = 0;
  kernels_needed_ = 0;
  earliest_ = at + timing_.start_to_sequence;
  next_atomic_ = earliest_;

  // What the previous layer kept is lost when the split of the banks changes, and given back unless this
  // layer uses it.
  if (data_lost) {
    lines_ = left_lines_ = 0;
  } else if (!sequence.data_reuse && left_lines_ != 0) {
    data_release_(std::uint64_t{left_lines_} * left_entries_per_line_, at + timing_.data_release);
    lines_ -= std::min(lines_, left_lines_);
    left_lines_ = 0;
  }
  if (weights_lost) {
    kernels_gone_ = kernels_seen_;
    arrivals_.clear();
    left_kernels_ = 0;
  } else if (!sequence.weight_reuse && left_kernels_ != 0) {
    weight_release_(left_kernels_, at + timing_.weight_release);
    kernels_gone_ += left_kernels_;
    left_kernels_ = 0;
  }
  left_entries_per_line_ = sequence.entries_per_slice * sequence.batches;
  wake(at);
}

void Csc::add_lines(std::uint32_t lines, Cycle done) {
  lines_ += lines;
  lines_since_ = done;
  wake(done);
}

void Csc::add_kernels(std::uint32_t kernels, Cycle beat) {
  kernels_seen_ += kernels;
  arrivals_.push({kernels_seen_, beat});
  wake(beat);
}

void Csc::add_credits(std::uint32_t transfers, Cycle at) {
  returning_.push({at + timing_.credit_return, transfers});
  if (state_ == State::kPackage) wake(at + timing_.credit_return);
}

// Waits for the layer's lines and the group's kernels, then starts the first channel operation of the group.
void Csc::begin_group(Cycle now) {
  if (lines_ < sequence_.input.height) return;
  const std::uint64_t needed = kernels_gone_ + kernels_needed_ + plan_.kernels(group_);
  if (kernels_seen_ < needed) return;
  while (arrivals_.size() > 1 && arrivals_.front().total < needed) arrivals_.pop();
  const Cycle beat = arrivals_.empty() ? 0 : arrivals_.front().beat;

  const auto load = static_cast<Cycle>(plan_.weight_cycles(group_));
  // Lines that arrive later belong to the next layer.
  const Cycle data =
      group_ != 0                                     ? 0
      : sequence_.input_format == InputFormat::kPixel ? lines_since_ + timing_.image_to_sequence
      : sequence_.mode == ConvolutionMode::kWinograd  ? lines_since_ + timing_.winograd_to_sequence
                                                      : lines_since_ + timing_.data_to_sequence;
  const Cycle weights = beat + timing_.weight_to_sequence;
  // The weights of a group that is there early are loaded under the last package of the group before.
  const Cycle unhindered = group_ == 0 ? earliest_ + load : next_atomic_;
  const Cycle first = std::max({unhindered, data + load, weights + load});
  if (first > unhindered && weights > data) {
    accounts_.weights.explain(accounts_.log, id_, beat, Resource::kWeightFetch);
    accounts_.log.account(id_, Resource::kWeightFetch, weights);
    group_atomics_ = group_credits_ = 0;
  } else if (group_ == 0) {
    accounts_.data.explain(accounts_.log, id_, lines_since_, Resource::kDataFetch);
    accounts_.log.account(id_, Resource::kDataFetch, data);
  }
  settle(first);
  repeat_ = stripe_ = position_ = 0;
  state_ = State::kPackage;
  begin_stripe(std::max(first, now));
}

void Csc::begin_stripe(Cycle first_atomic) {
  const auto interval = static_cast<Cycle>(plan_.interval(length(), group_));
  last_package_ = first_atomic + static_cast<Cycle>(plan_.blocks - 1) * interval;
  wake(last_package_);
}

// The time up to `until` is that of the stripes since the last call.
void Csc::settle(Cycle until) {
  OperationLog& log = accounts_.log;
  const Cycle from = log.covered(id_);
  log.account(id_, Resource::kMacArray, std::min(until, from + group_atomics_));
  log.account(id_, Resource::kDownstream, std::min(until, from + group_atomics_ + group_credits_));
  log.account(id_, Resource::kWeightLoad, until);
  group_atomics_ = group_credits_ = 0;
}

void Csc::finish_stripe(Cycle now) {
  while (!returning_.empty() && returning_.front().at <= now) {
    credits_ += returning_.front().transfers;
    returning_.pop();
  }
  const std::uint32_t transfers = length() * plan_.batches * plan_.transfers_per_position;
  if (credits_ < std::min(transfers, timing_.credits)) {
    if (!returning_.empty()) wake(returning_.front().at);
    return;
  }
  group_credits_ += now - last_package_;
  group_atomics_ += static_cast<Cycle>(plan_.blocks) * length() * plan_.batches;
  credits_ -= std::min(credits_, transfers);

  const auto interval = static_cast<Cycle>(plan_.interval(length(), group_));
  const bool last_stripe = stripe_ + 1 == plan_.stripes.size() && repeat_ + 1 == plan_.repeats;
  const bool last_group = group_ + 1 == plan_.groups;

  Delivery delivery;
  delivery.first_channel = group_ * plan_.group_kernels;
  delivery.channels = plan_.kernels(group_);
  delivery.first_position = position_;
  delivery.positions = length() * plan_.batches;
  delivery.transfers = transfers;
  delivery.ready = now + timing_.accumulate;
  delivery.last = last_stripe && last_group;
  delivery_(delivery);
  position_ += length();

  if (last_stripe) {
    const std::uint32_t kernels = plan_.kernels(group_);
    if (sequence_.skip_weight_release) {
      kernels_needed_ += kernels;
    } else {
      const auto load = static_cast<Cycle>(plan_.weight_cycles(group_));
      weight_release_(kernels,
                      std::max(now, now - interval + load + static_cast<Cycle>(timing_.weight_release)));
      kernels_gone_ += kernels;
    }
  }
  // What is loaded under a package are the weights of the next one.
  next_atomic_ = now + (last_stripe && !last_group ? static_cast<Cycle>(plan_.interval(length(), group_ + 1))
                                                   : interval);
  if (!last_stripe) {
    if (++stripe_ == plan_.stripes.size()) {
      stripe_ = 0;
      ++repeat_;
    }
    begin_stripe(next_atomic_);
    return;
  }
  if (!last_group) {
    ++group_;
    state_ = State::kGroup;
    begin_group(now);
    return;
  }
  const Cycle last = now + static_cast<Cycle>(length()) * plan_.batches - 1;
  const std::uint32_t height = sequence_.input.height;
  if (sequence_.skip_data_release) {
    left_lines_ = height;
  } else {
    const std::uint32_t released = std::min(height, sequence_.release_slices);
    left_lines_ = height - released;
    lines_ -= std::min(lines_, released);
    data_release_(std::uint64_t{released} * left_entries_per_line_, last + timing_.data_release);
  }
  settle(last + 1);
  left_kernels_ = sequence_.skip_weight_release ? kernels_needed_ : 0;
  last_atomic_(last);
  state_ = State::kTail;
  finished_at_ = last + timing_.sequence_done;
  wake(finished_at_);
}

void Csc::run(Cycle now) {
  switch (state_) {
    case State::kIdle:
      return;
    case State::kGroup:
      begin_group(now);
      return;
    case State::kPackage:
      if (now < last_package_) {
        wake(last_package_);
      } else {
        finish_stripe(now);
      }
      return;
    case State::kTail:
      if (now < finished_at_) {
        wake(finished_at_);
        return;
      }
      state_ = State::kIdle;
      busy_ = false;
      done_(finished_at_);
      return;
  }
}

void Csc::reset() {
  state_ = State::kIdle;
  busy_ = false;
  lines_ = kernels_seen_ = kernels_gone_ = left_lines_ = left_kernels_ = 0;
  arrivals_.clear();
  returning_.clear();
  credits_ = timing_.credits;
}

}  // namespace nvdla::engine
