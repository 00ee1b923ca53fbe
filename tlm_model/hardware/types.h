// SPDX-License-Identifier: Apache-2.0
// The smallest words of the vocabulary: time, generation, precision, memory port.
#pragma once

#include <cstdint>
#include <limits>

namespace nvdla {

// Core clock cycles.
using Cycle = std::int64_t;
inline constexpr Cycle kNever = std::numeric_limits<Cycle>::max();
// Farther than any simulation goes (13 days at 1 GHz), yet sums of a few of it do not overflow, and SystemC's
// time reaches it at 1 ps resolution and a clock of 1 ns. Cycles that users give are at most this.
inline constexpr Cycle kFarthest = Cycle{1} << 50;

// The two generations of the open RTL. They differ in stripe rules, pipeline depths, register map and
// in how the memory interface cuts requests, not only in sizes.
enum class Generation : std::uint8_t {
  kV1,       // nvdla/hw branch nvdlav1: nv_full
  kScalable  // nvdla/hw branches nv_small and master: every other configuration
};

enum class Precision : std::uint8_t { kInt8 = 0, kInt16 = 1, kFp16 = 2 };

[[nodiscard]] constexpr std::uint32_t bytes_per_element(Precision precision) {
  return precision == Precision::kInt8 ? 1 : 2;
}

// RAM_TYPE of the registers: 0 selects CVSRAM, 1 the main memory on DBB.
enum class MemorySpace : std::uint8_t { kCvsram = 0, kDbb = 1 };

}  // namespace nvdla
