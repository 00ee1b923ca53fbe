// SPDX-License-Identifier: Apache-2.0
#include "engine/fetch_ledger.h"

#include <algorithm>

namespace nvdla::engine {

namespace {
// A consumer that has not waited for so many changes of reason does not need the older ones.
constexpr std::size_t kKept = 4096;
}  // namespace

void FetchLedger::append(Resource resource, Cycle until) {
  if (intervals_.size() == kKept) {
    begin_ = intervals_.front().until;
    intervals_.pop();
  }
  last_ = &intervals_.push({resource, until});
}

void FetchLedger::explain(OperationLog& log, OperationId id, Cycle until, Resource otherwise, Cycle delay) {
  const Cycle covered = log.covered(id);
  if (until <= covered) return;
  while (!intervals_.empty() && intervals_.front().until + delay <= covered) {
    begin_ = intervals_.front().until;
    intervals_.pop();
  }
  if (intervals_.empty()) last_ = nullptr;
  if (covered < begin_ + delay) log.account(id, otherwise, std::min(begin_ + delay, until));
  for (const Interval& interval : intervals_) {
    log.account(id, interval.resource, std::min(interval.until + delay, until));
    if (interval.until + delay >= until) return;
  }
  log.account(id, otherwise, until);
}

}  // namespace nvdla::engine
