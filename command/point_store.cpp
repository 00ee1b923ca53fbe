// SPDX-License-Identifier: Apache-2.0
#include "command/point_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "host/text_source.h"

namespace nvdla::command {

using analysis::ExplorationPoint;
using nlohmann::json;
using nlohmann::ordered_json;
using State = ExplorationPoint::State;

namespace {

constexpr const char* kSchema = "nvdla-points/1";

[[noreturn]] void fail(const std::string& path, std::size_t line, const std::string& what) {
  throw host::InputError(path + ":" + std::to_string(line) + ": " + what);
}

ExplorationPoint parse_point(const json& line) {
  ExplorationPoint point;
  point.number = line.at("point").get<std::uint64_t>();
  point.values = line.at("values").get<std::vector<double>>();
  if (line.contains("infeasible")) {
    point.state = State::kInfeasible;
    point.reason = line["infeasible"].get<std::string>();
  } else if (line.contains("excluded")) {
    point.state = State::kExcluded;
    point.reason = line["excluded"].get<std::string>();
  }
  if (line.contains("metrics")) point.metrics = line["metrics"].get<std::map<std::string, double>>();
  return point;
}

}  // namespace

std::string header_line(const ordered_json& specification, const Shard& shard) {
  ordered_json header;
  header["schema"] = kSchema;
  header["shard"] = {shard.index, shard.count};
  header["specification"] = specification;
  return header.dump() + '\n';
}

std::string point_line(const ExplorationPoint& point) {
  ordered_json line;
  line["point"] = point.number;
  line["values"] = point.values;
  if (point.state == State::kInfeasible) line["infeasible"] = point.reason;
  if (point.state == State::kExcluded) line["excluded"] = point.reason;
  if (!point.metrics.empty()) line["metrics"] = point.metrics;
  return line.dump() + '\n';
}

StoredPoints read_points(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw host::InputError(path + ": cannot be opened");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  StoredPoints result;
  std::size_t number = 0;
  std::set<std::uint64_t> seen;
  for (std::size_t first = 0; first < text.size();) {
    const std::size_t end = text.find('\n', first);
    if (end == std::string::npos) break;
    ++number;
    const json line = json::parse(text.begin() + static_cast<std::ptrdiff_t>(first),
                                  text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    try {
      if (number == 1) {
        if (line.at("schema") != kSchema) fail(path, number, "is not a file of points (nvdla-points/1)");
        result.specification = ordered_json::parse(text.substr(first, end - first)).at("specification");
        result.shard.index = line.at("shard").at(0).get<std::uint64_t>();
        result.shard.count = line.at("shard").at(1).get<std::uint64_t>();
      } else {
        result.points.push_back(parse_point(line));
        if (!seen.insert(result.points.back().number).second)
          fail(path, number, "point " + std::to_string(result.points.back().number) + " is there twice");
      }
    } catch (const json::exception&) {
      fail(path, number, number == 1 ? "is not a file of points (nvdla-points/1)" : "is not a point");
    }
    first = result.whole = end + 1;
  }
  return result;
}

PointStore::PointStore(const std::string& path, const ordered_json& specification, const Shard& shard)
    : path_(path) {
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) throw host::InputError(path + ": cannot be opened: " + std::strerror(errno));
  try {
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0)
      throw host::InputError(path + ": another process writes this exploration");
    StoredPoints stored = read_points(path);
    if (stored.whole == 0) {
      if (::ftruncate(file_, 0) != 0) throw host::InputError(path + ": cannot be written");
      write(header_line(specification, shard));
      return;
    }
    if (stored.specification != specification)
      throw host::InputError(path +
                             ": holds another exploration (its first line says which): take another file, or "
                             "remove it to begin anew");
    if (stored.shard.index != shard.index || stored.shard.count != shard.count)
      throw host::InputError(path + ": holds shard " + std::to_string(stored.shard.index) + "/" +
                             std::to_string(stored.shard.count) + " of this exploration");
    if (::ftruncate(file_, static_cast<off_t>(stored.whole)) != 0)
      throw host::InputError(path + ": cannot be written");
    points_ = std::move(stored.points);
  } catch (...) {
    ::close(file_);
    throw;
  }
}

PointStore::~PointStore() { ::close(file_); }

void PointStore::append(const std::vector<ExplorationPoint>& points) {
  std::string text;
  for (const ExplorationPoint& point : points) text += point_line(point);
  write(text);
}

void PointStore::write(const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = ::write(file_, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw host::InputError(path_ + ": cannot be written: " + std::strerror(errno));
    done += static_cast<std::size_t>(written);
  }
}

}  // namespace nvdla::command
