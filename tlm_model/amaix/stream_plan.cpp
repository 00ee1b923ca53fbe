// SPDX-License-Identifier: Apache-2.0
#include "amaix/stream_plan.h"

#include <algorithm>

namespace nvdla::amaix {

void OutputCollector::add(std::uint32_t bytes, std::uint32_t offset, std::vector<StreamOutput>& outputs) {
  if (halved_ && end_ > begin_ && end_ % unit_bytes_ == 0) close(offset, outputs);
  while (bytes > 0) {
    const std::uint64_t boundary = end_ / unit_bytes_ * unit_bytes_ + unit_bytes_;
    const auto part = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, boundary - end_));
    end_ += part;
    bytes -= part;
    if (end_ == boundary && (!halved_ || bytes > 0)) close(offset, outputs);
  }
}

void OutputCollector::close(std::uint32_t offset, std::vector<StreamOutput>& outputs) {
  if (end_ > begin_) {
    outputs.push_back({{space_, begin_, static_cast<std::uint32_t>(end_ - begin_)}, offset, begins_});
    begins_ = false;
  }
  begin_ = end_;
}

void add_data(const StreamRequest& request, std::uint32_t done, std::uint32_t part, std::uint32_t bus_bytes,
              std::vector<StreamItem>& items) {
  // A datum that begins inside a beat of the bus is complete when the next beat is there.
  const std::uint64_t first = (request.address + done) / bus_bytes;
  for (std::uint32_t begin = done / bus_bytes * bus_bytes; begin < done + part; begin += bus_bytes) {
    const std::uint32_t end = std::min(request.bytes, begin + bus_bytes);
    if (end > done + part) break;
    if (end <= done) continue;
    StreamItem item;
    item.beat = static_cast<std::uint32_t>((request.address + end - 1) / bus_bytes - first);
    item.read_beats = 1;  // packed: its place in the latency FIFO
    items.push_back(item);
  }
}

std::uint32_t write_slots(std::uint64_t address, std::uint32_t bytes, bool begins, std::uint32_t unit_bytes,
                          std::uint32_t bus_bytes) {
  if (bytes == 0) return 0;
  const std::uint64_t last = address + bytes - 1;
  // A beat that the bytes before have begun is theirs.
  const std::uint64_t first_beat = begins ? address / bus_bytes : (address + bus_bytes - 1) / bus_bytes;
  const std::uint64_t first_unit = begins ? address / unit_bytes : (address + unit_bytes - 1) / unit_bytes;
  return static_cast<std::uint32_t>((last / bus_bytes + 1 - first_beat) +
                                    (last / unit_bytes + 1 - first_unit));
}

void count(const StreamRequest& request, std::uint32_t bus_bytes, StreamTotals& totals) {
  const std::uint64_t first = request.address / bus_bytes;
  const std::uint64_t last = (request.address + request.bytes - 1) / bus_bytes;
  ++totals.requests;
  totals.bytes += request.bytes;
  totals.bus_bytes += (last - first + 1) * bus_bytes;
}

void count_cut(const StreamRequest& run, std::uint32_t unit_bytes, std::uint32_t bus_bytes,
               StreamTotals& totals) {
  count(run, bus_bytes, totals);
  totals.requests += (run.address + run.bytes - 1) / unit_bytes - run.address / unit_bytes;
}

}  // namespace nvdla::amaix
