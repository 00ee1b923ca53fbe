// SPDX-License-Identifier: Apache-2.0
// Where the time of one client's fetch goes, as a sequence of intervals without gaps from begin() on. The
// consumer of the data asks for the part that it has waited for.
//
// Rule for a chunk that ends in `last_beat`, each part only as far as it lies behind the chunk before:
//   [.., asked)                       the client's own path, or what it says it waited for
//   [asked, issued)                   what held the chunk at the arbiter
//   [issued, issued + held)           memory's limit of open reads
//   [.., + shortest answer seen)      latency; the outstanding limit where that is why it was issued so late
//   [.., last_beat)                   bandwidth: beats on the bus, of this chunk and of those before it
#pragma once

#include <deque>

#include "engine/memory_interface.h"
#include "engine/operation_log.h"
#include "hardware/resource.h"

namespace nvdla::engine {

class FetchLedger {
 public:
  void begin(Cycle at) {
    intervals_.clear();
    begin_ = end_ = at;
  }
  // The time up to `until` goes to `resource`.
  void add(Resource resource, Cycle until);
  // A chunk has come; `own` is the client's path.
  void add(const ReadReturn& data, Resource own);
  // The operation `id` has waited until `until`: for what the ledger says, for `otherwise` where it says
  // nothing.
  void explain(OperationLog& log, OperationId id, Cycle until, Resource otherwise);

 private:
  struct Interval {
    Resource resource;
    Cycle until;
  };
  Cycle begin_ = 0, end_ = 0;
  std::deque<Interval> intervals_;
};

}  // namespace nvdla::engine
