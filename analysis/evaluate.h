// SPDX-License-Identifier: Apache-2.0
// How long a network takes on a design: evaluate(network, hardware, memory, level).
//
// The network's register program, for this design (mapped anew, or analysis/retarget.h), is played on the
// accelerator at the level asked for: the same code, and the same cycles, as nvdla-vp replay. Reads that do
// not match what the trace expects are not errors here: another design may finish in another order of single
// reads. Safe to call from many threads at once, also with the same network.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "amaix/estimate.h"
#include "analysis/network.h"
#include "analysis/retarget.h"
#include "engine/events.h"
#include "host/replay.h"
#include "memory/description.h"
#include "registers/known_groups.h"

namespace nvdla::analysis {

struct Evaluation {
  Cycle cycles = 0;         // to the last completion interrupt
  double milliseconds = 0;  // with the clock of the design, and with the layers of the CPU
  double per_second = 0;    // networks, one behind the other
  Traffic dbb, cvsram;
  std::vector<engine::OperationRecord> operations;  // in the order of completion
  std::vector<std::string> warnings;
};

// Throws Infeasible when the design cannot execute the network, std::invalid_argument for inconsistent
// parameters, host::ReplayError when the program cannot be played.
[[nodiscard]] Evaluation evaluate(const Network& network, const HardwareParameters& hardware,
                                  const memory::MemorySystem& memory, amaix::Level level);

// Who hears of a run; null: nobody.
struct Listeners {
  engine::Listener* events = nullptr;
  host::AccessListener* accesses = nullptr;
};

// The same in two steps, for many memories on one design.
class Design {
 public:
  // Throws Infeasible, std::invalid_argument.
  Design(const Network& network, const HardwareParameters& hardware, const Compression& compression = {});
  [[nodiscard]] const HardwareParameters& hardware() const { return hardware_; }
  [[nodiscard]] const host::Program& program() const { return changed_ ? *changed_ : *own_; }
  [[nodiscard]] Evaluation evaluate(const memory::MemorySystem& memory, amaix::Level level,
                                    const Listeners& listeners = {}) const;

 private:
  HardwareParameters hardware_;
  // A larger CBUF takes longer to flush after reset than the driver of the trace waited for.
  Cycle settled_reset_ = host::kRecordedSettledReset;
  double cpu_microseconds_;
  std::shared_ptr<const Network> mapped_;  // for this design
  amaix::KnownWork* known_;
  std::shared_ptr<registers::KnownGroups> groups_ = std::make_shared<registers::KnownGroups>();
  const host::Program* own_;
  std::shared_ptr<const host::Program> changed_;
};

}  // namespace nvdla::analysis
