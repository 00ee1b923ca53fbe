// SPDX-License-Identifier: Apache-2.0
// What `nvdla-vp validate` says of its comparisons: console text and JSON (schema nvdla-validation/1,
// docs/formats.md).
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "validation/comparison.h"

namespace nvdla::validation {

// One recording, operation by operation, its totals by level and its DMA.
void print_recording(const RecordingComparison& comparison, std::ostream& out);

// All recordings: one line each, then error by unit, by bound, and the worst ten operations.
void print_summary(const std::vector<RecordingComparison>& comparisons, std::ostream& out);

[[nodiscard]] nlohmann::ordered_json to_json(const std::vector<RecordingComparison>& comparisons);

}  // namespace nvdla::validation
