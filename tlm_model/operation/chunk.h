// SPDX-License-Identifier: Apache-2.0
// How a request of a DMA is cut on its way to the bus: into chunks that end at chunk-aligned addresses, each
// of as many beats as bus-wide rows it touches (NV_NVDLA_MCIF_READ_IG_bpt, _WRITE_IG_bpt).
#pragma once

#include <algorithm>
#include <cstdint>

namespace nvdla {

// First address behind the chunk that begins at `begin`, of a request that ends at `end`.
[[nodiscard]] constexpr std::uint64_t chunk_end(std::uint64_t begin, std::uint64_t end,
                                                std::uint64_t chunk_bytes) {
  return std::min(end, begin / chunk_bytes * chunk_bytes + chunk_bytes);
}

// Beats of [begin, end); precondition: begin < end.
[[nodiscard]] constexpr std::uint32_t beats_of(std::uint64_t begin, std::uint64_t end,
                                               std::uint64_t bus_bytes) {
  return static_cast<std::uint32_t>((end - 1) / bus_bytes - begin / bus_bytes + 1);
}

// Calls f(begin, end) for each chunk of [begin, end).
template <class F>
constexpr void for_each_chunk(std::uint64_t begin, std::uint64_t end, std::uint64_t chunk_bytes, F f) {
  while (begin < end) {
    const std::uint64_t stop = chunk_end(begin, end, chunk_bytes);
    f(begin, stop);
    begin = stop;
  }
}

}  // namespace nvdla
