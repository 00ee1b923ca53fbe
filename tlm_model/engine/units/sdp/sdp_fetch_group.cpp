// SPDX-License-Identifier: Apache-2.0
#include "engine/units/sdp/sdp_fetch_group.h"

#include <algorithm>
#include <limits>

#include "operation/divide.h"

namespace nvdla::engine {

SdpFetchGroup::SdpFetchGroup(const amaix::SdpFetchPlan& plan, const HardwareParameters& hardware,
                             const SdpPorts& ports, OperationId id, std::uint64_t tag, Cycle start)
    : hardware_(hardware), ports_(ports), id_(id), tag_(tag), start_(start), flying_(false) {
  const Cycle first = start + amaix::sdp_path_lengths(hardware).request;
  for (const amaix::SdpStream& stream : plan.streams) {
    Stream state(stream);
    state.more = state.walk.next(state.next);
    state.earliest = first;
    state.ledger.begin(start);
    state.total = amaix::walk_totals(stream.walk, hardware.dbb_width_bytes, hardware.dbb_width_bytes).bytes;
    if (state.total != 0) ++incomplete_;
    streams_.push_back(std::move(state));
  }
  flying_ = streams_.empty() || streams_.front().plan.client != Client::kSdp;
}

void SdpFetchGroup::issue(Cycle now) {
  for (Stream& stream : streams_) {
    MemoryInterface& port = ports_.of(stream.plan.space);
    while (stream.more && port.read_ready(stream.plan.client)) {
      const Cycle at = std::max(now, stream.earliest);
      port.read(stream.plan.client, id_, stream.next.address, stream.next.bytes, tag_, at);
      stream.earliest = at + 1;
      stream.more = stream.walk.next(stream.next);
    }
  }
}

void SdpFetchGroup::on_read(const ReadReturn& data) {
  for (Stream& stream : streams_) {
    if (stream.plan.client != data.client) continue;
    stream.ledger.add(data, Resource::kOperandFetch);
    stream.arrived += data.bytes;
    if (stream.arrived >= stream.total && stream.arrived - data.bytes < stream.total) --incomplete_;
    stream.last_beat = data.last_beat;
    stream.chunks.push(
        {stream.arrived, data.bytes, static_cast<std::uint32_t>(data.address % hardware_.dbb_width_bytes),
         data.beats, data.places, data.first_beat, data.last_beat, 0, stream.request, data.last_of_request});
    // Generation V1 hands on data as wide as the bus from the request's first byte on: one that begins inside
    // a beat is complete with the next beat (MCIF_READ_eg).
    stream.usable = stream.arrived;
    if (data.last_of_request) {
      stream.request = stream.arrived;
    } else if (hardware_.generation == Generation::kV1) {
      stream.usable -= (stream.arrived - stream.request) % hardware_.dbb_width_bytes;
    }
  }
  if (datapath_ == nullptr) return;
  for (Stream& stream : streams_) tell_uses(stream);
}

std::uint64_t SdpFetchGroup::transfers_ready() const {
  std::uint64_t ready = std::numeric_limits<std::uint64_t>::max();
  for (const Stream& stream : streams_)
    if (stream.arrived < stream.total)
      ready = std::min(ready, stream.plan.transfers_for(stream.usable, stream.total));
  return ready;
}

std::uint32_t SdpFetchGroup::path(const Stream& stream) const {
  const amaix::SdpPathLengths& paths = amaix::sdp_path_lengths(hardware_);
  return stream.plan.client == Client::kSdp ? paths.read : paths.operand;
}

// The bus cycle of the beat that carries byte `byte` (counted from 1) of the stream; 0 if it is used up.
Cycle SdpFetchGroup::beat_of(const Stream& stream, std::uint64_t byte) const {
  for (std::size_t i = 0; i < stream.chunks.size(); ++i) {
    const Chunk& chunk = stream.chunks[i];
    if (byte > chunk.end) continue;
    const std::uint64_t begin = chunk.end - chunk.bytes;
    if (byte <= begin) return 0;
    if (hardware_.generation != Generation::kV1) return beat_in(chunk, byte);
    const std::uint64_t width = hardware_.dbb_width_bytes;
    const std::uint64_t end = chunk.request + ceil_div(byte - chunk.request, width) * width;  // of its datum
    while (i + 1 < stream.chunks.size() && !stream.chunks[i].last && end > stream.chunks[i].end) ++i;
    return beat_in(stream.chunks[i], std::min(end, stream.chunks[i].end));
  }
  return stream.last_beat;
}

Cycle SdpFetchGroup::beat_in(const Chunk& chunk, std::uint64_t byte) const {
  const std::uint64_t within = byte - (chunk.end - chunk.bytes);
  return beat_at(chunk, (chunk.lead + within - 1) / hardware_.dbb_width_bytes);
}

Cycle SdpFetchGroup::beat_at(const Chunk& chunk, std::uint64_t beat) {
  if (chunk.beats == 1) return chunk.last_beat;
  const Cycle span = chunk.last_beat - chunk.first_beat;
  return chunk.first_beat + span * static_cast<Cycle>(beat) / static_cast<Cycle>(chunk.beats - 1);
}

Cycle SdpFetchGroup::entry_of(const Stream& stream, std::uint64_t first, std::uint64_t count,
                              const amaix::SdpPlan& plan) const {
  const Cycle path = amaix::entry_path(stream.plan, plan, amaix::sdp_path_lengths(hardware_));
  const auto beat = [&](std::uint64_t index) {  // of the run's transfer
    return beat_of(stream, std::min(stream.plan.bytes_for(first + index + 1), stream.total));
  };
  // The transfers of one beat enter one after the other: the first of the last beat sets the pace.
  const Cycle last = beat(count - 1);
  std::uint64_t index = count - 1;
  while (index > 0 && beat(index - 1) == last) {  // and with it all that the same record serves
    const std::uint64_t record = (first + index - 1) / stream.plan.record_transfers;
    const std::uint64_t begin = record * stream.plan.record_transfers;
    index = begin > first ? begin - first : 0;
  }
  if (index == 0) return last + path;
  return std::max(beat(0), last - static_cast<Cycle>(index * plan.cycles_per_transfer)) + path;
}

Cycle SdpFetchGroup::earliest_entry(std::uint64_t first, std::uint64_t count,
                                    const amaix::SdpPlan& plan) const {
  Cycle entry = start_;
  for (const Stream& stream : streams_) entry = std::max(entry, entry_of(stream, first, count, plan));
  return entry;
}

void SdpFetchGroup::explain(OperationLog& log, std::uint64_t first, std::uint64_t count,
                            const amaix::SdpPlan& plan, Cycle entry) {
  Stream* slowest = nullptr;
  Cycle last = 0;
  for (Stream& stream : streams_) {
    const Cycle own = entry_of(stream, first, count, plan);
    if (slowest != nullptr && own <= last) continue;
    slowest = &stream;
    last = own;
  }
  if (slowest == nullptr) return;
  slowest->ledger.explain(log, id_, entry, Resource::kOperandFetch, static_cast<Cycle>(path(*slowest)));
}

void SdpFetchGroup::input(std::uint32_t transfers, Cycle at) {
  if (!flying_) return;
  inputs_.push({come_, come_ + transfers, at});
  come_ += transfers;
  if (datapath_ == nullptr) return;
  for (Stream& stream : streams_) tell_uses(stream);
}

void SdpFetchGroup::consumed(std::uint64_t transfers, Cycle last, const amaix::SdpPlan& plan) {
  const bool has_room = amaix::sdp_path_lengths(hardware_).credit != 0;
  if (has_room && datapath_ != &plan) follow(plan);
  transfers_ = transfers;
  last_ = last;
  for (Stream& stream : streams_) {
    // Only whole records leave: a per-kernel operand stays until its surface is done.
    const std::uint64_t records = transfers / stream.plan.record_transfers;
    if (has_room) tell_uses(stream);
    stream.used = records * stream.plan.record_bytes;
    if (has_room) continue;
    while (!stream.chunks.empty() && stream.chunks.front().end <= stream.used) {
      release(stream, stream.chunks.front(), stream.chunks.front().places);
      stream.chunks.pop();
    }
  }
  while (!inputs_.empty() && inputs_.front().end <= transfers) inputs_.pop();
}

void SdpFetchGroup::pair(const amaix::SdpPlan& plan) {
  for (Stream& stream : streams_) {
    stream.path = amaix::entry_path(stream.plan, plan, amaix::sdp_path_lengths(hardware_));
    taken_.push_back(plan.taken_ahead(stream.plan));
  }
}

void SdpFetchGroup::follow(const amaix::SdpPlan& plan) {
  datapath_ = &plan;
  packets_ = streams_.size();
  packet_ = plan.transfers - std::min<std::uint64_t>(plan.transfers, plan.packet_transfers);
  for (Stream& stream : streams_) {
    stream.registers = plan.place_of(stream.plan).registers;
    stream.slow = plan.run_ahead(stream.plan, nullptr);
    stream.reach = stream.slow.transfers;
    for (const Stream& of : streams_) {
      stream.stand.push_back(plan.run_ahead(stream.plan, &of.plan));
      stream.reach = std::max<std::uint64_t>(stream.reach, stream.stand.back().transfers);
    }
  }
}

// Transfers up to the next use that the FIFOs behind unpack do not know of, its own among them.
std::uint64_t SdpFetchGroup::end_of_use(const Stream& stream) const {
  const std::uint64_t of_record = stream.reorder.uses();
  const std::uint64_t end = (stream.uses / of_record + 1) * stream.plan.record_transfers;
  const std::uint64_t behind = of_record - 1 - stream.uses % of_record;
  return end - behind * (stream.plan.record_transfers / stream.plan.record_atoms);
}

// When the data have come to where they are used.
void SdpFetchGroup::tell_uses(Stream& stream) {
  const bool packet_due = !stream.packet && packet_ != 0;
  const std::uint64_t next = end_of_use(stream);
  if ((packet_due ? std::min(next, packet_) : next) > transfers_ + stream.reach) return;
  const std::uint64_t come = let_through(stream.stand, transfers_ + stream.slow.transfers);
  for (std::uint64_t end = next; end <= come; end = end_of_use(stream)) {
    if (end > packet_) use_packet(stream);
    stream.reorder.use(used_at(stream, end));
    ++stream.uses;
  }
  if (come >= packet_) use_packet(stream);
}

void SdpFetchGroup::use_packet(Stream& stream) {
  if (stream.packet || packet_ == 0) return;
  stream.packet = used_at(stream, packet_);
  --packets_;
}

// When the last transfer before `end` has come to where the data of the stream are used.
Cycle SdpFetchGroup::used_at(Stream& stream, std::uint64_t end) const {
  // Transfers follow each other at Y's pace where that is the slower, behind those that wait for it.
  const amaix::SdpPlan::RunAhead& way = stream.slow;
  Cycle at = 0;
  if (end > way.transfers)
    at = last_ + way.delay +
         (static_cast<Cycle>(end) - static_cast<Cycle>(transfers_ + way.transfers)) *
             static_cast<Cycle>(datapath_->cycles_per_transfer);
  at = std::max(at, passed(stream.stand, end - 1)) + stream.registers;
  if (end > stream.passed) {
    stream.passed_at = std::max(at, stream.passed_at + static_cast<Cycle>(end - stream.passed));
    stream.passed = end;
  }
  return stream.passed_at;
}

std::uint64_t SdpFetchGroup::taken() const {
  return taken_.empty() || !flying_ ? transfers_ : let_through(taken_, transfers_);
}

std::uint64_t SdpFetchGroup::let_in() const {
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  for (std::size_t k = 0; k < taken_.size(); ++k) {
    const Stream& stream = streams_[k];
    if (stream.arrived >= stream.total) continue;
    most = std::min(most, stream.plan.transfers_for(stream.usable, stream.total) + taken_[k].transfers);
  }
  return most;
}

// Transfers that may have come to a place in the datapath, `most` as far as that goes, however many have
// entered: none passes a sub-engine whose operands are not here, and some wait in front of it.
std::uint64_t SdpFetchGroup::let_through(const RunAheads& stand, std::uint64_t most) const {
  std::uint64_t here = flying_ ? std::max(come_, transfers_) : datapath_->transfers;
  for (std::size_t k = 0; k < streams_.size(); ++k) {
    const Stream& stream = streams_[k];
    if (stream.arrived >= stream.total) continue;
    const std::uint64_t held = stand[k].transfers;
    const std::uint64_t ready = stream.plan.transfers_for(stream.usable, stream.total);
    here = std::min(here, ready + held);
    if (ready <= transfers_) most = std::max(most, transfers_ + held);
  }
  return std::min(most, here);
}

// Not before this cycle does transfer `index` come there, as far as the data of all streams are concerned:
// it may wait in front of a sub-engine while those before it wait for their operands, which a transfer a
// cycle takes when they have come.
Cycle SdpFetchGroup::passed(const RunAheads& stand, std::uint64_t index) const {
  Cycle first = 0;
  for (std::size_t i = 0; i < inputs_.size() && inputs_[i].begin <= index; ++i)
    if (index < inputs_[i].end) first = inputs_[i].at + static_cast<Cycle>(index - inputs_[i].begin);
  for (std::size_t k = 0; k < streams_.size(); ++k) {
    const Stream& stream = streams_[k];
    if (index < stand[k].transfers) continue;
    const std::uint64_t standing = index - stand[k].transfers;
    const Cycle beat = beat_of(stream, std::min(stream.plan.bytes_for(standing + 1), stream.total));
    if (beat == 0) continue;  // long gone
    const auto behind = static_cast<Cycle>(stream.plan.behind(standing));
    first = std::max(first, beat + stream.path + behind + Cycle{stand[k].delay});
  }
  return first;
}

// The first `places` of the chunk have left the latency FIFO.
void SdpFetchGroup::release(const Stream& stream, Chunk& chunk, std::uint32_t places) {
  if (places > chunk.released)
    ports_.of(stream.plan.space).release(stream.plan.client, places - chunk.released);
  chunk.released = std::max(chunk.released, places);
}

// Of the chunk that unpack takes: up to the end of the pack.
std::uint32_t SdpFetchGroup::beats_with_room(const Stream& stream, const Chunk& chunk) const {
  const std::uint64_t room = stream.plan.pack_end(stream.pack);
  if (chunk.end <= room) return chunk.beats;
  const std::uint64_t begin = chunk.end - chunk.bytes;
  if (room <= begin) return 0;
  return static_cast<std::uint32_t>(ceil_div(chunk.lead + room - begin, hardware_.dbb_width_bytes));
}

// The pack has left the latency FIFO.
bool SdpFetchGroup::pack_out(const Stream& stream) const {
  if (stream.arrived < stream.plan.pack_end(stream.pack)) return false;
  if (stream.released == stream.chunks.size()) return true;
  const Chunk& chunk = stream.chunks[stream.released];
  return chunk.released >= beats_with_room(stream, chunk) && chunk.end >= stream.plan.pack_end(stream.pack);
}

Cycle SdpFetchGroup::give_credits(Cycle now) {
  Cycle next = kNever;
  if (amaix::sdp_path_lengths(hardware_).credit == 0) return next;
  for (Stream& stream : streams_) {
    next = std::min(next, let_out(stream, now));
    for (; stream.released > 0 && stream.chunks.front().end <= stream.used; --stream.released)
      stream.chunks.pop();
  }
  return next;
}

// Out of the latency FIFO, pack by pack. Returns when there is more to do without further events.
Cycle SdpFetchGroup::let_out(Stream& stream, Cycle now) {
  const Cycle pop = amaix::sdp_path_lengths(hardware_).pop;
  for (;;) {
    for (; stream.released < stream.chunks.size(); ++stream.released) {
      Chunk& chunk = stream.chunks[stream.released];
      if (const Cycle next = leave(stream, chunk, now); next != kNever) return next;
      if (chunk.released < chunk.beats) break;
    }
    if (!stream.whole && !pack_out(stream)) return kNever;
    if (!stream.whole) stream.reorder.pack(stream.plan.pack_records(stream.pack), stream.leaves - pop);
    stream.whole = true;
    const std::optional<Cycle> left = stream.reorder.left();
    if (!left) return kNever;
    if (*left + pop > now) return *left + pop;
    stream.leaves = std::max(stream.leaves, *left + pop);
    stream.pack = stream.plan.pack_end(stream.pack);
    stream.whole = false;
  }
}

// The chunk's beats that have room leave one a cycle. Returns when those that the memory interface waits for,
// or all of them, have left; kNever: they have.
Cycle SdpFetchGroup::leave(Stream& stream, Chunk& chunk, Cycle now) {
  const std::uint32_t beats = beats_with_room(stream, chunk);
  const Cycle credit = amaix::sdp_path_lengths(hardware_).credit;
  const auto leaves = [&](std::uint32_t count) {  // the last of so many
    return std::max(beat_at(chunk, count - 1) + credit,
                    stream.leaves + static_cast<Cycle>(count - chunk.released) - 1);
  };
  std::uint32_t left = beats;
  while (left > chunk.released && leaves(left) > now) --left;
  if (left > chunk.released) {
    const Cycle last = leaves(left);
    release(stream, chunk, left);
    stream.leaves = last + 1;
  }
  if (chunk.released >= beats) return kNever;
  const std::uint32_t missing = ports_.of(stream.plan.space).room_missing(stream.plan.client);
  const std::uint32_t wanted = missing == 0 ? beats : std::min(beats, chunk.released + missing);
  return leaves(wanted);
}

Cycle SdpFetchGroup::done_at(Cycle entry, const amaix::SdpPlan& plan) const {
  const amaix::SdpPathLengths& paths = amaix::sdp_path_lengths(hardware_);
  Cycle done = start_ + paths.request;
  for (const Stream& stream : streams_) {
    const auto way = static_cast<Cycle>(plan.place_of(stream.plan).registers);
    const Cycle leaves = stream.packet.value_or(entry + way) + amaix::done_tail(stream.plan, paths);
    done = std::max({done, leaves, stream.last_beat + path(stream)});
  }
  return done;
}

void SdpFetchGroup::drain() {
  for (Stream& stream : streams_) {
    for (std::size_t i = 0; i < stream.chunks.size(); ++i)
      release(stream, stream.chunks[i], stream.chunks[i].places);
    stream.chunks.clear();
    stream.released = 0;
  }
  datapath_ = nullptr;
}

}  // namespace nvdla::engine
