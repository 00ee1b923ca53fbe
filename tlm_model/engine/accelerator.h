// SPDX-License-Identifier: Apache-2.0
// The whole accelerator without SystemC: register file, decoder, engines and memory interfaces on one
// event kernel. The SystemC component (device/nvdla.h) only translates sockets and time; unit tests and
// sweeps use this class directly.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "amaix/estimate.h"
#include "engine/events.h"
#include "engine/memory_interface.h"
#include "engine/scheduler.h"
#include "hardware/parameters.h"
#include "registers/register_file.h"

namespace nvdla::amaix {
class KnownWork;
}

namespace nvdla::engine {

struct Core;
class EngineUnit;

struct AcceleratorOptions {
  amaix::Level level = amaix::Level::kDynamic;
  // The memory that the closed form assumes; levels roofline and refined only.
  memory::MemorySystem nominal_memory;
  // Cycles that reset had settled before cycle 0: so much of the CBUF's flush is over by then. 0: cycle 0 is
  // the end of reset, and FLUSH_DONE rises as long after it as in hardware. The reset() of later takes all of
  // it.
  Cycle settled_reset = 0;
  // Levels roofline and refined: what is known of this network from evaluations before (amaix/known_work.h),
  // and where what is counted now is left. Null: nowhere. Outlives the accelerator.
  amaix::KnownWork* known_work = nullptr;
  // The engines; empty: those of NVDLA (engine/units/all_units.h, docs/adding-a-unit.md).
  std::function<std::vector<std::unique_ptr<EngineUnit>>(Core&)> units;
};

class Accelerator {
 public:
  // Throws std::invalid_argument when `hardware` is inconsistent (amaix::check).
  Accelerator(const HardwareParameters& hardware, const AcceleratorOptions& options);
  ~Accelerator();
  Accelerator(const Accelerator&) = delete;
  Accelerator& operator=(const Accelerator&) = delete;

  // Ports; CVSRAM may stay unbound. An access to an unbound or absent port is reported as a warning and
  // completes at once.
  void bind_dbb(BusPort& port);
  void bind_cvsram(BusPort& port);
  // In order of time; the order of bursts does not matter.
  void complete(MemorySpace space, const BusCompletion& completion);

  void add_listener(Listener& listener);

  // CSB accesses, effective in cycle `at` (>= now; the clock is advanced to it first). Byte offsets.
  // `entered`: when a write has entered the CSB master's FIFO (engine/csb_timing.h); 0: at once.
  registers::AccessStatus write(std::uint32_t offset, std::uint32_t value, Cycle at, Cycle entered = 0);
  registers::AccessStatus read(std::uint32_t offset, std::uint32_t& value, Cycle at);
  // Side-effect free.
  registers::AccessStatus peek(std::uint32_t offset, std::uint32_t& value) const;

  // Level of the interrupt line, as of the last advance.
  [[nodiscard]] bool interrupt() const;

  [[nodiscard]] Cycle now() const;
  // Cycle of the next internal event, kNever when nothing is pending without outside help.
  [[nodiscard]] Cycle next_event();
  void advance(Cycle until);

  // Drops everything in flight: later complete() calls of older bursts are ignored.
  void reset();

  // Operations enabled but not done, for "left running" errors: one line each.
  [[nodiscard]] std::vector<std::string> unfinished() const;
  [[nodiscard]] const HardwareParameters& hardware() const;
  [[nodiscard]] const registers::RegisterFile& register_file() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace nvdla::engine
