// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/traffic_split.h"

#include <algorithm>

#include "host/runner.h"

namespace nvdla::host {

// Collects what the model's bursts say of each operation.
class TrafficSplit::Expectation : public engine::Listener {
 public:
  Expectation(std::map<Key, Stream>& streams, std::uint32_t bus_bytes)
      : streams_(streams), bus_bytes_(bus_bytes) {}

  void on_burst(const engine::Burst& burst) override {
    Stream& stream = streams_[{burst.space, burst.write, burst.client}];
    const std::uint64_t end = burst.address + std::uint64_t{burst.beats} * bus_bytes_;
    if (stream.parts.empty() || !(stream.parts.back().operation == burst.operation)) {
      Part part;
      part.operation = burst.operation;
      part.low = burst.address;
      part.high = end;
      stream.parts.push_back(part);
    }
    Part& part = stream.parts.back();
    part.low = std::min(part.low, burst.address);
    part.high = std::max(part.high, end);
    part.expected += burst.beats;
  }

 private:
  std::map<Key, Stream>& streams_;
  std::uint32_t bus_bytes_;
};

TrafficSplit::TrafficSplit(const Program& program, const ReplayOptions& options) {
  Expectation expectation(streams_, options.hardware.dbb_width_bytes);
  ReplayOptions complete = options;
  complete.listeners.push_back(&expectation);
  try {
    (void)run(program, complete);
  } catch (const ReplayError& error) {
    failure_ = error.what();
  }
}

void TrafficSplit::add(const DmaBurst& burst) {
  const auto found = streams_.find({burst.port, burst.write, burst.client});
  if (found == streams_.end()) {
    ++unexpected_;
    return;
  }
  Stream& stream = found->second;
  const auto inside = [&](const Part& part) {
    return burst.address >= part.low && burst.address < part.high;
  };
  if (stream.current + 1 < stream.parts.size()) {
    const Part& now = stream.parts[stream.current];
    const Part& next = stream.parts[stream.current + 1];
    const bool done = now.beats >= now.expected;
    if (inside(next) && (done || !inside(now))) ++stream.current;
  }
  stream.parts[stream.current].beats += burst.beats;
}

std::vector<TrafficSplit::Share> TrafficSplit::shares() const {
  std::vector<Share> result;
  for (const auto& [key, stream] : streams_) {
    for (const Part& part : stream.parts) {
      if (part.beats == 0) continue;
      result.push_back({part.operation, std::get<0>(key), std::get<1>(key), std::get<2>(key), part.beats});
    }
  }
  std::stable_sort(result.begin(), result.end(), [](const Share& a, const Share& b) {
    return std::tuple(a.operation.engine, a.operation.sequence) <
           std::tuple(b.operation.engine, b.operation.sequence);
  });
  return result;
}

}  // namespace nvdla::host
