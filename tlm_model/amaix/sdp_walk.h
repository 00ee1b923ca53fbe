// SPDX-License-Identifier: Apache-2.0
// The order in which SDP's DMA units walk a cube in memory, as one nest of loops:
//
//   for surface / for line / for block of the line / for inner:   one request
//
// Model: a request is `block` atoms of a line. Blocks may be aligned to multiples of their size (the pairs
// that WDMA_cmd writes in batch mode and when it widens 8 to 16 bits); the first and last of a line are then
// shorter. `inner` is the batch, the line of a 4 x 4 Winograd tile, or the second surface of a conversion
// between 8 and 16 bits.
// Timing: none, the walk hands out addresses; at most one request a cycle is the caller's rule.
// Limits: strides are taken as programmed, overlaps are not checked.
// Source: NV_NVDLA_SDP_MRDMA_ig, NV_NVDLA_SDP_BRDMA_ig (NRDMA, ERDMA alike; RDMA_ig in the scalable RTL),
// NV_NVDLA_SDP_WDMA_cmd.
#pragma once

#include <cstdint>
#include <vector>

#include "hardware/parameters.h"

namespace nvdla::amaix {

struct SdpRequest {
  std::uint64_t address = 0;
  std::uint32_t bytes = 0;
};

struct SdpWalkShape {
  std::uint64_t base = 0;        // bytes
  std::uint32_t atom_bytes = 8;  // unit of width and block
  std::uint32_t width = 0;       // atoms of a line
  std::uint32_t block = 1;       // atoms of a request
  bool aligned_blocks = false;   // blocks end at multiples of their size
  std::uint32_t lines = 1;
  std::uint64_t line_step = 0;  // bytes
  std::uint32_t surfaces = 1;
  std::uint64_t surface_step = 0;  // bytes
  std::uint32_t inner = 1;
  std::uint64_t inner_step = 0;  // bytes
};

class SdpWalk {
 public:
  SdpWalk() = default;
  explicit SdpWalk(const SdpWalkShape& shape) : shape_(shape), done_(shape.width == 0) {}

  // The next request; false when the cube is done.
  bool next(SdpRequest& request);

  [[nodiscard]] const SdpWalkShape& shape() const { return shape_; }

 private:
  [[nodiscard]] std::uint64_t line_address() const;

  SdpWalkShape shape_;
  bool done_ = true;
  std::uint32_t surface_ = 0, line_ = 0, column_ = 0, inner_ = 0;
};

// Totals of a whole walk, request by request; lines that are alike are counted once.
struct SdpWalkTotals {
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;             // asked for
  std::uint64_t chunks = 0;            // at multiples of chunk_bytes
  std::uint64_t bus_bytes = 0;         // moved: beats times the bus width
  std::uint32_t last_chunk_beats = 0;  // of the last request, cut at multiples of chunk_bytes
};
[[nodiscard]] SdpWalkTotals walk_totals(const SdpWalkShape& shape, std::uint32_t bus_bytes,
                                        std::uint32_t chunk_bytes);

struct SdpChunk {
  std::uint32_t beats = 0, bytes = 0;
  bool begins = false;  // a request
};
// The chunks of a walk, in order; no more than `most` + 1 of them.
[[nodiscard]] std::vector<SdpChunk> walk_chunks(const SdpWalkShape& shape, const HardwareParameters& hardware,
                                                std::size_t most);

}  // namespace nvdla::amaix
