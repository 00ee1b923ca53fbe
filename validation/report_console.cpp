// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <ostream>
#include <set>

#include "validation/pool.h"
#include "validation/report.h"
#include "validation/text_table.h"

namespace nvdla::validation {
namespace {

using amaix::Level;
using Align = TextTable::Align;

constexpr std::size_t kWorst = 10;
constexpr std::size_t kListedMismatches = 10;

std::string name_of(Level level) { return std::string(amaix::level_name(level)); }

std::string memory_text(const char* name, const host::MemoryOptions& memory) {
  std::string bandwidth = std::to_string(memory.bytes_per_cycle);
  bandwidth.erase(bandwidth.find_last_not_of('0') + 1);
  if (bandwidth.back() == '.') bandwidth.pop_back();
  return std::string(name) + " latency " + std::to_string(memory.latency) + ", " + bandwidth + " B/cycle";
}

std::vector<std::string> statistics_cells(const ErrorStatistics& errors) {
  return {std::to_string(errors.count), percent(errors.mean), percent(errors.median), percent(errors.p95),
          percent(errors.worst)};
}

// `first` followed by the columns of statistics_cells().
std::vector<TextTable::Column> statistics_columns(std::vector<TextTable::Column> first) {
  for (const char* title : {"operations", "mean %", "median %", "p95 %", "worst %"}) first.push_back({title});
  return first;
}

void add_statistics(TextTable& table, std::vector<std::string> first, const ErrorStatistics& errors) {
  for (std::string& cell : statistics_cells(errors)) first.push_back(std::move(cell));
  table.add(std::move(first));
}

void print_operations(const RecordingComparison& comparison, std::ostream& out) {
  std::vector<TextTable::Column> columns{{"layer", Align::kLeft}, {"operation", Align::kLeft}, {"recorded"}};
  for (const LevelComparison& level : comparison.levels) columns.push_back({name_of(level.level)});
  columns.push_back({"error %"});
  columns.push_back({"bound by", Align::kLeft});
  TextTable table(std::move(columns));
  const Level last = comparison.levels.back().level;
  for (const OperationComparison& operation : comparison.operations) {
    std::vector<std::string> cells{operation.layer,
                                   chain_name(operation.chain) + " " + std::to_string(operation.sequence),
                                   std::to_string(operation.recorded)};
    for (const LevelComparison& level : comparison.levels) {
      const auto found = operation.modelled.find(level.level);
      cells.push_back(found == operation.modelled.end() ? "-" : std::to_string(found->second.cycles));
    }
    const auto found = operation.modelled.find(last);
    cells.push_back(found == operation.modelled.end() ? "-" : signed_percent(found->second.error));
    cells.push_back(found == operation.modelled.end() ? "-"
                                                      : std::string(resource_name(found->second.bound_by)));
    table.add(std::move(cells));
  }
  std::vector<std::string> total{"total", "", std::to_string(comparison.recording.last_done)};
  for (const LevelComparison& level : comparison.levels) total.push_back(std::to_string(level.total_cycles));
  total.push_back(signed_percent(comparison.levels.back().total_error));
  total.emplace_back();
  table.add(std::move(total));
  table.print(out);
  out << '\n';

  TextTable levels(statistics_columns({{"level", Align::kLeft}, {"total cycles"}, {"total error %"}}));
  for (const LevelComparison& level : comparison.levels)
    add_statistics(
        levels, {name_of(level.level), std::to_string(level.total_cycles), signed_percent(level.total_error)},
        level.operations);
  levels.print(out);
}

std::string hexadecimal(const std::optional<std::uint64_t>& address) {
  if (!address) return "nothing";
  std::string digits;
  for (std::uint64_t rest = *address; rest != 0 || digits.empty(); rest /= 16)
    digits.insert(digits.begin(), "0123456789abcdef"[rest % 16]);
  return "0x" + digits;
}

void print_dma(const RecordingComparison& comparison, std::ostream& out) {
  if (comparison.bytes) {
    const ByteComparison& bytes = *comparison.bytes;
    out << "  DMA bytes by operation and client: " << bytes.compared - bytes.mismatches.size() << " of "
        << bytes.compared << " equal the recording\n";
    for (std::size_t i = 0; i < std::min(kListedMismatches, bytes.mismatches.size()); ++i) {
      const ByteMismatch& mismatch = bytes.mismatches[i];
      out << "    " << operation_name(mismatch.unit, mismatch.sequence) << " " << mismatch.stream
          << ": recorded " << mismatch.recorded << ", modelled " << mismatch.modelled << '\n';
    }
    if (bytes.mismatches.size() > kListedMismatches)
      out << "    and " << bytes.mismatches.size() - kListedMismatches << " more\n";
  }
  for (const StreamComparison& stream : comparison.streams) {
    out << "  DMA trace, " << stream.stream << ": " << stream.in_order << " of "
        << std::max(stream.recorded_beats, stream.modelled_beats) << " beats equal in address and order";
    if (stream.first_difference)
      out << "; first difference at beat " << *stream.first_difference << ": recorded "
          << hexadecimal(stream.recorded_address) << ", modelled " << hexadecimal(stream.modelled_address)
          << (stream.same_set ? "; same addresses in another order" : "");
    out << '\n';
  }
}

void print_worst(const std::vector<RecordingComparison>& comparisons, Level level, std::ostream& out) {
  struct Entry {
    const RecordingComparison* comparison;
    const OperationComparison* operation;
    const ModelledOperation* modelled;
  };
  std::vector<Entry> entries;
  for (const RecordingComparison& comparison : comparisons)
    for (const OperationComparison& operation : comparison.operations)
      if (const auto found = operation.modelled.find(level); found != operation.modelled.end())
        entries.push_back({&comparison, &operation, &found->second});
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::abs(a.modelled->error) > std::abs(b.modelled->error);
  });
  entries.resize(std::min(kWorst, entries.size()));
  TextTable table({{"recording", Align::kLeft},
                   {"operation", Align::kLeft},
                   {"layer", Align::kLeft},
                   {"recorded"},
                   {"modelled"},
                   {"error %"},
                   {"bound by", Align::kLeft}});
  for (const Entry& entry : entries)
    table.add({entry.comparison->recording.name,
               chain_name(entry.operation->chain) + " " + std::to_string(entry.operation->sequence),
               entry.operation->layer, std::to_string(entry.operation->recorded),
               std::to_string(entry.modelled->cycles), signed_percent(entry.modelled->error),
               std::string(resource_name(entry.modelled->bound_by))});
  table.print(out);
}

}  // namespace

void print_recording(const RecordingComparison& comparison, std::ostream& out) {
  const Recording& recording = comparison.recording;
  out << recording.name << "\n  " << recording.config << ' ' << recording.precision << ", "
      << memory_text("DBB", recording.dbb);
  if (recording.cvsram) out << "; " << memory_text("CVSRAM", *recording.cvsram);
  out << "\n\n";
  if (!comparison.levels.empty()) {
    print_operations(comparison, out);
    out << '\n';
  }
  print_dma(comparison, out);
  std::set<std::string> warnings;
  for (const LevelComparison& level : comparison.levels)
    warnings.insert(level.warnings.begin(), level.warnings.end());
  for (const std::string& text : warnings) out << "  warning: " << text << '\n';
  for (const std::string& text : comparison.notes) out << "  note: " << text << '\n';
  for (const std::string& text : comparison.failures) out << "  FAILED: " << text << '\n';
  out << '\n';
}

void print_summary(const std::vector<RecordingComparison>& comparisons, std::ostream& out) {
  const std::vector<Level> levels = levels_of(comparisons);
  if (levels.empty()) return;

  std::vector<TextTable::Column> columns{{"recording", Align::kLeft}, {"recorded"}};
  for (const Level level : levels) {
    columns.push_back({name_of(level)});
    columns.push_back({"total %"});
    columns.push_back({"mean op %"});
  }
  columns.push_back({"DMA", Align::kLeft});
  TextTable table(std::move(columns));
  for (const RecordingComparison& comparison : comparisons) {
    std::vector<std::string> cells{comparison.recording.name, std::to_string(comparison.recording.last_done)};
    for (const Level level : levels) {
      const LevelComparison* found = comparison.at(level);
      cells.push_back(found ? std::to_string(found->total_cycles) : "failed");
      cells.push_back(found ? signed_percent(found->total_error) : "-");
      cells.push_back(found ? percent(found->operations.mean) : "-");
    }
    cells.push_back(!comparison.bytes ? "-"
                    : comparison.bytes->mismatches.empty()
                        ? "equal"
                        : std::to_string(comparison.bytes->mismatches.size()) + " differ");
    table.add(std::move(cells));
  }
  out << "Summary (signed error of totals; mean of the operations' absolute errors)\n";
  table.print(out);

  out << "\nAll operations\n";
  TextTable pooled(statistics_columns({{"level", Align::kLeft}, {"group", Align::kLeft}}));
  for (const Level level : levels)
    add_statistics(pooled, {name_of(level), "all"}, pool(comparisons, level).operations);
  const Level last = levels.back();
  const PooledErrors errors = pool(comparisons, last);
  for (const auto& [unit, group] : errors.by_unit)
    add_statistics(pooled, {name_of(last), std::string(engine_name(unit))}, group);
  for (const auto& [bound, group] : errors.by_bound)
    add_statistics(pooled, {name_of(last), "bound by " + std::string(resource_name(bound))}, group);
  pooled.print(out);

  out << "\nWorst operations at level " << amaix::level_name(last) << '\n';
  print_worst(comparisons, last, out);
}

}  // namespace nvdla::validation
