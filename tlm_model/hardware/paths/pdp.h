// SPDX-License-Identifier: Apache-2.0
// PDP: the ways around and through its core. A datum enters the model's core when it is written into the
// latency FIFO of PDP_RDMA_eg. Registers counted in simulations of both RTLs (one pooling each).
#pragma once

#include "hardware/paths/memory_interface.h"
#include "hardware/paths/movers.h"
#include "hardware/paths/path.h"
#include "hardware/types.h"

namespace nvdla::paths {

struct PdpPaths {
  Path request;      // start of PDP_RDMA to its first address on the bus
  Path read;         // a beat on the bus to its entry into the core
  Path flying_read;  // a datum handed over by SDP (at its done) to its entry into the core
  Path depth;        // the end of an atom's cycles in the core to WDMA's request register
  Path fp16_average;
  Path fetch_done;   // the end of the last atom's cycles to the done of PDP_RDMA
  Path write;        // WDMA's request register to the bus
  Path acknowledge;  // write acknowledge on the bus to the interrupt
  Path reorder;      // beats that have left the latency FIFO and whose last word is not read
  Path credit;       // a beat's last word to the address that it lets pass when all of them are there
  Path credit_open;  // a beat's entry to the address that it lets pass where there is room for it
  Path queue;        // requests that wait for their data
  Path queue_turn;   // the end of one in the core to the address that the next one's place lets pass
};

inline constexpr Path kPdpCore = {
    {"latency FIFO, RAM address and output", 2, "PDP_RDMA_eg: lat_fifo"},
    {"ro_fifo", 1, "PDP_RDMA_eg"},
    {"dp_vld, pdp_rdma2dp pipe", 2, "PDP_RDMA_eg: dp_vld, p6"},
    {"nan", 1, "PDP_nan"},
    {"cal1d input pipe", 1, "PDP_CORE_cal1d: pdp_datin_pvld"},
    {"unit1d, pipes p1 to p4", 4, "PDP_CORE_unit1d"},
    {"cal1d output", 1, "PDP_CORE_cal1d: pooling1d_pvld"},
    {"cal2d, line buffer read, operation, write", 3, "PDP_CORE_cal2d: wr_data_stage0 to 2"},
    {"cal2d, output stages", 3, "PDP_CORE_cal2d: pout_data_stage1 to 3"},
    {"wdma input pipe", 1, "PDP_wdma: p1"},
    {"wdma data FIFO", 1, "PDP_WDMA_dat: dat_fifo"},
    {"the last word enters one cycle before the atom's cycles end", -1, "the model's cut"},
    {"dma pipe behind the data FIFO", 1, "PDP_wdma p2; DMAIF_wr"}};

inline constexpr Path kPdpFetchDone = {
    {"latency FIFO, RAM address and output", 2, "PDP_RDMA_eg: lat_fifo"},
    {"ro_fifo", 1, "PDP_RDMA_eg"},
    {"dp_vld, pdp_rdma2dp pipe", 2, "PDP_RDMA_eg: dp_vld, p6"},
    {"the last word enters one cycle before the atom's cycles end", -1, "the model's cut"}};

inline constexpr Path kPdpFlyingRead = {
    {"sdp2pdp pipe", 1, "SDP_core: pipe of core2pdp"},
    {"pipe p1", 1, "PDP_CORE_preproc"},
    {"ro FIFO", 1, "PDP_CORE_preproc: ro_rd_vld"},
    {"SDP's depth counts the registers of its write DMA, which are not passed", -3,
     "SDP_WDMA_DAT_in: pipe, dfifo; SDP_WDMA_DAT_out: dp2reg_done"},
    {"nor are PDP_RDMA_eg and PDP_nan, which the depth of PDP counts", -6,
     "PDP_RDMA_eg: lat_fifo, ro_fifo, dp_vld, p6; PDP_nan"}};

// Of that, where SDP hands over as many elements a cycle as PDP takes (scalable generation).
inline constexpr Path kPdpFlyingAlike = {
    {"no ro FIFO", -1, "PDP_CORE_preproc: generated for SDP_THROUGHPUT > NVDLA_PDP_THROUGHPUT only"}};

inline constexpr Path kPdpFp16Average = {
    {"fp16 multipliers of the reciprocal kernel width and height", 19,
     "recordings: fp16 average against maximum; PDP_CORE_cal2d's multipliers are generated blocks whose "
     "registers were not counted",
     Evidence::kMeasured}};

// What cal2d does not take behind a line of one output column.
inline constexpr Path kPdpOneColumn = {
    {"one_width_disable", 3, "PDP_CORE_cal2d: until one_width_bubble_cnt is 2"}};

constexpr Path pdp_credit_open(const MemoryInterfacePaths& memory) {
  return Path{{"latency FIFO, RAM address and output", 2, "PDP_RDMA_eg: lat_fifo"}} + memory.credit;
}

constexpr Path pdp_credit(const MemoryInterfacePaths& memory) {
  return Path{{"ro_fifo", 1, "PDP_RDMA_eg"}} + kStreamStart +
         Path{{"ro_fifo's free entry seen by its writer", 1, "PDP_RDMA_eg: ro_wr_busy_int"}} +
         pdp_credit_open(memory);
}

// The entry at the head leaves with the last word of the request before, the first with its own data.
constexpr Path pdp_queue_turn(const Path& request) {
  return Path{{"latency FIFO, RAM address and output", 2, "PDP_RDMA_eg: lat_fifo"},
              {"ro_fifo", 1, "PDP_RDMA_eg"},
              {"the context queue's free entry seen by its writer", 1, "PDP_RDMA_cq: wr_popping"},
              {"ig2cq_prdy", 1, "PDP_RDMA_cq: ig2cq_busy_int"}} +
         request;
}

constexpr Path pdp_queue(std::int32_t depth) {
  return {{"context queue, a line a request", depth, "PDP_RDMA_cq"},
          {"its output register", 1, "PDP_RDMA_cq"}};
}

constexpr Path pdp_reorder(std::int32_t depth) {
  return {{"ro_fifo", depth, "PDP_RDMA_ro_fifo"}, {"its output register", 1, "PDP_RDMA_ro_fifo"}};
}

inline constexpr Path kPdpRequestV1 =
    Path{{"pipes p1, p3", 2, "PDP_RDMA_ig"}} + kMemoryInterface.read_request;

inline constexpr PdpPaths kPdpV1 = {
    Path{{"op_process", 1, "PDP_RDMA_ig"}} + kPdpRequestV1,
    kMemoryInterface.read_return + Path{{"pipes p1, p3", 2, "PDP_RDMA_eg"},
                                        {"pipe p5", 1, "PDP_RDMA_eg"},
                                        {"latency FIFO write", 1, "PDP_RDMA_eg: lat_fifo"}},
    kPdpFlyingRead,
    kPdpCore,
    kPdpFp16Average,
    kPdpFetchDone,
    Path{{"pipe p4", 1, "PDP_wdma"}} + kMemoryInterface.write,
    kMemoryInterface.write_acknowledge + Path{{"mcif2pdp_wr_rsp_complete_d1", 1, "PDP_wdma"},
                                              {"mc_dma_wr_rsp_complete, dma_wr_rsp_complete", 2, "PDP_wdma"},
                                              {"done interrupt register", 1, "PDP_wdma"}},
    pdp_reorder(3),
    pdp_credit(kMemoryInterface),
    pdp_credit_open(kMemoryInterface),
    pdp_queue(16),
    pdp_queue_turn(kPdpRequestV1)};

constexpr PdpPaths pdp_scalable(const MemoryInterfacePaths& memory, std::int32_t reorder,
                                std::int32_t queue) {
  const Path request = Path{{"DMAIF_rdreq pipe", 1, "DMAIF_rdreq"}} + memory.read_request;
  return {Path{{"op_process", 1, "PDP_RDMA_ig"}} + request,
          memory.read_return + Path{{"DMAIF_rdrsp, two pipes", 2, "DMAIF_rdrsp"},
                                    {"pipe p5", 1, "PDP_RDMA_eg"},
                                    {"latency FIFO write", 1, "PDP_RDMA_eg: lat_fifo"}},
          kPdpFlyingRead,
          kPdpCore,
          kPdpFp16Average,
          kPdpFetchDone,
          memory.write,
          memory.write_acknowledge + Path{{"mc_dma_wr_rsp_complete, dma_wr_rsp_complete", 2, "DMAIF_wr"},
                                          {"done interrupt register", 1, "PDP_wdma"}},
          pdp_reorder(reorder),
          pdp_credit(memory),
          pdp_credit_open(memory),
          pdp_queue(queue),
          pdp_queue_turn(request)};
}

inline constexpr PdpPaths kPdpScalable = pdp_scalable(kMemoryInterface, 4, 16);
inline constexpr PdpPaths kPdpMaster = pdp_scalable(kMemoryInterfaceMaster, 32, 256);

[[nodiscard]] constexpr const PdpPaths& pdp_paths(Generation generation, bool master = false) {
  if (generation == Generation::kV1) return kPdpV1;
  return master ? kPdpMaster : kPdpScalable;
}

}  // namespace nvdla::paths
