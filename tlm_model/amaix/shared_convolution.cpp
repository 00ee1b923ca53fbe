// SPDX-License-Identifier: Apache-2.0
#include "amaix/shared_convolution.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "amaix/convolution_plan.h"
#include "amaix/sdp_walk.h"
#include "hardware/nearest_cycle.h"
#include "hardware/paths/convolution.h"
#include "operation/chunk.h"

namespace nvdla::amaix {
namespace {

Cycle up(double cycles) { return static_cast<Cycle>(std::ceil(cycles)); }

}  // namespace

SharedConvolution::SharedConvolution(const ConvolutionFetch& fetch, const ConvolutionContext& context,
                                     const ConvolutionSchedule& schedule, const ConvolutionEstimate& estimate,
                                     const SdpOnTheFly& sdp, const SdpWork& work,
                                     const HardwareParameters& hardware, const std::vector<SdpChunk>* pooled)
    : hardware_(hardware),
      schedule_(schedule),
      fetches_weights_(context.fetch_weights),
      output_lag_(sdp.write_tail),
      output_from_(context.sdp_start - sdp.entry + sdp.write_tail),
      output_buffer_(std::max(1.0, estimate.write_buffer)),
      write_buffer_(sdp.write_buffer) {
  const std::uint32_t bus = hardware.dbb_width_bytes;
  std::uint64_t written = 0;
  for (const Traffic* traffic : {&sdp.dbb, &sdp.cvsram})
    for (const std::uint64_t bytes : traffic->written) written += bytes;
  output_all_ = static_cast<double>(written) / bus;
  output_beats_ = output_all_ / static_cast<double>(schedule_.groups.size());
  if (pooled != nullptr) output_chunks_ = *pooled;
  if (work.plan.output) output_chunks_ = walk_chunks(work.plan.output->walk, hardware, kMostSteps);
  double bytes = 0;
  for (const SdpChunk& chunk : output_chunks_) bytes += chunk.bytes;
  if (bytes > 0) output_byte_ = output_all_ / bytes;
  if (output_chunks_.size() > kMostSteps) whole_ = false;
  if (context.fetch_weights &&
      schedule_.groups.back().stream > static_cast<double>(kMostSteps * chunk_bytes()))
    whole_ = false;
  add_operands({work, sdp, context.operands_ahead, output_all_, hardware});
  add_data(fetch, context);
  beat_transfers_ = static_cast<double>(work.plan.transfers) / std::max(1.0, output_all_);
  write_path_ =
      pooled != nullptr ? SharedWritePath(hardware) : SharedWritePath(sdp, work, output_all_, hardware);
  pooled_ = pooled != nullptr;
  drain_ = sdp.drain;
  front_ = sdp.ahead / beat_transfers_;
  front_way_ = up(sdp.ahead_depth);
  tail_ = sdp.acknowledge - sdp.write_latency;
  release_tail_ = sdp.release_tail;
  write_tail_ = sdp.write_tail;
  date(estimate);
}

void SharedConvolution::date(const ConvolutionEstimate& estimate) {
  dates_.assign(kFirstGroup + schedule_.groups.size() + kEnds, -1);
  dates_[kData] = estimate.data_done;
  dates_[kWeights] = estimate.weights_done;
  dates_[dates_.size() - 4] = estimate.sequence_done;
  dates_[dates_.size() - 3] = estimate.accumulate_interrupt;
  dates_[dates_.size() - 2] = estimate.last_transfer + release_tail_;
  dates_.back() = estimate.cycles;
}

SharedConvolution::SharedConvolution(const ConvolutionFetch& fetch, const ConvolutionContext& context,
                                     const HardwareParameters& hardware)
    : hardware_(hardware),
      schedule_(fetch_schedule(fetch, hardware, context)),
      fetches_weights_(context.fetch_weights) {
  fetches_only_ = true;
  add_data(fetch, context);
}

SharedConvolution::SharedConvolution(const SdpWork& work, const HardwareParameters& hardware)
    : hardware_(hardware), fetches_weights_(false) {
  fetches_only_ = true;
  add_operands({work, {}, 0, 0, hardware});
}

void SharedConvolution::add_operands(SharedOperands operands) {
  operands_ = std::move(operands);
  whole_ = whole_ && operands_.whole();
  readers_.insert(readers_.end(), operands_.readers().begin(), operands_.readers().end());
}

void SharedConvolution::restart(Cycle begin, const SharedUnit* /*before*/) {
  begin_ = begin;
  data_asked_ = data_come_ = group_ = 0;
  data_next_ = begin + up(schedule_.data_request);
  weight_next_ = begin + up(schedule_.weight_request);
  data_granted_.fill(0);
  data_taken_ = weights_asked_ = weights_come_ = waiting_ = 0;
  output_ = 0;
  weights_room_ = schedule_.capacity;
  arrived_.clear();
  released_ = {};
  computed_ = {};
  outputs_ = {};
  supplied_ = 0;
  handed_ = {};
  handed_until_ = computed_beats_ = stall_ = 0;
  stalled_group_ = 0;
  supplied_end_ = static_cast<double>(begin) + output_from_;
  starved_ = false;
  write_path_.restart();
  fed_ = 0;
  taken_end_ = passed_end_ = results_end_ = 0;
  operands_.restart(begin);
  group_end_ = begin + up(schedule_.start);
  wanted_ = kNever;
  marks_.assign(kFirstGroup + schedule_.groups.size() + kEnds, kNever);
  due_ = data_.empty() && !fetches_weights_ && !fetches_only_ ? group_end_ : kNever;
}

Cycle SharedConvolution::asks(std::size_t reader) {
  if (reader == kData) {
    if (data_asked_ == data_.size()) return kNever;
    if (data_asked_ == data_beside_) {
      if (fetches_only_) return kNever;
      data_next_ = std::max(data_next_, begin_ + up(data_released_));
    }
    return std::max(data_next_, data_granted_[data_asked_ % kQueue]);
  }
  if (reader >= kOperands) return operands_taken_ ? operands_.asks(reader - kOperands) : kNever;
  if (!fetches_weights_) return kNever;
  const double all = schedule_.groups.back().stream;
  if (weights_asked_ >= all) return kNever;
  const double wanted = std::min(all, weights_asked_ + chunk_bytes());
  // The first release that makes room for it.
  while (wanted > weights_room_) {
    if (released_.empty()) return kNever;
    weights_room_ = schedule_.capacity + released_.front().amount;
    weight_next_ = std::max(weight_next_, released_.front().at);
    released_.pop();
  }
  return weight_next_;
}

std::uint32_t SharedConvolution::beats(std::size_t reader) const {
  if (reader == kData) return data_[data_asked_].beats;
  if (reader >= kOperands) return operands_.beats(reader - kOperands);
  const double left = schedule_.groups.back().stream - weights_asked_;
  return static_cast<std::uint32_t>(
      std::ceil(std::min<double>(chunk_bytes(), left) / hardware_.dbb_width_bytes));
}

void SharedConvolution::granted(std::size_t reader, Cycle at) {
  if (reader >= kOperands) {
    operands_.granted(reader - kOperands, at);
    return;
  }
  if (reader == kWeights) {
    weights_asked_ += std::min<double>(chunk_bytes(), schedule_.groups.back().stream - weights_asked_);
    return;
  }
  data_granted_[data_asked_ % kQueue] = at;
  if (++data_asked_ < data_.size()) data_next_ += data_[data_asked_].gap;
}

void SharedConvolution::came(std::size_t reader, Cycle /*first*/, Cycle last, std::uint32_t beats) {
  if (reader >= kOperands) {
    resume(reader - kOperands, last);
    operands_.came(reader - kOperands, last, beats);
    supply();
    if (due_ == kNever) look(last);
    return;
  }
  if (reader == kData) {
    data_taken_ = std::max(data_taken_ + beats * schedule_.data_path, last + schedule_.data_path);
    if (++data_come_ == data_.size())
      marks_[kData] = up(data_taken_ + schedule_.data_pipeline - schedule_.data_tail);
  } else {
    weights_come_ += static_cast<double>(beats * hardware_.dbb_width_bytes);
    while (arrived_.size() < schedule_.groups.size() &&
           weights_come_ >= schedule_.groups[arrived_.size()].stream)
      arrived_.push_back(last);
    if (arrived_.size() == schedule_.groups.size()) marks_[kWeights] = last;
  }
  look(last);
}

// The path of the data has taken all but those that fit in front of it.
Cycle SharedConvolution::bus_free() const {
  return held_beats_ == 0 ? 0 : static_cast<Cycle>(data_taken_ - held_beats_ * schedule_.data_path);
}

// When the next group may begin, as far as it is known.
void SharedConvolution::look(Cycle now) {
  if (fetches_only_ || group_ == schedule_.groups.size()) return;
  Cycle start = group_end_;
  if (group_ == 0 && !data_.empty()) {
    if (marks_[kData] == kNever) return;
    start = std::max(start, marks_[kData] + up(schedule_.data_tail));
  }
  if (fetches_weights_) {
    if (group_ >= arrived_.size()) return;
    start = std::max(start, arrived_[group_] + up(schedule_.weight_pipeline + schedule_.groups[group_].load));
  }
  due_ = std::max(start, now + 1);
}

void SharedConvolution::run(Cycle now) {
  due_ = kNever;
  // What is due to be written and has not gone.
  if (group_ > 0) {
    double computed = 0, waiting = 0;
    for (const Output& output : outputs_) {
      if (output.computed >= now) break;
      (output.ready >= now ? computed : waiting) += output.beats;
    }
    for (const Output& output : computed_) {
      if (output.computed >= now) break;
      computed += output.beats;
    }
    if (!room_for(computed, waiting)) {
      if (wanted_ == kNever) wanted_ = now;
      return;
    }
  }
  const ConvolutionSchedule::Group& group = schedule_.groups[group_];
  // Only the last package of its first channel operation has waited.
  Cycle begin = now;
  if (wanted_ != kNever) begin = std::max(wanted_, now - up(group.first - schedule_.result));
  wanted_ = kNever;
  marks_[kFirstGroup + group_] = begin;
  group_end_ = begin + up(group.time);
  released_.push({group.required, begin + up(group.released)});
  waiting_ += output_beats_;
  const bool last = ++group_ == schedule_.groups.size();
  compute(begin, group, last);
  supply();
  if (last) {
    end_where_room(now);
  } else {
    look(now);
  }
}

// The results of a channel operation come in its last package.
void SharedConvolution::compute(Cycle now, const ConvolutionSchedule::Group& group, bool last) {
  double beats = 0;
  std::size_t end = output_;
  const auto amount = [&](std::size_t chunk) { return output_chunks_[chunk].bytes * output_byte_; };
  while (end < output_chunks_.size() && (last || beats + amount(end) <= waiting_ + 1e-6))
    beats += amount(end++);
  waiting_ -= beats;
  const std::vector<std::uint32_t>& stripes = schedule_.stripes;
  double positions = 0, time = 0;
  for (const std::uint32_t length : stripes) positions += length;
  for (const double each : schedule_.stripe_times) time += each;
  positions *= schedule_.repeats;
  const double stretch = group.time / (time * schedule_.repeats);
  const double before_last = stretch * (1 - 1 / schedule_.blocks);
  std::size_t stripe = 0;
  double before = 0, over = 0;  // positions of the operations that are over, and their cycles
  double from = static_cast<double>(now) + output_lag_ + group.first +
                (schedule_.transfers - 1) * schedule_.transfer - schedule_.position;
  for (double done = 0; output_ < end; ++output_) {
    const double part = amount(output_);
    done += part;
    const double come = done / beats * positions;
    while (come > before + stripes[stripe] + 1e-6 && before + stripes[stripe] < positions) {
      before += stripes[stripe];
      over += schedule_.stripe_times[stripe] * stretch;
      stripe = (stripe + 1) % stripes.size();
    }
    const double begun =
        over + (schedule_.stripe_times[stripe] - schedule_.stripe_times.front()) * before_last;
    // Its last transfer is that which completes it.
    const double whole = std::ceil(come - before - 1e-6) - 1;
    const double transfers = std::ceil((come - before - whole) * schedule_.transfers - 1e-6);
    const double within = whole * schedule_.burst + (transfers - 1) * schedule_.transfer;
    results_end_ = static_cast<double>(now) + group.first + begun + whole * schedule_.unhindered;
    const Cycle at = now + nearest_cycle(output_lag_ + group.first + begun + within);
    const double ends = before + stripes[stripe],
                 credits = std::max<double>(schedule_.credits, stripes[stripe]);
    computed_.push({at, output_chunks_[output_].beats, output_chunks_[output_].begins, part,
                    part / beats * positions * schedule_.position, at, group_,
                    computed_beats_ + (ends - credits) / positions * beats,
                    schedule_.result + write_tail_ + within, from});
    from = 0;
  }
  computed_beats_ += beats;
}

// By how much its group is late, which waits for room in CACC for its channel operation. Less than what SDP
// takes for one is in the group's own time.
double SharedConvolution::stalled(const Output& output) {
  if (output.group != stalled_group_) {
    stalled_group_ = output.group;
    stall_ = 0;
  }
  while (!handed_.empty() && handed_until_ < output.credit) {
    const Handed& handed = handed_.front();
    handed_until_ = handed.beats;
    if (handed_until_ >= output.credit) {
      const double taken = handed.at - (handed.beats - output.credit) * handed.each;
      const double room = taken + schedule_.credit_return + output.within;
      const double late = room - static_cast<double>(output.computed) - stall_;
      if (late > schedule_.position * schedule_.stripes.front()) {
        stall_ += late;
        if (output.group == group_) group_end_ += up(late);
        if (output.group == group_ && due_ != kNever) due_ += up(late);
      }
    }
    handed_.pop();
  }
  return stall_;
}

// SDP goes on with what lacked operands of this stream, which come now.
void SharedConvolution::resume(std::size_t stream, Cycle now) {
  if (!starved_) return;
  const Output& output = computed_.front();
  supplied_end_ =
      std::max(supplied_end_, operands_.resumes(stream, supplied_, output.amount, output.taking, now));
}

// What is computed and has its operands is output.
void SharedConvolution::supply() {
  if (!sdp_taken_) return;
  while (!computed_.empty()) {
    Output output = computed_.front();
    if (!operands_.reach(supplied_ + output.amount)) {
      starved_ = true;
      return;
    }
    if (starved_) fed_ = operands_.ready();
    starved_ = false;
    if (!write_path_.has_room(output.beats, pooled_ ? 0 : output.amount * beat_transfers_)) return;
    output.ready = std::max({output.ready, fed_, write_path_.room_at()});
    output.computed += up(stalled(output));
    supplied_end_ = std::max({static_cast<double>(output.ready), static_cast<double>(output.computed),
                              std::max(supplied_end_, output.from) + output.taking});
    const bool last = computed_.size() == 1 && output_ == output_chunks_.size();
    output.ready = nearest_cycle(supplied_end_ + (last ? drain_ : 0));
    const double taken = passed_end_ = std::max(supplied_end_ - write_tail_, write_path_.entry_at());
    handed_.push({supplied_ + output.amount, taken, output.taking / output.amount});
    // All that is behind it waits in front of that stage.
    const double behind = output_all_ - front_ - supplied_;
    if (behind > 0)
      taken_end_ = taken + (front_ > 0 ? front_way_ : 0) -
                   std::max(0.0, output.amount - behind) * output.taking / output.amount;
    if (computed_.size() == 1) taken_end_ = std::max(taken_end_, results_end_ + stall_);
    write_path_.take({output.beats, output.begins});
    fed_ = 0;
    operands_.used(supplied_, output.amount, output.ready, output.taking);
    supplied_ += output.amount;
    outputs_.push(output);
    computed_.pop();
  }
}

// What lacks operands waits in CACC, the rest in SDP's write path as well.
bool SharedConvolution::room_for(double computed, double waiting) const {
  return computed <= std::max(1.0, output_buffer_ - write_buffer_) && computed + waiting <= output_buffer_;
}

// All groups have begun: the last of what CSC does, and of what SDP takes, finds room.
void SharedConvolution::end_where_room(Cycle now) {
  double computed = 0, waiting = 0;
  for (const Output& output : computed_) computed += output.beats;
  for (const Output& output : outputs_) waiting += output.beats;
  waiting += write_path_.leaving();
  Cycle &end = marks_[kFirstGroup + group_], &taken = marks_[kFirstGroup + group_ + 1],
        &released = marks_[kFirstGroup + group_ + 2];
  if (end == kNever && room_for(computed, waiting)) end = std::max(group_end_, now);
  if (taken == kNever && computed_.empty()) {
    const Cycle all = output_chunks_.empty() ? std::max(group_end_, now) : 0;  // it only compares
    taken = std::max(all, up(taken_end_));
    released = std::max(all, up(passed_end_));
  }
}

void SharedConvolution::write_granted(Cycle at) {
  write_path_.granted(at);
  outputs_.pop();
  supply();
  if (group_ == schedule_.groups.size()) end_where_room(at);
  if (due_ == kNever) look(at);
}

}  // namespace nvdla::amaix
