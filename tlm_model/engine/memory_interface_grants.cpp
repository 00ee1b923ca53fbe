// SPDX-License-Identifier: Apache-2.0
// Behind the arbiter: a chunk takes its place among those in flight, leaves the client's queue and goes to
// the bus.
#include <algorithm>

#include "engine/memory_interface.h"
#include "engine/tensors/tensors.h"
#include "hardware/paths/latency_counters.h"

namespace nvdla::engine {

namespace {

std::size_t index(Client client) { return static_cast<std::size_t>(client); }

// Of a read that a latency counter sees, beside the bus.
Cycle on_the_way(Client client, const HardwareParameters& hardware) {
  const auto& paths = paths::latency_counter_paths(hardware.generation, hardware.master_rtl);
  if (client == Client::kCdmaDat) return paths.data.sum();
  return client == Client::kCdmaWt ? paths.weights.sum() : 0;
}

}  // namespace

inline void MemoryInterface::enqueue(std::vector<InFlight>& in_flight, InOrder& order, std::uint32_t slot) {
  in_flight[slot].next = kNoSlot;
  (order.first == kNoSlot ? order.first : in_flight[order.last].next) = slot;
  order.last = slot;
}

// Of the chunk that is granted now: what kept it at the arbiter's input.
inline Resource MemoryInterface::held_by(const Channel& channel, std::size_t client, Cycle asked) const {
  if (channel.limited_at >= asked || channel.sources[client].fifo_full_at >= asked)
    return Resource::kOutstanding;
  return channel.previous == client ? bandwidth_of(space_) : Resource::kArbitration;
}

inline std::uint32_t MemoryInterface::take_chunk(Channel& channel, std::size_t client, Cycle now) {
  Source& source = channel.sources[client];
  const Request& request = source.queue.front();
  const std::uint64_t end = request.chunk_end;
  const std::uint32_t beats = request.beats;

  std::uint32_t slot = 0;
  if (free_slots_.empty()) {
    slot = static_cast<std::uint32_t>(in_flight_.size());
    in_flight_.emplace_back();
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  InFlight& entry = in_flight_[slot];
  entry.used = true;
  entry.returned = entry.overtook = entry.given = false;
  entry.write = channel.write;
  entry.client = static_cast<Client>(client);
  entry.beats = beats;
  entry.record = request.record;
  entry.answered = 0;
  ++entry.generation;
  entry.counted = !channel.write && request.counted();
  entry.in_run = in_run_;
  entry.beat_by_beat = in_run_ && beats > hardware_.mcif_chunk_beats;
  if (!entry.counted && window_ != nullptr) {
    const std::uint32_t told = tells_beats_ && watches(entry) ? 1 : beats;
    window_->begin_effect(now + told - 1 + port_->run_latency());
  }
  if (in_run_) ++open_in_runs_;
  entry.data.client = entry.client;
  entry.data.operation = request.operation;
  entry.data.tag = request.tag;
  entry.data.address = request.address;
  entry.data.bytes = static_cast<std::uint32_t>(end - request.address);
  entry.data.beats = beats;
  entry.data.places = request.places;
  entry.data.last_of_request = end == request.end;
  BusTiming& timing = entry.data.timing;
  timing.asked = source.chunk_at == kNever ? request.at : source.chunk_at;
  timing.space = space_;
  ++in_flight_count_;
  // Addresses go out one a cycle, each of a burst; write data one beat a cycle.
  channel.busy_until = now + (channel.write ? beats : bursts_of(beats));
  if (channel.write) {
    source.refill_at = channel.busy_until;
    ++records_[request.record].unacknowledged;
    enqueue(in_flight_, writes_[client], slot);
  } else {
    if (fifo_depth_[client] != 0) fifo_used_[client] += request.places;
    enqueue(in_flight_, reads_[client], slot);
  }
  return slot;
}

inline bool MemoryInterface::advance_queue(Channel& channel, std::size_t client, Cycle now) {
  Source& source = channel.sources[client];
  Request& request = source.queue.front();
  const bool late = !channel.write && hardware_.master_rtl;
  if (late) leave_registers(source, channel.busy_until - 1);
  if (request.chunk_end != request.end) {
    request.address = request.chunk_end;
    cut(request, client);
    source.chunk_at = channel.busy_until;
    if (channel.write) refill(source, request);
    if (late) approach(client, false);
    return false;
  }
  if (channel.write) records_[request.record].issued = true;
  const bool full = source.queue.size() == source.places;
  if (full && !channel.write) source.stalls.made_room(now);
  source.queue.pop();
  source.chunk_at = kNever;
  if (source.queue.empty()) {
    channel.pending &= ~(1U << source.turn);
  } else if (channel.write) {
    refill(source, source.queue.front());
  } else if (late) {
    approach(client, true);
  }
  return full || channel.write;  // who writes also wants to know how many wait
}

inline void MemoryInterface::tell_room(const Channel& channel, std::size_t client, Cycle now) {
  MemoryClient* const owner = channel.sources[client].owner;
  if (owner == nullptr) return;
  if (in_run_) {
    owner->on_room_in_run(static_cast<Client>(client), now);
  } else {
    owner->on_room(static_cast<Client>(client), now);
  }
}

inline void MemoryInterface::send(Channel& channel, std::uint32_t slot, Cycle now) {
  InFlight& entry = in_flight_[slot];
  const std::size_t client = index(entry.client);
  const std::uint32_t beats = entry.beats;
  BusTiming& timing = entry.data.timing;
  timing.issued = now;
  timing.held_by = channel.sources[client].held_by = held_by(channel, client, timing.asked);
  channel.previous = client;

  const std::uint64_t width = hardware_.dbb_width_bytes;
  Burst burst;
  burst.space = space_;
  burst.write = channel.write;
  burst.client = entry.client;
  burst.operation = entry.data.operation;
  burst.address = entry.data.address / width * width;
  burst.beats = beats;
  burst.id = (std::uint64_t{entry.generation} << kSlotBits) | slot;
  burst.issued = now;
  burst.offset = static_cast<std::uint32_t>(entry.data.address - burst.address);
  burst.bytes = entry.data.bytes;
  burst.in_run = in_run_;
  burst.beat_by_beat = entry.beat_by_beat;
  if (tensors_ != nullptr && channel.write) {
    write_data_.assign(std::size_t{beats} * width, 0);
    tensors_->fill(burst.operation, space_, entry.data.address, burst.bytes,
                   write_data_.data() + burst.offset);
    burst.data = write_data_.data();
  }

  channel.open.take(beats);
  const std::uint64_t bytes = std::uint64_t{beats} * width;
  if (channel.write) {
    traffic_.written[client] += bytes;
  } else {
    address_free_ = now + bursts_of(beats);
    traffic_.read[client] += bytes;
    Outstanding& open = outstanding_[client];
    if (open.reads++ == 0) {
      // The way back of the read before, and the way there of this one.
      const Cycle begin = std::min(now, timing.asked);
      const Cycle ways = on_the_way(entry.client, hardware_);
      const Cycle since = open.cycles == 0 ? ways : begin - open.since;
      open.cycles += static_cast<std::uint64_t>(std::clamp<Cycle>(since, 0, ways));
      open.since = begin;
    }
  }
  port_->issue(burst);
  if (tells_beats_ && !channel.write) watch(slot, beats);
}

// A beat goes when the registers in front of the bus have room; those of a chunk one a cycle into
// WRITE_IG_SPT, where there is one.
void MemoryInterface::tell_left(Cycle now) {
  while (granted_.owner != nullptr) {
    const std::uint32_t behind = granted_.beats - granted_.told;
    const Cycle room =
        granted_.told == 0 || !hardware_.master_rtl ? 0 : port_->write_room(ahead_ + behind, now);
    if (room > now) return;
    const Cycle at = std::max(granted_.next, room);
    ++granted_.told;
    granted_.next = at + 1;
    MemoryClient* const owner = granted_.owner;
    const bool last = behind == 1;
    if (last) granted_ = {};
    owner->on_write_left(space_, at, last);
  }
}

Cycle MemoryInterface::next_left(Cycle now) const {
  if (granted_.owner == nullptr) return kNever;
  return std::max(now + 1, port_->write_room(ahead_ + granted_.beats - granted_.told, now));
}

void MemoryInterface::grant(Channel& channel, std::size_t client, Cycle now) {
  if (channel.write) {
    tell_left(now);
    const Source& source = channel.sources[client];
    place_missed_ = source.queue.front().beats == 1 && misses_place(now);
    if (source.followed) granted_ = {source.owner, source.queue.front().beats, 0, now - to_bus_};
  } else if (channel.sources[client].followed) {
    channel.sources[client].stalls.granted(now, 1);
  }
  const std::uint32_t slot = take_chunk(channel, client, now);
  const bool room = advance_queue(channel, client, now);
  send(channel, slot, now);
  if (room) tell_room(channel, client, now);
}

void MemoryInterface::grant_single_beats(std::size_t client, std::uint32_t limit, Cycle at, Cycle last) {
  Channel& channel = read_;
  Source& source = channel.sources[client];
  const std::uint64_t width = hardware_.dbb_width_bytes;
  // The first of them has won its turn, the others win theirs here.
  const std::uint32_t first =
      std::max(1U, single_beats(source.queue.front(), room_for_reads(limit, at), at, last));
  source.queue.front().join(first, width);
  if (source.followed) source.stalls.granted(at, first);
  const std::uint32_t slot = take_chunk(channel, client, at);
  if (advance_queue(channel, client, at)) tell_room(channel, client, at);
  InFlight& entry = in_flight_[slot];
  // The ledger asks when a request was made where its first beat comes in the cycle behind its grant.
  const bool over_requests = port_->run_latency() > 1;
  while (over_requests && (channel.pending >> source.turn & 1U) != 0) {
    const Cycle next = channel.busy_until;
    Request& request = source.queue.front();
    if (next > last || request.at > next || !request.counted()) break;
    if (request.address != entry.data.address + entry.data.bytes || request.address % width != 0 ||
        request.tag != entry.data.tag || request.operation != entry.data.operation)
      break;
    const std::uint32_t beats = single_beats(request, room_for_reads(limit, next, entry.beats), next, last);
    if (beats == 0) break;
    request.join(beats, width);
    entry.beat_by_beat = true;
    entry.data.beats = entry.data.places = entry.beats += beats;
    entry.data.bytes += static_cast<std::uint32_t>(request.chunk_end - request.address);
    entry.data.last_of_request = request.chunk_end == request.end;
    channel.busy_until += beats;
    if (source.followed) source.stalls.granted(next, beats);
    if (advance_queue(channel, client, next)) tell_room(channel, client, next);
  }
  channel.left = (channel.left + (entry.beats - 1) * (source.weight - 1)) % source.weight;
  send(channel, slot, at);
}

void MemoryInterface::grant_to_wait(std::size_t client, Cycle now) {
  Source& source = read_.sources[client];
  if (source.followed) source.stalls.granted(now, 1);
  const std::uint64_t end = source.queue.front().chunk_end;
  bool room = false, more = true;
  for (Cycle at = now; more; ++at) {
    Request& request = source.queue.front();
    cut_burst(request, client);
    more = request.chunk_end != end;
    const std::uint32_t beats = request.beats;
    pipe_.push({take_chunk(read_, client, at), beats, bursts_of(beats)});
    room = advance_queue(read_, client, at);
  }
  if (room) tell_room(read_, client, now);
}

// The first burst of the next chunk alone; but of several masters on one memory each has its turn for a
// chunk.
void MemoryInterface::cut_burst(Request& request, std::size_t client) const {
  if (bursts_of(request.beats) == 1 || port_->open_reads() == 0) return;
  const std::uint64_t width = hardware_.dbb_width_bytes;
  request.chunk_end = (request.address / width + burst_beats_) * width;
  measure(request, client);
}

void MemoryInterface::send_waiting(Cycle now) {
  const amaix::ReadPipe::Item item = pipe_.front();
  const Cycle at = leaves(item.beats, item.bursts, now);
  if (at > now) {
    if (at != kNever) wake(at);
    return;
  }
  pipe_.pop(now);
  send(read_, item.slot, now);
  if (!pipe_.empty()) wake(address_free_);
}

}  // namespace nvdla::engine
