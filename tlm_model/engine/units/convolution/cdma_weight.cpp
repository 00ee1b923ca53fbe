// SPDX-License-Identifier: Apache-2.0
#include "engine/units/convolution/cdma_weight.h"

#include <algorithm>

namespace nvdla::engine {

namespace {
// Tags tell the streams of the client apart.
constexpr std::uint64_t kWeights = 0, kMask = 1, kSizes = 2;
}  // namespace

CdmaWeight::CdmaWeight(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
                       MemoryInterface& cvsram, CbufUsage& cbuf)
    : Process(scheduler),
      hardware_(hardware),
      timing_(convolution_timing(hardware)),
      dbb_(dbb),
      cvsram_(cvsram),
      cbuf_(cbuf) {
  const auto depth = hardware.read_latency_fifo_beats[static_cast<std::size_t>(Client::kCdmaWt)];
  dbb_.connect(Client::kCdmaWt, *this, depth);
  cvsram_.connect(Client::kCdmaWt, *this, depth);
}

void CdmaWeight::start(OperationId id, const ConvolutionFetch& fetch, Cycle at, Cycle first_request) {
  id_ = id;
  ledger_.begin(at);
  wants_room_ = false;
  plan_ = amaix::plan_weights(fetch, hardware_);
  space_ = fetch.weight_space;
  weights_ = {plan_.address, plan_.address + plan_.bytes};
  mask_ = {fetch.wmb_address, fetch.wmb_address + plan_.mask_bytes};
  sizes_ = {fetch.wgs_address, fetch.wgs_address + plan_.sizes_bytes};
  turn_ = nullptr;
  turns_left_ = 0;
  stored_ = mask_stored_ = 0;
  group_ = 0;
  group_end_ = plan_.seen(0);
  asked_ = {};
  busy_ = true;
  first_weights_ = first_request;
  first_request_ = first_request;
  if (plan_.mask_bytes != 0) first_request_ -= timing_.weight_request - timing_.size_request;
  done_at_ = kNever;
  wake(first_request_);
}

void CdmaWeight::release(std::uint64_t bytes, std::uint64_t mask_bytes, Cycle at) {
  pending_release_ += bytes;
  pending_mask_release_ += mask_bytes;
  release_at_ = at;
  wake(at);
}

inline std::uint64_t CdmaWeight::request_size(const Stream& stream) const {
  const std::uint64_t unit = plan_.request_bytes;
  return std::min(stream.end, stream.next / unit * unit + unit) - stream.next;
}

inline bool CdmaWeight::mask_wants() const {
  return mask_.next < mask_.end && cbuf_.mask_bytes + request_size(mask_) <= cbuf_.mask_capacity;
}

inline bool CdmaWeight::weights_want() const {
  return weights_.next < weights_.end &&
         cbuf_.weight_bytes + request_size(weights_) <= cbuf_.weight_capacity + timing_.weight_overshoot;
}

// CDMA_WT_wrr_arb: weighted round robin.
inline CdmaWeight::Stream* CdmaWeight::next_in_turn() {
  const bool mask = mask_wants(), weights = weights_want();
  if (!mask && !weights) return nullptr;
  if (!mask && plan_.mask_bytes == 0) return &weights_;
  const bool goes_on = turns_left_ > 0 && (turn_ == &mask_ ? mask : weights);
  if (!goes_on) {
    turn_ = mask && (turn_ != &mask_ || !weights) ? &mask_ : &weights_;
    turns_left_ = turn_ == &mask_ ? plan_.mask_turns : plan_.weight_turns;
  }
  --turns_left_;
  return turn_;
}

inline std::uint64_t CdmaWeight::counted_below(std::uint64_t tag, std::uint64_t address) {
  if (tag != kWeights || plan_.mask_bytes != 0 || plan_.group_bytes == 0) return 0;
  const std::uint64_t offset = address - plan_.address;
  if (offset >= asked_.end) {
    const std::uint64_t group = offset / plan_.group_bytes;
    asked_.end = (group + 1) * plan_.group_bytes;
    asked_.before = group == 0 ? 0 : plan_.seen(static_cast<std::uint32_t>(group - 1));
    asked_.seen = plan_.seen(static_cast<std::uint32_t>(group));
  }
  // A line that begins in the group before may be what that waits for.
  return plan_.address + (asked_.before > offset ? asked_.before : asked_.seen);
}

void CdmaWeight::request(Cycle now) {
  MemoryInterface& memory = space_ == MemorySpace::kDbb ? dbb_ : cvsram_;
  while (memory.read_ready(Client::kCdmaWt)) {
    if (sizes_.next < sizes_.end) {
      memory.read(Client::kCdmaWt, id_, sizes_.next, hardware_.memory_atom_bytes, kSizes, now);
      sizes_.next += hardware_.memory_atom_bytes;
      continue;
    }
    if (now < first_weights_) {
      wake(first_weights_);
      return;
    }
    Stream* const stream = next_in_turn();
    if (stream == nullptr) {
      wants_room_ = wants_room_ || weights_.next < weights_.end;
      return;
    }
    const std::uint64_t size = request_size(*stream);
    if (stream == &weights_) {
      if (wants_room_) ledger_.add(Resource::kCbufSpace, now);
      wants_room_ = false;
      cbuf_.weight_bytes += size;
    } else {
      cbuf_.mask_bytes += size;
    }
    const std::uint64_t tag = stream == &weights_ ? kWeights : kMask;
    memory.read(Client::kCdmaWt, id_, stream->next, static_cast<std::uint32_t>(size), tag, now,
                counted_below(tag, stream->next));
    stream->next += size;
  }
}

void CdmaWeight::run(Cycle now) {
  dbb_.settle(now);
  cvsram_.settle(now);
  if (release_at_ <= now) {  // of nothing, too: a small kernel group may end no entry
    cbuf_.weight_bytes -= std::min(cbuf_.weight_bytes, pending_release_);
    cbuf_.mask_bytes -= std::min(cbuf_.mask_bytes, pending_mask_release_);
    pending_release_ = pending_mask_release_ = 0;
    release_at_ = kNever;
  }
  wake(release_at_);  // a run for another reason must not lose it
  if (!busy_) return;
  if (done_at_ != kNever) {
    if (now < done_at_) {
      wake(done_at_);
      return;
    }
    busy_ = false;
    const Cycle at = done_at_;
    done_at_ = kNever;
    done_(at);
    return;
  }
  if (now < first_request_) {
    wake(first_request_);
    return;
  }
  request(now);
}

// When the chunk's stream, of which `before` bytes came before it, had `bytes`: of a port that does not tell
// each beat (engine/memory_interface_beats.cpp).
Cycle CdmaWeight::passed(const ReadReturn& data, std::uint64_t bytes, std::uint64_t before) const {
  if (data.beats == 1) return data.last_beat;
  if (bytes <= before) return data.first_beat;
  const std::uint64_t width = hardware_.dbb_width_bytes;
  const std::uint64_t beat = (data.address % width + (bytes - before) - 1) / width;
  return data.first_beat +
         (data.last_beat - data.first_beat) * static_cast<Cycle>(beat) / static_cast<Cycle>(data.beats - 1);
}

void CdmaWeight::on_read(const ReadReturn& data) {
  if (busy_) ledger_.add(data, Resource::kWeightFetch);
  if (data.tag == kSizes || !busy_) return;
  const bool mask = data.tag == kMask;
  std::uint64_t& stored = mask ? mask_stored_ : stored_;
  const std::uint64_t before = stored;
  stored += data.bytes;
  for (Cycle at = data.first_beat; group_ < plan_.groups; group_end_ = plan_.seen(++group_)) {
    if (stored_ < group_end_) break;
    const std::uint64_t mask_end = plan_.required_mask(group_);
    if (mask_stored_ < mask_end) break;
    at = std::max(at, passed(data, mask ? mask_end : group_end_, before));
    kernels_(group_ + 1 == plan_.groups ? plan_.last_group_kernels : plan_.group_kernels, at);
  }
  if (group_ == plan_.groups) {
    done_at_ = data.last_beat + timing_.weight_done;
    wake(done_at_);
  }
}

// They complete no group (counted_below).
void CdmaWeight::on_beats(BeatReturns& beats) {
  if (!busy_) return;
  stored_ += ledger_.add(beats, Resource::kWeightFetch);
}

void CdmaWeight::on_write_acknowledged(const WriteReturn& /*write*/) {}

void CdmaWeight::on_room(Client /*client*/, Cycle at) { wake(at); }

void CdmaWeight::on_room_in_run(Client /*client*/, Cycle at) { request(at); }

void CdmaWeight::reset() {
  busy_ = false;
  done_at_ = kNever;
  pending_release_ = pending_mask_release_ = 0;
  release_at_ = kNever;
}

}  // namespace nvdla::engine
