// SPDX-License-Identifier: Apache-2.0
// The part of the accuracy report on the operations whose error is largest.
#pragma once

#include <string>
#include <vector>

#include "validation/comparison.h"
#include "validation/notes.h"

namespace nvdla::validation {

// "CONV+SDP 0".
[[nodiscard]] std::string operation_text(const OperationComparison& operation);

// Markdown: a table for each level but roofline, which leaves out by design what would explain its errors.
[[nodiscard]] std::string worst_report(const std::vector<const RecordingComparison*>& comparisons,
                                       const Notes& notes, const std::vector<amaix::Level>& levels);

}  // namespace nvdla::validation
