// SPDX-License-Identifier: Apache-2.0
#include "engine/scheduler.h"

#include <utility>

namespace nvdla::engine {

void Scheduler::enqueue(Process& process, Cycle at) {
  process.wake_at_ = at;
  queue_.push_back({at, &process});
  for (auto entry = queue_.end() - 1; entry != queue_.begin() && (entry - 1)->at <= at; --entry)
    std::swap(*entry, *(entry - 1));
}

void Scheduler::run_until(Cycle until) {
  while (next() <= until && !queue_.empty()) {
    const Entry entry = queue_.back();
    queue_.pop_back();
    now_ = entry.at;
    entry.process->wake_at_ = kNever;
    entry.process->run(now_);
  }
}

void Scheduler::clear() {
  for (const Entry& entry : queue_) entry.process->wake_at_ = kNever;
  queue_.clear();
}

}  // namespace nvdla::engine
