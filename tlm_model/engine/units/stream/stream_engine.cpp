// SPDX-License-Identifier: Apache-2.0
#include "engine/units/stream/stream_engine.h"

#include <algorithm>
#include <utility>

#include "engine/write_account.h"

namespace nvdla::engine {

StreamEngine::StreamEngine(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
                           MemoryInterface* cvsram, Client client, Resource core, OperationLog& log,
                           StreamOwner& owner)
    : Process(scheduler),
      hardware_(hardware),
      dbb_(&dbb),
      cvsram_(cvsram),
      client_(client),
      core_(core),
      log_(log),
      owner_(owner),
      link_(hardware.mcif_chunk_beats * hardware.dbb_width_bytes, hardware.dbb_width_bytes) {
  const std::uint32_t depth = hardware.read_latency_fifo_beats[static_cast<std::size_t>(client)];
  dbb.connect(client, *this, depth);
  if (cvsram != nullptr) cvsram->connect(client, *this, depth);
}

void StreamEngine::reset() {
  fetches_.clear();
  operations_.clear();
  portions_.clear();
  arrivals_.clear();
  outputs_.clear();
  link_.clear();
  handed_ = {};
  link_taken_ = 0;
  credits_.clear();
  first_fetch_ = paired_ = next_operation_ = 0;
  come_.clear();
  gone_.clear();
  places_.clear();
  queued_ = 0;
  reorder_room_ = reorder_beats_;
  given_back_ = 0;
  output_waits_ = false;
  core_free_ = 0;
  busy_.begin(now());
}

void StreamEngine::warn(const std::vector<std::string>& warnings) {
  for (const std::string& text : warnings) owner_.on_stream_warning(text, now());
}

void StreamEngine::add_fetch(OperationId id, std::unique_ptr<amaix::StreamReads> reads,
                             const amaix::StreamTiming& timing, Cycle at) {
  Fetch fetch;
  fetch.id = id;
  fetch.reads = std::move(reads);
  fetch.timing = timing;
  fetch.next_request = at + timing.request;
  reorder_room_ += timing.reorder_beats - reorder_beats_;
  reorder_beats_ = timing.reorder_beats;
  if (fetches_.empty()) {
    ledger_.begin(at);
    places_.clear();
    queued_ = 0;
  }
  fetches_.push_back(std::move(fetch));
  stir(at);
}

void StreamEngine::add_operation(OperationId id, std::unique_ptr<amaix::StreamCore> core,
                                 const amaix::StreamTiming& timing, bool fetches, Cycle at) {
  Operation operation;
  operation.id = id;
  operation.tag = next_operation_++;
  operation.core = std::move(core);
  operation.timing = timing;
  operation.fetches = fetches;
  operation.read = timing.read;
  if (fetches) operation.fetch = paired_++;
  if (!fetches) busy_.add(Resource::kPartner, at);
  operation.start = operation.free_at = operation.last_acknowledge = at;
  if (operation.core->remaining() == 0) {  // nothing to do
    operation.release = at;
    if (operation.fetch)
      if (Fetch* own = fetch(*operation.fetch)) own->done = at;
  }
  operations_.push_back(std::move(operation));
  stir(at);
}

void StreamEngine::add_arrival(std::uint32_t bytes, std::uint32_t transfers, Cycle first, Cycle last) {
  arrivals_.push({0, bytes, 0, transfers, first, last, true, false});
  stir(now());
}

StreamEngine::Operation* StreamEngine::active() {
  for (Operation& operation : operations_)
    if (operation.core->remaining() > 0 || !operation.release) return &operation;
  return nullptr;
}

StreamEngine::Fetch* StreamEngine::fetch(std::uint64_t tag) {
  if (tag < first_fetch_ || tag - first_fetch_ >= fetches_.size()) return nullptr;
  return &fetches_[tag - first_fetch_];
}

void StreamEngine::on_read(const ReadReturn& data) {
  Fetch* from = fetch(data.tag);
  if (from == nullptr) return;  // of before a reset
  ledger_.add(data, Resource::kDataFetch);
  if (from->timing.whole_requests && !portions_.empty() && !portions_.back().complete) {
    Portion& portion = portions_.back();
    portion.bytes += data.bytes;
    portion.beats += data.beats;
    portion.last = data.last_beat;
    portion.complete = portion.ends = data.last_of_request;
  } else {
    Portion portion{data.tag,
                    data.bytes,
                    data.beats,
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
  from.held_bytes = held;
  from.held_beats = portion.bytes == 0 ? portion.beats : 0;
}

// Each beat leaves the latency FIFO for itself; on generation V1, which packs a request's data from its first
// byte on, with the next one if it begins inside a beat.
void StreamEngine::come(const ReadReturn& data, const amaix::StreamTiming& timing) {
  if (timing.linked) return;
  const Cycle span = data.last_beat - data.first_beat, steps = std::max<Cycle>(1, data.beats - 1);
  const Cycle packed =
      hardware_.generation == Generation::kV1 && data.address % hardware_.dbb_width_bytes != 0 ? 1 : 0;
  for (Cycle beat = packed; beat < data.beats + packed; ++beat)
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

void StreamEngine::run(Cycle now) {
  give_credits(now);
  if (stirred_ || now >= next_wake_) {
    stirred_ = false;
    next_wake_ = kNever;
    flush(now);
    take(now);
    drop_surplus(now);
    follow_link(now);
    give_credits(now);
    flush(now);
    issue(now);
    conclude(now);
  }
  room_at_ = next_room();
  if (const Cycle next = std::min(next_wake_, room_at_); next != kNever) wake(next);
}

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
      memory->read(client_, fetch.id, fetch.request->address, fetch.request->bytes, first_fetch_ + i,
                   fetch.next_request);
      previous = ++fetch.next_request;
      ++fetch.outstanding;
      fetch.request.reset();
    }
  }
}

void StreamEngine::take(Cycle now) {
  while (Operation* operation = active()) {
    if (operation->start > now) {
      at(operation->start);
      return;
    }
    if (!take_one(*operation, now)) return;
  }
}

bool StreamEngine::take_one(Operation& operation, Cycle now) {
  memory::RingBuffer<Portion>& source = operation.fetch ? portions_ : arrivals_;
  if (source.empty() || !source.front().complete) return false;
  if (operation.fetch && source.front().fetch != *operation.fetch) return false;
  if (operation.timing.linked) return take_linked(operation);
  const Portion portion = source.front();
  const amaix::StreamTiming& timing = operation.timing;
  if (!operation.step) {
    operation.step.emplace();
    operation.core->take(portion.bytes, *operation.step);
    const std::uint32_t parts = portion.beats > 0 ? portion.beats : portion.transfers;
    if (!timing.whole_requests && parts > 1)
      operation.step->last_needed = operation.step->cycles * (parts - 1) / parts;
  }
  amaix::StreamStep& step = *operation.step;
  const Cycle free = std::max(operation.free_at, core_free_) + step.gap;
  const Cycle arrived =
      std::max(portion.first + operation.read, portion.last + operation.read - step.last_needed);
  Cycle entry = std::max(free, arrived);
  if (entry > now) {
    at(entry);
    return false;
  }
  if (backlog(now) > timing.write_backlog) {
    output_waits_ = true;  // flush() goes on
    if (!outputs_.empty()) blocked_space_ = outputs_.front().request.space;
    return false;
  }
  // The present counts only when output made the core wait: otherwise the entry is known exactly.
  if (output_waits_) entry = std::max(entry, now);
  output_waits_ = false;
  // What the portion has waited for has set the pace since the one before came in.
  const bool blocked = entry > std::max(free, arrived);
  const Resource hindrance = blocked ? port(blocked_space_)->write_hindrance(client_) : core_;
  if (blocked) {
    log_.account(operation.id, hindrance, entry);
  } else if (arrived <= free) {
    log_.account(operation.id, core_, free);
  } else if (operation.fetch) {
    ledger_.explain(log_, operation.id, arrived, Resource::kDataFetch, operation.read);
  } else {
    log_.account(operation.id, Resource::kPartner, arrived);
  }
  operation.free_at = entry + step.cycles;
  if (operation.fetch) {
    if (!operation.begun) places_.push(entry + timing.queue_turn);
    operation.begun = true;
    operation.read = timing.read - static_cast<std::int32_t>(timing.start);
    if (portion.ends) places_.push(operation.free_at + timing.queue_turn);
  }
  if (!operation.fetch) {
    busy_.add(core_, free);
    busy_.add(Resource::kPartner, arrived);
    busy_.add(hindrance, entry);
    busy_.add(core_, operation.free_at);
  }
  source.pop();
  if (portion.beats > 0) leave(portion.beats, entry + step.kept, operation.free_at, timing);
  if (portion.transfers > 0) on_taken(portion.transfers, operation.free_at);

  for (const amaix::StreamOutput& output : step.outputs) {
    outputs_.push({operation.id, operation.tag, output.request, entry + output.offset + timing.depth,
                   timing.write, false});
    ++operation.pending;
  }
  if (operation.core->remaining() == 0) {
    core_free_ = operation.free_at;
    operation.release = entry + step.release_offset + timing.depth;
    if (operation.fetch)
      if (Fetch* own = fetch(*operation.fetch)) {
        own->done = operation.free_at + timing.fetch_done;
        // A short last portion is with the core before the gap ends.
        if (step.cycles <= timing.run_through) *own->done -= entry - std::max(free - step.gap, arrived);
      }
  }
  operation.step.reset();
  return true;
}

void StreamEngine::drop_surplus(Cycle now) {
  while (!portions_.empty() && portions_.front().complete) {
    Fetch* from = fetch(portions_.front().fetch);
    if (from != nullptr && !from->done) return;
    if (from == nullptr || !from->dropped)
      owner_.on_stream_warning("the read DMA fetches more than the core takes: the rest is dropped", now);
    if (from != nullptr) from->dropped = true;
    leave(portions_.front().beats, now, now, amaix::StreamTiming{});
    if (portions_.front().ends) places_.push(now);
    portions_.pop();
  }
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

void StreamEngine::conclude(Cycle now) {
  for (Fetch& fetch : fetches_) {
    if (!fetch.done || fetch.reported) continue;
    if (*fetch.done > now) {
      at(*fetch.done);
    } else {
      fetch.reported = true;
      owner_.on_stream_fetch_done(now);
    }
  }
  while (!fetches_.empty() && fetches_.front().reported && fetches_.front().exhausted &&
         fetches_.front().outstanding == 0) {
    fetches_.pop_front();
    ++first_fetch_;
  }
  for (Operation& operation : operations_) {
    if (!operation.release || operation.released) continue;
    if (*operation.release > now) {
      at(*operation.release);
    } else {
      operation.released = true;
      operation.release = now;
      owner_.on_stream_released(now);
    }
  }
  while (!operations_.empty()) {
    const Operation& operation = operations_.front();
    if (!operation.released || operation.pending > 0 || operation.unacknowledged > 0) return;
    const Cycle interrupt =
        std::max(operation.last_acknowledge + operation.timing.acknowledge, *operation.release);
    if (interrupt > now) {
      at(interrupt);
      return;
    }
    account_tail(operation);
    const OperationId id = operation.id;
    operations_.pop_front();
    owner_.on_stream_done(id, now);
  }
}

// From the end of the core's work to the last acknowledge.
void StreamEngine::account_tail(const Operation& operation) {
  log_.account(operation.id, core_, std::min(*operation.release, operation.last_acknowledge));
  account_write(log_, operation.id, operation.last_write);
}

}  // namespace nvdla::engine
