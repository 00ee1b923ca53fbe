// SPDX-License-Identifier: Apache-2.0
// The read side of the memory interface, from the client's pipes to the bus: what is granted leaves at once
// or waits in the pipe (amaix/read_pipe.h) for the counter of open beats and for the registers in front of
// the bus.
#include <algorithm>

#include "amaix/read_pipe.h"
#include "engine/memory_interface.h"

namespace nvdla::engine {

// The next chunk of branch master's client comes to the arbiter over the pipes in front of it. `begins`: it
// is the first of its request. READ_IG_bpt keeps it until its places in the latency FIFO are free.
void MemoryInterface::approach(std::size_t client, bool begins) {
  Source& source = read_.sources[client];
  Request& request = source.queue.front();
  ReadRegisters& registers = source.registers;
  if (begins) {
    registers.first.enter(request.at - Cycle{paths::kReadRegisters.cycles()});
    registers.first.leave(registers.second.enter(*registers.first.offers()));
    registers.offered = std::max(registers.offered, *registers.second.offers());
  }
  if (!fifo_full(client)) {
    reach_arbiter(source);
    return;
  }
  if (source.chunk_at == kNever) source.chunk_at = std::max(request.at, registers.offered + 1);
  request.at = kNever;
}

void MemoryInterface::reach_arbiter(Source& source) const {
  Request& request = source.queue.front();
  ReadRegisters& registers = source.registers;
  const Cycle taken = registers.arbiter.enter(registers.offered);
  registers.offered = taken + 1;
  if (request.chunk_end == request.end) registers.second.leave(taken);
  request.at = *registers.arbiter.offers();
}

// Places of branch master's client have become free, `before` were taken. The next chunk passes READ_IG_bpt
// in the cycle before it can be at the arbiter; the one behind it may do so too.
void MemoryInterface::on_credit(std::size_t client, Cycle now, std::uint32_t before) {
  Source& source = read_.sources[client];
  Cycle& offered = source.registers.offered;
  if (source.queue.front().at == kNever) {
    source.fifo_full_at = now - 1;
    offered = std::max(offered, now - 1);
    reach_arbiter(source);
    return;
  }
  const std::uint32_t both = source.queue.front().places + places_behind(source);
  if (before + both > fifo_depth_[client] && fifo_used_[client] + both <= fifo_depth_[client])
    offered = std::max(offered, now - 1);
}

// Of the chunk behind the client's next one.
std::uint32_t MemoryInterface::places_behind(const Source& source) const {
  const Request& next = source.queue.front();
  if (next.chunk_end == next.end) return source.queue.size() > 1 ? source.queue[1].places : 0;
  return beats_of(next.chunk_end, std::min(next.end, next.chunk_end + chunk_bytes_),
                  hardware_.dbb_width_bytes);
}

// It has been granted, or a row of chunks of a beat each (engine/read_run.h), the last in cycle `last`.
void MemoryInterface::leave_registers(Source& source, Cycle last) const {
  const Request& request = source.queue.front();
  ReadRegisters& registers = source.registers;
  if (request.beats <= hardware_.mcif_chunk_beats) {
    registers.arbiter.leave(last);
    return;
  }
  registers.arbiter.flow(last);
  registers.offered = last;
  if (request.chunk_end == request.end) registers.second.leave(last - 1);
}

// The first cycle, as far as can be said, in which `allowed` beats are open at most, each counted `delay`
// cycles longer, those of chunks that are not answered yet as the port says. kNever: an answer will tell.
Cycle MemoryInterface::limit_opens(std::uint32_t allowed, Cycle delay, Cycle now) {
  const Cycle known = read_.open.room(allowed, now, delay);
  if (known <= now) return now;
  // Beats that stand on the bus have left the port and are open still.
  if (held_until_ > now - delay) return known;
  const Cycle from = std::min(now, now - delay + 1);
  const Cycle at = port_->read_return(allowed, from);
  if (at == kNever) return known;
  return std::min(known, std::max(at + delay - 1, at > from ? now + 1 : now));
}

Cycle MemoryInterface::leaves(std::uint32_t beats, std::uint32_t bursts, Cycle now) {
  Channel& channel = read_;
  if (address_free_ > now) return address_free_;
  if (channel.open.most() + beats > channel.limit) {
    // The last burst of the chunk waits for as many beats as there are in it, the others for fewer.
    const Cycle delay = Cycle{paths::kReadSlot.sum()} - (bursts - 1);
    const Cycle opens = limit_opens(channel.limit - std::min(channel.limit, beats), delay, now);
    channel.limited = opens > now;
    if (channel.limited) {
      channel.limited_at = now;
      if (open_in_runs_ != 0) port_->tell_all();
      return opens;
    }
  }
  channel.limited = false;
  if (channel.open.count() + beats <= port_->open_reads()) return now;
  if (bursts > 1 && port_->open_reads() > 0) return kNever;  // one by one
  const Cycle room = address_room(now);
  if (room > now) channel.limited_at = now;
  return room;
}

// Memory has not taken all addresses: the first cycle, as far as can be said, in which the registers in front
// of the bus take another one. Those of branch master are as amaix/read_pipe.h says.
Cycle MemoryInterface::address_room(Cycle now) {
  constexpr Cycle kCredit = paths::kReadAheadCredit.sum();
  constexpr std::uint32_t kAhead = paths::kReadAhead.cycles();
  const Cycle room = port_->read_room(kAhead, now - kCredit) + kCredit;
  if (!hardware_.master_rtl || room > now || now == address_free_) return room;
  const bool just_free = port_->read_room(kAhead, now - kCredit - 1) + kCredit == now;
  return just_free ? now : port_->read_room(0, now - kCredit) + kCredit;
}

void MemoryInterface::serve_reads(Cycle now) {
  Channel& channel = read_;
  if (!pipe_.empty()) send_waiting(now);
  if (channel.pending == 0) return;
  const Cycle opens = pipe_.opens(now, channel.busy_until);
  if (opens > now) {
    if (opens != kNever) wake(opens);
    return;
  }
  if (!has_winner(channel, now)) return;
  const std::size_t client = channel.granted;
  const std::uint32_t beats = channel.sources[client].queue.front().beats;
  const bool lone = pipe_.empty();
  const Cycle at = lone ? leaves(beats, bursts_of(beats), now) : kNever;
  if (at <= now && begins_run(client, now)) {
    grant_run(client, now);
    return;
  }
  channel.granted = kClients;
  if (at <= now) {
    grant(channel, client, now);
  } else {
    grant_to_wait(client, now);
    if (lone) send_waiting(now);
  }
  if (channel.pending != 0) wake(channel.busy_until);
  // Otherwise the channel waits for completions or for room in a latency FIFO, which wake it.
}

std::uint32_t MemoryInterface::room_missing(Client client) const {
  const std::size_t i = static_cast<std::size_t>(client);
  if (!read_waits(i)) return 0;
  const auto& queue = read_.sources[i].queue;
  const Request& request = queue.front();
  std::uint32_t beats = fifo_used_[i] + request.places;
  if (!fifo_full(i)) {  // granted, and then the next
    if (request.chunk_end != request.end) {
      beats += request.end - request.chunk_end >= chunk_bytes_ ? hardware_.mcif_chunk_beats : 1;
    } else {
      beats += queue.size() > 1 ? queue[1].places : 1;
    }
  }
  return beats > fifo_depth_[i] ? beats - fifo_depth_[i] : 1;
}

}  // namespace nvdla::engine
