// SPDX-License-Identifier: Apache-2.0
// The points of an exploration in a file of JSON lines (nvdla-points/1, docs/exploration.md): a header line
// with the specification, then one line a point. Lines are written whole and handed to the system at once, so
// that a process that is killed loses at most the points that it was working on; what it left of a line is
// cut off when the file is opened again.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "analysis/exploration.h"

namespace nvdla::command {

struct Shard {
  std::uint64_t index = 0, count = 1;  // points whose number is index modulo count
};

class PointStore {
 public:
  // Opens the file, or makes it. Throws host::InputError, naming file and line: it holds another exploration
  // or another shard, is damaged before its end, or another process writes it.
  PointStore(const std::string& path, const nlohmann::ordered_json& specification, const Shard& shard);
  ~PointStore();
  PointStore(const PointStore&) = delete;
  PointStore& operator=(const PointStore&) = delete;

  // Those that the file holds.
  [[nodiscard]] const std::vector<analysis::ExplorationPoint>& points() const { return points_; }
  // Throws host::InputError when they cannot be written.
  void append(const std::vector<analysis::ExplorationPoint>& points);

 private:
  void write(const std::string& text);

  std::string path_;
  int file_ = -1;
  std::vector<analysis::ExplorationPoint> points_;
};

// What a file of points holds.
struct StoredPoints {
  nlohmann::ordered_json specification;
  Shard shard;
  std::vector<analysis::ExplorationPoint> points;
  std::size_t whole = 0;  // bytes of the lines that are complete
};
// Throws host::InputError, "file:line: what". A last line without its end is left out.
[[nodiscard]] StoredPoints read_points(const std::string& path);

[[nodiscard]] std::string header_line(const nlohmann::ordered_json& specification, const Shard& shard);
[[nodiscard]] std::string point_line(const analysis::ExplorationPoint& point);

}  // namespace nvdla::command
