// SPDX-License-Identifier: Apache-2.0
// Read side of the stream engine: requests while their queue has places, the data that come, and what leaves
// the latency FIFO for the reorder FIFOs behind it, which gives the memory interface its credits back.
#include <algorithm>

#include "engine/units/stream/stream_engine.h"

namespace nvdla::engine {

void StreamEngine::issue(Cycle now) {
  Cycle previous = 0;  // the operation before may ask until then
  for (std::size_t i = 0; i < fetches_.size(); ++i) {
    Fetch& fetch = fetches_[i];
    fetch.next_request = std::max(fetch.next_request, previous);
    previous = fetch.next_request;
    if (fetch.exhausted) continue;
    while (true) {
      if (!fetch.request) {
        amaix::StreamRequest request;
        if (!fetch.reads->next(request)) {
          fetch.exhausted = true;
          break;
        }
        fetch.request = request;
      }
      MemoryInterface* memory = port(fetch.request->space);
      if (memory == nullptr) {  // no CVSRAM in this configuration: the bits that select it do not exist
        owner_.on_stream_warning("a read of CVSRAM goes to DBB: the configuration has no CVSRAM", now);
        fetch.request->space = MemorySpace::kDbb;
        continue;
      }
      // The data of two memories must not overtake each other.
      if (fetch.request->space != last_space_) {
        const bool quiet =
            portions_.empty() && link_.waiting() == 0 &&
            std::all_of(fetches_.begin(), fetches_.end(), [](const Fetch& f) { return f.outstanding == 0; });
        if (!quiet) return;
        if (fetch.timing.linked)
          fetch.next_request = std::max(fetch.next_request, link_taken_ + fetch.timing.request);
        last_space_ = fetch.request->space;
      }
      if (!memory->read_ready(client_)) return;  // on_room() comes
      fetch.next_request = std::max(fetch.next_request, now);
      if (fetch.timing.queue != 0) {
        if (queued_ < fetch.timing.queue) {
          ++queued_;
        } else {
          if (places_.empty()) return;  // take_one() goes on
          fetch.next_request = std::max(fetch.next_request, places_.front());
          places_.pop();
        }
      }
      if (fetch.reads->last_command_begins()) owner_.on_stream_last_command(now);
      memory->read(client_, fetch.id, fetch.request->address, fetch.request->bytes, first_fetch_ + i,
                   fetch.next_request);
      previous = ++fetch.next_request;
      ++fetch.outstanding;
      fetch.request.reset();
    }
  }
}

void StreamEngine::on_read(const ReadReturn& data) {
  Fetch* from = fetch(data.tag);
  if (from == nullptr) return;  // of before a reset
  ledger_.add(data, Resource::kDataFetch);
  if (from->timing.whole_requests && !portions_.empty() && !portions_.back().complete) {
    Portion& portion = portions_.back();
    portion.bytes += data.bytes;
    portion.beats += data.beats;
    portion.places += data.places;
    portion.last = data.last_beat;
    portion.complete = portion.ends = data.last_of_request;
  } else {
    Portion portion{data.tag,
                    data.bytes,
                    data.beats,
                    data.places,
                    0,
                    data.first_beat,
                    data.last_beat,
                    data.last_of_request || !from->timing.whole_requests,
                    data.last_of_request};
    if (portion.complete && !from->timing.linked) pack(*from, data, portion);
    if (portion.bytes > 0) portions_.push(portion);
  }
  if (data.last_of_request) --from->outstanding;
  come(data, from->timing);
  // A core that has a portion already knows when it goes on.
  if (portions_.size() == 1 || from->outstanding == 0) stir(now());
}

// Generation V1 hands on data as wide as the bus from the request's first byte on: one that begins inside a
// beat is complete with the next beat (MCIF_READ_eg), which may be the next chunk's.
void StreamEngine::pack(Fetch& from, const ReadReturn& data, Portion& portion) const {
  if (hardware_.generation != Generation::kV1 || from.timing.whole_requests) return;
  const std::uint32_t width = hardware_.dbb_width_bytes;
  from.request_bytes += data.bytes;
  const std::uint32_t held = data.last_of_request ? 0 : from.request_bytes % width;
  if (data.last_of_request) from.request_bytes = 0;
  if (data.address % width != 0 && data.beats > 1)
    portion.first += (portion.last - portion.first) / (data.beats - 1);
  portion.bytes += from.held_bytes - held;
  portion.beats += from.held_beats;
  portion.places += from.held_places;
  from.held_bytes = held;
  from.held_beats = portion.bytes == 0 ? portion.beats : 0;
  from.held_places = portion.bytes == 0 ? portion.places : 0;
}

// Each beat leaves the latency FIFO for itself, or what of a packed one has its place there; on generation
// V1, which packs a request's data from its first byte on, with the next one if it begins inside a beat.
void StreamEngine::come(const ReadReturn& data, const amaix::StreamTiming& timing) {
  if (timing.linked) return;
  const Cycle span = data.last_beat - data.first_beat, steps = std::max<Cycle>(1, data.beats - 1);
  const Cycle packed =
      hardware_.generation == Generation::kV1 && data.address % hardware_.dbb_width_bytes != 0 ? 1 : 0;
  for (Cycle beat = packed; beat < data.places + packed; ++beat)
    come_.push(data.first_beat + span * std::min(beat, steps) / steps + timing.read + timing.credit_open);
  give_back();
  if (room_at_ != kNever) return;
  room_at_ = next_room();
  if (room_at_ != kNever) wake(room_at_);
}

// The reorder FIFOs behind the latency FIFO take data as long as they have room, a beat a cycle.
void StreamEngine::give_back() {
  while (!come_.empty()) {
    Cycle at = std::max(come_.front(), given_back_ + 1);
    if (reorder_room_ > 0) {
      --reorder_room_;
    } else {
      if (gone_.empty()) break;
      at = std::max(at, gone_.front());
      gone_.pop();
    }
    come_.pop();
    given_back_ = at;
    credits_.push({last_space_, at});
  }
}

void StreamEngine::leave(std::uint32_t beats, Cycle first, Cycle last, const amaix::StreamTiming& timing) {
  for (std::uint32_t beat = 1; beat <= beats; ++beat)
    gone_.push(std::min(first + static_cast<Cycle>(beat * timing.beat_cycles), last) - 1 + timing.credit);
  give_back();
}

// When the latency FIFO has room for what waits in front of it; what leaves it meanwhile is told then.
Cycle StreamEngine::next_room() {
  if (credits_.empty()) return kNever;
  const std::uint32_t missing = port(credits_.front().space)->room_missing(client_);
  return missing == 0 || missing > credits_.size() ? kNever : credits_[missing - 1].at;
}

void StreamEngine::give_credits(Cycle now) {
  while (!credits_.empty() && credits_.front().at <= now) {
    const MemorySpace space = credits_.front().space;
    std::uint32_t beats = 0;
    for (; !credits_.empty() && credits_.front().at <= now && credits_.front().space == space; ++beats)
      credits_.pop();
    port(space)->release(client_, beats);
  }
}

}  // namespace nvdla::engine
