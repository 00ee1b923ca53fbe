// SPDX-License-Identifier: Apache-2.0
#include "validation/memory_ratio.h"

#include <utility>

namespace nvdla::validation {
namespace {

MemoryRatio ratio_of(const RecordingComparison* faster, const RecordingComparison* slower) {
  if (faster->recording.last_done > slower->recording.last_done) std::swap(faster, slower);
  MemoryRatio result;
  result.faster = faster;
  result.slower = slower;
  result.recorded =
      static_cast<double>(slower->recording.last_done) / static_cast<double>(faster->recording.last_done);
  for (const LevelComparison& level : slower->levels)
    if (const LevelComparison* other = faster->at(level.level); other && other->total_cycles > 0)
      result.modelled[level.level] =
          static_cast<double>(level.total_cycles) / static_cast<double>(other->total_cycles);
  return result;
}

}  // namespace

std::vector<MemoryRatio> memory_ratios(const std::vector<const RecordingComparison*>& comparisons) {
  std::vector<MemoryRatio> result;
  for (std::size_t i = 0; i < comparisons.size(); ++i)
    for (std::size_t j = i + 1; j < comparisons.size(); ++j)
      if (comparisons[i]->recording.trace == comparisons[j]->recording.trace)
        result.push_back(ratio_of(comparisons[i], comparisons[j]));
  return result;
}

}  // namespace nvdla::validation
