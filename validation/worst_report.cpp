// SPDX-License-Identifier: Apache-2.0
#include "validation/worst_report.h"

#include <algorithm>
#include <cmath>

#include "validation/markdown.h"

namespace nvdla::validation {
namespace {

using amaix::Level;
using Align = TextTable::Align;

constexpr std::size_t kWorst = 10;

struct Entry {
  const RecordingComparison* comparison;
  const OperationComparison* operation;
  const ModelledOperation* modelled;
};

std::vector<Entry> worst_of(const std::vector<const RecordingComparison*>& comparisons, Level level) {
  std::vector<Entry> entries;
  for (const RecordingComparison* comparison : comparisons)
    for (const OperationComparison& operation : comparison->operations)
      if (const auto found = operation.modelled.find(level); found != operation.modelled.end())
        entries.push_back({comparison, &operation, &found->second});
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::abs(a.modelled->error) > std::abs(b.modelled->error);
  });
  entries.resize(std::min(kWorst, entries.size()));
  return entries;
}

}  // namespace

std::string operation_text(const OperationComparison& operation) {
  return chain_name(operation.chain) + " " + std::to_string(operation.sequence);
}

std::string worst_report(const std::vector<const RecordingComparison*>& comparisons, const Notes& notes,
                         const std::vector<Level>& levels) {
  std::string text;
  for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
    if (*level == Level::kRoofline) continue;
    MarkdownTable table({{"recording", Align::kLeft},
                         {"operation", Align::kLeft},
                         {"recorded"},
                         {"modelled"},
                         {"error %"},
                         {"what explains it", Align::kLeft}});
    for (const Entry& entry : worst_of(comparisons, *level)) {
      const std::string reason = notes.explain(entry.comparison->recording, entry.operation->unit, *level);
      table.add({entry.comparison->recording.name, operation_text(*entry.operation),
                 std::to_string(entry.operation->recorded), std::to_string(entry.modelled->cycles),
                 signed_percent(entry.modelled->error), reason.empty() ? "not explained" : reason});
    }
    text += "### Worst operations at level " + std::string(amaix::level_name(*level)) + "\n\n" + table.str();
  }
  return text;
}

}  // namespace nvdla::validation
