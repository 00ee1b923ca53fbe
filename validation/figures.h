// SPDX-License-Identifier: Apache-2.0
// The figures of the accuracy report, as SVG text. Roofline is a square, refined a diamond, dynamic a circle;
// the recording is a black tick.
#pragma once

#include <string>
#include <vector>

#include "validation/comparison.h"
#include "validation/memory_ratio.h"

namespace nvdla::validation {

// One row an operation: cycles (logarithmic) on the left, signed errors on the right.
[[nodiscard]] std::string operations_figure(const RecordingComparison& comparison);

// Errors of one set of operations by level, percent, signed.
using ErrorsByLevel = std::map<amaix::Level, std::vector<double>>;

// Which share of the operations has at most this absolute error: one curve a level.
[[nodiscard]] std::string distribution_figure(const std::string& title, const ErrorsByLevel& errors);

// One row a pair of memories: ratio of the totals, recorded and by level.
[[nodiscard]] std::string memory_figure(const std::vector<MemoryRatio>& ratios);

}  // namespace nvdla::validation
