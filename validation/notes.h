// SPDX-License-Identifier: Apache-2.0
// What people found out about the model's errors: text for the accuracy report that no replay can produce.
// From a JSON file (schema nvdla-accuracy-notes/1, docs/formats.md). Notes never enter a figure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/comparison.h"

namespace nvdla::validation {

struct Explanation {
  std::string recordings;  // shell pattern over recording names
  amaix::Level level = amaix::Level::kDynamic;
  std::optional<Engine> unit;  // nothing: any
  std::string text;
};

// Recordings that the report shows together.
struct Mode {
  std::string recordings;  // shell pattern over recording names
  std::string name;
};

// Recordings of modes that have a section of the report.
struct ModeSet {
  enum class Detail : std::uint8_t { kNone, kWorst, kRecordings };
  std::string recordings;  // shell pattern over recording names
  std::string name;        // its title
  std::string text;
  Detail detail = Detail::kNone;  // below the tables: nothing, the worst operations, every recording
};

struct Notes {
  std::vector<Explanation> explanations;  // the first that fits counts
  std::vector<Mode> modes;                // in the order of the report; the first that fits counts
  std::vector<ModeSet> sets;              // in the order of the report; the first that fits counts
  std::vector<std::string> dma;           // on DMA byte counts that differ
  std::vector<std::string> not_covered;

  // Empty if there is none.
  [[nodiscard]] std::string explain(const Recording& recording, Engine unit, amaix::Level level) const;
  // Null if there is none.
  [[nodiscard]] const Mode* mode_of(const Recording& recording) const;
  // Null for a recording without a mode; "recordings of single modes", all of them shown, if it is in none.
  [[nodiscard]] const ModeSet* set_of(const Recording& recording) const;
};

// Throws host::InputError naming file and entry.
[[nodiscard]] Notes load_notes(const std::string& path);

}  // namespace nvdla::validation
