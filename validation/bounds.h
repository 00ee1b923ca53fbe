// SPDX-License-Identifier: Apache-2.0
// Accuracy bounds: figures of a comparison that must not get worse, from a JSON file (schema nvdla-bounds/1,
// docs/formats.md). All percentages are of absolute errors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/comparison.h"

namespace nvdla::validation {

struct Bound {
  std::string recordings;  // shell pattern over recording names
  amaix::Level level = amaix::Level::kDynamic;
  std::optional<double> total, mean, median, p95, worst;  // percent
  std::optional<std::size_t> dma_mismatches;
};

// Throws InputError naming file and entry.
[[nodiscard]] std::vector<Bound> load_bounds(const std::string& path);

// One line for each figure that is worse than its bound. A level that was not asked for is not checked; one
// that could not be replayed is already a failure of the comparison.
[[nodiscard]] std::vector<std::string> check_bounds(const std::vector<Bound>& bounds,
                                                    const RecordingComparison& comparison);

// Whether some bound speaks of this recording.
[[nodiscard]] bool is_bounded(const std::vector<Bound>& bounds, const RecordingComparison& comparison);

}  // namespace nvdla::validation
