// SPDX-License-Identifier: Apache-2.0
// Where the time of one client's fetch goes, as a sequence of intervals without gaps from begin() on. The
// consumer of the data asks for the part that it has waited for.
//
// Rule for a chunk that ends in `last_beat`, each part only as far as it lies behind the chunk before. With
// answer: the shortest time in which memory has answered so far.
//   [.., asked)                       the client's own path, or what it says it waited for
//   [.., asked + answer)              latency of memory; the client's own path when it asked before the data
//                                     of the chunk before had come: then the way is hidden, and what is late
//                                     is late by what the client asked late
//   [.., issued + answer)             what held the chunk at the arbiter, felt an answer later
//   [.., issued + held + answer)      memory's limit of open reads
//   [.., last_beat)                   bandwidth: beats on the bus, of this chunk and of those before it
#pragma once

#include "engine/memory_client.h"
#include "engine/operation_log.h"
#include "hardware/resource.h"
#include "memory/ring_buffer.h"

namespace nvdla::engine {

class FetchLedger {
 public:
  void begin(Cycle at) {
    intervals_.clear();
    last_ = nullptr;
    begin_ = end_ = at;
  }
  // The time up to `until` goes to `resource`.
  void add(Resource resource, Cycle until) {
    if (until <= end_) return;
    end_ = until;
    if (last_ != nullptr && last_->resource == resource) {
      last_->until = until;
    } else {
      append(resource, until);
    }
  }
  // A chunk has come; `own` is the client's path.
  void add(const ReadReturn& data, Resource own) {
    if (data.last_beat <= end_) return;
    const BusTiming& timing = data.timing;
    Cycle answer = timing.unloaded;
    if (timing.asked < end_) {
      --answer;  // a beat's own cycle belongs to the bus
      add(own, timing.asked + answer);
    } else {
      add(own, timing.asked);
      add(latency_of(timing.space), timing.asked + answer);
    }
    add(timing.held_by, timing.issued + answer);
    add(Resource::kOutstanding, timing.issued + answer + timing.held);
    add(bandwidth_of(timing.space), data.last_beat);
  }
  // The beats have come; returns their bytes.
  std::uint64_t add(BeatReturns& beats, Resource own) {
    std::uint64_t bytes = 0;
    while (const ReadReturn* beat = beats.next()) {
      add(*beat, own);
      bytes += beat->bytes;
      // Of a stream that keeps the port busy all parts but bandwidth lie behind the beat before.
      Cycle end = end_;
      bytes += beats.take_busy(end);
      add(bandwidth_of(beat->timing.space), end);
    }
    return bytes;
  }
  // The operation `id` has waited until `until`: for what the ledger says, for `otherwise` where it says
  // nothing. `delay`: the path from the ledger's client to the consumer, which feels everything so much
  // later; a stream pays for it once, at its begin.
  void explain(OperationLog& log, OperationId id, Cycle until, Resource otherwise, Cycle delay = 0);

 private:
  struct Interval {
    Resource resource;
    Cycle until;
  };
  void append(Resource resource, Cycle until);

  Cycle begin_ = 0, end_ = 0;
  memory::RingBuffer<Interval> intervals_;
  Interval* last_ = nullptr;  // of intervals_; null: there is none
};

}  // namespace nvdla::engine
