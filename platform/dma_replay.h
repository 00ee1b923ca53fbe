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

#include "host/dma_trace.h"
#include "host/replay.h"

namespace nvdla::platform {

struct DmaReplayOptions {
  std::string trace;
  HardwareParameters hardware;
  host::MemoryOptions dbb;
  std::optional<host::MemoryOptions> cvsram;
  bool asap = false;
  bool named_clients = true;  // false: the source does not tell who made an access
  std::function<void(const host::ReplayProgress&)> progress;
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

// Throws host::ReplayError (file and line) and std::invalid_argument.
[[nodiscard]] DmaReplayResult replay_dma(const DmaReplayOptions& options);
// The same of bursts from elsewhere; `options.trace` only names them.
[[nodiscard]] DmaReplayResult replay_dma(const DmaReplayOptions& options, host::DmaSource& source);

}  // namespace nvdla::platform
