// SPDX-License-Identifier: Apache-2.0
// Time of register accesses through the CSB master.
//
// What it models (RTL: NV_NVDLA_csb_master): requests pass a clock-crossing FIFO of four entries behind one
// input register. An entry is free again 9 cycles after it was taken (pointer out, pop, pointer back, two
// synchronisers). With
//   accepted(n) = max(offered(n), entered(n-1) + 1)
//   entered(n)  = max(accepted(n), entered(n-4) + 9)
// back-to-back writes therefore go in groups of four, 6 idle cycles apart, and the first fifth write after a
// pause still fits into the input register. Writes are posted. A read takes, from `entered`:
//   9 cycles until the unit samples the register (hardware/paths/csb.h); GLB's status bits are two registers
//   behind the done registers by which interrupts are dated here, so that those are sampled after 7 cycles,
//   18 cycles until its data are at the master, 19 until the next access can be offered;
// 6 more (3 each way: NV_NVDLA_RT_csb2cmac, NV_NVDLA_RT_csb2cacc) for CMAC and CACC of generation V1.
// All is exact against recorded accesses; of the sampling point the recordings say 5 to 7 cycles.
//
// Limits: CSB clock = core clock; one access at a time; non-posted writes are not modelled. The effect of a
// write is dated at `accepted`, as the recordings date OP_ENABLE; a unit starts a fixed time after `entered`
// (engine/unit_starter.h).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/scheduler.h"
#include "hardware/parameters.h"
#include "hardware/paths/csb.h"

namespace nvdla::engine {

class CsbTiming {
 public:
  struct Access {
    Cycle accepted = 0;   // the CSB takes the access
    Cycle entered = 0;    // it enters the FIFO: the way to the unit begins here
    Cycle effective = 0;  // write: dated here; read: the register is sampled
    Cycle finished = 0;   // the next access can be offered; read: data came in the cycle before
  };

  explicit CsbTiming(Generation generation);

  // An access offered in cycle `offered`; `offset` is the byte offset in the register window. Calls in order
  // of time.
  Access write(std::uint32_t /*offset*/, Cycle offered) {
    Access access;
    access.entered = enter(offered, access.accepted);
    access.effective = access.accepted;
    access.finished = access.accepted + 1;
    return access;
  }
  Access read(std::uint32_t offset, Cycle offered);
  // So many writes, each offered when the one before is finished. Returns when the last one is.
  Cycle writes(std::size_t count, Cycle offered) {
    while (count >= 2 * entered_.size()) {
      const std::array<Cycle, 4> before = entered_;
      const Cycle begin = offered;
      for (std::size_t i = 0; i < before.size(); ++i) offered = write(0, offered).finished;
      count -= before.size();
      // Four after a full FIFO are as the four before.
      bool full = offered - begin == kSlotReuse;
      for (std::size_t i = 0; i < before.size(); ++i) full = full && entered_[i] - before[i] == kSlotReuse;
      if (!full) continue;
      const Cycle later = static_cast<Cycle>(count / before.size()) * kSlotReuse;
      for (Cycle& entered : entered_) entered += later;
      offered += later;
      count %= before.size();
    }
    for (; count > 0; --count) offered = write(0, offered).finished;
    return offered;
  }
  // So many accesses, one behind the other and the first offered in cycle `offered`, are accepted before
  // cycle `before`, whatever came before them; there may be more. The access before the first has entered at
  // most the reuse of a slot behind its acceptance, and four of them take as long.
  [[nodiscard]] static std::size_t surely_accepted(Cycle offered, Cycle before) {
    const Cycle spare = std::min(before - offered - 2 * kSlotReuse, kFarthest);
    return spare <= 0 ? 0 : static_cast<std::size_t>(spare / kSlotReuse * 4);
  }
  // Cycles between two polls of one register: a read is offered when the one before is finished.
  [[nodiscard]] Cycle poll_period(std::uint32_t offset) const;
  void reset();

 private:
  static constexpr Cycle kSlotReuse = paths::kCsbV1.slot_reuse.sum();

  Cycle enter(Cycle offered, Cycle& accepted) {
    accepted = std::max(offered, entered_[(oldest_ + 3) % 4] + 1);
    const Cycle entered = std::max(accepted, entered_[oldest_] + kSlotReuse);
    entered_[oldest_] = entered;
    oldest_ = (oldest_ + 1) % 4;
    return entered;
  }
  [[nodiscard]] Cycle retiming(std::uint32_t offset) const;

  Generation generation_;
  std::array<Cycle, 4> entered_;  // of the last four accesses
  std::size_t oldest_ = 0;
};

}  // namespace nvdla::engine
