// SPDX-License-Identifier: Apache-2.0
// Discrete-event kernel of the engines: integer core-clock cycles, no SystemC. A process runs when the
// cycle it asked for has come, does all it can at that cycle, and asks for the next one. Processes that
// run in one cycle run in the order in which they asked: simulation is deterministic.
#pragma once

#include <cstdint>
#include <vector>

#include "hardware/types.h"

namespace nvdla::engine {

class Scheduler;

class Process {
 public:
  explicit Process(Scheduler& scheduler) : scheduler_(scheduler) {}
  virtual ~Process() = default;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Asks to run at `at`, or earlier if an earlier wake is already pending. A cycle in the past means now.
  void wake(Cycle at);

 protected:
  virtual void run(Cycle now) = 0;
  [[nodiscard]] Scheduler& scheduler() const { return scheduler_; }
  [[nodiscard]] Cycle now() const;

 private:
  friend class Scheduler;
  Scheduler& scheduler_;
  Cycle wake_at_ = kNever;
};

class Scheduler {
 public:
  [[nodiscard]] Cycle now() const { return now_; }
  // The cycle of the next pending wake; kNever if nothing is pending.
  [[nodiscard]] Cycle next() {
    drop_stale();
    return queue_.empty() ? kNever : queue_.back().at;
  }
  // Runs everything that is pending up to and including `until` and leaves the clock there.
  void advance(Cycle until) {
    if (next() <= until) run_until(until);
    if (until > now_) now_ = until;
  }
  // Forgets every pending wake; the clock keeps its value.
  void clear();

 private:
  friend class Process;
  struct Entry {
    Cycle at;
    Process* process;
  };
  void enqueue(Process& process, Cycle at);
  void run_until(Cycle until);
  // An entry is stale when its process has since asked for an earlier cycle (and has run, or will).
  void drop_stale() {
    while (!queue_.empty() && queue_.back().process->wake_at_ != queue_.back().at) queue_.pop_back();
  }

  Cycle now_ = 0;
  // The next one last; of one cycle, the one that asked first is nearer to the end. Few wait at a time: a
  // sorted row costs less than a heap. A process that asks again for a cycle that it had asked for before an
  // earlier one keeps its place.
  std::vector<Entry> queue_;
};

inline void Process::wake(Cycle at) {
  if (at < scheduler_.now_) at = scheduler_.now_;
  if (at < wake_at_) scheduler_.enqueue(*this, at);
}

inline Cycle Process::now() const { return scheduler_.now_; }

}  // namespace nvdla::engine
