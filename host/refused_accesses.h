// SPDX-License-Identifier: Apache-2.0
// Accesses of the accelerator that no memory holds: counted, and said once for each client as the SystemC
// component says it; or the first one stops the bus (ReplayOptions::stop_on_dma_error).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "host/collector.h"
#include "host/system_bus.h"

namespace nvdla::host {

class RefusedAccesses {
 public:
  // Listens to `bus`; all of them must outlive the simulation.
  RefusedAccesses(const ReplayOptions& options, Collector& collector, SystemBus& bus);
  RefusedAccesses(const RefusedAccesses&) = delete;
  RefusedAccesses& operator=(const RefusedAccesses&) = delete;

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::optional<engine::Burst>& first() const { return first_; }

 private:
  void add(const engine::Burst& burst);

  const ReplayOptions& options_;
  Collector& collector_;
  SystemBus& bus_;
  std::uint64_t count_ = 0;
  std::optional<engine::Burst> first_;
  std::array<std::uint64_t, kClients> by_client_{};
};

}  // namespace nvdla::host
