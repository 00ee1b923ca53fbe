// SPDX-License-Identifier: Apache-2.0
// What the driver did, out of its accesses: the register trace that replays it, and which operations it
// started.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <ostream>
#include <vector>

#include "hardware/types.h"
#include "hardware/units.h"
#include "host/waveform/bus_monitor.h"
#include "host/waveform/interrupt_dates.h"

namespace nvdla::host {

// In order of time. Reads of one register that bring the same value, one behind the other, are one entry, so
// that a driver that polls takes no more memory than one that waits.
class AccessLog {
 public:
  struct Entry {
    bool write = false;
    bool waited = false;  // the interrupt line rose while the driver did nothing, before this access
    std::uint32_t offset = 0;
    std::uint32_t value = 0;
    Cycle accepted = 0;  // of the first
  };

  void on_access(const CsbAccess& access);
  void on_line(bool high, Cycle at) {
    if (high) rise_ = at;
  }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  // When the first access was offered; kNever: there was none.
  [[nodiscard]] Cycle first() const { return first_; }

 private:
  std::vector<Entry> entries_;
  Cycle first_ = kNever;
  Cycle answered_ = -1;  // the last one
  Cycle rise_ = -1;
};

// Commands of a register trace (host/trace_reader.h). Repeated reads of a register become one that polls for
// the last value, of S_INTR_STATUS for the bits that came last; `wait` stands where the driver did nothing
// until the interrupt.
void write_register_trace(const AccessLog& log, Generation generation, std::ostream& out);

// One OP_ENABLE, or launch of BDMA, of one unit.
struct Activation {
  Unit unit = Unit::kBdma;
  std::uint32_t sequence = 0;  // counts from 0 for each unit
  std::uint32_t group = 0;
  Cycle enable = 0;
  std::optional<InterruptDate> interrupt;         // of units that have one, and when it came
  std::optional<InterruptDate> weight_interrupt;  // CDMA
};

// By unit, then by sequence.
[[nodiscard]] std::array<std::vector<Activation>, kUnits> activations(const AccessLog& log,
                                                                      const InterruptDates& dates,
                                                                      Generation generation);

}  // namespace nvdla::host
