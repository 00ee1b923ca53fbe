// SPDX-License-Identifier: Apache-2.0
// The order in which the memory interface's arbiters go round: that of their inputs, to which V1 wires the
// clients by AXI id (NV_NVDLA_MCIF_READ_ig, WRITE_ig), branch nv_small (NV_NVDLA_partition_o) and branch
// master (NV_NVDLA_MCIF_define.h: RDMA_NAME, WDMA_NAME) each in an order of its own. Clients that a
// configuration lacks never ask.
#pragma once

#include <array>

#include "hardware/clients.h"
#include "hardware/parameters.h"

namespace nvdla {

using ArbitrationOrder = std::array<Client, kClients>;

inline constexpr ArbitrationOrder kOrderOfIds = {
    Client::kBdma, Client::kSdp,  Client::kPdp,  Client::kCdp,     Client::kRubik,
    Client::kSdpB, Client::kSdpN, Client::kSdpE, Client::kCdmaDat, Client::kCdmaWt};
inline constexpr ArbitrationOrder kReadOrderScalable = {
    Client::kBdma,  Client::kCdmaDat, Client::kCdmaWt, Client::kCdp,  Client::kPdp,
    Client::kRubik, Client::kSdp,     Client::kSdpB,   Client::kSdpE, Client::kSdpN};
// Those that write are in the order of WDMA_NAME.
inline constexpr ArbitrationOrder kOrderMaster = {
    Client::kCdmaDat, Client::kCdmaWt, Client::kSdp, Client::kSdpB,  Client::kSdpN,
    Client::kSdpE,    Client::kPdp,    Client::kCdp, Client::kRubik, Client::kBdma};

[[nodiscard]] inline const ArbitrationOrder& read_order(const HardwareParameters& hardware) {
  if (hardware.generation == Generation::kV1) return kOrderOfIds;
  return hardware.master_rtl ? kOrderMaster : kReadOrderScalable;
}

[[nodiscard]] inline const ArbitrationOrder& write_order(const HardwareParameters& hardware) {
  return hardware.master_rtl ? kOrderMaster : kOrderOfIds;
}

}  // namespace nvdla
