// SPDX-License-Identifier: Apache-2.0
#include "engine/units/convolution/cacc.h"

#include <algorithm>
#include <utility>

namespace nvdla::engine {

Cacc::Cacc(Scheduler& scheduler, const HardwareParameters& hardware)
    : Process(scheduler), timing_(convolution_timing(hardware)) {}

void Cacc::deliver(const Delivery& delivery) {
  offered_ += delivery.transfers;
  if (delivery.last) ends_.push(offered_);
  if (batches_ > 1) {
    deliver_pairs(delivery);
    return;
  }
  if (timing_.delivery_gap == 0) {
    sink_->deliver(delivery);
    return;
  }
  waiting_.push(delivery);
  if (untaken_ == 0 && waiting_.size() == 1) offer_position();
}

void Cacc::deliver_pairs(const Delivery& stripe) {
  const std::uint32_t columns = stripe.positions / batches_;
  const std::uint32_t transfers = stripe.transfers / columns;
  for (std::uint32_t i = 0; i < columns; ++i) {
    held_ += transfers;
    const std::uint32_t column = (stripe.first_position + i) % width_;
    if (column % 2 == 0 && column + 1 < width_) continue;
    Delivery pair = stripe;
    pair.transfers = std::exchange(held_, 0);
    pair.ready = stripe.ready + static_cast<Cycle>(i) * batches_;
    pair.last = stripe.last && i + 1 == columns;
    sink_->deliver(pair);
  }
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
    waiting_.pop();
  }
  sink_->deliver(one);
}

void Cacc::release(Cycle at) {
  releases_.push(at);
  wake(releases_.front());
}

void Cacc::on_taken(std::uint32_t transfers, Cycle at) {
  taken_ += transfers;
  credits_(transfers, at);
  while (!ends_.empty() && taken_ >= ends_.front()) {
    ends_.pop();
    interrupts_.push(at + timing_.interrupt);
    wake(interrupts_.front());
  }
  if (timing_.delivery_gap == 0) return;
  untaken_ -= std::min(untaken_, transfers);
  if (untaken_ == 0) {
    free_at_ = at + 1 + timing_.delivery_gap;
    offer_position();
  }
}

void Cacc::run(Cycle now) {
  while (!releases_.empty() && releases_.front() <= now) {
    const Cycle at = releases_.front();
    releases_.pop();
    done_(at);
  }
  while (!interrupts_.empty() && interrupts_.front() <= now) {
    const Cycle at = interrupts_.front();
    interrupts_.pop();
    interrupt_(at);
  }
  Cycle next = releases_.empty() ? kNever : releases_.front();
  if (!interrupts_.empty()) next = std::min(next, interrupts_.front());
  if (next != kNever) wake(next);
}

void Cacc::reset() {
  offered_ = taken_ = 0;
  ends_.clear();
  releases_.clear();
  interrupts_.clear();
  waiting_.clear();
  held_ = 0;
  position_ = untaken_ = 0;
  free_at_ = 0;
}

}  // namespace nvdla::engine
