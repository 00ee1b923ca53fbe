// SPDX-License-Identifier: Apache-2.0
#include "amaix/sdp_data_fifos.h"

#include <algorithm>

namespace nvdla::amaix {

void SdpDataFifos::offer(std::uint32_t number, Cycle at, Cycle pace) {
  waiting_.push({number % fifos_.size(), at, pace});
  let_in();
}

void SdpDataFifos::take(Cycle at) {
  fifos_[inside_.front()].leave(at);
  inside_.pop();
  let_in();
}

std::optional<Cycle> SdpDataFifos::offers() const {
  if (inside_.empty()) return std::nullopt;
  return fifos_[inside_.front()].offers();
}

void SdpDataFifos::let_in() {
  for (; !waiting_.empty(); waiting_.pop()) {
    const auto [fifo, at, pace] = waiting_.front();
    const std::optional<Cycle> takes = fifos_[fifo].takes(std::max(at, last_ + pace));
    if (!takes) return;
    fifos_[fifo].take(*takes);
    last_ = *takes;
    left_.push(*takes);
    inside_.push(fifo);
  }
}

std::uint64_t SdpDataFifos::outside(Cycle at) {
  while (!left_.empty() && left_.front() <= at) left_.pop();
  return left_.size() + waiting_.size();
}

std::optional<Cycle> SdpDataFifos::next() const {
  if (left_.empty()) return std::nullopt;
  return left_.front();
}

}  // namespace nvdla::amaix
