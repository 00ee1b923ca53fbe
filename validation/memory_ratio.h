// SPDX-License-Identifier: Apache-2.0
// What another memory costs: where one trace was recorded with several memories, the ratio of the totals of
// each two of them, recorded and modelled. A model that is right for one memory by luck is wrong here.
#pragma once

#include <map>
#include <vector>

#include "validation/comparison.h"

namespace nvdla::validation {

struct MemoryRatio {
  const RecordingComparison* faster = nullptr;  // the smaller recorded total
  const RecordingComparison* slower = nullptr;
  double recorded = 1;                      // total of `slower` / total of `faster`, at least 1
  std::map<amaix::Level, double> modelled;  // levels at which both were replayed
};

// Pairs in the order of `comparisons`, which must outlive the result.
[[nodiscard]] std::vector<MemoryRatio> memory_ratios(
    const std::vector<const RecordingComparison*>& comparisons);

}  // namespace nvdla::validation
