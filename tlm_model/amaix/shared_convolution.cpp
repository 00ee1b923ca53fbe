// SPDX-License-Identifier: Apache-2.0
#include "amaix/shared_convolution.h"

#include <algorithm>
#include <cmath>

#include "amaix/convolution_plan.h"
#include "operation/chunk.h"

namespace nvdla::amaix {
namespace {

Cycle up(double cycles) { return static_cast<Cycle>(std::ceil(cycles)); }

}  // namespace

SharedConvolution::SharedConvolution(const ConvolutionFetch& fetch, const ConvolutionContext& context,
                                     const ConvolutionSchedule& schedule, const ConvolutionEstimate& estimate,
                                     const SdpOnTheFly& sdp, const SdpWork& work,
                                     const HardwareParameters& hardware)
    : hardware_(hardware),
      schedule_(schedule),
      fetches_weights_(context.fetch_weights),
      output_lag_(estimate.first_transfer + sdp.write_tail - schedule_.begin),
      output_buffer_(std::max(1.0, estimate.write_buffer)),
      write_buffer_(sdp.write_buffer) {
  const std::uint32_t bus = hardware.dbb_width_bytes;
  std::uint64_t written = 0;
  for (const Traffic* traffic : {&sdp.dbb, &sdp.cvsram})
    for (const std::uint64_t bytes : traffic->written) written += bytes;
  output_beats_ = static_cast<double>(written) / bus / static_cast<double>(schedule_.groups.size());
  if (written / bus > kMostSteps * hardware.mcif_chunk_beats) whole_ = false;
  if (context.fetch_weights &&
      schedule_.groups.back().stream > static_cast<double>(kMostSteps * chunk_bytes()))
    whole_ = false;
  add_operands(context, sdp, work);
  if (!context.fetch_data) return;
  const bool image = fetch.input_format == InputFormat::kPixel;
  const bool winograd = !image && fetch.mode == ConvolutionMode::kWinograd;
  std::uint32_t gap = 0;
  for (DataRequests requests(fetch, hardware); !requests.done(); requests.advance()) {
    const DataRequest& request = requests.front();
    if (request.grain_start && !data_.empty()) ++gap;
    if (!request.dummy) {
      for_each_chunk(request.address,
                     request.address + std::uint64_t{request.atoms} * hardware.memory_atom_bytes,
                     chunk_bytes(), [&](std::uint64_t begin, std::uint64_t end) {
                       data_.push_back({beats_of(begin, end, bus), gap});
                       gap = 0;
                     });
      if (data_.size() > kMostSteps) {
        whole_ = false;
        return;
      }
    }
    gap += image || winograd || !request.bundle_end ? 1 : 2;
  }
}

void SharedConvolution::add_operands(const ConvolutionContext& context, const SdpOnTheFly& sdp,
                                     const SdpWork& work) {
  const SdpPathLengths& paths = sdp_path_lengths(hardware_);
  const double written = output_beats_ * static_cast<double>(schedule_.groups.size());
  const double beat = written > 0 ? sdp.write_time / written * static_cast<double>(work.streams.size()) : 1;
  for (std::size_t i = 0; i < work.streams.size(); ++i) {
    const SdpStream& stream = work.fetch.streams[i];
    Operands operands{};
    operands.all = static_cast<double>(work.streams[i].bus_bytes) / hardware_.dbb_width_bytes;
    operands.places = stream.beats_ahead(operands.all, hardware_);
    operands.waited_for = operands.places < operands.all;
    // They are asked for, until the begin; of those that came the streams have as many each.
    const double since = context.operands_ahead - paths.request;
    operands.ahead = std::clamp(std::floor(since / beat), 0.0, operands.places);
    operands.request = std::max(0.0, -since);
    operands.path = entry_path(stream, work.plan, paths) + sdp.write_tail - paths.from_cacc;
    operands.use = sdp.write_tail - paths.from_cacc - paths.use;
    if (operands.all > static_cast<double>(kMostSteps * hardware_.mcif_chunk_beats)) whole_ = false;
    readers_.push_back(stream.client);
    operands_.push_back(operands);
  }
}

void SharedConvolution::restart(Cycle begin) {
  begin_ = begin;
  data_asked_ = data_come_ = group_ = 0;
  data_next_ = begin + up(schedule_.data_request);
  weight_next_ = begin + up(schedule_.weight_request);
  data_granted_.fill(0);
  data_taken_ = weights_asked_ = weights_come_ = waiting_ = 0;
  weights_room_ = schedule_.capacity;
  arrived_.clear();
  released_ = {};
  computed_ = {};
  outputs_ = {};
  supplied_ = 0;
  starved_ = false;
  for (Operands& operands : operands_) {
    operands.asked = operands.come = operands.ahead;
    operands.room = operands.places;
    operands.next = begin + up(operands.request);
    operands.last = begin;
    operands.used = {};
  }
  group_end_ = begin + up(schedule_.start);
  marks_.assign(kFirstGroup + schedule_.groups.size() + 3, kNever);
  due_ = data_.empty() && !fetches_weights_ ? group_end_ : kNever;
}

Cycle SharedConvolution::asks(std::size_t reader) {
  if (reader == kData) {
    if (data_asked_ == data_.size()) return kNever;
    return std::max(data_next_, data_granted_[data_asked_ % kQueue]);
  }
  if (reader >= kOperands) {
    Operands& operands = operands_[reader - kOperands];
    if (operands.asked >= operands.all) return kNever;
    while (operands.asked + beats(reader) > operands.room) {
      if (operands.used.empty()) return kNever;
      operands.room = operands.places + operands.used.front().amount;
      operands.next = std::max(operands.next, operands.used.front().at);
      operands.used.pop();
    }
    return operands.next;
  }
  const double all = schedule_.groups.back().stream;
  if (!fetches_weights_ || weights_asked_ >= all) return kNever;
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
  if (reader >= kOperands) {
    const Operands& operands = operands_[reader - kOperands];
    return static_cast<std::uint32_t>(
        std::ceil(std::min<double>(hardware_.mcif_chunk_beats, operands.all - operands.asked)));
  }
  const double left = schedule_.groups.back().stream - weights_asked_;
  return static_cast<std::uint32_t>(
      std::ceil(std::min<double>(chunk_bytes(), left) / hardware_.dbb_width_bytes));
}

void SharedConvolution::granted(std::size_t reader, Cycle at) {
  if (reader >= kOperands) {
    Operands& operands = operands_[reader - kOperands];
    operands.asked += beats(reader);
    operands.next = std::max(operands.next, at);
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
    Operands& operands = operands_[reader - kOperands];
    operands.come += beats;
    operands.last = last;
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

// When the next group may begin, as far as it is known.
void SharedConvolution::look(Cycle now) {
  if (group_ == schedule_.groups.size()) return;
  Cycle start = group_end_;
  if (group_ == 0 && !data_.empty()) {
    if (marks_[kData] == kNever) return;
    start = std::max(start, marks_[kData] + up(schedule_.data_tail));
  }
  if (fetches_weights_) {
    if (group_ >= arrived_.size()) return;
    start = std::max(start, arrived_[group_] + up(schedule_.weight_pipeline));
  }
  due_ = std::max(start, now + 1);
}

void SharedConvolution::run(Cycle now) {
  due_ = kNever;
  // What is due to be written and has not gone.
  if (group_ > 0) {
    double late = 0;
    for (const auto* const waiting : {&outputs_, &computed_})
      for (const Output& output : *waiting) {
        if (output.ready >= now) break;
        late += output.beats;
      }
    if (late > output_buffer_) return;
  }
  const ConvolutionSchedule::Group& group = schedule_.groups[group_];
  marks_[kFirstGroup + group_] = now;
  group_end_ = now + up(group.time);
  released_.push({group.required, now + up(group.released)});
  waiting_ += output_beats_;
  const std::uint32_t chunk = hardware_.mcif_chunk_beats;
  const bool last = ++group_ == schedule_.groups.size();
  const double beats = last ? std::ceil(waiting_) : std::floor(waiting_ / chunk) * chunk;
  // The results of a channel operation come in its last package.
  const double each = group.time / schedule_.operations, burst = std::min(each, schedule_.burst);
  for (double done = 0; done < beats; done += chunk) {
    const auto part = static_cast<std::uint32_t>(std::min<double>(chunk, beats - done));
    const double come = (done + part) / beats * schedule_.operations;
    const double before = std::ceil(come) - 1;
    computed_end_ = now + up(output_lag_ + before * each + (come - before) * burst);
    computed_.push({computed_end_, part});
  }
  supply();
  waiting_ -= beats;
  if (last) {
    end_where_room(now);
  } else {
    look(now);
  }
}

// What is computed and has its operands is output.
void SharedConvolution::supply() {
  const double all = output_beats_ * static_cast<double>(schedule_.groups.size());
  while (!computed_.empty()) {
    Output output = computed_.front();
    const double part = std::min(1.0, (supplied_ + output.beats) / all);
    for (const Operands& operands : operands_) {
      if (!operands.waited_for) continue;
      if (operands.come + 1e-6 < operands.all * part) {
        starved_ = true;
        return;
      }
      if (starved_) output.ready = std::max(output.ready, operands.last + up(operands.path));
    }
    if (!outputs_.empty()) output.ready = std::max(output.ready, outputs_.back().ready);
    starved_ = false;
    supplied_ += output.beats;
    for (Operands& operands : operands_)
      if (operands.waited_for) operands.used.push({operands.all * part, output.ready - up(operands.use)});
    outputs_.push(output);
    computed_.pop();
  }
}

// All groups have begun: the last of what CSC does, and of what SDP takes, finds room.
void SharedConvolution::end_where_room(Cycle now) {
  double left = 0;
  for (const auto* const waiting : {&outputs_, &computed_})
    for (const Output& output : *waiting) left += output.beats;
  Cycle &end = marks_[kFirstGroup + group_], &taken = marks_[kFirstGroup + group_ + 1];
  if (end == kNever && left <= output_buffer_) end = std::max(group_end_, now);
  if (taken == kNever && left <= write_buffer_) taken = std::max(computed_end_, now);
}

void SharedConvolution::write_granted(Cycle at) {
  outputs_.pop();
  if (group_ == schedule_.groups.size()) end_where_room(at);
  if (due_ == kNever) look(at);
}

}  // namespace nvdla::amaix
