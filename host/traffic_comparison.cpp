// SPDX-License-Identifier: Apache-2.0
#include "host/traffic_comparison.h"

#include <algorithm>

#include "host/text.h"

namespace nvdla::host {

void TrafficComparison::expect(bool write, std::uint64_t address, std::uint64_t length) {
  const std::uint64_t last = address + std::max<std::uint64_t>(length, 1) - 1;
  for (std::uint64_t unit = address / bus_bytes_; unit <= last / bus_bytes_; ++unit)
    ++counts_[write ? 1 : 0][unit].expected;
}

void TrafficComparison::on_burst(const engine::Burst& burst) {
  for (std::uint32_t beat = 0; beat < burst.beats; ++beat)
    ++counts_[burst.write ? 1 : 0][burst.address / bus_bytes_ + beat].moved;
}

TrafficComparison::Direction TrafficComparison::direction(bool write) const {
  Direction result;
  bool first = true;
  for (const auto& [unit, count] : counts_[write ? 1 : 0]) {
    result.expected += count.expected;
    result.moved += count.moved;
    if (count.expected == count.moved) continue;
    if (count.expected > count.moved) result.missing += count.expected - count.moved;
    if (count.moved > count.expected) result.surplus += count.moved - count.expected;
    const std::uint64_t address = unit * bus_bytes_;
    if (first || address < result.first_address) result.first_address = address;
    first = false;
  }
  return result;
}

bool TrafficComparison::equal() const {
  const Direction reads = direction(false), writes = direction(true);
  return reads.missing + reads.surplus + writes.missing + writes.surplus == 0;
}

std::string TrafficComparison::text() const {
  std::string text;
  for (const bool write : {false, true}) {
    const Direction one = direction(write);
    text += std::string("traffic, ") + (write ? "writes: " : "reads: ") + std::to_string(one.moved) + " of " +
            std::to_string(bus_bytes_) + " bytes, listed " + std::to_string(one.expected);
    if (one.missing + one.surplus == 0) {
      text += ", equal\n";
    } else {
      text += ": " + std::to_string(one.missing) + " missing, " + std::to_string(one.surplus) +
              " not listed, the lowest address that differs " + hex(one.first_address) + "\n";
    }
  }
  return text;
}

}  // namespace nvdla::host
