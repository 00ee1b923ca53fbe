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
#include "registers/known_groups.h"
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
  // Values: reads bring data, writes carry what the operations compute of them. Off: no byte is touched, the
  // cycles are the same.
  bool tensors = false;
  // Threads that the computation of one convolution may use; results do not depend on it.
  unsigned jobs = 1;
  // Levels roofline and refined: what is known of this network from evaluations before (amaix/known_work.h),
  // and where what is counted now is left. Null: nowhere. Outlives the accelerator.
  amaix::KnownWork* known_work = nullptr;
  // What groups were decoded to in runs of the same program on this configuration. Null: all are decoded.
  registers::KnownGroups* known_groups = nullptr;
  // The engines; empty: those of NVDLA (engine/units/all_units.h, docs/adding-a-unit.md).
  std::function<std::vector<std::unique_ptr<EngineUnit>>(Core&)> units;
  // What hardware does with a write to a read-only register or to an offset without register, and with a read
  // of a write-only register or of such an offset: it drops the write, and the read brings 0. true: so it is,
  // with a warning for each register. false: the access is refused with its status.
  bool drop_illegal_accesses = false;
};

class Accelerator {
 public:
  // Throws std::invalid_argument when `hardware` is inconsistent (amaix::check) or an option is out of range.
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

  // `bursts`: it wants on_burst() and on_stalled(), which are called far more often than others.
  void add_listener(Listener& listener, bool bursts = true);

  // CSB accesses, effective in cycle `at` (>= now; the clock is advanced to it first). Byte offsets.
  // `entered`: when a write has entered the CSB master's FIFO (engine/csb_timing.h); 0: at once.
  registers::AccessStatus write(std::uint32_t offset, std::uint32_t value, Cycle at, Cycle entered = 0);
  registers::AccessStatus read(std::uint32_t offset, std::uint32_t& value, Cycle at);
  // Writes that only store (registers::RegisterFile::store), for who knows that nothing happens up to the
  // last one's cycle: the clock stays. Returns how many are made.
  std::size_t store(const registers::RegisterWrite* writes, std::size_t count);
  // What write() and read() answer where the register file says `status`: with drop_illegal_accesses, an
  // illegal access is kIgnored (a write) or kOk (a read). kMisaligned stays.
  [[nodiscard]] registers::AccessStatus answer(registers::AccessStatus status, bool write) const;
  // Side-effect free.
  registers::AccessStatus peek(std::uint32_t offset, std::uint32_t& value) const;

  // Level of the interrupt line, as of the last advance.
  [[nodiscard]] bool interrupt() const;

  [[nodiscard]] Cycle now() const;
  // Cycle of the next internal event, kNever when nothing is pending without outside help.
  [[nodiscard]] Cycle next_event();
  void advance(Cycle until) { advance(until, until); }
  // The same; nothing but answers of the ports comes from outside up to and including cycle `outside`, which
  // lets reads be granted ahead of time (engine/read_run.h).
  void advance(Cycle until, Cycle outside);

  // Drops everything in flight: later complete() calls of older bursts are ignored.
  void reset();

  // Pieces of output that were written before their input had come (engine/tensors/tensors.h): 0, unless the
  // timing of an engine is wrong about what it needs.
  [[nodiscard]] std::uint64_t early_values() const;

  // Operations enabled but not done, for "left running" errors: one line each.
  [[nodiscard]] std::vector<std::string> unfinished() const;
  [[nodiscard]] const HardwareParameters& hardware() const;
  [[nodiscard]] const registers::RegisterFile& register_file() const;

 private:
  struct Impl;
  // A write that the register file has answered with `status`, not kOk: warns, and says what the bus answers.
  registers::AccessStatus not_stored(std::uint32_t offset, registers::AccessStatus status, Cycle at);

  std::unique_ptr<Impl> impl_;
};

}  // namespace nvdla::engine
