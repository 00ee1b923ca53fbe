// SPDX-License-Identifier: Apache-2.0
// A latency as the sum of the registers on its way.
//
//   sum(path) = sum over its segments of cycles
// A segment names what is passed (RTL module, register, FIFO) and the number of core clock cycles that it
// takes. `kRtl`: the registers were counted in the RTL of nvdla/hw. `kMeasured`: the number is what the RTL
// was seen to take (simulation or recording) and the registers behind it are not identified, or it is a
// property of the model's own cut between two units; the source says which and what is not understood.
// A negative segment is time that two ends of a path share. docs/hardware-facts.md lists all paths.
// Limits: FIFOs that are empty, no stall behind the path.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace nvdla::paths {

enum class Evidence : std::uint8_t { kRtl, kMeasured };

struct Segment {
  std::string_view name;
  std::int32_t cycles = 0;
  std::string_view source;
  Evidence evidence = Evidence::kRtl;
};

class Path {
 public:
  constexpr Path(std::initializer_list<Segment> segments) {
    for (const Segment& segment : segments) add(segment);
  }

  // In core clock cycles.
  [[nodiscard]] constexpr std::int32_t sum() const {
    std::int32_t cycles = 0;
    for (std::size_t i = 0; i < size_; ++i) cycles += segments_[i].cycles;
    return cycles;
  }
  // For delays, which are never negative.
  [[nodiscard]] constexpr std::uint32_t cycles() const { return static_cast<std::uint32_t>(sum()); }
  [[nodiscard]] constexpr bool measured() const {
    for (std::size_t i = 0; i < size_; ++i)
      if (segments_[i].evidence == Evidence::kMeasured) return true;
    return false;
  }
  [[nodiscard]] constexpr const Segment* begin() const { return segments_.data(); }
  [[nodiscard]] constexpr const Segment* end() const { return segments_.data() + size_; }

  // This path, then `next`.
  [[nodiscard]] constexpr Path operator+(const Path& next) const {
    Path result = *this;
    for (std::size_t i = 0; i < next.size_; ++i) result.add(next.segments_[i]);
    return result;
  }

 private:
  static constexpr std::size_t kCapacity = 24;
  // Too many segments: an index out of range, which a constant expression refuses to compile.
  constexpr void add(const Segment& segment) { segments_[size_++] = segment; }

  std::array<Segment, kCapacity> segments_{};
  std::size_t size_ = 0;
};

}  // namespace nvdla::paths
