// SPDX-License-Identifier: Apache-2.0
#include "host/burst_rows.h"

#include <algorithm>
#include <utility>

namespace nvdla::host {

BurstRows::BurstRows(const HardwareParameters& hardware, Sink sink)
    : beat_bytes_(hardware.dbb_width_bytes), sink_(std::move(sink)) {
  for (const MemorySpace space : {MemorySpace::kDbb, MemorySpace::kCvsram})
    longest_[static_cast<std::size_t>(space)] = hardware.burst_beats(space);
}

void BurstRows::emit_before(Cycle cycle) {
  while (!waiting_.empty() && waiting_.top().row.cycle < cycle) {
    sink_(waiting_.top().row);
    waiting_.pop();
  }
}

void BurstRows::add(const engine::Burst& burst) {
  emit_before(burst.issued);
  const std::uint32_t longest = longest_[static_cast<std::size_t>(burst.space)];
  for (std::uint32_t first = 0; first < burst.beats; first += longest) {
    DmaBurst row;
    row.cycle = burst.issued + first;
    row.port = burst.space;
    row.write = burst.write;
    row.client = burst.client;
    row.address = burst.address + std::uint64_t{first} * beat_bytes_;
    row.beats = std::min(longest, burst.beats - first);
    waiting_.push({row, next_++});
  }
}

void BurstRows::finish() { emit_before(kNever); }

}  // namespace nvdla::host
