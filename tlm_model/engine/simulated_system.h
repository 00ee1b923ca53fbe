// SPDX-License-Identifier: Apache-2.0
// One accelerator with its memories in simulated time, as those see it who access its registers: alone
// (engine/system.h), or beside others on the same memories (host/together/conductor.h).
#pragma once

#include <functional>

#include "engine/accelerator.h"
#include "memory/sparse_store.h"

namespace nvdla::engine {

class SimulatedSystem {
 public:
  virtual ~SimulatedSystem() = default;

  [[nodiscard]] virtual Accelerator& accelerator() = 0;
  [[nodiscard]] virtual memory::SparseStore& contents() = 0;
  // Told of every access that no memory holds, before it completes.
  virtual void on_refused(std::function<void(const Burst&)> listener) = 0;
  // Nothing is pending.
  [[nodiscard]] virtual bool idle() = 0;
  // Nothing happens before this cycle, whoever else there is: accesses until then need not be advanced to.
  [[nodiscard]] virtual Cycle quiet_before() { return 0; }
  // Cycle by cycle, as a whole, until `done`. False when that does not come up to and including `until`.
  virtual bool run_until(const std::function<bool()>& done, Cycle until) = 0;
  // Everything before `at`, and what the accelerator itself does in `at`: a register access comes next.
  virtual void advance_to_access(Cycle at) = 0;
  // Everything up to and including `at`.
  virtual void advance(Cycle at) = 0;
};

}  // namespace nvdla::engine
