// SPDX-License-Identifier: Apache-2.0
#include "engine/operation_log.h"

#include <algorithm>

namespace nvdla::engine {

void OperationLog::enabled(Engine unit, std::uint32_t group, Cycle at) {
  Queue& q = queue(unit);
  OperationRecord record;
  record.unit = unit;
  record.sequence = q.next_sequence++;
  record.group = group;
  record.enable = at;
  record.start = -1;
  q.records.push_back(record);
  for (Listener* listener : listeners_) listener->on_enabled(unit, record.sequence, group, at);
}

void OperationLog::started(Engine unit, std::uint32_t group, Cycle at, bool flying) {
  for (OperationRecord& record : queue(unit).records) {
    if (record.start >= 0 || record.group != group) continue;
    record.start = at;
    record.flying = flying;
    for (Listener* listener : listeners_) listener->on_started(unit, record.sequence, group, at);
    return;
  }
}

void OperationLog::bound_by(Engine unit, Resource resource) {
  Queue& q = queue(unit);
  if (!q.records.empty()) q.records.front().bound_by = resource;
}

void OperationLog::done(Engine unit, Cycle at) {
  Queue& q = queue(unit);
  if (q.records.empty()) return;
  OperationRecord record = q.records.front();
  q.records.pop_front();
  if (q.fetched > 0) --q.fetched;
  record.done = at;
  for (Listener* listener : listeners_) listener->on_done(record);
}

void OperationLog::fetched() { ++queue(Engine::kConv).fetched; }

void OperationLog::read_group(Engine unit, std::uint32_t group) { queue(unit).read_group = group; }

void OperationLog::burst(const Burst& burst, std::uint32_t bus_bytes) {
  const Engine unit = engine_of(burst.client);
  Queue& q = queue(unit);
  OperationRecord* record = nullptr;
  if (!q.records.empty()) {
    record = &q.records.front();
    if (!burst.write && unit == Engine::kConv) {
      record = &q.records[std::min<std::size_t>(q.fetched, q.records.size() - 1)];
    } else if (!burst.write && (unit == Engine::kBdma || unit == Engine::kRubik)) {
      // They have read all of a group before they take the next.
      for (OperationRecord& candidate : q.records) {
        if (candidate.start >= 0) record = &candidate;
      }
    } else if (!burst.write) {
      for (OperationRecord& candidate : q.records) {
        if (candidate.group == q.read_group) record = &candidate;
      }
    }
  }
  if (record != nullptr) {
    Traffic& traffic = burst.space == MemorySpace::kDbb ? record->dbb : record->cvsram;
    (burst.write ? traffic.written : traffic.read)[static_cast<std::size_t>(burst.client)] +=
        std::uint64_t{burst.beats} * bus_bytes;
  }
  for (Listener* listener : listeners_) listener->on_burst(burst);
}

void OperationLog::traffic(Engine unit, const Traffic& dbb, const Traffic& cvsram) {
  Queue& q = queue(unit);
  if (q.records.empty()) return;
  q.records.front().dbb += dbb;
  q.records.front().cvsram += cvsram;
}

void OperationLog::interrupt(std::uint32_t status, Cycle at) {
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
    for (const OperationRecord& record : q.records) {
      lines.push_back(
          std::string(engine_name(record.unit)) + " operation " + std::to_string(record.sequence) +
          " (group " + std::to_string(record.group) + ") enabled in cycle " + std::to_string(record.enable) +
          (record.start < 0 ? ", not started" : ", started in cycle " + std::to_string(record.start)));
    }
  }
  return lines;
}

void OperationLog::reset() {
  for (Queue& q : queues_) {
    q.records.clear();
    q.fetched = 0;
    q.read_group = 0;
  }
}

}  // namespace nvdla::engine
