// SPDX-License-Identifier: Apache-2.0
// A replay as Chrome trace JSON (opens in ui.perfetto.dev or chrome://tracing).
// One track for each unit and register group: a slice from OP_ENABLE to the interrupt, in it a slice from
// start to the interrupt. Counters: bytes a cycle by client for each port and direction, mean over buckets of
// time. One microsecond on screen is one clock cycle.
// Memory stays bounded: when there are too many buckets, pairs are merged.
#pragma once

#include <array>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "engine/events.h"

namespace nvdla::command {

class Timeline : public engine::Listener {
 public:
  explicit Timeline(std::uint32_t bus_bytes) : bus_bytes_(bus_bytes) {}

  void on_done(const engine::OperationRecord& record) override { operations_.push_back(record); }
  void on_burst(const engine::Burst& burst) override;

  // `layers`: names, where there are some.
  void write(std::ostream& out, const std::map<OperationId, std::string>& layers) const;

 private:
  static constexpr std::size_t kSeries = 2 * 2 * kClients;  // port, direction, client
  using Bucket = std::array<std::uint64_t, kSeries>;

  void write_slices(std::ostream& out, const std::map<OperationId, std::string>& layers) const;
  void write_counters(std::ostream& out) const;

  std::uint32_t bus_bytes_;
  Cycle bucket_cycles_ = 64;
  std::vector<Bucket> buckets_;
  std::vector<engine::OperationRecord> operations_;
};

}  // namespace nvdla::command
