// SPDX-License-Identifier: Apache-2.0
// One recording replayed on the model at one or more levels and compared: totals, every hardware operation,
// DMA. Comparing never stops at a difference; what could not be replayed or matched is a failure in the
// result, so that one bad recording does not hide the others.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "amaix/estimate.h"
#include "host/replay.h"
#include "validation/dma_comparison.h"
#include "validation/hardware_operations.h"
#include "validation/recording.h"
#include "validation/statistics.h"

namespace nvdla::validation {

struct ModelledOperation {
  Cycle cycles = 0;
  double error = 0;  // percent, signed
  Resource bound_by = Resource::kProgramming;
};

// One hardware operation, recorded and as each level has it.
struct OperationComparison {
  Engine unit = Engine::kConv;
  std::uint32_t sequence = 0;
  std::vector<Engine> chain;
  std::string layer;  // name of the network layer; empty if unknown
  Cycle recorded = 0;
  std::map<amaix::Level, ModelledOperation> modelled;
};

struct LevelComparison {
  amaix::Level level = amaix::Level::kDynamic;
  Cycle total_cycles = 0;
  double total_error = 0;  // percent of the recording's last_done, signed
  ErrorStatistics operations;
  std::map<Engine, ErrorStatistics> by_unit;
  std::map<Resource, ErrorStatistics> by_bound;
  std::vector<std::string> warnings;  // of the replay
};

struct RecordingComparison {
  Recording recording;
  std::string trace_path;
  std::vector<OperationComparison> operations;  // in the order in which they were recorded to end
  std::vector<LevelComparison> levels;          // those that replayed
  // Of the most detailed level that replayed.
  std::optional<ByteComparison> bytes;
  std::vector<StreamComparison> streams;  // empty without a DMA trace
  // Replay errors, read mismatches, operations that exist on one side only.
  std::vector<std::string> failures;
  std::vector<std::string> notes;  // what a comparison leaves out

  [[nodiscard]] const LevelComparison* at(amaix::Level level) const;
};

struct ComparisonOptions {
  std::vector<amaix::Level> levels{amaix::Level::kRoofline, amaix::Level::kRefined, amaix::Level::kDynamic};
  // Directory of traces; nothing: see find_trace().
  std::optional<std::string> traces;
  bool dma_trace = true;
  std::function<void(const host::ReplayProgress&)> progress;  // of each replay
};

// The trace of a recording, file FOLDER/input.txn or FOLDER/input.txn.gz where FOLDER is the recording's
// `trace` in the first of these directories that has it: the one given; else the recording's own, the one
// above (a recording beside its trace), ../traces and ../../firmware_traces from there, and firmware_traces
// of the source tree this program was built from. Throws host::InputError that lists where it looked.
[[nodiscard]] std::string find_trace(const Recording& recording, const std::optional<std::string>& traces);

// Throws host::InputError when the recording itself, its trace or its configuration cannot be read.
[[nodiscard]] RecordingComparison compare(const std::string& recording_path,
                                          const ComparisonOptions& options);

}  // namespace nvdla::validation
