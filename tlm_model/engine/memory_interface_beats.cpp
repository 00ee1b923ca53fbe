// SPDX-License-Identifier: Apache-2.0
// Behind a port that is slower than a beat a cycle: a client with a latency FIFO hears of each beat of a
// chunk when that has passed, not with the last one, as what it takes out of the FIFO lets it ask for more;
// so does CDMA of weights that may complete a kernel group, which CSC waits for.
// A port tells a cycle behind a beat that it has passed. Limits: beats that wait for CDMA's data
// (MemoryClient::bus_free()) are told as a whole; so are those of Rubik, whose store waits for a whole
// request.
#include <algorithm>

#include "engine/memory_interface.h"
#include "engine/tensors/tensors.h"

namespace nvdla::engine {

bool MemoryInterface::watches(const InFlight& entry) const {
  switch (entry.client) {
    case Client::kSdp:
    case Client::kSdpB:
    case Client::kSdpN:
    case Client::kSdpE:
    case Client::kPdp:
    case Client::kCdp:
    case Client::kBdma:
      return fifo_depth_[static_cast<std::size_t>(entry.client)] != 0;
    case Client::kCdmaWt:
      return !entry.counted;
    default:
      return false;
  }
}

// The chunk has just been issued.
void MemoryInterface::watch(std::uint32_t slot, std::uint32_t beats) {
  beats_asked_ += beats;
  if (beats == 1 || !watches(in_flight_[slot])) return;
  const Cycle first = port_->spreads_beats() ? port_->read_return(beats - 1, now()) : kNever;
  tells_beats_ = first != kNever;
  if (!tells_beats_) return;
  watched_.push({slot, in_flight_[slot].generation, beats_asked_});
  if (watched_.size() == 1) wake(first);
}

void MemoryInterface::look_for_beats(Cycle now) {
  while (!watched_.empty()) {
    const Watched& first = watched_.front();
    InFlight& entry = in_flight_[first.slot];
    const std::uint32_t behind = entry.beats - entry.answered - 1;
    // complete() has the last one, or all of a port that does not keep the order.
    const bool open = entry.used && !entry.returned && entry.generation == first.generation;
    if (!open || behind == 0) {
      watched_.pop();
      continue;
    }
    const auto ahead = static_cast<std::uint32_t>(beats_asked_ - first.end) + behind;
    const Cycle at = port_->read_return(ahead, now);
    if (at > now) {
      if (at != kNever) wake(at);
      return;
    }
    const bool in_order = reads_[static_cast<std::size_t>(entry.client)].first == first.slot;
    if (!in_order || !held_up_.empty() || bus_free_ >= now) {
      watched_.pop();
      continue;
    }
    pass_beat(entry, now - 1);
  }
}

void MemoryInterface::pass_beat(InFlight& entry, Cycle at) {
  const std::size_t client = static_cast<std::size_t>(entry.client);
  const std::uint64_t width = hardware_.dbb_width_bytes, end = entry.data.address + entry.data.bytes;
  ReadReturn beat = entry.data;
  const std::uint64_t bus_address = (entry.data.address / width + entry.answered) * width;
  if (entry.answered > 0) beat.address = bus_address;
  beat.bytes = static_cast<std::uint32_t>(std::min(end, bus_address + width) - beat.address);
  beat.beats = 1;
  // What is left of a first one that begins inside a beat comes with the chunk's end.
  beat.places = entry.answered == 0 && entry.data.places < entry.beats ? 0 : 1;
  beat.first_beat = beat.last_beat = at;
  beat.last_of_request = false;
  if (entry.answered == 0) read_.unloaded = std::min(read_.unloaded, at - beat.timing.issued);
  beat.timing.unloaded = read_.unloaded;
  if (tensors_ != nullptr) {
    beat_data_.resize(width);
    if (port_->peek(bus_address, beat_data_.data(), width))
      tensors_->arrived(beat.operation, space_, bus_address, beat_data_.data(), width);
  }
  ++entry.answered;
  reads_[client].delivered = at;
  read_.open.give(1, at, now());
  wake_if_limited();
  MemoryClient* const owner = read_.sources[client].owner;
  if (owner != nullptr) owner->on_read(beat);
}

}  // namespace nvdla::engine
