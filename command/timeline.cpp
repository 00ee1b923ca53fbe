// SPDX-License-Identifier: Apache-2.0
#include "command/timeline.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace nvdla::command {

using engine::OperationRecord;

namespace {

constexpr std::size_t kMaxBuckets = 4096;

int track_of(const OperationRecord& record) {
  return 10 * (static_cast<int>(record.id.engine) + 1) + static_cast<int>(record.group);
}

// As it stands inside of a string of JSON.
std::string name_of(const OperationRecord& record, const std::map<OperationId, std::string>& layers) {
  std::string name = std::string(engine_name(record.id.engine)) + " " + std::to_string(record.id.sequence);
  const auto layer = layers.find(record.id);
  if (layer != layers.end() && !layer->second.empty()) name += ": " + layer->second;
  const std::string quoted =
      nlohmann::json(name).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

void Timeline::on_burst(const engine::Burst& burst) {
  std::size_t index = static_cast<std::size_t>(burst.issued / bucket_cycles_);
  while (index >= kMaxBuckets) {
    for (std::size_t i = 0; i + 1 < buckets_.size(); i += 2) {
      for (std::size_t s = 0; s < kSeries; ++s) buckets_[i / 2][s] = buckets_[i][s] + buckets_[i + 1][s];
    }
    if (buckets_.size() % 2 == 1) buckets_[buckets_.size() / 2] = buckets_.back();
    buckets_.resize((buckets_.size() + 1) / 2);
    bucket_cycles_ *= 2;
    index = static_cast<std::size_t>(burst.issued / bucket_cycles_);
  }
  if (index >= buckets_.size()) buckets_.resize(index + 1);
  const std::size_t port = burst.space == MemorySpace::kDbb ? 0 : 2;
  const std::size_t series =
      (port + (burst.write ? 1 : 0)) * kClients + static_cast<std::size_t>(burst.client);
  buckets_[index][series] += std::uint64_t{burst.beats} * bus_bytes_;
}

void Timeline::write_slices(std::ostream& out, const std::map<OperationId, std::string>& layers) const {
  std::vector<OperationRecord> sorted = operations_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const OperationRecord& a, const OperationRecord& b) {
    return track_of(a) != track_of(b) ? track_of(a) < track_of(b) : a.enable < b.enable;
  });
  int track = -1;
  Cycle last_end = 0;
  for (const OperationRecord& record : sorted) {
    if (track_of(record) != track) {
      track = track_of(record);
      last_end = 0;
      out << R"({"ph":"M","pid":1,"tid":)" << track << R"(,"name":"thread_name","args":{"name":")"
          << engine_name(record.id.engine) << " group " << record.group << "\"}},\n";
    }
    // A group is released before its interrupt and can be enabled again in between: slices must not overlap.
    const Cycle begin = std::max(record.enable, last_end);
    const Cycle start = std::clamp(record.start, begin, std::max(begin, record.done));
    const Cycle end = std::max(begin, record.done);
    out << R"({"ph":"X","pid":1,"tid":)" << track << R"(,"ts":)" << begin << R"(,"dur":)" << end - begin
        << R"(,"name":")" << name_of(record, layers) << R"(","args":{"bound_by":")"
        << resource_name(record.bound_by) << R"(","on_the_fly":)" << (record.links.takes ? "true" : "false")
        << R"(,"dbb_bytes":)" << record.dbb.total() << R"(,"cvsram_bytes":)" << record.cvsram.total()
        << "}},\n";
    out << R"({"ph":"X","pid":1,"tid":)" << track << R"(,"ts":)" << start << R"(,"dur":)" << end - start
        << R"(,"name":"running"},)" << '\n';
    last_end = end;
  }
}

void Timeline::write_counters(std::ostream& out) const {
  static constexpr std::array<const char*, 4> kNames{"DBB read", "DBB write", "CVSRAM read", "CVSRAM write"};
  const double cycles = static_cast<double>(bucket_cycles_);
  for (std::size_t counter = 0; counter < kNames.size(); ++counter) {
    std::vector<std::size_t> clients;
    for (std::size_t client = 0; client < kClients; ++client) {
      const std::size_t series = counter * kClients + client;
      if (std::any_of(buckets_.begin(), buckets_.end(),
                      [&](const Bucket& bucket) { return bucket[series] != 0; })) {
        clients.push_back(client);
      }
    }
    if (clients.empty()) continue;
    for (std::size_t i = 0; i <= buckets_.size(); ++i) {  // one more: back to zero
      out << R"({"ph":"C","pid":1,"ts":)" << static_cast<Cycle>(i) * bucket_cycles_ << R"(,"name":")"
          << kNames[counter] << R"( bytes/cycle","args":{)";
      const char* comma = "";
      for (const std::size_t client : clients) {
        const double bytes =
            i < buckets_.size() ? static_cast<double>(buckets_[i][counter * kClients + client]) : 0.0;
        out << comma << '"' << client_name(static_cast<Client>(client)) << "\":" << bytes / cycles;
        comma = ",";
      }
      out << "}},\n";
    }
  }
}

void Timeline::write(std::ostream& out, const std::map<OperationId, std::string>& layers) const {
  out << "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"time_unit\":\"1 us = 1 core clock cycle\"},\n"
         "\"traceEvents\":[\n";
  write_slices(out, layers);
  write_counters(out);
  out << "{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"NVDLA\"}}\n]}\n";
}

}  // namespace nvdla::command
