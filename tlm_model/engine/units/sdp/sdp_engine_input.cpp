// SPDX-License-Identifier: Apache-2.0
// What SdpEngine takes from CACC: when a transfer leaves CACC's buffer, which gets its place back then, and
// when the datapath has it, which may be later.
#include <algorithm>

#include "engine/units/sdp/sdp_engine.h"
#include "hardware/paths/sdp.h"

namespace nvdla::engine {

void SdpEngine::deliver(const Delivery& delivery) {
  inbound_.push_back({delivery, 0, 0});
  if (const Operation* operation = paths_.credit == 0 ? nullptr : active(); operation != nullptr)
    if (Fetch* fetch = fetch_of(*operation); fetch != nullptr && fetch->paired)
      fetch->group.input(delivery.transfers, delivery.ready + static_cast<Cycle>(paths_.from_cacc));
  wake(now());
}

void SdpEngine::on_taken(std::uint32_t transfers, Cycle at) {
  pdp_outstanding_ -= std::min<std::uint64_t>(pdp_outstanding_, transfers);
  pdp_taken_ = at;
  for (Cycle left = pdp_pace_ == 0 ? 0 : transfers; left-- > 0;) {
    if (pdp_takes_.size() == paths::kPdpHolds.cycles()) pdp_takes_.pop();
    pdp_takes_.push(at - left * Cycle{pdp_pace_});
  }
  if (Operation* operation = active(); operation != nullptr && operation->plan.pdp_pace != 0) {
    // The last cycle of each in PDP's input.
    const Cycle pace = operation->plan.pdp_pace;
    for (Cycle last = at - 1 - (transfers - 1) * pace; last < at; last += pace)
      operation->room.push(last + static_cast<Cycle>(operation->plan.ahead_depth));
    accept(*operation);
    forget_used();
  }
  wake(pdp_pace_ == 0 ? at : now());
}

SdpEngine::Inbound* SdpEngine::next_inbound() {
  const auto next = std::find_if(inbound_.begin(), inbound_.end(),
                                 [](const Inbound& from) { return from.taken < from.delivery.transfers; });
  return next == inbound_.end() ? nullptr : &*next;
}

// Where PDP takes nothing for a while, the last ones that have entered are not accepted yet.
void SdpEngine::forget_used() {
  while (!inbound_.empty()) {
    const Inbound& first = inbound_.front();
    if (std::min(first.taken, first.accepted) < first.delivery.transfers) return;
    inbound_.pop_front();
  }
}

void SdpEngine::take_input(Operation& operation, std::uint64_t count, Cycle last, Cycle now) {
  Inbound& from = *next_inbound();
  from.taken += static_cast<std::uint32_t>(count);
  if (operation.plan.ahead == 0) {
    const std::uint32_t anew = from.taken - std::min(from.taken, from.accepted);
    from.accepted += anew;
    if (source_ != nullptr && anew != 0) source_->on_taken(anew, last - static_cast<Cycle>(paths_.from_cacc));
  }
  const bool end = operation.taken == operation.plan.transfers;
  const bool last_delivery = from.delivery.last && from.taken == from.delivery.transfers;
  forget_used();
  if (end && !last_delivery) {
    owner_.on_sdp_warning("SDP: its cube is smaller than the convolution's output; the rest is dropped", now);
    dropping_ = true;
  } else if (!end && last_delivery) {
    owner_.on_sdp_warning("SDP: its cube is larger than the convolution's output; hardware would hang", now);
    operation.unit_left -= std::min(operation.unit_left, count);
    finish(operation, now);
  }
}

// Where a later stage sets the pace, the registers in front of it fill: a transfer is taken from CACC when it
// comes, or when the one plan.ahead before it passes on to that stage, or on from an operand that it lacks.
void SdpEngine::accept(Operation& operation) {
  const SdpFetchGroup* group = nullptr;
  if (operation.fetch && paths_.credit != 0 && operation.plan.pdp_pace == 0) {
    const Fetch* const fetch = fetch_of(operation);
    if (fetch == nullptr || !fetch->paired) return;
    group = &fetch->group;
  }
  // The source may hand over more when it is told: by index, and only what is here now.
  for (std::size_t i = 0, count = inbound_.size(); i < count; ++i) {
    Inbound& from = inbound_[i];
    for (; from.accepted < from.delivery.transfers; ++from.accepted, ++operation.accepted) {
      if (operation.accepted == operation.plan.transfers) return;
      if (group != nullptr && operation.accepted >= group->let_in()) return;
      Cycle at = from.delivery.ready + from.accepted;
      if (group != nullptr)
        at = std::max(at, group->taken_at(operation.accepted) - static_cast<Cycle>(paths_.from_cacc));
      const bool behind = operation.accepted >= operation.plan.ahead;
      const bool behind_front = operation.plan.pdp_pace != 0 && operation.accepted >= operation.plan.front;
      if ((behind && operation.room.empty()) || (behind_front && operation.front_room.empty())) return;
      if (behind) {
        at = std::max(at, operation.room.front() - static_cast<Cycle>(paths_.from_cacc));
        operation.room.pop();
      }
      if (behind_front) {
        at = std::max(at, operation.front_room.front() - static_cast<Cycle>(paths_.from_cacc));
        operation.front_room.pop();
      }
      last_accepted_ = std::max(at, last_accepted_ + 1);
      if (source_ != nullptr) source_->on_taken(1, last_accepted_);
    }
  }
}

// Where operands are waited for, the registers in front of their sub-engine fill in the same way, and what is
// in front of it has not entered yet (SdpFetchGroup).
void SdpEngine::accept_ahead(const Operation& operation, const SdpFetchGroup& group) {
  const std::uint64_t taken = std::min(group.taken(), operation.plan.transfers);
  std::uint64_t index = operation.taken;
  // The source may hand over more when it is told: by index, and only what is here now.
  for (std::size_t i = 0, count = inbound_.size(); i < count; ++i) {
    Inbound& from = inbound_[i];
    for (index += from.accepted - from.taken; from.accepted < from.delivery.transfers; ++index) {
      if (index >= taken) return;
      ++from.accepted;
      const Cycle at = std::max(group.taken_at(index), operation.start);
      last_accepted_ = std::max(at - static_cast<Cycle>(paths_.from_cacc), last_accepted_ + 1);
      if (source_ != nullptr) source_->on_taken(1, last_accepted_);
    }
  }
}

// Takes transfers of a convolution that had more of them than its SDP operation.
void SdpEngine::drop_surplus() {
  while (dropping_ && !inbound_.empty()) {
    const Inbound from = inbound_.front();
    inbound_.pop_front();
    if (from.delivery.last) dropping_ = false;
    if (source_ != nullptr)
      source_->on_taken(from.delivery.transfers - from.accepted,
                        std::max(now(), from.delivery.ready + from.delivery.transfers - 1));
  }
}

}  // namespace nvdla::engine
