// SPDX-License-Identifier: Apache-2.0
#include "validation/bounds.h"

#include <fnmatch.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "validation/json_file.h"
#include "validation/memory_ratio.h"
#include "validation/text_table.h"

namespace nvdla::validation {
namespace {

using nlohmann::json;

bool applies(const Bound& bound, const RecordingComparison& comparison) {
  return fnmatch(bound.recordings.c_str(), comparison.recording.name.c_str(), FNM_EXTMATCH) == 0;
}

std::string read_text(const json& value, const std::string& where, const std::string& key) {
  if (!value.is_string()) throw host::InputError(where + key + " is not a string");
  return value.get<std::string>();
}

std::uint64_t read_whole(const json& value, const std::string& where, const std::string& key) {
  if (!value.is_number_unsigned()) throw host::InputError(where + key + " is not a whole number");
  return value.get<std::uint64_t>();
}

ShortOperations read_short(const json& object, const std::string& where) {
  if (!object.is_object()) throw host::InputError(where + "short_operations is not an object");
  for (const auto& [key, value] : object.items())
    if (key != "below" && key != "within")
      throw host::InputError(where + "short_operations: unknown key \"" + key + "\"");
  ShortOperations result;
  for (const auto& [key, figure] : {std::pair{"below", &result.below}, std::pair{"within", &result.within}}) {
    const std::string name = std::string("short_operations.") + key;
    if (!object.contains(key)) throw host::InputError(where + name + " is missing");
    *figure = static_cast<Cycle>(read_whole(object.at(key), where, name));
  }
  return result;
}

std::optional<double>* figure_of(Bound& bound, const std::string& key) {
  return key == "total"          ? &bound.total
         : key == "mean"         ? &bound.mean
         : key == "median"       ? &bound.median
         : key == "p95"          ? &bound.p95
         : key == "worst"        ? &bound.worst
         : key == "memory_ratio" ? &bound.memory_ratio
                                 : nullptr;
}

void read_key(const std::string& key, const json& value, const std::string& where, Bound& bound) {
  if (key == "note") {
    (void)read_text(value, where, key);  // for the reader
  } else if (key == "recordings") {
    bound.recordings = read_text(value, where, key);
  } else if (key == "level") {
    const auto level = amaix::level_from_name(read_text(value, where, key));
    if (!level) throw host::InputError(where + "unknown level \"" + value.get<std::string>() + "\"");
    bound.level = *level;
  } else if (key == "pooled") {
    if (!value.is_boolean()) throw host::InputError(where + key + " is neither true nor false");
    bound.pooled = value.get<bool>();
  } else if (key == "dma_mismatches") {
    bound.dma_mismatches = read_whole(value, where, key);
  } else if (key == "short_operations") {
    bound.short_operations = read_short(value, where);
  } else {
    std::optional<double>* figure = figure_of(bound, key);
    if (!figure) throw host::InputError(where + "unknown key \"" + key + "\"");
    if (!value.is_number() || value.get<double>() < 0)
      throw host::InputError(where + key + " is not a percentage");
    *figure = value.get<double>();
  }
}

Bound read_bound(const json& object, const std::string& where) {
  if (!object.is_object()) throw host::InputError(where + "not an object");
  Bound bound;
  for (const auto& [key, value] : object.items()) read_key(key, value, where, bound);
  if (bound.recordings.empty()) throw host::InputError(where + "recordings is missing");
  if (bound.pooled && (bound.total || bound.dma_mismatches))
    throw host::InputError(where + "total and dma_mismatches are of single recordings, not pooled");
  return bound;
}

// Judges one bound and collects what breaks it.
class Judge {
 public:
  Judge(const Bound& bound, std::vector<std::string>& broken) : bound_(bound), broken_(broken) {}

  void recording(const RecordingComparison& comparison) {
    const LevelComparison* level = comparison.at(bound_.level);
    if (!level) return;
    const std::string where = place(comparison.recording.name);
    check(where + "total error ", bound_.total, std::abs(level->total_error));
    std::vector<double> all, judged_by_worst;
    operations(comparison, all, judged_by_worst);
    if (bound_.pooled) {
      all_.insert(all_.end(), all.begin(), all.end());
      judged_by_worst_.insert(judged_by_worst_.end(), judged_by_worst.begin(), judged_by_worst.end());
    } else {
      statistics_of(where, all, judged_by_worst);
    }
    if (!bound_.dma_mismatches) return;
    if (!comparison.bytes || comparison.bytes->mismatches.size() > *bound_.dma_mismatches)
      broken_.push_back(where +
                        (comparison.bytes ? std::to_string(comparison.bytes->mismatches.size()) : "unknown") +
                        " DMA byte counts differ, " + std::to_string(*bound_.dma_mismatches) + " may");
  }

  void finish(const std::vector<const RecordingComparison*>& matching) {
    if (bound_.pooled) statistics_of(place(bound_.recordings), all_, judged_by_worst_);
    if (!bound_.memory_ratio) return;
    for (const MemoryRatio& ratio : memory_ratios(matching)) {
      const auto found = ratio.modelled.find(bound_.level);
      if (found == ratio.modelled.end()) continue;
      check(place(ratio.slower->recording.name) + "ratio of its total to that of " +
                ratio.faster->recording.name + ", error ",
            bound_.memory_ratio, std::abs(error_percent(found->second, ratio.recorded)));
    }
  }

 private:
  [[nodiscard]] std::string place(const std::string& name) const {
    return name + ", " + std::string(amaix::level_name(bound_.level)) + ": ";
  }

  void check(const std::string& what, const std::optional<double>& limit, double value) {
    if (limit && !(value <= *limit))  // a value that is no number fails
      broken_.push_back(what + percent(value) + " % is worse than " + percent(*limit) + " %");
  }

  void statistics_of(const std::string& where, const std::vector<double>& all,
                     const std::vector<double>& judged_by_worst) {
    const ErrorStatistics figures = statistics(all);
    check(where + "mean error ", bound_.mean, figures.mean);
    check(where + "median error ", bound_.median, figures.median);
    check(where + "95th percentile error ", bound_.p95, figures.p95);
    check(where + "worst error ", bound_.worst, statistics(judged_by_worst).worst);
  }

  // The errors of a recording's operations; short ones are judged here.
  void operations(const RecordingComparison& comparison, std::vector<double>& all,
                  std::vector<double>& judged_by_worst) {
    for (const OperationComparison& operation : comparison.operations) {
      const auto found = operation.modelled.find(bound_.level);
      if (found == operation.modelled.end()) continue;
      all.push_back(found->second.error);
      if (!bound_.short_operations || operation.recorded >= bound_.short_operations->below) {
        judged_by_worst.push_back(found->second.error);
        continue;
      }
      const Cycle off = std::llabs(found->second.cycles - operation.recorded);
      if (off > bound_.short_operations->within)
        broken_.push_back(place(comparison.recording.name) +
                          operation_name(operation.unit, operation.sequence) + " is off by " +
                          std::to_string(off) + " cycles, worse than " +
                          std::to_string(bound_.short_operations->within));
    }
  }

  const Bound& bound_;
  std::vector<std::string>& broken_;
  std::vector<double> all_, judged_by_worst_;
};

}  // namespace

std::vector<Bound> load_bounds(const std::string& path) {
  const json document = read_json_file(path);
  if (!document.is_object() || document.value("schema", json()) != "nvdla-bounds/1")
    throw host::InputError(path + ": schema is not nvdla-bounds/1");
  const auto list = document.find("bounds");
  if (list == document.end() || !list->is_array()) throw host::InputError(path + ": no array \"bounds\"");
  std::vector<Bound> bounds;
  for (std::size_t i = 0; i < list->size(); ++i)
    bounds.push_back(read_bound((*list)[i], path + ": bound " + std::to_string(i) + ": "));
  return bounds;
}

std::vector<std::string> check_bounds(const std::vector<Bound>& bounds,
                                      const std::vector<RecordingComparison>& comparisons) {
  std::vector<std::string> broken;
  for (const Bound& bound : bounds) {
    Judge judge(bound, broken);
    std::vector<const RecordingComparison*> matching;
    for (const RecordingComparison& comparison : comparisons) {
      if (!applies(bound, comparison)) continue;
      matching.push_back(&comparison);
      judge.recording(comparison);
    }
    judge.finish(matching);
  }
  return broken;
}

bool is_bounded(const std::vector<Bound>& bounds, const RecordingComparison& comparison) {
  for (const Bound& bound : bounds)
    if (applies(bound, comparison)) return true;
  return false;
}

}  // namespace nvdla::validation
