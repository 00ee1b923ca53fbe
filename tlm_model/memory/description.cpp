// SPDX-License-Identifier: Apache-2.0
#include "memory/description.h"

#include <stdexcept>
#include <string>

namespace nvdla::memory {

void check(std::string_view name, const MemoryDescription& description) {
  const auto fail = [&](const char* rule) { throw std::invalid_argument(std::string(name) + ": " + rule); };
  if (description.latency > kLongestLatency) fail("latency must be 0 to 1000000 cycles");
  // Written so that a value that is no number fails.
  if (!(description.bytes_per_cycle >= 1.0 / 1024 && description.bytes_per_cycle <= 1048576.0))
    fail("bandwidth must be between 1/1024 and 1048576 bytes a cycle");
  if (description.max_outstanding < 1) fail("max_outstanding must be at least 1");
  if (description.burst_beats < 1) fail("burst_beats must be at least 1");
}

}  // namespace nvdla::memory
