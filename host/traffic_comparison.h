// SPDX-License-Identifier: Apache-2.0
// Bytes that a run moves against a list of memory accesses that another model or a real system has made: the
// same addresses, each as often, in units of the bus width. Order and time are not compared, because the
// other has its own.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "engine/events.h"

namespace nvdla::host {

class TrafficComparison : public engine::Listener {
 public:
  explicit TrafficComparison(std::uint32_t bus_bytes) : bus_bytes_(bus_bytes) {}

  // One access of the list; a length of 0 is one bus width.
  void expect(bool write, std::uint64_t address, std::uint64_t length);
  void on_burst(const engine::Burst& burst) override;

  struct Direction {
    std::uint64_t expected = 0, moved = 0;  // bus widths
    std::uint64_t missing = 0, surplus = 0;
    std::uint64_t first_address = 0;  // the lowest that differs, if any does
  };
  [[nodiscard]] Direction direction(bool write) const;
  [[nodiscard]] bool equal() const;
  // Two lines for people.
  [[nodiscard]] std::string text() const;

 private:
  std::uint32_t bus_bytes_;
  struct Count {
    std::uint64_t expected = 0, moved = 0;
  };
  std::unordered_map<std::uint64_t, Count> counts_[2];  // by direction; key: address / bus width
};

}  // namespace nvdla::host
