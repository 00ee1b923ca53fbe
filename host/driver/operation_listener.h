// SPDX-License-Identifier: Apache-2.0
// What the driver tells of its operations while it runs a network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hardware/units.h"

namespace nvdla::host {

struct OperationEvent {
  std::size_t task = 0;       // of the loadable's task list
  std::size_t operation = 0;  // of the task
  std::uint32_t region = 0;   // of interest
  Engine engine = Engine::kConv;
  std::uint32_t group = 0;       // register group of the unit
  std::uint32_t rdma_group = 0;  // of its reader, where it takes part
  bool rdma = false;
};

// One of the counters that the firmware keeps for each operation.
struct OperationCounter {
  std::string_view name;  // as the register: "D_PERF_DAT_READ_STALL"
  std::uint32_t value = 0;
};

class OperationListener {
 public:
  virtual ~OperationListener() = default;
  virtual void on_programmed(const OperationEvent& /*event*/) {}
  virtual void on_enabled(const OperationEvent& /*event*/) {}
  // With statistics on, `counters` is what the firmware reads.
  virtual void on_completed(const OperationEvent& /*event*/,
                            const std::vector<OperationCounter>& /*counters*/) {}
  // A task of the loadable begins; those of the CPU too.
  virtual void on_task(std::size_t /*task*/) {}
};

}  // namespace nvdla::host
