// SPDX-License-Identifier: Apache-2.0
#include "validation/comparison.h"

#include <algorithm>
#include <filesystem>

#include "host/runner.h"
#include "validation/layers.h"

namespace nvdla::validation {
namespace {

namespace fs = std::filesystem;
using amaix::Level;
using engine::OperationRecord;

// Read mismatches that a report lists one by one; the rest is counted.
constexpr std::size_t kListedMismatches = 5;

HardwareOperation const* find(const std::vector<HardwareOperation>& operations,
                              const OperationComparison& wanted) {
  const auto found =
      std::find_if(operations.begin(), operations.end(), [&](const HardwareOperation& candidate) {
        return candidate.unit == wanted.unit && candidate.sequence == wanted.sequence &&
               candidate.chain == wanted.chain;
      });
  return found == operations.end() ? nullptr : &*found;
}

// Fills the level's columns of `result.operations` and the level's statistics.
void match(const std::vector<HardwareOperation>& modelled, LevelComparison& level,
           RecordingComparison& result) {
  const std::string at = std::string(amaix::level_name(level.level)) + ": ";
  std::vector<double> errors;
  std::map<Engine, std::vector<double>> by_unit;
  std::map<Resource, std::vector<double>> by_bound;
  for (OperationComparison& operation : result.operations) {
    const HardwareOperation* found = find(modelled, operation);
    if (!found) {
      result.failures.push_back(at + operation_name(operation.unit, operation.sequence) +
                                " is recorded, but the model did not run it");
      continue;
    }
    const double error =
        error_percent(static_cast<double>(found->latency()), static_cast<double>(operation.recorded));
    operation.modelled[level.level] = {found->latency(), error, found->bound_by};
    errors.push_back(error);
    by_unit[operation.unit].push_back(error);
    by_bound[found->bound_by].push_back(error);
  }
  if (modelled.size() > errors.size())
    result.failures.push_back(at + std::to_string(modelled.size() - errors.size()) +
                              " operations of the model are not in the recording");
  level.operations = statistics(errors);
  for (auto& [unit, list] : by_unit) level.by_unit[unit] = statistics(list);
  for (auto& [bound, list] : by_bound) level.by_bound[bound] = statistics(list);
}

host::ReplayOptions replay_options(const RecordingComparison& result, Level level,
                                   const ComparisonOptions& options) {
  host::ReplayOptions replay;
  try {
    replay.hardware = preset(result.recording.config);
  } catch (const std::invalid_argument& error) {
    throw host::InputError(result.recording.path + ": config: " + error.what());
  }
  if (replay.hardware.dbb_width_bytes != result.recording.bus_bytes)
    throw host::InputError(result.recording.path + ": dbb.bus_bytes is " +
                           std::to_string(result.recording.bus_bytes) + ", " + replay.hardware.name +
                           " has " + std::to_string(replay.hardware.dbb_width_bytes));
  replay.level = level;
  replay.dbb = result.recording.dbb;
  if (replay.hardware.cvsram) replay.cvsram = result.recording.cvsram;
  replay.stop_on_mismatch = false;
  replay.dump.write = false;
  replay.progress = options.progress;
  return replay;
}

void list_failures(const std::string& at, const host::ReplayResult& replayed, RecordingComparison& result) {
  for (std::size_t i = 0; i < std::min(kListedMismatches, replayed.read_mismatches.size()); ++i)
    result.failures.push_back(at + "read mismatch: " + replayed.read_mismatches[i]);
  if (replayed.read_mismatches.size() > kListedMismatches)
    result.failures.push_back(at + std::to_string(replayed.read_mismatches.size()) +
                              " read mismatches in all");
}

// The recorded operations, with the layers of a replay.
void add_operations(const std::vector<OperationRecord>& recorded,
                    const std::vector<OperationRecord>& modelled, RecordingComparison& result) {
  const fs::path layers_path = fs::path(result.trace_path).parent_path() / "layers.json";
  const LayerNames names = fs::exists(layers_path) ? LayerNames(layers_path.string()) : LayerNames();
  std::vector<OperationId> missing;
  std::vector<HardwareOperation> operations = hardware_operations(with_layers(recorded, modelled, missing));
  for (const OperationId id : missing)
    result.failures.push_back(operation_name(id.engine, id.sequence) +
                              " is recorded, but the model did not run it");
  std::stable_sort(operations.begin(), operations.end(),
                   [](const HardwareOperation& a, const HardwareOperation& b) { return a.end < b.end; });
  for (const HardwareOperation& operation : operations) {
    if (operation.latency() <= 0)
      throw host::InputError(result.recording.path + ": " +
                             operation_name(operation.unit, operation.sequence) + " ends before it begins");
    result.operations.push_back({operation.unit,
                                 operation.sequence,
                                 operation.chain,
                                 names.of(operation.unit, operation.sequence),
                                 operation.latency(),
                                 {}});
  }
}

// Both sides by one definition where a recording does not tell when operations were enabled: an operation
// then lasts from the interrupt of the one before.
std::vector<OperationRecord> without_enables(std::vector<OperationRecord> operations) {
  for (OperationRecord& operation : operations) operation.enable = operation.begin = 0;
  return operations;
}

void add_level(const host::Program& program, const std::vector<OperationRecord>& recorded, Level level,
               const ComparisonOptions& options, bool compare_dma, RecordingComparison& result) {
  host::ReplayOptions replay = replay_options(result, level, options);
  const Recording& recording = result.recording;
  DmaStreams modelled_streams(recording.bus_bytes);
  const bool with_trace = compare_dma && options.dma_trace && recording.dma_trace;
  if (with_trace) replay.dma_trace = [&](const host::DmaBurst& burst) { modelled_streams.add(burst); };

  const std::string at = std::string(amaix::level_name(level)) + ": ";
  LevelComparison comparison;
  comparison.level = level;
  try {
    const host::ReplayResult replayed = host::run(program, replay);
    list_failures(at, replayed, result);
    comparison.total_cycles = replayed.total_cycles;
    comparison.total_error =
        error_percent(static_cast<double>(replayed.total_cycles), static_cast<double>(recording.last_done));
    comparison.warnings = replayed.warnings;
    const std::vector<OperationRecord> modelled =
        recording.enables ? replayed.operations : without_enables(replayed.operations);
    if (result.operations.empty()) add_operations(recorded, modelled, result);
    match(hardware_operations(modelled), comparison, result);
    if (compare_dma && recording.traffic) result.bytes = compare_bytes(recorded, replayed.operations);
  } catch (const host::ReplayError& error) {
    result.failures.push_back(at + error.what());
    return;
  } catch (const MatchingError& error) {
    result.failures.push_back(at + error.what());
    return;
  }
  if (with_trace)
    result.streams =
        compare_streams(load_dma_trace(*recording.dma_trace, recording.bus_bytes), modelled_streams);
  result.levels.push_back(std::move(comparison));
}

}  // namespace

const LevelComparison* RecordingComparison::at(Level level) const {
  const auto found = std::find_if(levels.begin(), levels.end(),
                                  [&](const LevelComparison& entry) { return entry.level == level; });
  return found == levels.end() ? nullptr : &*found;
}

std::string find_trace(const Recording& recording, const std::optional<std::string>& traces) {
  std::vector<fs::path> directories;
  if (traces) {
    directories = {*traces};
  } else {
    const fs::path own = fs::path(recording.path).parent_path();
    directories = {own, own / "..", own / ".." / "traces", own / ".." / ".." / "firmware_traces",
                   fs::path(NVDLA_SOURCE_DIR) / "firmware_traces"};
  }
  std::string looked;
  for (const fs::path& directory : directories) {
    if (const fs::path named = directory / recording.trace; fs::is_regular_file(named)) return named.string();
    for (const char* file : {"input.txn", "input.txn.gz"}) {
      const fs::path path = (directory / recording.trace / file).lexically_normal();
      if (fs::exists(path)) return path.string();
    }
    looked += "\n  " + (directory / recording.trace).lexically_normal().string();
  }
  throw host::InputError(recording.path + ": trace \"" + recording.trace +
                         "\" not found; looked for input.txn and input.txn.gz in" + looked);
}

RecordingComparison compare(const std::string& recording_path, const ComparisonOptions& options) {
  RecordingComparison result;
  result.recording = load_recording(recording_path);
  result.trace_path = find_trace(result.recording, options.traces);
  const std::vector<OperationRecord> recorded = recorded_operations(result.recording);

  if (result.recording.csb_gap != 0)
    result.notes.push_back("the recording's driver added " + std::to_string(result.recording.csb_gap) +
                           " cycles between accesses, which the replay does not");

  if (!result.recording.enables)
    result.notes.emplace_back(
        "the recording does not tell when operations were enabled: they last from the interrupt of the "
        "unit's "
        "operation before, the first from cycle 0");
  if (!result.recording.traffic) result.notes.emplace_back("the recording does not tell bytes");

  const Level detailed = *std::max_element(options.levels.begin(), options.levels.end());
  std::optional<host::Program> program;
  try {
    program.emplace(result.trace_path);
  } catch (const host::InputError& error) {
    result.failures.emplace_back(error.what());
    return result;
  }
  for (const Level level : options.levels)
    add_level(*program, recorded, level, options, level == detailed, result);
  return result;
}

}  // namespace nvdla::validation
