// SPDX-License-Identifier: Apache-2.0
// DMA accesses that were answered with an error: counted, and put into words.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tlm>

#include "engine/bus_port.h"
#include "hardware/clients.h"

namespace nvdla::device {

class DmaErrors {
 public:
  // Counts. True: the first one of its client.
  bool add(const engine::Burst& burst);
  // "DMA read of client NAME at 0x80000000: TLM_ADDRESS_ERROR_RESPONSE"
  [[nodiscard]] static std::string text(const engine::Burst& burst, tlm::tlm_response_status status);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t count(Client client) const {
    return by_client_[static_cast<std::size_t>(client)];
  }
  [[nodiscard]] const std::optional<engine::Burst>& first() const { return first_; }

 private:
  std::uint64_t count_ = 0;
  std::optional<engine::Burst> first_;
  std::array<std::uint64_t, kClients> by_client_{};
};

}  // namespace nvdla::device
