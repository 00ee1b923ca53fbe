// SPDX-License-Identifier: Apache-2.0
#include "validation/mode_report.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <map>

#include "validation/markdown.h"
#include "validation/statistics.h"
#include "validation/worst_report.h"

namespace nvdla::validation {
namespace {

using amaix::Level;
using Align = TextTable::Align;
using Comparisons = std::vector<const RecordingComparison*>;

// Errors of some recordings at one level.
struct Errors {
  std::vector<double> totals, operations;  // percent, signed
  Cycle most = 0;                          // cycles, of an operation

  void add(const RecordingComparison& comparison, Level level) {
    if (const LevelComparison* found = comparison.at(level)) totals.push_back(found->total_error);
    for (const OperationComparison& operation : comparison.operations) {
      const auto found = operation.modelled.find(level);
      if (found == operation.modelled.end()) continue;
      operations.push_back(found->second.error);
      most = std::max(most, static_cast<Cycle>(std::llabs(found->second.cycles - operation.recorded)));
    }
  }
};

Errors errors_of(const Comparisons& comparisons, Level level) {
  Errors errors;
  for (const RecordingComparison* comparison : comparisons) errors.add(*comparison, level);
  return errors;
}

// Roofline leaves out by design what would explain its errors.
std::vector<Level> judged(const std::vector<Level>& levels) {
  std::vector<Level> result;
  for (const Level level : levels)
    if (level != Level::kRoofline) result.push_back(level);
  return result;
}

// A row for each group; the columns of a level are mean and worst, of totals and of operations.
std::string groups_table(const std::string& title,
                         const std::vector<std::pair<std::string, Comparisons>>& groups,
                         const std::vector<Level>& levels) {
  std::vector<TextTable::Column> columns{{title, Align::kLeft}, {"recordings"}, {"operations"}};
  for (const Level level : levels) {
    const std::string name(amaix::level_name(level));
    for (const char* figure :
         {" total, mean %", " total, worst %", " operation, mean %", " operation, worst %"})
      columns.push_back({name + figure});
  }
  columns.push_back({"most cycles"});
  MarkdownTable table(std::move(columns));
  for (const auto& [name, comparisons] : groups) {
    std::vector<std::string> cells{name, std::to_string(comparisons.size())};
    Errors errors;
    for (const Level level : levels) {
      errors = errors_of(comparisons, level);
      if (level == levels.front()) cells.push_back(std::to_string(errors.operations.size()));
      for (const std::vector<double>& list : {errors.totals, errors.operations}) {
        const ErrorStatistics figures = statistics(list);
        cells.push_back(percent(figures.mean));
        cells.push_back(percent(figures.worst));
      }
    }
    cells.push_back(std::to_string(errors.most));
    table.add(cells);
  }
  return table.str();
}

template <typename Name>
std::vector<std::pair<std::string, Comparisons>> grouped(const Comparisons& comparisons, Name name) {
  std::map<std::string, Comparisons> groups;
  for (const RecordingComparison* comparison : comparisons) groups[name(*comparison)].push_back(comparison);
  return {groups.begin(), groups.end()};
}

std::string worst_operation(const RecordingComparison& comparison, Level level) {
  double worst = 0;
  for (const OperationComparison& operation : comparison.operations)
    if (const auto found = operation.modelled.find(level);
        found != operation.modelled.end() && std::abs(found->second.error) >= std::abs(worst))
      worst = found->second.error;
  return signed_percent(worst);
}

std::string recordings_table(const Comparisons& comparisons, const std::vector<Level>& levels) {
  std::vector<TextTable::Column> columns{{"recording", Align::kLeft}, {"operations"}, {"recorded cycles"}};
  for (const Level level : levels) {
    const std::string name(amaix::level_name(level));
    columns.push_back({name + " total %"});
    columns.push_back({name + " worst operation %"});
  }
  columns.push_back({"most cycles"});
  columns.push_back({"DMA bytes", Align::kLeft});
  MarkdownTable table(std::move(columns));
  for (const RecordingComparison* comparison : comparisons) {
    std::vector<std::string> cells{comparison->recording.name, std::to_string(comparison->operations.size()),
                                   std::to_string(comparison->recording.last_done)};
    for (const Level level : levels) {
      const LevelComparison* found = comparison->at(level);
      cells.push_back(found ? signed_percent(found->total_error) : "failed");
      cells.push_back(worst_operation(*comparison, level));
    }
    cells.push_back(std::to_string(errors_of({comparison}, levels.back()).most));
    cells.push_back(dma_text(*comparison));
    table.add(cells);
  }
  return table.str();
}

std::vector<std::pair<std::string, Comparisons>> by_mode(const Comparisons& comparisons, const Notes& notes) {
  std::vector<std::pair<std::string, Comparisons>> modes;
  for (const Mode& mode : notes.modes) {
    Comparisons members;
    for (const RecordingComparison* comparison : comparisons)
      if (notes.mode_of(comparison->recording)->name == mode.name) members.push_back(comparison);
    const bool known =
        std::any_of(modes.begin(), modes.end(), [&](const auto& other) { return other.first == mode.name; });
    if (!members.empty() && !known) modes.emplace_back(mode.name, std::move(members));
  }
  return modes;
}

// What makes a memory hard to predict; a name, where there are too many memories for a row each.
std::string memory_kind(const Recording& recording) {
  const memory::MemoryDescription& memory = recording.dbb;
  if (memory.max_outstanding <= 16) return "at most 16 open accesses";
  if (memory.latency >= 300) return "latency of 300 and more";
  if (2 * memory.bytes_per_cycle <= recording.bus_bytes) return "half a beat a cycle and less";
  return "others";
}

std::string set_section(const ModeSet& set, const Comparisons& comparisons, const Notes& notes,
                        const std::vector<Level>& levels) {
  const bool single = set.detail == ModeSet::Detail::kRecordings;
  const auto modes = by_mode(comparisons, notes);
  std::string title = set.name;
  title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
  std::string text = "## " + title + "\n\n";
  if (!set.text.empty()) text += set.text + "\n\n";
  text += "`most cycles`: the largest difference of an operation at level " +
          std::string(amaix::level_name(levels.back())) + ".\n\n";
  text += groups_table("mode", modes, levels);
  text += groups_table("configuration",
                       grouped(comparisons,
                               [](const RecordingComparison& comparison) {
                                 return comparison.recording.config + " " + comparison.recording.precision;
                               }),
                       levels);
  text += groups_table("memory",
                       grouped(comparisons,
                               [single](const RecordingComparison& comparison) {
                                 const Recording& recording = comparison.recording;
                                 return recording.config + (single ? " " + memory_name(recording)
                                                                   : ", " + memory_kind(recording));
                               }),
                       levels);
  if (single)
    for (const auto& [name, members] : modes)
      text += "### " + name + "\n\n" + recordings_table(members, levels);
  if (set.detail == ModeSet::Detail::kWorst) text += worst_report(comparisons, notes, levels);
  return text;
}

}  // namespace

std::string dma_text(const RecordingComparison& comparison) {
  if (!comparison.bytes) return "-";
  const std::size_t differ = comparison.bytes->mismatches.size();
  return differ == 0
             ? "equal"
             : std::to_string(differ) + " of " + std::to_string(comparison.bytes->compared) + " differ";
}

std::vector<ComparisonsOfSet> by_set(const Comparisons& comparisons, const Notes& notes) {
  std::vector<ComparisonsOfSet> result;
  for (const ModeSet& set : notes.sets) result.emplace_back(&set, Comparisons());
  for (const RecordingComparison* comparison : comparisons) {
    const ModeSet* const set = notes.set_of(comparison->recording);
    const auto found =
        std::find_if(result.begin(), result.end(), [&](const auto& entry) { return entry.first == set; });
    if (found == result.end())
      result.emplace_back(set, Comparisons{comparison});
    else
      found->second.push_back(comparison);
  }
  result.erase(
      std::remove_if(result.begin(), result.end(), [](const auto& entry) { return entry.second.empty(); }),
      result.end());
  return result;
}

std::string mode_report(const Comparisons& comparisons, const Notes& notes,
                        const std::vector<Level>& all_levels) {
  const std::vector<Level> levels = judged(all_levels);
  std::string text;
  if (!levels.empty())
    for (const auto& [set, members] : by_set(comparisons, notes))
      text += set_section(*set, members, notes, levels);
  return text;
}

}  // namespace nvdla::validation
