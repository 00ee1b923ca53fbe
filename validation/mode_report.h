// SPDX-License-Identifier: Apache-2.0
// The part of the accuracy report on recordings that have a mode (validation/notes.h), in their sets: errors
// by mode, by configuration and by memory, and what else the set wants to be shown.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "validation/comparison.h"
#include "validation/notes.h"

namespace nvdla::validation {

// The comparisons of each set of `notes`, in its order; sets without any are left out. Precondition: each
// comparison has a mode in `notes`.
using ComparisonsOfSet = std::pair<const ModeSet*, std::vector<const RecordingComparison*>>;
[[nodiscard]] std::vector<ComparisonsOfSet> by_set(const std::vector<const RecordingComparison*>& comparisons,
                                                   const Notes& notes);

// Markdown, a section for each set. Precondition: each comparison has a mode in `notes`.
[[nodiscard]] std::string mode_report(const std::vector<const RecordingComparison*>& comparisons,
                                      const Notes& notes, const std::vector<amaix::Level>& levels);

// "equal", "2 of 5 differ", "-" where a recording does not tell bytes.
[[nodiscard]] std::string dma_text(const RecordingComparison& comparison);

}  // namespace nvdla::validation
