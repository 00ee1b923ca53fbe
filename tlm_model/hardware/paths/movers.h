// SPDX-License-Identifier: Apache-2.0
// BDMA and Rubik (generation V1 only): the ways around their copy. Registers counted in simulations.
// Also what PDP, CDP, BDMA and Rubik share: the FIFOs between a read DMA and its core.
#pragma once

#include "hardware/paths/memory_interface.h"
#include "hardware/paths/path.h"

namespace nvdla::paths {

struct MoverPaths {
  Path request;      // start to the first address on the bus
  Path read;         // a beat on the bus to its entry
  Path store;        // a beat's entry to the link of the write side
  Path depth;        // the end of a beat's cycle to the output of the write side
  Path fetch_done;   // the group ends with the writes
  Path write;        // the output of the write side to the bus
  Path acknowledge;  // write acknowledge on the bus to the interrupt
  Path credit;       // a beat's entry to the address that its place in the latency FIFO lets pass
};

// Entry: a beat is written into the latency FIFO of BDMA_store.
inline constexpr MoverPaths kBdma = {
    Path{{"command of the group at the load side", 1, "BDMA_csb: csb2ld_vld"},
         {"tran_valid", 1, "BDMA_load"},
         {"pipe p1", 1, "BDMA_load"}} +
        kMemoryInterface.read_request,
    kMemoryInterface.read_return + Path{{"pipe p1", 1, "BDMA_store"}},
    {{"latency FIFO", 3, "BDMA_store: lat_fifo"}},
    {{"latency FIFO", 3, "BDMA_store: lat_fifo"},
     {"the beat leaves in the cycle that its entry counts", -1, "the model's cut"}},
    {},
    Path{{"pipe p3", 1, "BDMA_store"}} + kMemoryInterface.write,
    kMemoryInterface.write_acknowledge +
        Path{{"mc_dma_wr_rsp_complete, dma_wr_rsp_complete", 2, "BDMA_store"},
             {"done interrupt register", 1, "BDMA_csb"}},
    Path{{"latency FIFO", 3, "BDMA_store: lat_fifo"}} + kMemoryInterface.credit};

// Entry: a beat leaves the data FIFO towards the register file.
inline constexpr MoverPaths kRubik = {
    Path{{"seq_gen", 2, "RUBIK_seq_gen: op_en to rd_req_vld"}, {"pipe p1", 1, "RUBIK_dma"}} +
        kMemoryInterface.read_request,
    kMemoryInterface.read_return +
        Path{{"pipe p3", 1, "RUBIK_dma"}, {"data FIFO", 4, "RUBIK_dr2drc: rbk_fifo_h, rbk_fifo_l"}},
    {},
    {{"register file read pipe", 1, "RUBIK_rf_core: p2"},
     {"wrdma_data", 1, "RUBIK_wrdma_data"},
     {"write FIFO", 2, "RUBIK_wr_req: dma_wr_datah, dma_wr_datal"},
     {"a beat leaves in the cycle that its run counts", -1, "the model's cut"}},
    {},
    Path{{"pipe p5", 1, "RUBIK_dma"}} + kMemoryInterface.write,
    kMemoryInterface.write_acknowledge + Path{{"mc_wr_rsp_complete, wr_rsp_complete", 2, "RUBIK_dma"},
                                              {"done interrupt register", 1, "RUBIK_intr"}},
    kMemoryInterface.credit};

// Of a datum's way into the core of PDP or CDP, in front of which the first of an operation waits a cycle
// more.
inline constexpr Path kStreamStart = {
    {"tran_cnt is set when there are data; behind a request when that ends", 1, "*_RDMA_eg: tran_rdy"}};

// Rubik's register file and write FIFO (amaix/rubik_file.h). Together with kRubikFifo they are
// what `depth` of kRubik counts.
inline constexpr Path kRubikFileFree = {{"read pointer", 1, "RUBIK_rf_ctrl: rf_rptr"}};
inline constexpr Path kRubikFileTurn = {{"write pointer", 1, "RUBIK_rf_ctrl: rf_wptr"}};
inline constexpr Path kRubikFileRead = {{"pipe p2", 1, "RUBIK_rf_core"},
                                        {"dma_wr_data_vld", 1, "RUBIK_rf_core"}};
inline constexpr Path kRubikFifo = {
    {"rbk_dma_wr_datah_fifo, datal_fifo; dbuf_remain, send_cmd", 2, "RUBIK_wr_req"}};
inline constexpr Path kRubikFileReads = {{"pipe p2, its skid register, dma_wr_data", 3, "RUBIK_rf_core"}};
inline constexpr Path kRubikFileWrites = {{"pipe p1 and its skid register", 2, "RUBIK_rf_core"}};
inline constexpr Path kRubikFileCommands = {{"wrdma_cmd", 4, "RUBIK_wrdma_cmd"},
                                            {"its output register", 1, "RUBIK_wrdma_cmd"}};
inline constexpr Path kRubikFifoAtoms = {{"two FIFOs of four", 8, "RUBIK_wr_req: wrdma_data"},
                                         {"their input and output registers", 4, "RUBIK_wrdma_data"}};

}  // namespace nvdla::paths
