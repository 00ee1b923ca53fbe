// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/memory_measurement.h"

#include <algorithm>
#include <cmath>

namespace nvdla::host {

void MemoryMeasurement::on_beat(Cycle asked, Cycle at) {
  if (asked != kNever) latency_ = std::min(latency_, at - asked);
  Cycle& oldest = last_[beats_ % kBeats];
  if (beats_ >= kBeats) shortest_ = std::min(shortest_, at - oldest);
  oldest = at;
  ++beats_;
}

memory::MemoryDescription MemoryMeasurement::description(std::uint32_t bus_bytes) const {
  memory::MemoryDescription result;
  result.latency = static_cast<std::uint32_t>(std::clamp<Cycle>(latency_, 0, memory::kLongestLatency));
  result.bytes_per_cycle = bus_bytes;
  if (shortest_ != kNever && shortest_ > 0) {
    const double bytes = static_cast<double>(kBeats) * bus_bytes / static_cast<double>(shortest_);
    const double whole = std::round(bytes);
    result.bytes_per_cycle = whole > 0 && std::abs(whole - bytes) < 0.01 * bytes ? whole : bytes;
  }
  return result;
}

}  // namespace nvdla::host
