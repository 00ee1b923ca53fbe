// SPDX-License-Identifier: Apache-2.0
// Replays a DMA trace through the platform's memories without the accelerator.
// Every row becomes one transaction, at its recorded cycle or, with `asap`, as fast as the memory allows: in
// the order of the trace, one beat of address a cycle and port, at most max_outstanding transactions open on
// a port.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "platform/replay.h"

namespace nvdla::platform {

struct DmaReplayOptions {
  std::string trace;
  amaix::HardwareParameters hardware;
  MemoryOptions dbb;
  std::optional<MemoryOptions> cvsram;
  bool asap = false;
  std::function<void(const ReplayProgress&)> progress;
};

struct DmaClientStatistics {
  std::uint64_t bursts = 0;
  std::uint64_t bytes = 0;
  std::uint64_t latency_sum = 0;  // cycles from the request of the first beat to the last beat or acknowledge
  engine::Cycle latency_min = engine::kNever;
  engine::Cycle latency_max = 0;
  engine::Cycle first_request = engine::kNever;
  engine::Cycle last_completion = 0;

  void add(engine::Cycle issued, engine::Cycle done, std::uint64_t moved);
  [[nodiscard]] double mean_latency() const;
  // Over the time from the first request to the last completion.
  [[nodiscard]] double bytes_per_cycle() const;
};

struct DmaReplayResult {
  // [port: DBB, CVSRAM][read, write][client]
  std::array<std::array<std::array<DmaClientStatistics, amaix::kClients>, 2>, 2> clients;
  DmaClientStatistics total;
  std::uint64_t errors = 0;  // error responses
};

// Throws ReplayError (file and line) and std::invalid_argument.
[[nodiscard]] DmaReplayResult replay_dma(const DmaReplayOptions& options);

void write_dma_table(std::ostream& out, const DmaReplayOptions& options, const DmaReplayResult& result);
void write_dma_json(std::ostream& out, const DmaReplayOptions& options, const DmaReplayResult& result);

}  // namespace nvdla::platform
