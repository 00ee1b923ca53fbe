// SPDX-License-Identifier: Apache-2.0
#include "engine/units/convolution/cacc.h"

#include <algorithm>

namespace nvdla::engine {

Cacc::Cacc(Scheduler& scheduler, const HardwareParameters& hardware)
    : Process(scheduler), timing_(convolution_timing(hardware)) {}

void Cacc::deliver(const Delivery& delivery) {
  offered_ += delivery.transfers;
  last_offered_ = last_offered_ || delivery.last;
  if (timing_.delivery_gap == 0) {
    sink_->deliver(delivery);
    return;
  }
  waiting_.push_back(delivery);
  if (untaken_ == 0 && waiting_.size() == 1) offer_position();
}

void Cacc::offer_position() {
  if (waiting_.empty()) return;
  const Delivery& stripe = waiting_.front();
  Delivery one = stripe;
  one.first_position = stripe.first_position + position_;
  one.positions = 1;
  one.transfers = stripe.transfers / stripe.positions;
  one.ready = std::max(stripe.ready + position_, free_at_);
  one.last = stripe.last && position_ + 1 == stripe.positions;
  untaken_ = one.transfers;
  if (++position_ == stripe.positions) {
    position_ = 0;
    waiting_.pop_front();
  }
  sink_->deliver(one);
}

void Cacc::release(Cycle at) {
  done_at_ = at;
  wake(at);
}

void Cacc::on_taken(std::uint32_t transfers, Cycle at) {
  taken_ += transfers;
  credits_(transfers, at);
  if (last_offered_ && taken_ == offered_) {
    interrupt_at_ = at + timing_.interrupt;
    wake(interrupt_at_);
  }
  if (timing_.delivery_gap == 0) return;
  untaken_ -= std::min(untaken_, transfers);
  if (untaken_ == 0) {
    free_at_ = at + 1 + timing_.delivery_gap;
    offer_position();
  }
}

void Cacc::run(Cycle now) {
  if (done_at_ <= now) {
    const Cycle at = done_at_;
    done_at_ = kNever;
    done_(at);
  }
  if (interrupt_at_ <= now) {
    const Cycle at = interrupt_at_;
    interrupt_at_ = kNever;
    offered_ = taken_ = 0;
    last_offered_ = false;
    interrupt_(at);
  }
  wake(std::min(done_at_, interrupt_at_));
}

void Cacc::reset() {
  offered_ = taken_ = 0;
  last_offered_ = false;
  done_at_ = interrupt_at_ = kNever;
  waiting_.clear();
  position_ = untaken_ = 0;
  free_at_ = 0;
}

}  // namespace nvdla::engine
