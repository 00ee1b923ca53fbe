// SPDX-License-Identifier: Apache-2.0
#include "host/dma_statistics.h"

#include <algorithm>

namespace nvdla::host {

void DmaClientStatistics::add(Cycle issued, Cycle done, std::uint64_t moved) {
  ++bursts;
  bytes += moved;
  latency_sum += static_cast<std::uint64_t>(done - issued);
  latency_min = std::min(latency_min, done - issued);
  latency_max = std::max(latency_max, done - issued);
  first_request = std::min(first_request, issued);
  last_completion = std::max(last_completion, done);
}

double DmaClientStatistics::mean_latency() const {
  return bursts == 0 ? 0 : static_cast<double>(latency_sum) / static_cast<double>(bursts);
}

double DmaClientStatistics::bytes_per_cycle() const {
  return bursts == 0 ? 0
                     : static_cast<double>(bytes) / static_cast<double>(last_completion - first_request + 1);
}

}  // namespace nvdla::host
