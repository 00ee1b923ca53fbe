// SPDX-License-Identifier: Apache-2.0
#include "validation/pool.h"

#include <algorithm>

namespace nvdla::validation {

using amaix::Level;

PooledErrors pool(const std::vector<RecordingComparison>& comparisons, Level level) {
  std::vector<double> operations, totals;
  std::map<Engine, std::vector<double>> by_unit;
  std::map<Resource, std::vector<double>> by_bound;
  for (const RecordingComparison& comparison : comparisons) {
    if (const LevelComparison* found = comparison.at(level)) totals.push_back(found->total_error);
    for (const OperationComparison& operation : comparison.operations) {
      const auto found = operation.modelled.find(level);
      if (found == operation.modelled.end()) continue;
      operations.push_back(found->second.error);
      by_unit[operation.unit].push_back(found->second.error);
      by_bound[found->second.bound_by].push_back(found->second.error);
    }
  }
  PooledErrors result;
  result.operations = statistics(operations);
  result.totals = statistics(totals);
  for (const auto& [unit, errors] : by_unit) result.by_unit[unit] = statistics(errors);
  for (const auto& [bound, errors] : by_bound) result.by_bound[bound] = statistics(errors);
  return result;
}

std::vector<Level> levels_of(const std::vector<RecordingComparison>& comparisons) {
  std::vector<Level> result;
  for (const Level level : {Level::kRoofline, Level::kRefined, Level::kDynamic})
    if (std::any_of(comparisons.begin(), comparisons.end(),
                    [&](const RecordingComparison& comparison) { return comparison.at(level) != nullptr; }))
      result.push_back(level);
  return result;
}

}  // namespace nvdla::validation
