// SPDX-License-Identifier: Apache-2.0
// What is asked of a DMA trace that is played on memories alone, and what it comes to by client
// (platform/dma_replay.h plays it).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "host/replay.h"

namespace nvdla::host {

struct DmaReplayOptions {
  std::string trace;
  HardwareParameters hardware;
  MemoryOptions dbb;
  std::optional<MemoryOptions> cvsram;
  bool asap = false;
  bool named_clients = true;  // false: the source does not tell who made an access
  std::function<void(const ReplayProgress&)> progress;
};

struct DmaClientStatistics {
  std::uint64_t bursts = 0;
  std::uint64_t bytes = 0;
  std::uint64_t latency_sum = 0;  // cycles from the request of the first beat to the last beat or acknowledge
  Cycle latency_min = kNever;
  Cycle latency_max = 0;
  Cycle first_request = kNever;
  Cycle last_completion = 0;

  void add(Cycle issued, Cycle done, std::uint64_t moved);
  [[nodiscard]] double mean_latency() const;
  // Over the time from the first request to the last completion.
  [[nodiscard]] double bytes_per_cycle() const;
};

struct DmaReplayResult {
  // [port: DBB, CVSRAM][read, write][client]
  std::array<std::array<std::array<DmaClientStatistics, kClients>, 2>, 2> clients;
  DmaClientStatistics total;
  std::uint64_t errors = 0;  // error responses
};

}  // namespace nvdla::host
