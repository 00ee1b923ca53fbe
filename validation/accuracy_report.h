// SPDX-License-Identifier: Apache-2.0
// The accuracy report: accuracy.md and its figures, from comparisons alone. No date, no run time, no path of
// a machine: the same comparisons give the same files, byte for byte.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "validation/comparison.h"
#include "validation/notes.h"

namespace nvdla::validation {

struct AccuracyReport {
  std::string markdown;
  std::map<std::string, std::string> figures;  // by file name, below figures/
};

// Recordings named u_* are single layers (firmware_traces/README.md), the others networks.
[[nodiscard]] AccuracyReport accuracy_report(const std::vector<RecordingComparison>& comparisons,
                                             const Notes& notes);

// Writes DIRECTORY/accuracy.md and DIRECTORY/figures/*.svg; figures of an earlier report that this one does
// not have are removed. Throws host::InputError naming the file that cannot be written.
void write_accuracy_report(const std::string& directory, const AccuracyReport& report);

}  // namespace nvdla::validation
