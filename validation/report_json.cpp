// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "validation/pool.h"
#include "validation/report.h"

namespace nvdla::validation {
namespace {

using amaix::Level;
using nlohmann::ordered_json;

ordered_json to_json(const ErrorStatistics& errors) {
  return {{"operations", errors.count},
          {"mean_error_percent", errors.mean},
          {"median_error_percent", errors.median},
          {"p95_error_percent", errors.p95},
          {"worst_error_percent", errors.worst}};
}

ordered_json groups_json(const std::map<Engine, ErrorStatistics>& groups) {
  ordered_json result = ordered_json::object();
  for (const auto& [unit, errors] : groups) result[std::string(engine_name(unit))] = to_json(errors);
  return result;
}

ordered_json groups_json(const std::map<Resource, ErrorStatistics>& groups) {
  ordered_json result = ordered_json::object();
  for (const auto& [bound, errors] : groups) result[std::string(resource_name(bound))] = to_json(errors);
  return result;
}

ordered_json to_json(const host::MemoryOptions& memory) {
  return {{"latency", memory.latency},
          {"bytes_per_cycle", memory.bytes_per_cycle},
          {"max_outstanding", memory.max_outstanding}};
}

ordered_json to_json(const LevelComparison& level) {
  ordered_json result{{"level", amaix::level_name(level.level)},
                      {"total_cycles", level.total_cycles},
                      {"total_error_percent", level.total_error}};
  result.update(to_json(level.operations));
  result["by_unit"] = groups_json(level.by_unit);
  result["by_bound"] = groups_json(level.by_bound);
  result["warnings"] = level.warnings;
  return result;
}

ordered_json to_json(const OperationComparison& operation) {
  ordered_json levels = ordered_json::object();
  for (const auto& [level, modelled] : operation.modelled)
    levels[std::string(amaix::level_name(level))] = {{"cycles", modelled.cycles},
                                                     {"error_percent", modelled.error},
                                                     {"bound_by", resource_name(modelled.bound_by)}};
  return {{"unit", engine_name(operation.unit)},   {"sequence", operation.sequence},
          {"chain", chain_name(operation.chain)},  {"layer", operation.layer},
          {"recorded_cycles", operation.recorded}, {"modelled", std::move(levels)}};
}

ordered_json to_json(const ByteComparison& bytes) {
  ordered_json totals = ordered_json::object(), mismatches = ordered_json::array();
  for (const auto& [stream, total] : bytes.totals)
    totals[stream] = {{"recorded", total.first}, {"modelled", total.second}};
  for (const ByteMismatch& mismatch : bytes.mismatches)
    mismatches.push_back({{"unit", engine_name(mismatch.unit)},
                          {"sequence", mismatch.sequence},
                          {"stream", mismatch.stream},
                          {"recorded_bytes", mismatch.recorded},
                          {"modelled_bytes", mismatch.modelled}});
  return {{"compared", bytes.compared}, {"bytes", std::move(totals)}, {"mismatches", std::move(mismatches)}};
}

ordered_json optional_json(const std::optional<std::uint64_t>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json to_json(const StreamComparison& stream) {
  return {{"stream", stream.stream},
          {"recorded_beats", stream.recorded_beats},
          {"modelled_beats", stream.modelled_beats},
          {"equal_in_order", stream.in_order},
          {"same_addresses", stream.same_set},
          {"first_difference", optional_json(stream.first_difference)},
          {"recorded_address", optional_json(stream.recorded_address)},
          {"modelled_address", optional_json(stream.modelled_address)}};
}

ordered_json to_json(const RecordingComparison& comparison) {
  const Recording& recording = comparison.recording;
  ordered_json memory{{"dbb", to_json(recording.dbb)}};
  if (recording.cvsram) memory["cvsram"] = to_json(*recording.cvsram);
  ordered_json levels = ordered_json::array(), operations = ordered_json::array(),
               streams = ordered_json::array();
  for (const LevelComparison& level : comparison.levels) levels.push_back(to_json(level));
  for (const OperationComparison& operation : comparison.operations) operations.push_back(to_json(operation));
  for (const StreamComparison& stream : comparison.streams) streams.push_back(to_json(stream));
  return {{"recording", recording.name},
          {"trace", recording.trace},
          {"config", recording.config},
          {"precision", recording.precision},
          {"memory", std::move(memory)},
          {"recorded_cycles", recording.last_done},
          {"levels", std::move(levels)},
          {"operations", std::move(operations)},
          {"dma", comparison.bytes ? to_json(*comparison.bytes) : ordered_json(nullptr)},
          {"dma_trace", std::move(streams)},
          {"notes", comparison.notes},
          {"failures", comparison.failures}};
}

}  // namespace

ordered_json to_json(const std::vector<RecordingComparison>& comparisons) {
  ordered_json recordings = ordered_json::array(), summary = ordered_json::array();
  for (const RecordingComparison& comparison : comparisons) recordings.push_back(to_json(comparison));
  for (const Level level : levels_of(comparisons)) {
    const PooledErrors errors = pool(comparisons, level);
    ordered_json entry{{"level", amaix::level_name(level)},
                       {"recordings", errors.totals.count},
                       {"mean_total_error_percent", errors.totals.mean},
                       {"worst_total_error_percent", errors.totals.worst}};
    entry.update(to_json(errors.operations));
    entry["by_unit"] = groups_json(errors.by_unit);
    entry["by_bound"] = groups_json(errors.by_bound);
    summary.push_back(std::move(entry));
  }
  return {{"schema", "nvdla-validation/1"},
          {"recordings", std::move(recordings)},
          {"summary", std::move(summary)}};
}

}  // namespace nvdla::validation
