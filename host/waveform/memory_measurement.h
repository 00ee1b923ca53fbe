// SPDX-License-Identifier: Apache-2.0
// What memory could do, out of what it did: the latency of the quickest burst, and the bytes a cycle of the
// busiest kBeats beats, reads and writes together. A lower bound of both: a waveform that never asks for more
// shows no more.
#pragma once

#include <cstdint>
#include <vector>

#include "hardware/types.h"
#include "memory/description.h"

namespace nvdla::host {

class MemoryMeasurement {
 public:
  // As BusListener::on_beat.
  void on_beat(Cycle asked, Cycle at);
  [[nodiscard]] bool seen() const { return beats_ > 0 && latency_ != kNever; }
  // Whole bytes where less than 1 % is missing; latency in cycles.
  [[nodiscard]] memory::MemoryDescription description(std::uint32_t bus_bytes) const;

 private:
  static constexpr std::size_t kBeats = 1024;
  std::vector<Cycle> last_ = std::vector<Cycle>(kBeats, 0);  // cycles of the last beats, a ring
  std::uint64_t beats_ = 0;
  Cycle latency_ = kNever;
  Cycle shortest_ =
      kNever;  // cycles in which kBeats passed; kNever: fewer did, the bus is taken as full speed
};

}  // namespace nvdla::host
