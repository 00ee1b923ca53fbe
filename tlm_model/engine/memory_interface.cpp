// SPDX-License-Identifier: Apache-2.0
#include "engine/memory_interface.h"

#include <algorithm>
#include <cassert>

#include "hardware/arbitration_order.h"
#include "operation/packed_data.h"

namespace nvdla::engine {

namespace {

std::size_t index(Client client) { return static_cast<std::size_t>(client); }

bool has_second_pipe(Client client, const HardwareParameters& hardware) {
  if (client == Client::kCdmaDat) return true;
  const bool has = client == Client::kSdp || client == Client::kSdpB || client == Client::kSdpN ||
                   client == Client::kSdpE || client == Client::kPdp;
  return has && hardware.generation == Generation::kV1;
}

}  // namespace

MemoryInterface::MemoryInterface(Scheduler& scheduler, const HardwareParameters& hardware, MemorySpace space)
    : Process(scheduler),
      hardware_(hardware),
      burst_beats_(hardware.burst_beats(space)),
      space_(space),
      to_bus_(paths::write_bus(hardware.master_rtl).sum()),
      ahead_(paths::write_ahead(hardware.master_rtl).cycles()),
      chunk_bytes_(std::uint64_t{hardware.mcif_chunk_beats} * hardware.dbb_width_bytes),
      pipe_((hardware.master_rtl ? paths::kReadPlacesMaster : paths::kReadPlaces).cycles(),
            hardware.master_rtl) {
  write_.write = true;
  if (hardware.generation == Generation::kV1)
    for (const Client client : {Client::kSdp, Client::kSdpB, Client::kSdpN, Client::kSdpE, Client::kPdp,
                                Client::kCdp, Client::kBdma, Client::kRubik})
      packed_clients_ |= 1U << index(client);
  for (Channel* channel : {&read_, &write_}) {
    const ArbitrationOrder& order = channel->write ? write_order(hardware) : read_order(hardware);
    for (std::uint32_t turn = 0; turn < kClients; ++turn) {
      channel->order[turn] = index(order[turn]);
      channel->sources[index(order[turn])].turn = turn;
    }
  }
  for (std::size_t client = 0; client < kClients; ++client) {
    std::size_t& places = read_.sources[client].places;
    places = paths::kReadQueue.cycles();
    if (has_second_pipe(static_cast<Client>(client), hardware)) places += paths::kReadQueueSecond.cycles();
  }
  read_.limit = write_.limit = hardware.max_outstanding_beats;
  tells_beats_ = hardware.mcif_chunk_beats > 1;
}

void MemoryInterface::connect(Client client, MemoryClient& owner, std::uint32_t latency_fifo_beats) {
  read_.sources[index(client)].owner = &owner;
  write_.sources[index(client)].owner = &owner;
  fifo_depth_[index(client)] = latency_fifo_beats;
}

bool MemoryInterface::read_ready(Client client) const {
  const Source& source = read_.sources[index(client)];
  return source.queue.size() < source.places;
}

bool MemoryInterface::write_ready(Client client) const {
  const Source& source = write_.sources[index(client)];
  return source.queue.size() < source.places;
}

void MemoryInterface::read(Client client, OperationId operation, std::uint64_t address, std::uint32_t bytes,
                           std::uint64_t tag, Cycle at, std::uint64_t counted_below, Cycle apart) {
  assert(bytes > 0 && read_ready(client));
  Source& source = read_.sources[index(client)];
  if (source.followed) source.stalls.pushed(at, apart, source.places);
  source.queue.append() = {address, address + bytes, operation, tag, at, 0, 0, counted_below, 0, 0, 0};
  pushed(read_, client);
}

void MemoryInterface::write(Client client, OperationId operation, std::uint64_t address, std::uint32_t bytes,
                            std::uint64_t tag, Cycle at) {
  assert(bytes > 0 && write_ready(client));
  std::uint32_t record = 0;
  if (free_records_.empty()) {
    record = static_cast<std::uint32_t>(records_.size());
    records_.emplace_back();
  } else {
    record = free_records_.back();
    free_records_.pop_back();
  }
  records_[record] = {client, operation, tag, 0, false};
  write_.sources[index(client)].queue.append() = {
      address, address + bytes, operation, tag, at, record, 0, 0, 0, 0, 0};
  pushed(write_, client);
}

// The request that is at the end of the client's queue now.
inline void MemoryInterface::pushed(Channel& channel, Client client) {
  Source& source = channel.sources[index(client)];
  Request& request = source.queue.back();
  request.offset = static_cast<std::uint32_t>(request.address % hardware_.dbb_width_bytes);
  cut(request, index(client));
  const bool first = source.queue.size() == 1;
  if (channel.write && first) refill(source, request);
  if (!channel.write && first && hardware_.master_rtl) approach(index(client), true);
  channel.pending |= 1U << source.turn;
  if (!in_run_ && request.at != kNever) wake(std::max(request.at, channel.busy_until));
}

MemoryInterface::Activity MemoryInterface::activity(Client client) const {
  const Outstanding& open = outstanding_[index(client)];
  Activity result;
  const ReadStalls& stalls = read_.sources[index(client)].stalls;
  result.read_stall = stalls.stalled();
  result.read_requests = stalls.requests();
  result.read_latency = open.cycles + (open.reads > 0 ? static_cast<std::uint64_t>(now() - open.since) : 0);
  return result;
}

std::uint64_t MemoryInterface::read_stalls_by_now(Client client, bool another) const {
  return read_.sources[index(client)].stalls.stalled_by(now(), another && !read_ready(client));
}

void MemoryInterface::follow_writes(Client client) {
  Source& source = write_.sources[index(client)];
  if (source.followed || source.owner == nullptr) return;
  source.followed = true;
  source.owner->follow_writes();
}

void MemoryInterface::release(Client client, std::uint32_t beats) {
  const std::size_t i = index(client);
  const bool waited = read_.sources[i].followed && read_waits(i) && fifo_full(i);
  const std::uint32_t used = fifo_used_[i];
  fifo_used_[i] -= std::min(used, beats);
  if (!read_waits(i) || fifo_full(i)) return;
  if (hardware_.master_rtl) on_credit(i, now(), used);
  if (waited) read_.sources[i].stalls.credited(now());
  wake(std::max(now(), read_.busy_until));
}

// Places of the packed clients' chunks (operation/packed_data.h).
void MemoryInterface::pack(Request& request) const {
  const std::uint64_t width = hardware_.dbb_width_bytes;
  const std::uint64_t before = packed_data(request.address - request.offset, false, width);
  const std::uint64_t behind =
      packed_data(request.chunk_end - request.offset, request.chunk_end == request.end, width);
  request.places = static_cast<std::uint32_t>(behind - before);
}

Resource MemoryInterface::write_hindrance(Client client) const {
  const Channel& channel = write_;
  const Resource held = channel.sources[index(client)].held_by;
  // So many are open because memory is slow to take them.
  const bool slow = channel.unloaded != kNever && channel.last_response > 2 * channel.unloaded;
  return held == Resource::kOutstanding && slow ? bandwidth_of(space_) : held;
}

bool MemoryInterface::eligible(Channel& channel, std::size_t client, Cycle now, Cycle& retry) {
  Source& source = channel.sources[client];
  if (source.weight == 0) return false;
  const Request& request = source.queue.front();
  if (request.at > now) {
    retry = std::min(retry, request.at);
    return false;
  }
  if (!channel.write && fifo_full(client)) {
    source.fifo_full_at = now;
    return false;
  }
  return true;
}

// The last winner goes on while it has weight left and a request; otherwise the next in turn.
std::size_t MemoryInterface::select(Channel& channel, Cycle now, Cycle& retry) {
  const std::uint32_t last = 1U << channel.last;
  const std::size_t winner = channel.order[channel.last];
  if (channel.pending == last) {  // nobody else
    if (!eligible(channel, winner, now, retry)) return kClients;
    channel.left = (channel.left > 0 ? channel.left : channel.sources[winner].weight) - 1;
    return winner;
  }
  if (channel.left > 0 && (channel.pending & last) != 0 && eligible(channel, winner, now, retry)) {
    --channel.left;
    return winner;
  }
  const std::uint32_t up_to_last = last | (last - 1);
  for (std::uint32_t turns : {channel.pending & ~up_to_last, channel.pending & up_to_last}) {
    for (; turns != 0; turns &= turns - 1) {
      const auto turn = static_cast<std::uint32_t>(__builtin_ctz(turns));  // the lowest bit
      const std::size_t client = channel.order[turn];
      if (!eligible(channel, client, now, retry)) continue;
      channel.left = channel.sources[client].weight - 1;
      channel.last = turn;
      return client;
    }
  }
  return kClients;
}

void MemoryInterface::serve_writes(Cycle now) {
  Channel& channel = write_;
  if (channel.pending == 0) return;
  if (channel.busy_until > now) {
    wake(channel.busy_until);
    return;
  }
  // Who goes is decided when a beat may.
  if (channel.granted == kClients) {
    if (!write_room(channel, now)) return;
    if (hardware_.master_rtl) look_at_refill(channel, now);
  }
  if (!has_winner(channel, now)) return;
  // The chunk that has won waits in front of the outstanding counter; nobody overtakes it.
  const std::uint32_t beats = channel.sources[channel.granted].queue.front().beats;
  if (channel.open.count() + beats > channel.limit && channel.open.count() > 0) {
    channel.limited_at = now;
    return;
  }
  grant(channel, channel.granted, now);
  channel.granted = kClients;
  if (channel.pending != 0) wake(channel.busy_until);
}

// Memory has made the last beats of the chunk before wait in the arbiter: its client's next chunk comes in
// behind them.
void MemoryInterface::look_at_refill(Channel& channel, Cycle now) {
  Source& source = channel.sources[channel.order[channel.last]];
  const Cycle left = port_->write_room(ahead_ + 1, now);
  if (left == 0 || left + 1 + to_bus_ <= source.refill_at) return;
  source.refill_at = left + 1 + to_bus_;
  if (!source.queue.empty()) refill(source, source.queue.front());
}

// WREADY is low: the registers in front of the bus are full. The arbiter grants on when it sees room, and
// what it grants is on the bus `to_bus_` later.
bool MemoryInterface::write_room(Channel& channel, Cycle now) {
  const Cycle room = port_->write_room(write_ahead(), now);
  if (room == 0) return true;
  const bool waited = channel.room_due <= now && room <= now;  // for a port that always says `now`
  channel.room_due = room <= now ? room + to_bus_ : kNever;
  if (room + to_bus_ <= now || waited) {
    channel.room_due = kNever;
    return true;
  }
  wake(room + to_bus_);
  return false;
}

// Of a beat that branch master grants now: the skid register in front of the bus has had its place free
// since before, so it does not take the beat until the one in front of that has gone (amaix/read_pipe.h).
bool MemoryInterface::misses_place(Cycle now) const {
  if (!hardware_.master_rtl || now <= write_.busy_until || port_->write_room(0, now) < now) return false;
  return now > port_->write_room(write_ahead(), now) + to_bus_ &&
         now > port_->write_room(ahead_ - 1, now) + to_bus_ - 1;
}

void MemoryInterface::run(Cycle now) {
  settle(now);
  if (!held_up_.empty()) pass_held_up(now);
  if (!watched_.empty()) look_for_beats(now);
  for (std::size_t client = 0; held_back_ >> client != 0; ++client)
    if ((held_back_ >> client & 1U) != 0) deliver(client);
  serve_reads(now);
  serve_writes(now);
}

void MemoryInterface::set_read_weight(Client client, std::uint32_t weight) {
  read_.sources[index(client)].weight = weight;
  wake(now());
}

void MemoryInterface::set_write_weight(Client client, std::uint32_t weight) {
  write_.sources[index(client)].weight = weight;
  wake(now());
}

void MemoryInterface::set_outstanding_limits(std::uint32_t read_beats, std::uint32_t write_beats) {
  read_.limit = read_beats;
  write_.limit = write_beats;
  wake(now());
}

bool MemoryInterface::idle() const {
  return read_.pending == 0 && write_.pending == 0 && in_flight_count_ == 0;
}

void MemoryInterface::reset() {
  for (Channel* channel : {&read_, &write_}) {
    for (Source& source : channel->sources) {
      source.queue.clear();
      source.stalls = {};
      source.weight = 1;
      source.fifo_full_at = -1;
      source.refill_at = 0;
      source.registers = {};
      source.followed = false;
      source.chunk_at = kNever;
      source.held_by = bandwidth_of(space_);
    }
    channel->pending = 0;
    channel->last = kClients - 1;
    channel->left = 0;
    channel->granted = kClients;
    channel->busy_until = 0;
    channel->open.clear();
    channel->limited = false;
    channel->limit = hardware_.max_outstanding_beats;
    channel->limited_at = -1;
    channel->room_due = kNever;
    channel->unloaded = kNever;
    channel->last_response = 0;
    channel->previous = kClients;
  }
  granted_ = {};
  pipe_.clear();
  address_free_ = 0;
  place_missed_ = false;
  fifo_used_.fill(0);
  free_slots_.clear();
  for (std::uint32_t slot = 0; slot < in_flight_.size(); ++slot) {
    if (in_flight_[slot].used && !in_flight_[slot].counted && window_ != nullptr) window_->end_effect();
    in_flight_[slot].used = false;
    free_slots_.push_back(slot);
  }
  in_flight_count_ = open_in_runs_ = 0;
  outstanding_ = {};
  reads_ = {};
  writes_ = {};
  held_back_ = 0;
  bus_free_ = 0;
  held_until_ = -OpenBeats::kKept;
  held_up_.clear();
  watched_.clear();
  tells_beats_ = hardware_.mcif_chunk_beats > 1;
  records_.clear();
  free_records_.clear();
  traffic_ = {};
}

}  // namespace nvdla::engine
