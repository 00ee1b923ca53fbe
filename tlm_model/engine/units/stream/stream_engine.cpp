// SPDX-License-Identifier: Apache-2.0
#include "engine/units/stream/stream_engine.h"

#include <algorithm>
#include <utility>

#include "engine/write_account.h"
#include "operation/divide.h"

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
      link_(hardware.mcif_chunk_beats * hardware.dbb_width_bytes, hardware.dbb_width_bytes),
      path_(hardware, client),
      write_chain_(client == Client::kCdp ? paths::cdp_write_chain(hardware.generation, hardware.master_rtl)
                                          : paths::pdp_write_chain(hardware.generation, hardware.master_rtl)),
      quiet_outputs_(write_chain_.quiet(hardware.mcif_chunk_beats, client == Client::kCdp)) {
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
  handed_chunks_.clear();
  link_taken_ = 0;
  item_taken_ = -1;
  link_stalls_ = 0;
  path_.clear();
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
  arrivals_.push({0, bytes, 0, 0, transfers, first, last, true, false});
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
  if (source.empty()) return false;
  if (operation.fetch && source.front().fetch != *operation.fetch) return false;
  if (!source.front().complete) {
    leave_behind(operation, source.front(), now);
    return false;
  }
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
  // What the first beat takes longer, no other one waits for.
  const Cycle rest = operation.fetch ? timing.read - static_cast<Cycle>(timing.start) : timing.read;
  const Cycle arrived = std::max(portion.first + operation.read, portion.last + rest - step.last_needed);
  Cycle entry = std::max(free, arrived);
  if (entry > now) {
    at(entry);
    return false;
  }
  if (!output_has_room(timing, step)) {
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
  const Cycle left = operation.free_at - step.early;  // the read DMA
  if (operation.fetch) {
    if (!operation.begun) places_.push(entry + timing.queue_turn);
    operation.begun = true;
    operation.read = timing.read - static_cast<std::int32_t>(timing.start);
    if (portion.ends) places_.push(left + timing.queue_turn);
  }
  if (!operation.fetch) {
    busy_.add(core_, free);
    busy_.add(Resource::kPartner, arrived);
    busy_.add(hindrance, entry);
    busy_.add(core_, operation.free_at);
  }
  source.pop();
  if (portion.beats > 0) leave(portion.places, entry + step.kept - step.early, left, timing);
  if (portion.transfers > 0) on_taken(portion.transfers, operation.free_at);

  // Of the gap, what late data have not hidden.
  const Cycle gap = std::max(free, arrived) - std::max(free - Cycle{step.gap}, arrived);
  for (amaix::StreamOutput& output : step.outputs)
    output.offset += output.before_gap - std::min(output.before_gap, static_cast<std::uint32_t>(gap));
  put_out(operation, step, entry);
  if (operation.core->remaining() == 0) {
    core_free_ = operation.free_at;
    operation.release = entry + step.release_offset + timing.depth;
    path_.end();
    if (operation.fetch)
      if (Fetch* own = fetch(*operation.fetch)) {
        own->done = left + timing.fetch_done;
      }
  }
  operation.step.reset();
  return true;
}

void StreamEngine::put_out(Operation& operation, const amaix::StreamStep& step, Cycle entry) {
  const amaix::StreamTiming& timing = operation.timing;
  for (const amaix::StreamOutput& output : step.outputs) {
    outputs_.push({operation.id, operation.tag, output.request, entry + output.offset + timing.depth,
                   timing.write, false, chunk_of(output)});
    if (path_.following()) {
      amaix::StreamRequest request = output.request;
      if (port(request.space) == nullptr) request.space = MemorySpace::kDbb;
      path_.chunk(request, output.begins, outputs_.back().leaves + timing.write, timing.output_cycles);
    }
    ++operation.pending;
  }
}

// A request has come in far enough to let the output of the one before leave.
void StreamEngine::leave_behind(Operation& operation, const Portion& portion, Cycle now) {
  const std::uint32_t bytes = operation.core->leaves_behind();
  if (bytes == 0 || portion.bytes < bytes) return;
  const std::uint32_t atom = hardware_.memory_atom_bytes, beat = hardware_.dbb_width_bytes;
  const Cycle before = ceil_div(bytes, beat) - 1, steps = std::max<Cycle>(1, portion.beats - 1);
  const Cycle come = portion.first + (portion.last - portion.first) * before / steps + operation.read;
  const Cycle entry = std::max({operation.free_at, core_free_, come - Cycle{bytes / atom} + 1});
  if (entry > now) {
    at(entry);
    return;
  }
  amaix::StreamStep step;
  operation.core->leave(step);
  put_out(operation, step, entry);
}

void StreamEngine::drop_surplus(Cycle now) {
  while (!portions_.empty() && portions_.front().complete) {
    Fetch* from = fetch(portions_.front().fetch);
    if (from != nullptr && !from->done) return;
    if (from == nullptr || !from->dropped)
      owner_.on_stream_warning("the read DMA fetches more than the core takes: the rest is dropped", now);
    if (from != nullptr) from->dropped = true;
    leave(portions_.front().places, now, now, amaix::StreamTiming{});
    if (portions_.front().ends) places_.push(now);
    portions_.pop();
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
    } else if (operation.timing.linked || output_taken()) {
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
