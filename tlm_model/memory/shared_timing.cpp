// SPDX-License-Identifier: Apache-2.0
#include "memory/shared_timing.h"

#include <algorithm>
#include <utility>

namespace nvdla::memory {

SharedTiming::SharedTiming(const MemoryDescription& description, std::uint32_t bus_bytes,
                           std::uint32_t masters)
    : latency_(description.latency),
      alone_(masters == 1),
      timing_(description, bus_bytes),
      masters_(masters) {
  for (Channel& channel : channels_) {
    channel.waiting.resize(masters);
    channel.last = masters - 1;
  }
}

bool SharedTiming::submit(std::uint32_t master, std::uint64_t id, bool write, std::uint32_t beats,
                          Cycle issued) {
  if (alone()) {
    take_ahead(issued);
    return timing_.submit(id, write, beats, issued);
  }
  channels_[write ? 1 : 0].waiting[master].push_back({id, beats, issued});
  ++masters_[master].open;
  return true;
}

bool SharedTiming::submit_ahead(std::uint32_t master, std::uint64_t id, bool write, std::uint32_t beats,
                                Cycle issued) {
  if (!alone()) return submit(master, id, write, beats, issued);
  ahead_.push({{id, beats, issued}, write});
  if (write) ++writes_ahead_;
  std::size_t place = ahead_.size() - 1;
  for (; place > 0 && ahead_[place - 1].request.issued > issued; --place)
    std::swap(ahead_[place - 1], ahead_[place]);
  return place == 0;
}

void SharedTiming::take_ahead(Cycle until) {
  for (; !ahead_.empty() && ahead_.front().request.issued <= until; ahead_.pop()) {
    const auto& [request, write] = ahead_.front();
    if (write) --writes_ahead_;
    (void)timing_.submit(request.id, write, request.beats, request.issued);
  }
}

Cycle SharedTiming::first_grant(const Channel& channel) {
  Cycle first = kNever;
  for (const auto& waiting : channel.waiting)
    if (!waiting.empty()) first = std::min(first, waiting.front().issued);
  return first == kNever ? kNever : std::max(first, channel.free_at);
}

void SharedTiming::grant(Channel& channel, bool write, Cycle at) {
  const auto count = static_cast<std::uint32_t>(channel.waiting.size());
  std::uint32_t master = (channel.last + 1) % count;
  while (channel.waiting[master].empty() || channel.waiting[master].front().issued > at)
    master = (master + 1) % count;
  const Request request = channel.waiting[master].front();
  channel.waiting[master].pop_front();
  if (free_owners_.empty()) {
    free_owners_.push_back(owners_.size());
    owners_.emplace_back();
  }
  const std::uint64_t id = free_owners_.back();
  free_owners_.pop_back();
  owners_[id] = {master, request.id};
  timing_.submit(id, write, request.beats, at);
  channel.free_at = at + request.beats;
  channel.last = master;
}

Cycle SharedTiming::next() const {
  Cycle next = timing_.next();
  if (alone()) {
    if (ahead_.empty()) return next;
    // Reads come back in order, a write may be done before them.
    const Request& first = ahead_.front().request;
    return std::min(next, first.issued + latency_ + (writes_ahead_ == 0 ? first.beats - 1 : 0));
  }
  for (const Channel& channel : channels_) next = std::min(next, first_grant(channel));
  for (const Master& master : masters_)
    if (!master.done.empty()) next = std::min(next, master.done.front().at);
  return next;
}

void SharedTiming::advance(Cycle until) {
  if (alone()) {
    take_ahead(until);
    timing_.advance(until);
    return;
  }
  for (;;) {
    const Cycle read = first_grant(channels_[0]), write = first_grant(channels_[1]);
    const Cycle at = std::min(read, write);
    if (at > until) break;
    grant(channels_[read <= write ? 0 : 1], write < read, at);
  }
  timing_.advance(until);
  for (MemoryTiming::Completion completion; timing_.pop(completion);) {
    const Owner owner = owners_[completion.id];
    free_owners_.push_back(completion.id);
    completion.id = owner.id;
    masters_[owner.master].done.push_back(completion);
  }
}

Cycle SharedTiming::write_room(std::uint32_t master, std::uint32_t ahead, Cycle now) {
  if (alone()) {
    take_ahead(now);
    return timing_.write_room(ahead, now);
  }
  advance(now - 1);
  if (!channels_[1].waiting[master].empty()) return std::max(channels_[1].free_at, now) + 1;
  return timing_.write_room(ahead, now);
}

std::uint64_t SharedTiming::reads_ahead(Cycle now) {
  take_ahead(now);
  std::uint64_t beats = 0;
  for (std::size_t i = 0; i < ahead_.size(); ++i)
    if (!ahead_[i].write) beats += ahead_[i].request.beats;
  return beats;
}

Cycle SharedTiming::read_room(std::uint32_t master, std::uint32_t ahead, Cycle from) {
  std::uint64_t waiting = 0;
  if (alone()) {
    waiting = reads_ahead(from);
    if (waiting > ahead) return from + 1;
    return timing_.read_room(ahead - static_cast<std::uint32_t>(waiting), from);
  }
  advance(from);
  for (const Request& request : channels_[0].waiting[master]) waiting += request.beats;
  if (waiting > ahead) return std::max(channels_[0].free_at, from) + 1;
  return waiting > 0 ? from : timing_.read_room(ahead, from);
}

Cycle SharedTiming::read_return(std::uint32_t /*master*/, std::uint32_t ahead, Cycle from) {
  if (!alone()) return kNever;
  const std::uint64_t behind = reads_ahead(from);
  return behind > ahead ? from + 1 : timing_.read_return(ahead - static_cast<std::uint32_t>(behind), from);
}

bool SharedTiming::pop_of(std::uint32_t master, MemoryTiming::Completion& completion) {
  Master& owner = masters_[master];
  if (owner.done.empty()) return false;
  completion = owner.done.front();
  owner.done.pop_front();
  --owner.open;
  return true;
}

}  // namespace nvdla::memory
