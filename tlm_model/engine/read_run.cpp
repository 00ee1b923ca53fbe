// SPDX-License-Identifier: Apache-2.0
#include "engine/read_run.h"

#include "engine/memory_interface.h"

namespace nvdla::engine {

bool MemoryInterface::begins_run(std::size_t client, Cycle now) const {
  if (window_ == nullptr || write_.pending != 0 || port_->run_latency() == 0) return false;
  const Request& request = read_.sources[client].queue.front();
  return request.counted() && window_->last() >= now + request.beats && pipe_.flows(now);
}

// Whether latency FIFOs keep out whoever else has a request; so they do until something happens.
bool MemoryInterface::rivals_wait(std::size_t client, Cycle at) const {
  const std::uint32_t rivals = read_.pending & ~(1U << read_.sources[client].turn);
  if (rivals != 0 && read_.sources[client].weight != 1) return false;  // not asked in every arbitration
  for (std::size_t turn = 0; rivals >> turn != 0; ++turn) {
    const std::size_t rival = read_.order[turn];
    if ((rivals >> turn & 1U) == 0 || read_.sources[rival].weight == 0) continue;
    if (!fifo_full(rival)) return false;
    const Cycle comes = read_.sources[rival].queue.front().at;
    if (comes > at && comes != kNever) return false;
  }
  return true;
}

// How many chunks of one beat, from the request's next on, are granted in a row from `at` to `last` to a
// client that has no rival and `room` beats.
std::uint32_t MemoryInterface::single_beats(const Request& request, std::uint32_t room, Cycle at,
                                            Cycle last) const {
  const std::uint64_t width = hardware_.dbb_width_bytes;
  const std::uint64_t end = std::min(request.end, request.counted_below - 1);
  const std::uint64_t beats =
      end == request.end ? beats_of(request.address, end, width) : end / width - request.address / width;
  return static_cast<std::uint32_t>(
      std::min({beats, std::uint64_t{room}, static_cast<std::uint64_t>(last - at + 1)}));
}

std::uint32_t MemoryInterface::room_for_reads(std::uint32_t limit, Cycle at, std::uint32_t granted) const {
  const std::uint32_t open = granted + read_.open.counted(at, paths::kReadSlot.sum());
  return limit > open ? limit - open : 0;
}

// The arbitration of a winner that has no rival.
bool MemoryInterface::wins_again(std::size_t client, Cycle at) {
  const Source& source = read_.sources[client];
  if (source.queue.front().at > at) return false;
  read_.left = (read_.left > 0 ? read_.left : source.weight) - 1;
  return true;
}

void MemoryInterface::grant_run(std::size_t client, Cycle now) {
  Channel& channel = read_;
  Source& source = channel.sources[client];
  const Cycle last = window_->last();
  const bool alone = fifo_depth_[client] == 0 && rivals_wait(client, now);
  const bool joins = alone && hardware_.mcif_chunk_beats == 1;
  const std::uint32_t limit = std::min(channel.limit, port_->open_reads());
  in_run_ = true;
  for (Cycle at = now;;) {
    if (joins) {
      grant_single_beats(client, limit, at, last);
    } else {
      grant(channel, client, at);
    }
    channel.granted = kClients;
    at = channel.busy_until;
    if (at > last || channel.pending == 0) break;
    if (!alone) {
      Cycle retry = kNever;
      channel.granted = select(channel, at, retry);
    } else if ((channel.pending >> source.turn & 1U) != 0 && wins_again(client, at)) {
      channel.granted = client;
    }
    if (channel.granted != client) break;
    const Request& request = source.queue.front();
    if (!request.counted()) break;
    if (channel.open.most() + request.beats > limit && request.beats > room_for_reads(limit, at)) break;
  }
  if (alone)  // rivals have taken part in every arbitration
    for (Source& rival : channel.sources)
      if (&rival != &source && rival.weight != 0 && !rival.queue.empty())
        rival.fifo_full_at = channel.busy_until - 1;
  in_run_ = false;
  port_->end_run();
  if (channel.pending != 0) wake(channel.busy_until);
}

void MemoryInterface::settle(Cycle now) {
  if (open_in_runs_ == 0) return;
  // Nobody waits for what comes back: who waits for room has had every answer told.
  in_run_ = true;
  port_->settle(now - 1);
  in_run_ = false;
}

}  // namespace nvdla::engine
