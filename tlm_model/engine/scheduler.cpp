// SPDX-License-Identifier: Apache-2.0
#include "engine/scheduler.h"

namespace nvdla::engine {

void Process::wake(Cycle at) {
  if (at < scheduler_.now_) at = scheduler_.now_;
  if (at >= wake_at_) return;
  wake_at_ = at;
  scheduler_.queue_.push({at, scheduler_.order_++, this});
}

Cycle Process::now() const { return scheduler_.now_; }

// An entry is stale when its process has since asked for an earlier cycle (and has run, or will).
void Scheduler::drop_stale() {
  while (!queue_.empty() && queue_.top().process->wake_at_ != queue_.top().at) queue_.pop();
}

Cycle Scheduler::next() {
  drop_stale();
  return queue_.empty() ? kNever : queue_.top().at;
}

void Scheduler::advance(Cycle until) {
  while (next() <= until && !queue_.empty()) {
    const Entry entry = queue_.top();
    queue_.pop();
    now_ = entry.at;
    entry.process->wake_at_ = kNever;
    entry.process->run(now_);
  }
  if (until > now_) now_ = until;
}

void Scheduler::clear() {
  while (!queue_.empty()) {
    queue_.top().process->wake_at_ = kNever;
    queue_.pop();
  }
}

}  // namespace nvdla::engine
