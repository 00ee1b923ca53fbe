// SPDX-License-Identifier: Apache-2.0
// The clients of the memory interface (MCIF and CVIF), numbered as their AXI read ids, and bytes counted
// by client.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nvdla {

enum class Client : std::uint8_t {
  kBdma = 0,
  kSdp = 1,  // SDP's main input and its output
  kPdp = 2,
  kCdp = 3,
  kRubik = 4,
  kSdpB = 5,  // X1 operands
  kSdpN = 6,  // X2 operands
  kSdpE = 7,  // Y operands
  kCdmaDat = 8,
  kCdmaWt = 9
};

inline constexpr std::size_t kClients = 10;

// Names as in DMA traces: bdma, sdp, pdp, cdp, rbk, sdpb, sdpn, sdpe, cdmadat, cdmawt.
[[nodiscard]] std::string_view client_name(Client client);

// Bytes moved on the bus: beats times the bus width.
struct Traffic {
  std::array<std::uint64_t, kClients> read{};
  std::array<std::uint64_t, kClients> written{};

  [[nodiscard]] std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kClients; ++i) sum += read[i] + written[i];
    return sum;
  }
  Traffic& operator+=(const Traffic& other) {
    for (std::size_t i = 0; i < kClients; ++i) {
      read[i] += other.read[i];
      written[i] += other.written[i];
    }
    return *this;
  }
};

}  // namespace nvdla
