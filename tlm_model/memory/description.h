// SPDX-License-Identifier: Apache-2.0
// The memory behind a port, as three numbers. The closed forms take them as they are; MemoryTiming
// (memory/memory_timing.h) is the memory that has them.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace nvdla::memory {

// Read data come `latency` cycles after the request, at most `bytes_per_cycle` are moved a cycle (reads and
// writes together), at most `max_outstanding` read bursts are open.
struct MemoryDescription {
  std::uint32_t latency = 50;
  double bytes_per_cycle = 64.0;
  std::uint32_t max_outstanding = 256;
  // Of the longest burst on the bus: HardwareParameters::burst_beats(). A request of more beats is several
  // bursts. Who connects the memory sets it.
  std::uint32_t burst_beats = 1;
};

inline constexpr std::uint32_t kLongestLatency = 1'000'000;

// Throws std::invalid_argument "name: rule" for a value out of range.
void check(std::string_view name, const MemoryDescription& description);

// A memory and the addresses that it answers, [base, base + size). Default: every address but the last.
struct PortDescription : MemoryDescription {
  std::uint64_t base = 0;
  std::uint64_t size = std::numeric_limits<std::uint64_t>::max();

  [[nodiscard]] bool contains(std::uint64_t address, std::uint64_t bytes) const {
    return address >= base && bytes <= size && address - base <= size - bytes;
  }
  [[nodiscard]] bool holds_everything() const {
    return base == 0 && size == std::numeric_limits<std::uint64_t>::max();
  }
};

// Behind an interface whose bursts have so many beats.
template <typename Description>
[[nodiscard]] Description of_bursts(Description description, std::uint32_t beats) {
  description.burst_beats = beats;
  return description;
}

struct MemorySystem {
  MemoryDescription dbb;
  std::optional<MemoryDescription> cvsram;
};

}  // namespace nvdla::memory
