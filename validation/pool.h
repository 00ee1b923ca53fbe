// SPDX-License-Identifier: Apache-2.0
// Errors over several recordings: every operation counts once, whatever its length.
#pragma once

#include <map>
#include <vector>

#include "validation/comparison.h"

namespace nvdla::validation {

struct PooledErrors {
  ErrorStatistics operations;
  std::map<Engine, ErrorStatistics> by_unit;
  std::map<Resource, ErrorStatistics> by_bound;
  ErrorStatistics totals;  // of the recordings' total errors
};
[[nodiscard]] PooledErrors pool(const std::vector<RecordingComparison>& comparisons, amaix::Level level);

// Levels that at least one recording was replayed at, from the coarsest to the finest.
[[nodiscard]] std::vector<amaix::Level> levels_of(const std::vector<RecordingComparison>& comparisons);

}  // namespace nvdla::validation
