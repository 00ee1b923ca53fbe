// SPDX-License-Identifier: Apache-2.0
#include "validation/bounds.h"

#include <fnmatch.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "validation/text_table.h"

namespace nvdla::validation {
namespace {

using nlohmann::json;

bool applies(const Bound& bound, const RecordingComparison& comparison) {
  return fnmatch(bound.recordings.c_str(), comparison.recording.name.c_str(), 0) == 0;
}

Bound read_bound(const json& object, const std::string& where) {
  if (!object.is_object()) throw InputError(where + "not an object");
  Bound bound;
  for (const auto& [key, value] : object.items()) {
    if (key == "recordings" || key == "level" || key == "note") {
      if (!value.is_string()) throw InputError(where + key + " is not a string");
      if (key == "note") continue;  // for the reader
      if (key == "recordings") {
        bound.recordings = value.get<std::string>();
        continue;
      }
      const auto level = amaix::level_from_name(value.get<std::string>());
      if (!level) throw InputError(where + "unknown level \"" + value.get<std::string>() + "\"");
      bound.level = *level;
    } else if (key == "dma_mismatches") {
      if (!value.is_number_unsigned()) throw InputError(where + key + " is not a whole number");
      bound.dma_mismatches = value.get<std::size_t>();
    } else {
      std::optional<double>* figure = key == "total"    ? &bound.total
                                      : key == "mean"   ? &bound.mean
                                      : key == "median" ? &bound.median
                                      : key == "p95"    ? &bound.p95
                                      : key == "worst"  ? &bound.worst
                                                        : nullptr;
      if (!figure) throw InputError(where + "unknown key \"" + key + "\"");
      if (!value.is_number() || value.get<double>() < 0)
        throw InputError(where + key + " is not a percentage");
      *figure = value.get<double>();
    }
  }
  if (bound.recordings.empty()) throw InputError(where + "recordings is missing");
  return bound;
}

}  // namespace

std::vector<Bound> load_bounds(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw InputError(path + ": cannot be opened");
  json document;
  try {
    document = json::parse(file);
  } catch (const json::parse_error& error) {
    throw InputError(path + ": " + error.what());
  }
  if (!document.is_object() || document.value("schema", json()) != "nvdla-bounds/1")
    throw InputError(path + ": schema is not nvdla-bounds/1");
  const auto list = document.find("bounds");
  if (list == document.end() || !list->is_array()) throw InputError(path + ": no array \"bounds\"");
  std::vector<Bound> bounds;
  for (std::size_t i = 0; i < list->size(); ++i)
    bounds.push_back(read_bound((*list)[i], path + ": bound " + std::to_string(i) + ": "));
  return bounds;
}

std::vector<std::string> check_bounds(const std::vector<Bound>& bounds,
                                      const RecordingComparison& comparison) {
  std::vector<std::string> broken;
  for (const Bound& bound : bounds) {
    if (!applies(bound, comparison)) continue;
    const std::string where =
        comparison.recording.name + ", " + std::string(amaix::level_name(bound.level)) + ": ";
    const LevelComparison* level = comparison.at(bound.level);
    if (!level) continue;
    const auto check = [&](const char* name, const std::optional<double>& limit, double value) {
      if (limit && !(value <= *limit))
        broken.push_back(where + name + " error " + percent(value) + " % is worse than " + percent(*limit) +
                         " %");
    };
    check("total", bound.total, std::abs(level->total_error));
    check("mean", bound.mean, level->operations.mean);
    check("median", bound.median, level->operations.median);
    check("95th percentile", bound.p95, level->operations.p95);
    check("worst", bound.worst, level->operations.worst);
    if (bound.dma_mismatches &&
        (!comparison.bytes || comparison.bytes->mismatches.size() > *bound.dma_mismatches))
      broken.push_back(where +
                       (comparison.bytes ? std::to_string(comparison.bytes->mismatches.size()) : "unknown") +
                       " DMA byte counts differ, " + std::to_string(*bound.dma_mismatches) + " may");
  }
  return broken;
}

bool is_bounded(const std::vector<Bound>& bounds, const RecordingComparison& comparison) {
  for (const Bound& bound : bounds)
    if (applies(bound, comparison)) return true;
  return false;
}

}  // namespace nvdla::validation
