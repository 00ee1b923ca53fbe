// SPDX-License-Identifier: Apache-2.0
// The answers of the memory: to the operation in order, bytes to its values, credits and slots to those that
// wait for them.
#include <algorithm>
#include <cassert>

#include "engine/memory_interface.h"
#include "engine/tensors/tensors.h"

namespace nvdla::engine {

namespace {
std::size_t index(Client client) { return static_cast<std::size_t>(client); }
}  // namespace

// What of a chunk its client has not heard of.
void MemoryInterface::leave_the_rest(InFlight& entry, std::uint32_t slot) {
  if (!watched_.empty() && watched_.front().slot == slot) watched_.pop();
  if (entry.answered == 0) return;
  ReadReturn& data = entry.data;
  const std::uint64_t width = hardware_.dbb_width_bytes, end = data.address + data.bytes;
  data.first_beat += (data.last_beat - data.first_beat) * Cycle{entry.answered} / Cycle{data.beats - 1};
  data.address = (data.address / width + entry.answered) * width;
  data.bytes = static_cast<std::uint32_t>(end - data.address);
  data.places -= entry.answered - (data.places < data.beats ? 1U : 0U);  // see pass_beat()
  data.beats -= entry.answered;
}

inline void MemoryInterface::free_slot(InFlight& entry, std::uint32_t slot, Cycle at) {
  entry.used = false;
  free_slots_.push_back(slot);
  --in_flight_count_;
  if (entry.in_run) --open_in_runs_;
  if (!entry.counted && window_ != nullptr) window_->end_effect();
  if (!entry.write) return;
  write_.open.forget(entry.beats, at);
  if (write_.pending != 0 && !in_run_) wake(std::max(now(), write_.busy_until));
}

// The beats of a read have passed the bus.
inline void MemoryInterface::pass(InFlight& entry, std::uint32_t slot) {
  const std::size_t client = index(entry.client);
  entry.returned = true;
  entry.overtook = reads_[client].first != slot;
  if (!entry.overtook) deliver(client);
}

void MemoryInterface::complete(const BusCompletion& completion) {
  const std::uint32_t slot = MemoryInterface::slot(completion.id);
  if (slot >= in_flight_.size()) return;
  InFlight& entry = in_flight_[slot];
  // Of a burst issued before a reset, or of one that has been answered already.
  if (!entry.used || entry.returned || entry.generation != completion.id >> kSlotBits) return;
  const std::size_t client = index(entry.client);
  if (!entry.write && tensors_ != nullptr && completion.data != nullptr) {
    const std::uint64_t width = hardware_.dbb_width_bytes;
    const ReadReturn& data = entry.data;
    const std::uint64_t passed = entry.beat_by_beat ? entry.answered : 0;
    tensors_->arrived(data.operation, space_, (data.address / width + passed) * width, completion.data,
                      (entry.beat_by_beat ? completion.beat_count : entry.beats) * width);
  }
  if (entry.beat_by_beat) {
    answer_beats(entry, slot, completion);
    return;
  }
  if (entry.write) {
    entry.returned = true;
    BusTiming& timing = entry.data.timing;
    write_.last_response = completion.at - timing.issued - (entry.beats - 1) - completion.held;
    write_.unloaded = std::min(write_.unloaded, write_.last_response);
    timing.unloaded = write_.unloaded;
    timing.held = completion.held;
    entry.data.last_beat = completion.at;
    acknowledge(client);
    return;
  }
  ReadReturn& data = entry.data;
  data.first_beat = completion.at - std::max<Cycle>(completion.span, data.beats - 1);
  data.last_beat = completion.at;
  data.timing.held = completion.held;
  read_.unloaded = std::min(read_.unloaded, data.first_beat - data.timing.issued - completion.held);
  data.timing.unloaded = read_.unloaded;
  if (tells_beats_) leave_the_rest(entry, slot);
  if (data.first_beat < bus_free_) {
    hold_up(entry, slot);
  } else {
    pass(entry, slot);
  }
}

// Beats that come while one waits for CDMA pass behind that. CDMA's own are handed on at once, with the cycle
// in which they will be on the bus, as they are the ones that say when it is free next.
void MemoryInterface::hold_up(InFlight& entry, std::uint32_t slot) {
  ReadReturn& data = entry.data;
  data.last_beat += bus_free_ - data.first_beat;
  data.first_beat = bus_free_;
  held_until_ = bus_free_ = data.last_beat + 1;
  if (entry.client == Client::kCdmaDat) {
    pass(entry, slot);
    return;
  }
  give_beats(data, nullptr);
  entry.given = true;
  held_up_.push(slot);
  pass_held_up(now());
}

void MemoryInterface::pass_held_up(Cycle now) {
  while (!held_up_.empty()) {
    const std::uint32_t slot = held_up_.front();
    InFlight& entry = in_flight_[slot];
    if (entry.data.last_beat > now) {
      wake(entry.data.last_beat);
      return;
    }
    held_up_.pop();
    pass(entry, slot);
  }
}

// The next beats of a burst that is answered beat by beat, each a chunk of its own. Such a port keeps the
// order, and such answers are only counted.
void MemoryInterface::answer_beats(InFlight& entry, std::uint32_t slot, const BusCompletion& completion) {
  const std::size_t client = index(entry.client);
  assert(reads_[client].first == slot && entry.counted);
  const std::uint64_t width = hardware_.dbb_width_bytes;
  ReadReturn first = entry.data;
  first.beats = 1;
  if (entry.answered > 0) {
    first.address = (first.address / width + entry.answered) * width;
    first.timing.asked = first.timing.issued += entry.answered;
    first.timing.held_by = bandwidth_of(space_);
  }
  BeatReturns beats(first, entry.data.address + entry.data.bytes, hardware_.dbb_width_bytes, completion,
                    read_.unloaded);
  MemoryClient* const owner = read_.sources[client].owner;
  if (owner != nullptr) owner->on_beats(beats);
  entry.answered += completion.beat_count;
  reads_[client].delivered = completion.at;
  if (near_limit()) {
    std::uint32_t alone =
        std::min(completion.beat_count, static_cast<std::uint32_t>(OpenBeats::kKept) + 1) - 1;
    read_.open.give(completion.beat_count - alone, completion.followed_by(alone), now());
    while (alone-- > 0) read_.open.give(1, completion.followed_by(alone), now());
  } else {
    read_.open.forget(completion.beat_count, completion.at);
  }
  wake_if_limited();
  if (entry.answered < entry.beats) return;
  reads_[client].first = entry.next;
  free_slot(entry, slot, completion.at);
  Outstanding& open = outstanding_[client];
  if (--open.reads == 0) {
    open.cycles += static_cast<std::uint64_t>(std::max<Cycle>(0, completion.at - open.since));
    open.since = completion.at;
  }
}

// The beats of a read that has passed, or will: near the limit, and where they wait for CDMA, each of them
// counts on its own. It does when it leaves the input pipe, where it waits as long as the beat behind it,
// less the pipe's registers, would wait on the bus.
void MemoryInterface::give_beats(const ReadReturn& data, const MemoryClient* cdma) {
  const Cycle free = cdma == nullptr ? 0 : cdma->bus_free(0);
  if (data.last_beat <= now() && free <= data.last_beat + 1 && !near_limit()) {
    read_.open.forget(data.beats, data.last_beat);
    wake_if_limited();
    return;
  }
  const Cycle span = data.last_beat - data.first_beat, steps = std::max<Cycle>(1, data.beats - 1);
  constexpr std::int32_t kInput = paths::kReadInput.sum();
  Cycle at = read_.open.last();
  for (std::uint32_t beat = 0; beat < data.beats; ++beat) {
    at = std::max(at + 1, data.first_beat + span * Cycle{beat} / steps);
    if (free != 0)
      at = std::max(at, cdma->bus_free(static_cast<std::int32_t>(data.beats - beat) - kInput) - kInput);
    read_.open.give(1, at, now());
  }
  wake_if_limited();
}

void MemoryInterface::wake_if_limited() {
  if (read_.limited && !in_run_) wake(std::max(now(), address_free_));
}

// Takes the acknowledges that have come, as far as they are in order.
void MemoryInterface::acknowledge(std::size_t client) {
  InOrder& order = writes_[client];
  while (order.first != kNoSlot && in_flight_[order.first].returned) {
    const std::uint32_t slot = order.first;
    InFlight& entry = in_flight_[slot];
    order.delivered = std::max(order.delivered, entry.data.last_beat);
    order.first = entry.next;
    const BusTiming timing = entry.data.timing;
    const std::uint32_t index_of_record = entry.record;
    free_slot(entry, slot, entry.data.last_beat);
    WriteRecord& record = records_[index_of_record];
    if (--record.unacknowledged != 0 || !record.issued) continue;
    const WriteReturn write{record.client, record.operation, record.tag, order.delivered, timing};
    free_records_.push_back(index_of_record);
    MemoryClient* owner = write_.sources[client].owner;
    if (owner != nullptr) owner->on_write_acknowledged(write);
  }
}

// Hands on what has returned, as far as it is in order.
void MemoryInterface::deliver(std::size_t client) {
  InOrder& order = reads_[client];
  held_back_ &= ~(1U << client);
  while (order.first != kNoSlot && in_flight_[order.first].returned) {
    const std::uint32_t slot = order.first;
    InFlight& entry = in_flight_[slot];
    if (entry.overtook) {  // its beats follow those that it had overtaken
      const Cycle due = std::max<Cycle>(entry.data.last_beat, order.delivered + entry.data.beats);
      if (due > now()) {
        held_back_ |= 1U << client;
        wake(due);
        return;
      }
      entry.data.first_beat = due - (entry.data.beats - 1);
      entry.data.last_beat = due;
    }
    const ReadReturn data = entry.data;
    const bool given = entry.given;
    order.delivered = data.last_beat;
    order.first = entry.next;
    free_slot(entry, slot, data.last_beat);
    Outstanding& open = outstanding_[client];
    if (--open.reads == 0) {
      open.cycles += static_cast<std::uint64_t>(std::max<Cycle>(0, data.last_beat - open.since));
      open.since = data.last_beat;
    }
    MemoryClient* owner = read_.sources[client].owner;
    const bool cdma = client == index(Client::kCdmaDat) && owner != nullptr;
    if (!given && !cdma) give_beats(data, nullptr);
    if (owner == nullptr) continue;
    owner->on_read(data);
    if (!cdma) continue;
    give_beats(data, owner);
    const Cycle free = owner->bus_free(0);
    if (free > data.last_beat + 1) held_until_ = std::max(held_until_, free);
    bus_free_ = std::max(bus_free_, free);
  }
}

}  // namespace nvdla::engine
