// SPDX-License-Identifier: Apache-2.0
// Data as wide as the bus that generation V1 packs from a read request's first byte on, in the latency FIFOs
// of all clients that have one: what is left of them behind a chunk is counted with the next one
// (NV_NVDLA_MCIF_READ_IG_bpt: slot_needed).
#pragma once

#include <cstdint>

#include "operation/divide.h"

namespace nvdla {

// How many data the request's first `bytes` bytes complete; its last ones (`all`) complete one in any case.
[[nodiscard]] constexpr std::uint64_t packed_data(std::uint64_t bytes, bool all, std::uint64_t bus_bytes) {
  return all ? ceil_div(bytes, bus_bytes) : bytes / bus_bytes;
}

}  // namespace nvdla
