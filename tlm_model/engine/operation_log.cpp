// SPDX-License-Identifier: Apache-2.0
#include "engine/operation_log.h"

#include <algorithm>

#include "hardware/nearest_cycle.h"

namespace nvdla::engine {

void Listener::on_single_beats(const Burst& burst, std::uint32_t bus_bytes) {
  Burst beat = burst;
  beat.beats = 1;
  const std::uint32_t end = burst.offset + burst.bytes;
  for (std::uint32_t begin = 0; begin < end; begin += bus_bytes) {
    beat.bytes = std::min(end - begin, bus_bytes) - beat.offset;
    on_burst(beat);
    beat.address += bus_bytes;
    beat.offset = 0;
    ++beat.issued;
  }
}

OperationLog::OperationLog()
    : book_([this](OperationId member, OperationId head) {
        if (Active* active = find(member)) active->record.layer = head;
      }) {}

void OperationLog::enabled(OperationId id, std::uint32_t group, Links links, Cycle at) {
  Queue& q = queue(id.engine);
  // Group 1 may be enabled before group 0: the place of the one that runs first is kept free.
  static const Active kFresh;  // copied, so that a slot keeps the memory that it has
  while (q.active.size() <= id.sequence - q.first) q.active.append() = kFresh;
  Active& active = q.active[id.sequence - q.first];
  active.enabled = true;
  active.record.id = id;
  active.record.layer = id;
  active.record.group = group;
  active.record.links = links;
  active.record.enable = at;
  active.record.start = -1;
  active.record.begin = std::max(at, q.last_done);
  active.covered = active.pending_from = active.record.begin;
  active.early = id.sequence != q.first;
  for (Listener* listener : listeners_) listener->on_enabled(id, group, at);
  for (; q.booked - q.first < q.active.size() && q.active[q.booked - q.first].enabled; ++q.booked) {
    const OperationRecord& record = q.active[q.booked - q.first].record;
    book_.add(record.id, record.links);
  }
}

void OperationLog::started(OperationId id, Cycle at) {
  Active* active = find(id);
  if (active == nullptr) return;
  account(id, Resource::kProgramming, at);
  active->record.start = at;
  for (Listener* listener : listeners_) listener->on_started(id, active->record.group, at);
}

void OperationLog::account(OperationId id, Resource resource, Cycle until) {
  if (Active* const active = find(id)) account(*active, resource, until);
}

void OperationLog::account(OperationId id, Cycle begin, const std::vector<amaix::Phase>& phases,
                           double stretch, Cycle most) {
  Active* const active = find(id);
  if (active == nullptr) return;
  double at = static_cast<double>(begin);
  for (const amaix::Phase& phase : phases) {
    at += phase.cycles * stretch;
    account(*active, phase.resource, std::min(most, nearest_cycle(at)));
  }
}

Cycle OperationLog::begin(OperationId id) const {
  const Active* active = find(id);
  return active == nullptr ? kNever : active->record.begin;
}

Cycle OperationLog::covered(OperationId id) const {
  const Active* active = find(id);
  return active == nullptr ? kNever : active->covered;
}

// The engine's operation before ended in cycle `at`: what was accounted for until then was prefetch, and
// where nothing was, the wait for that operation.
void OperationLog::begin_after(Active& active, Cycle at) {
  if (!active.enabled || active.record.begin >= at) return;
  flush(active);
  if (active.covered < at) {
    tell(active, Resource::kPartner, active.covered, at);
    active.covered = active.pending_from = at;
  }
  active.record.begin = at;
  active.record.time.fill(0);
  for (const Part& part : active.told_early)
    if (part.until > at)
      active.record.time[static_cast<std::size_t>(part.resource)] += part.until - std::max(part.from, at);
}

void OperationLog::done(OperationId id, Resource rest, Cycle at) {
  Active* active = find(id);
  if (active == nullptr) return;
  account(id, rest, at);
  active->covered = at;  // nothing counts beyond the end
  active->pending_from = std::min(active->pending_from, at);
  flush(*active);
  OperationRecord record = active->record;
  record.done = at;
  record.bound_by = nvdla::bound_by(record.time);
  active->done = true;
  Queue& q = queue(id.engine);
  q.last_done = at;
  while (!q.active.empty() && q.active.front().done) {
    q.active.pop();
    ++q.first;
  }
  for (std::size_t i = 0; i < q.active.size(); ++i)
    if (!q.active[i].done) begin_after(q.active[i], at);
  if (!q.active.empty()) {
    q.active.front().early = false;
    q.active.front().told_early.clear();
  }
  for (Listener* listener : listeners_) listener->on_done(record);
}

void OperationLog::burst(const Burst& burst, std::uint32_t bus_bytes) {
  if (Active* active = find(burst.operation)) {
    Traffic& traffic = burst.space == MemorySpace::kDbb ? active->record.dbb : active->record.cvsram;
    (burst.write ? traffic.written : traffic.read)[static_cast<std::size_t>(burst.client)] +=
        std::uint64_t{burst.beats} * bus_bytes;
  }
  for (Listener* listener : burst_listeners_) {
    if (burst.beat_by_beat) {
      listener->on_single_beats(burst, bus_bytes);
    } else {
      listener->on_burst(burst);
    }
  }
}

void OperationLog::traffic(OperationId id, const Traffic& dbb, const Traffic& cvsram) {
  Active* active = find(id);
  if (active == nullptr) return;
  active->record.dbb += dbb;
  active->record.cvsram += cvsram;
}

void OperationLog::output(OperationId id, const OutputTensor& output) {
  for (Listener* listener : listeners_) listener->on_output(id, output);
}

void OperationLog::interrupt(std::uint32_t raised, std::uint32_t status, Cycle at) {
  for (Listener* listener : listeners_) listener->on_raised(raised, at);
  for (Listener* listener : listeners_) listener->on_interrupt(status, at);
}

void OperationLog::warn(const std::string& text, Cycle at) {
  if (std::find(told_.begin(), told_.end(), text) != told_.end()) return;
  told_.push_back(text);
  for (Listener* listener : listeners_) listener->on_warning(text, at);
}

void OperationLog::fault(const std::string& text, Cycle at) {
  for (Listener* listener : listeners_) listener->on_fault(text, at);
}

std::vector<std::string> OperationLog::unfinished() const {
  std::vector<std::string> lines;
  for (const Queue& q : queues_) {
    for (const Active& active : q.active) {
      if (!active.enabled || active.done) continue;
      const OperationRecord& record = active.record;
      lines.push_back(
          std::string(engine_name(record.id.engine)) + " operation " + std::to_string(record.id.sequence) +
          " (group " + std::to_string(record.group) + ") enabled in cycle " + std::to_string(record.enable) +
          (record.start < 0 ? ", not started" : ", started in cycle " + std::to_string(record.start)));
    }
  }
  return lines;
}

void OperationLog::reset() {
  for (Queue& q : queues_) {
    q.first += static_cast<std::uint32_t>(q.active.size());
    q.since_reset = q.booked = q.first;
    q.active.clear();
    q.last_done = 0;
  }
  book_.reset();
}

}  // namespace nvdla::engine
