// SPDX-License-Identifier: Apache-2.0
// Accuracy bounds: figures of comparisons that must not get worse, from a JSON file (schema nvdla-bounds/1,
// docs/formats.md). All percentages are of absolute errors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/comparison.h"

namespace nvdla::validation {

// Operations recorded shorter than `below` cycles are not judged by `worst` but must be off by at most
// `within` cycles: a few cycles of a hand-over are many percent of them.
struct ShortOperations {
  Cycle below = 0;
  Cycle within = 0;
};

struct Bound {
  std::string
      recordings;  // shell pattern over recording names, with the extended ones of bash: !(a|b), @(a|b)
  amaix::Level level = amaix::Level::kDynamic;
  // True: mean, median, p95 and worst are of the operations of all matching recordings together.
  bool pooled = false;
  std::optional<double> total, mean, median, p95, worst;  // percent
  std::optional<ShortOperations> short_operations;
  // Percent between recorded and modelled ratio of the totals of one trace with two memories, over all pairs
  // of matching recordings.
  std::optional<double> memory_ratio;
  std::optional<std::size_t> dma_mismatches;
};

// Throws host::InputError naming file and entry.
[[nodiscard]] std::vector<Bound> load_bounds(const std::string& path);

// One line for each figure that is worse than its bound. A level that was not asked for is not checked; one
// that could not be replayed is already a failure of the comparison.
[[nodiscard]] std::vector<std::string> check_bounds(const std::vector<Bound>& bounds,
                                                    const std::vector<RecordingComparison>& comparisons);

// Whether some bound speaks of this recording.
[[nodiscard]] bool is_bounded(const std::vector<Bound>& bounds, const RecordingComparison& comparison);

}  // namespace nvdla::validation
