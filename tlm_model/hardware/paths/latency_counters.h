// SPDX-License-Identifier: Apache-2.0
// What CDMA's counters of read latency count beside the time from the address to the data on the bus: the
// request's way there from the register that CDMA hands it to, and the data's way back to their FIFO.
#pragma once

#include "hardware/paths/memory_interface.h"
#include "hardware/paths/path.h"
#include "hardware/types.h"

namespace nvdla::paths {

struct LatencyCounterPaths {
  Path data;     // CDMA_dc, CDMA_IMG_sg, CDMA_wg: *_rd_latency_inc to _dec
  Path weights;  // CDMA_wt; tied to 0 in the scalable generation
};

constexpr Path on_the_way(const MemoryInterfacePaths& memory) {
  return memory.read_request + memory.read_return;
}

constexpr Path data_latency_scalable(const MemoryInterfacePaths& memory) {
  return Path{{"DMAIF_rdreq pipe", 1, "DMAIF_rdreq"}, {"dma_mux pipe, there and back", 2, "CDMA_dma_mux"}} +
         on_the_way(memory) + Path{{"DMAIF_rdrsp, two pipes", 2, "DMAIF_rdrsp"}};
}

inline constexpr LatencyCounterPaths kLatencyCountersV1 = {
    Path{{"dma pipes, there and back", 2, "CDMA_dc: pipe_p1, pipe_p3"},
         {"dma_mux pipe, there and back", 2, "CDMA_dma_mux"}} +
        on_the_way(kMemoryInterface),
    Path{{"dma pipes, there and back", 2, "CDMA_wt"}} + on_the_way(kMemoryInterface)};
inline constexpr LatencyCounterPaths kLatencyCountersScalable = {data_latency_scalable(kMemoryInterface), {}};
inline constexpr LatencyCounterPaths kLatencyCountersMaster = {data_latency_scalable(kMemoryInterfaceMaster),
                                                               {}};

[[nodiscard]] constexpr const LatencyCounterPaths& latency_counter_paths(Generation generation, bool master) {
  if (generation == Generation::kV1) return kLatencyCountersV1;
  return master ? kLatencyCountersMaster : kLatencyCountersScalable;
}

}  // namespace nvdla::paths
