// SPDX-License-Identifier: Apache-2.0
#include "analysis/traffic.h"

namespace nvdla::analysis {

void TrafficOverTime::add(const engine::Burst& burst) {
  if (burst.issued < 0) return;
  while (static_cast<std::size_t>(burst.issued / bucket_cycles_) >= kMost) {
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      const Bucket bucket = buckets_[i];
      if (i % 2 == 0) {
        buckets_[i / 2] = bucket;
      } else {
        for (std::size_t k = 0; k < kSeries; ++k) buckets_[i / 2][k] += bucket[k];
      }
    }
    buckets_.resize((buckets_.size() + 1) / 2);
    bucket_cycles_ *= 2;
  }
  const auto index = static_cast<std::size_t>(burst.issued / bucket_cycles_);
  if (buckets_.size() <= index) buckets_.resize(index + 1);
  const bool dbb = burst.space == MemorySpace::kDbb;
  const Series series =
      dbb ? (burst.write ? kDbbWritten : kDbbRead) : (burst.write ? kCvsramWritten : kCvsramRead);
  buckets_[index][series] += std::uint64_t{burst.beats} * bus_bytes_;
}

}  // namespace nvdla::analysis
