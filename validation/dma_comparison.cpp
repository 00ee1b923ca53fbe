// SPDX-License-Identifier: Apache-2.0
#include "validation/dma_comparison.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "host/dma_trace.h"

namespace nvdla::validation {
namespace {

using engine::OperationRecord;

std::string stream_name(MemorySpace port, bool write, Client client) {
  return std::string(port == MemorySpace::kDbb ? "DBB " : "CVSRAM ") + (write ? "write " : "read ") +
         std::string(client_name(client));
}

void compare_stream(OperationId key, const std::string& stream, std::uint64_t recorded,
                    std::uint64_t modelled, ByteComparison& result) {
  if (recorded == 0 && modelled == 0) return;
  ++result.compared;
  auto& [recorded_total, modelled_total] = result.totals[stream];
  recorded_total += recorded;
  modelled_total += modelled;
  if (recorded != modelled)
    result.mismatches.push_back({key.engine, key.sequence, stream, recorded, modelled});
}

using Pairs = std::map<OperationId, std::pair<OperationRecord, OperationRecord>>;

// Recorded writes of an operation whose registers let it write nothing go to the unit's next one.
void pass_on_writes(Pairs& pairs) {
  for (auto it = pairs.begin(); it != pairs.end(); ++it) {
    const auto next = std::next(it);
    if (next == pairs.end() || next->first.engine != it->first.engine) continue;
    auto& [recorded, modelled] = it->second;
    const bool ran = modelled.id == it->first;
    for (std::size_t i = 0; i < kClients; ++i) {
      if (!ran || modelled.dbb.written[i] + modelled.cvsram.written[i] != 0) continue;
      next->second.first.dbb.written[i] += recorded.dbb.written[i];
      recorded.dbb.written[i] = 0;
    }
  }
}

}  // namespace

ByteComparison compare_bytes(const std::vector<OperationRecord>& recorded,
                             const std::vector<OperationRecord>& modelled) {
  Pairs pairs;
  for (const OperationRecord& record : recorded) pairs[record.id].first = record;
  for (const OperationRecord& record : modelled) pairs[record.id].second = record;
  pass_on_writes(pairs);

  ByteComparison result;
  for (const auto& [key, sides] : pairs) {
    const auto& [left, right] = sides;
    for (std::size_t i = 0; i < kClients; ++i) {
      const auto client = static_cast<Client>(i);
      compare_stream(key, stream_name(MemorySpace::kDbb, false, client), left.dbb.read[i], right.dbb.read[i],
                     result);
      compare_stream(key, stream_name(MemorySpace::kCvsram, false, client), left.cvsram.read[i],
                     right.cvsram.read[i], result);
      compare_stream(key, "write " + std::string(client_name(client)),
                     left.dbb.written[i] + left.cvsram.written[i],
                     right.dbb.written[i] + right.cvsram.written[i], result);
    }
  }
  return result;
}

void DmaStreams::add(const host::DmaBurst& burst) {
  std::vector<std::uint64_t>& addresses = beats_[{burst.port, burst.write, burst.client}];
  for (std::uint32_t i = 0; i < burst.beats; ++i)
    addresses.push_back(burst.address + std::uint64_t{i} * bus_bytes_);
}

DmaStreams load_dma_trace(const std::string& path, std::uint32_t bus_bytes) {
  host::DmaTraceReader reader(path);
  DmaStreams streams(bus_bytes);
  for (host::DmaBurst burst; reader.next(burst);) streams.add(burst);
  return streams;
}

std::vector<StreamComparison> compare_streams(const DmaStreams& recorded, const DmaStreams& modelled) {
  std::set<DmaStreams::Key> keys;
  for (const auto& [key, beats] : recorded.beats()) keys.insert(key);
  for (const auto& [key, beats] : modelled.beats()) keys.insert(key);
  const auto beats_of = [](const DmaStreams& streams, const DmaStreams::Key& key) {
    const auto found = streams.beats().find(key);
    return found == streams.beats().end() ? std::vector<std::uint64_t>() : found->second;
  };

  std::vector<StreamComparison> result;
  for (const DmaStreams::Key& key : keys) {
    std::vector<std::uint64_t> left = beats_of(recorded, key), right = beats_of(modelled, key);
    StreamComparison stream;
    stream.stream = stream_name(key.port, key.write, key.client);
    stream.recorded_beats = left.size();
    stream.modelled_beats = right.size();
    const std::size_t longer = std::max(left.size(), right.size());
    for (std::size_t i = 0; i < longer; ++i) {
      if (i < left.size() && i < right.size() && left[i] == right[i]) {
        ++stream.in_order;
      } else if (!stream.first_difference) {
        stream.first_difference = i;
        if (i < left.size()) stream.recorded_address = left[i];
        if (i < right.size()) stream.modelled_address = right[i];
      }
    }
    std::sort(left.begin(), left.end());
    std::sort(right.begin(), right.end());
    stream.same_set = left == right;
    result.push_back(std::move(stream));
  }
  return result;
}

}  // namespace nvdla::validation
