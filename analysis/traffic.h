// SPDX-License-Identifier: Apache-2.0
// Bytes on the buses over time, in buckets of equal length; when there are too many, pairs are merged, so
// that memory stays bounded. Only level dynamic has bursts.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/events.h"

namespace nvdla::analysis {

class TrafficOverTime {
 public:
  enum Series : std::uint8_t { kDbbRead, kDbbWritten, kCvsramRead, kCvsramWritten, kSeries };
  using Bucket = std::array<std::uint64_t, kSeries>;

  explicit TrafficOverTime(std::uint32_t bus_bytes) : bus_bytes_(bus_bytes) {}
  void add(const engine::Burst& burst);

  [[nodiscard]] Cycle bucket_cycles() const { return bucket_cycles_; }
  [[nodiscard]] const std::vector<Bucket>& buckets() const { return buckets_; }

 private:
  static constexpr std::size_t kMost = 600;
  std::uint32_t bus_bytes_;
  Cycle bucket_cycles_ = 16;
  std::vector<Bucket> buckets_;
};

}  // namespace nvdla::analysis
