// SPDX-License-Identifier: Apache-2.0
// CDP: the ways around and through its datapath. A datum enters the model's datapath at the output of
// CDP_RDMA_eg's latency FIFO (V1) or one register before it (scalable: its DMAIF_rdrsp has one pipe more).
// Registers counted in simulations of both RTLs (int8).
#pragma once

#include "hardware/paths/memory_interface.h"
#include "hardware/paths/movers.h"
#include "hardware/paths/path.h"
#include "hardware/types.h"

namespace nvdla::paths {

struct CdpPaths {
  Path request;          // start of CDP_RDMA to its first address on the bus
  Path read;             // a beat on the bus to its entry into the datapath
  Path depth;            // the end of a strip's cycles to the beat's entry into WDMA's output pipe
  Path depth_fp16;       // the same in fp16, without the additions of pairs
  Path pair_fp16;        // one of them
  Path elastic;          // words in the datapath when a wait at WDMA reaches the window
  Path ahead;            // words between CDP_RDMA and the window while that is held
  Path refill;           // WDMA between two strips: command FIFO latency that its input pipe does not hide
  Path restart_fp16;     // more of it when both lanes have stopped
  Path fetch_done;       // the end of the last word's cycle to the done of CDP_RDMA
  Path write;            // from WDMA's output pipe to the bus
  Path acknowledge;      // write acknowledge on the bus to the interrupt
  Path reorder;          // beats that have left the latency FIFO and whose last word is not read
  Path credit;           // a beat's last word to the address that it lets pass when all of them are there
  Path credit_open;      // a beat's entry to the address that it lets pass where there is room for it
  Path queue;            // requests that wait for their data
  Path queue_turn;       // the end of one in the core to the address that the next one's place lets pass
  Path square_sum;       // what of the depth its bypass leaves out
  Path square_sum_fp16;  // more of it in fp16
  Path multiplier;       // what of the depth the multiplier's bypass leaves out
};

inline constexpr Path kCdpSquareSum = {{"bufferin, p1, shift, buf_dat", 3, "CDP_DP_bufferin"},
                                       {"bufferin output pipe p2", 1, "CDP_DP_bufferin"},
                                       {"sum, p1, three stages, p2", 5, "CDP_DP_sum"}};
inline constexpr Path kCdpSquareSumFp16 = {
    {"longer pipes of the fp16 squares and first sum, less the converters to fp32 in their place", 3,
     "CDP_DP_LUT_ctrl: fp17to32; golden case cdp_sqb; the generated blocks were not counted",
     Evidence::kMeasured}};
inline constexpr Path kCdpMultiplier = {{"multipliers", 1, "CDP_DP_MUL_unit; the pipe behind them stays"}};

inline constexpr Path kCdpDatapath = {{"ro_fifo", 1, "CDP_RDMA_eg"},
                                      {"dp_vld, cdp_rdma2dp pipe", 2, "CDP_RDMA_eg: dp_vld, p3"},
                                      {"nan", 1, "CDP_DP_nan"},
                                      {"cvtin, pipes p1 to p3", 3, "CDP_DP_cvtin"},
                                      {"bufferin, p1, shift, buf_dat", 3, "CDP_DP_bufferin"},
                                      {"bufferin output pipe p2", 1, "CDP_DP_bufferin"},
                                      {"sum, p1, three stages, p2", 5, "CDP_DP_sum"},
                                      {"LUT_ctrl", 4, "CDP_DP_LUT_CTRL_unit"},
                                      {"lut", 1, "CDP_DP_lut"},
                                      {"intp", 6, "CDP_DP_intp"},
                                      {"mul", 2, "CDP_DP_mul"},
                                      {"cvtout", 4, "CDP_DP_cvtout"},
                                      {"wdma input pipe", 1, "CDP_wdma: p1"}};

inline constexpr Path kCdpFp16 = {
    {"longer pipes of the fp16 converters, squares, first sum and interpolation", 21,
     "recordings: fp16 LRN; the generated multipliers were not counted", Evidence::kMeasured}};
inline constexpr Path kCdpPairFp16 = {{"HLS_fp32_add of a pair", 4, "CDP: fp_sum_block"}};

// A wait begins two words behind a full strip and comes to the window four cycles later.
inline constexpr Path kCdpElastic = {
    {"sum, LUT_ctrl, lut, intp, mul, cvtout", 22, "CDP_DP_sum to CDP_DP_cvtout"},
    {"words that WDMA takes first", 2, "CDP_wdma"},
    {"skid registers on the way", 4, "simulation of nv_full: a wait at WDMA and at CDP_DP_bufferin"}};

inline constexpr Path kCdpNan = {{"nan", 1, "CDP_DP_nan"}};
inline constexpr Path kCdpCvtin = {{"cvtin, pipes p1 to p3", 3, "CDP_DP_cvtin"}};
inline constexpr Path kCdpAheadV1 =
    kCdpNan + kCdpCvtin + Path{{"bufferin, p1 and its skid register", 2, "CDP_DP_bufferin"}};
inline constexpr Path kCdpAhead = kCdpNan + kCdpCvtin + Path{{"bufferin, p1", 1, "CDP_DP_bufferin"}};
// Seen in a simulation of nv_small_256_full: eight words stood there.
inline constexpr Path kCdpAheadMaster =
    kCdpNan + Path{{"cvtin, pipes p1 to p3 and their skid registers", 6, "CDP_DP_cvtin"},
                   {"bufferin, p1", 1, "CDP_DP_bufferin"}};

inline constexpr Path kCdpRestartFp16 = {
    {"restart of the fp16 datapath", 1,
     "recordings: lost after every strip of eight columns, after no shorter one; the register that causes it "
     "is not identified",
     Evidence::kMeasured}};

constexpr Path cdp_credit_open(const MemoryInterfacePaths& memory) {
  return Path{{"latency FIFO output", 1, "CDP_RDMA_eg: lat_fifo"}} + memory.credit;
}

// A lane of the ro FIFO holds a word of each beat; the last one's are read last.
constexpr Path cdp_credit(const MemoryInterfacePaths& memory) {
  return Path{{"ro_fifo", 1, "CDP_RDMA_eg"}} + kStreamStart +
         Path{{"ro_fifo's free entry seen by its writer", 1, "CDP_RDMA_eg: ro_wr_busy_int"}} +
         cdp_credit_open(memory);
}

// The entry at the head leaves with the last word of the request before, the first with its own data.
constexpr Path cdp_queue_turn(const Path& request) {
  return Path{{"ro_fifo", 1, "CDP_RDMA_eg"},
              {"the context queue's free entry seen by its writer", 1, "CDP_RDMA_cq: wr_popping"},
              {"its ready", 1, "CDP_RDMA_cq: cq_wr_busy_int"}} +
         request;
}

constexpr Path cdp_queue(std::int32_t depth) {
  return {{"context queue, a strip a request", depth, "CDP_RDMA_cq"},
          {"its output register", 1, "CDP_RDMA_cq"}};
}

constexpr Path cdp_reorder(std::int32_t depth) {
  return {{"ro_fifo", depth, "CDP_RDMA_ro_fifo"}, {"its output register", 1, "CDP_RDMA_ro_fifo"}};
}

inline constexpr Path kCdpAcknowledge =
    kMemoryInterface.write_acknowledge + Path{{"mc_dma_wr_rsp_complete, dma_wr_rsp_complete", 2, "CDP_wdma"},
                                              {"done interrupt register", 1, "CDP_wdma"}};

inline constexpr Path kCdpRequestV1 = Path{{"pipe p1", 1, "CDP_RDMA_ig"}} + kMemoryInterface.read_request;

inline constexpr CdpPaths kCdpV1 = {
    Path{{"tran_vld", 1, "CDP_RDMA_ig"}} + kCdpRequestV1,
    kMemoryInterface.read_return +
        Path{{"pipe p1", 1, "CDP_RDMA_eg"}, {"latency FIFO", 3, "CDP_RDMA_eg: lat_fifo"}},
    kCdpDatapath,
    kCdpDatapath + kCdpFp16,
    kCdpPairFp16,
    kCdpElastic,
    kCdpAheadV1,
    {{"command FIFO of a strip", 2,
      "CDP_wdma: recordings; the FIFO has one register more, which the input pipe hides",
      Evidence::kMeasured}},
    kCdpRestartFp16,
    {{"from the last word's cycle to dp2reg_done", 2,
      "CDP_RDMA_eg: ro_fifo, dp_vld, p3 less the shared cycle", Evidence::kMeasured}},
    Path{{"pipe p2", 1, "CDP_wdma"}} + kMemoryInterface.write,
    kCdpAcknowledge,
    cdp_reorder(4),
    cdp_credit(kMemoryInterface),
    cdp_credit_open(kMemoryInterface),
    cdp_queue(32),
    cdp_queue_turn(kCdpRequestV1),
    kCdpSquareSum,
    kCdpSquareSumFp16,
    kCdpMultiplier};

constexpr CdpPaths cdp_scalable(const MemoryInterfacePaths& memory, const Path& ahead, const Path& refill,
                                std::int32_t reorder, std::int32_t queue) {
  const Path request = Path{{"DMAIF_rdreq pipe", 1, "DMAIF_rdreq"}} + memory.read_request;
  return {Path{{"tran_vld", 1, "CDP_RDMA_ig"}} + request,
          memory.read_return + Path{{"DMAIF_rdrsp, two pipes", 2, "DMAIF_rdrsp"},
                                    {"latency FIFO, write and RAM address", 2, "CDP_RDMA_eg: lat_fifo"}},
          Path{{"latency FIFO output", 1, "CDP_RDMA_eg: lat_fifo"}} + kCdpDatapath,
          Path{{"latency FIFO output", 1, "CDP_RDMA_eg: lat_fifo"}} + kCdpDatapath,  // the RTL has no fp16
          {},
          kCdpElastic,
          ahead,
          refill,
          kCdpRestartFp16,
          {{"from the last word's cycle to dp2reg_done", 3, "CDP_RDMA_eg: as V1, and the latency FIFO output",
            Evidence::kMeasured}},
          Path{{"DMAIF_wr pipe", 1, "DMAIF_wr"}} + memory.write,
          kCdpAcknowledge,
          cdp_reorder(reorder),
          cdp_credit(memory),
          cdp_credit_open(memory),
          cdp_queue(queue),
          Path{{"latency FIFO output", 1, "CDP_RDMA_eg: lat_fifo"}} + cdp_queue_turn(request),
          kCdpSquareSum,
          kCdpSquareSumFp16,
          kCdpMultiplier};
}

inline constexpr Path kCdpRefill = {
    {"command FIFO of a strip", 1,
     "CDP_wdma: recordings; the FIFO has one register more, which the input pipe hides",
     Evidence::kMeasured}};
inline constexpr CdpPaths kCdpScalable = cdp_scalable(kMemoryInterface, kCdpAhead, kCdpRefill, 8, 32);
// The data FIFOs of branch master's CDP_wdma are 32 deep: no strip waits for the one before.
inline constexpr CdpPaths kCdpMaster = cdp_scalable(kMemoryInterfaceMaster, kCdpAheadMaster, {}, 32, 256);

[[nodiscard]] constexpr const CdpPaths& cdp_paths(Generation generation, bool master = false) {
  if (generation == Generation::kV1) return kCdpV1;
  return master ? kCdpMaster : kCdpScalable;
}

}  // namespace nvdla::paths
