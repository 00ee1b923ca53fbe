// SPDX-License-Identifier: Apache-2.0
// Comparisons made by hand.
#pragma once

#include <string>
#include <vector>

#include "validation/comparison.h"

namespace nvdla::validation {

struct MadeOperation {
  Cycle recorded = 0;
  Cycle modelled = 0;
};

// One level, one CONV operation after the other.
inline RecordingComparison made_comparison(const std::string& name, Cycle recorded_total,
                                           Cycle modelled_total, const std::vector<MadeOperation>& operations,
                                           amaix::Level level = amaix::Level::kDynamic) {
  RecordingComparison result;
  result.recording.name = name;
  result.recording.trace = name.substr(0, name.find("__"));
  result.recording.last_done = recorded_total;
  result.recording.config = "nv_full";
  result.recording.precision = "int8";
  LevelComparison figures;
  figures.level = level;
  figures.total_cycles = modelled_total;
  figures.total_error =
      error_percent(static_cast<double>(modelled_total), static_cast<double>(recorded_total));
  std::vector<double> errors;
  for (const MadeOperation& made : operations) {
    OperationComparison operation;
    operation.sequence = static_cast<std::uint32_t>(errors.size());
    operation.chain = {Engine::kConv, Engine::kSdp};
    operation.layer = "layer" + std::to_string(errors.size());
    operation.recorded = made.recorded;
    errors.push_back(error_percent(static_cast<double>(made.modelled), static_cast<double>(made.recorded)));
    operation.modelled[level] = {made.modelled, errors.back(), Resource::kMacArray};
    result.operations.push_back(std::move(operation));
  }
  figures.operations = statistics(errors);
  result.levels.push_back(std::move(figures));
  result.bytes = ByteComparison();
  return result;
}

}  // namespace nvdla::validation
