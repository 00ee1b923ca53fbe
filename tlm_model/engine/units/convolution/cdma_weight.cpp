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
  stored_ = 0;
  group_ = 0;
  group_end_ = plan_.required(0);
  busy_ = true;
  first_request_ = first_request;
  done_at_ = kNever;
  wake(first_request);
}

void CdmaWeight::release(std::uint64_t bytes, Cycle at) {
  pending_release_ += bytes;
  release_at_ = at;
  wake(at);
}

void CdmaWeight::request(Cycle now) {
  MemoryInterface& memory = space_ == MemorySpace::kDbb ? dbb_ : cvsram_;
  while (memory.read_ready(Client::kCdmaWt)) {
    std::uint64_t tag = kWeights;
    Stream* stream = &weights_;
    if (sizes_.next < sizes_.end) {
      tag = kSizes;
      stream = &sizes_;
    } else if (mask_.next < mask_.end && (mask_.next - (mask_.end - plan_.mask_bytes)) * plan_.bytes <=
                                             (weights_.next - plan_.address) * plan_.mask_bytes) {
      tag = kMask;
      stream = &mask_;
    }
    if (stream->next >= stream->end) return;
    const std::uint64_t size =
        std::min<std::uint64_t>(
            stream->end, stream->next / plan_.request_bytes * plan_.request_bytes + plan_.request_bytes) -
        stream->next;
    if (tag == kWeights) {
      if (cbuf_.weight_bytes + size > cbuf_.weight_capacity + timing_.weight_overshoot) {
        wants_room_ = true;
        return;
      }
      if (wants_room_) ledger_.add(Resource::kCbufSpace, now);
      wants_room_ = false;
      cbuf_.weight_bytes += size;
    }
    memory.read(Client::kCdmaWt, id_, stream->next, static_cast<std::uint32_t>(size), tag, now,
                counted_below(tag, stream->next));
    stream->next += size;
  }
}

std::uint64_t CdmaWeight::counted_below(std::uint64_t tag, std::uint64_t address) const {
  if (tag != kWeights || plan_.mask_bytes != 0 || plan_.group_bytes == 0) return 0;
  const std::uint64_t group = (address - plan_.address) / plan_.group_bytes;
  return plan_.address + std::min(plan_.bytes, (group + 1) * plan_.group_bytes);
}

void CdmaWeight::run(Cycle now) {
  dbb_.settle(now);
  cvsram_.settle(now);
  if (pending_release_ != 0 && release_at_ <= now) {
    cbuf_.weight_bytes -= std::min(cbuf_.weight_bytes, pending_release_);
    pending_release_ = 0;
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

void CdmaWeight::on_read(const ReadReturn& data) {
  if (busy_) ledger_.add(data, Resource::kWeightFetch);
  if (data.tag != kWeights || !busy_) return;
  stored_ += data.bytes;
  while (group_ < plan_.groups && stored_ >= group_end_) {
    kernels_(group_ + 1 == plan_.groups ? plan_.last_group_kernels : plan_.group_kernels, data.last_beat);
    group_end_ = plan_.required(++group_);
  }
  if (group_ == plan_.groups && stored_ >= plan_.bytes) {
    done_at_ = data.last_beat + timing_.weight_done;
    wake(done_at_);
  }
}

// They complete no group (counted_below).
void CdmaWeight::on_beats(BeatReturns& beats) {
  if (!busy_) return;
  while (const ReadReturn* beat = beats.next()) {
    ledger_.add(*beat, Resource::kWeightFetch);
    stored_ += beat->bytes;
  }
}

void CdmaWeight::on_write_acknowledged(const WriteReturn& /*write*/) {}

void CdmaWeight::on_room(Client /*client*/, Cycle at) { wake(at); }

void CdmaWeight::on_room_in_run(Client /*client*/, Cycle at) { request(at); }

void CdmaWeight::reset() {
  busy_ = false;
  done_at_ = kNever;
  pending_release_ = 0;
  release_at_ = kNever;
}

}  // namespace nvdla::engine
