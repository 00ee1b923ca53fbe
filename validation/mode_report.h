// SPDX-License-Identifier: Apache-2.0
// The part of the accuracy report on recordings of single modes (validation/notes.h): errors by mode, by
// configuration and by memory, and a row for each recording.
#pragma once

#include <string>
#include <vector>

#include "validation/comparison.h"
#include "validation/notes.h"

namespace nvdla::validation {

// Markdown. Precondition: each comparison has a mode in `notes`.
[[nodiscard]] std::string mode_report(const std::vector<const RecordingComparison*>& comparisons,
                                      const Notes& notes, const std::vector<amaix::Level>& levels);

// "equal", "2 of 5 differ", "-" where a recording does not tell bytes.
[[nodiscard]] std::string dma_text(const RecordingComparison& comparison);

}  // namespace nvdla::validation
