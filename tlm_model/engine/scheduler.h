// SPDX-License-Identifier: Apache-2.0
// Discrete-event kernel of the engines: integer core-clock cycles, no SystemC. A process runs when the
// cycle it asked for has come, does all it can at that cycle, and asks for the next one. Processes that
// run in one cycle run in the order in which they asked: simulation is deterministic.
#pragma once

#include <cstdint>
#include <queue>
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
  [[nodiscard]] Cycle next();
  // Runs everything that is pending up to and including `until` and leaves the clock there.
  void advance(Cycle until);
  // Forgets every pending wake; the clock keeps its value.
  void clear();

 private:
  friend class Process;
  struct Entry {
    Cycle at;
    std::uint64_t order;
    Process* process;
    bool operator>(const Entry& other) const { return at != other.at ? at > other.at : order > other.order; }
  };
  void drop_stale();
  Cycle now_ = 0;
  std::uint64_t order_ = 0;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
};

}  // namespace nvdla::engine
