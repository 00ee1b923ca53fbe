// SPDX-License-Identifier: Apache-2.0
// MCIF, CVIF: the ways between a client's register and the AXI port. Branches nvdlav1 and nv_small differ in
// names (NV_NVDLA_MCIF_*, NV_NVDLA_NOCIF_DRAM_*), not in registers: seen in simulations of both RTLs. Branch
// master has rewritten it, without the split stage and the FIFOs behind it (simulations of nv_small_256 and
// nv_medium_512).
#pragma once

#include "hardware/paths/path.h"

namespace nvdla::paths {

struct MemoryInterfacePaths {
  Path read_request;       // the client's request register to the address on the bus
  Path read_return;        // a beat on the bus to the client's response register
  Path write;              // the last beat of a chunk in the client's register to the first on the bus
  Path write_acknowledge;  // B on the bus to the client's wr_rsp_complete
  Path credit;             // a client's read of its latency FIFO to the address that it lets pass
};

inline constexpr MemoryInterfacePaths kMemoryInterface = {
    {{"READ_IG_bpt pipes p1, p2", 2, "READ_IG_bpt"},
     {"READ_IG_arb, the client's pipe", 1, "READ_IG_arb"},
     {"READ_IG_spt, input and output pipe", 2, "READ_IG_spt"},
     {"READ_IG_cvt, output pipe", 1, "READ_IG_cvt"}},
    {{"READ_eg input pipe", 1, "READ_eg"},
     {"READ_EG_lat_fifo of the client", 1, "READ_eg"},
     {"READ_EG_ro_fifo", 1, "READ_eg"},
     {"READ_eg output pipe", 1, "READ_eg"}},
    {{"WRITE_IG_bpt pipes p1, p2", 2, "WRITE_IG_bpt"},
     {"WRITE_IG_BPT_dfifo", 2, "WRITE_IG_bpt"},
     {"WRITE_IG_ARB_dfifo and its count", 1, "WRITE_IG_arb: a command competes when all its beats are there"},
     {"WRITE_IG_SPT input pipe", 1, "WRITE_IG_spt"},
     {"WRITE_IG_cvt, input pipe", 1, "WRITE_IG_cvt"},
     {"WRITE_IG_cvt, output pipe", 1, "WRITE_IG_cvt"}},
    {{"WRITE_eg iflop_axi", 1, "WRITE_eg"}, {"wr_rsp_complete", 1, "WRITE_eg"}},
    {{"the client's rd_cdt_lat_fifo_pop", 1, "*_RDMA_eg"},
     {"READ_IG_bpt lat_count_dec, lat_count", 2, "READ_IG_bpt"},
     {"READ_IG_arb, the client's pipe", 1, "READ_IG_arb"},
     {"READ_IG_spt, input and output pipe", 2, "READ_IG_spt"},
     {"READ_IG_cvt, output pipe", 1, "READ_IG_cvt"}},
};

inline constexpr MemoryInterfacePaths kMemoryInterfaceMaster = {
    {{"READ_IG_bpt pipes p1, p2", 2, "READ_IG_bpt"},
     {"READ_IG_arb, the client's pipe and the output pipe", 2, "READ_IG_arb"},
     {"READ_IG_cvt, output pipe", 1, "READ_IG_cvt"}},
    {{"READ_eg input pipe", 1, "READ_eg: pipe_pr"},
     {"READ_EG_lat_fifo of the client", 1, "READ_eg"},
     {"READ_eg output pipe", 1, "READ_eg: OUT_pipe"}},
    {{"WRITE_IG_bpt pipes p1, p2", 2, "WRITE_IG_bpt"},
     {"WRITE_IG_BPT_dfifo, a pipe", 1, "WRITE_IG_bpt"},
     {"WRITE_IG_ARB_dfifo and its count", 1, "WRITE_IG_arb: a command competes when all its beats are there"},
     {"WRITE_IG_cvt, input pipe", 1, "WRITE_IG_cvt"},
     {"WRITE_IG_cvt, output pipe", 1, "WRITE_IG_cvt"}},
    kMemoryInterface.write_acknowledge,
    {{"the client's rd_cdt_lat_fifo_pop", 1, "*_RDMA_eg"},
     {"READ_IG_bpt lat_count_dec, lat_count", 2, "READ_IG_bpt"},
     {"READ_IG_arb, the client's pipe and the output pipe", 2, "READ_IG_arb"},
     {"READ_IG_cvt, output pipe", 1, "READ_IG_cvt"}},
};

// Write requests of one client that wait in front of the arbiter.
inline constexpr Path kRequestQueue = {{"WRITE_IG_bpt pipes p1, p2", 2, "WRITE_IG_bpt"}};

// Read requests of one client that wait in front of the arbiter, when it stands: every pipe holds two. More
// of them where a client has a second pipe of its own: CDMA's data, SDP and PDP in V1.
inline constexpr Path kReadQueue = {
    {"the client's pipe and its skid register", 2, "DMAIF_rdreq; CDMA_dc, CDMA_wt, *_RDMA_ig: pipe_p1"},
    {"READ_IG_bpt pipes p1, p2 and their skid registers", 4, "READ_IG_bpt"}};
inline constexpr Path kReadQueueSecond = {{"second pipe and its skid register", 2,
                                           "CDMA_dma_mux: pipe_p1; V1: SDP_*RDMA_ig, PDP_RDMA_ig: pipe_p3"}};

// Branch master: a request that nothing holds back, in front of the arbiter; each register an
// amaix::SkidPipe.
inline constexpr Path kReadRegisters = {{"READ_IG_bpt pipes p1, p2", 2, "READ_IG_bpt"},
                                        {"READ_IG_arb, the client's pipe", 1, "READ_IG_arb"}};

// Chunks of one client behind READ_IG_bpt, when the arbiter stands.
inline constexpr Path kReadClientPipe = {
    {"READ_IG_arb, the client's pipe and its skid register", 2, "READ_IG_arb"}};

// Bursts of reads that wait between the arbiter and the counter of open beats.
inline constexpr Path kReadPlaces = {{"READ_IG_spt, input pipe", 1, "READ_IG_spt"},
                                     {"READ_IG_spt, output pipe and its skid register", 2, "READ_IG_spt"}};
inline constexpr Path kReadPlacesMaster = {
    {"READ_IG_arb, output pipe and its skid register", 2, "READ_IG_arb"}};

// A read beat on the bus to the address that its place among the open ones lets pass.
inline constexpr Path kReadSlot = {{"READ_eg input pipe", 1, "READ_eg"},
                                   {"READ_IG_cvt, eg2ig_axi_vld_d", 1, "READ_IG_cvt"},
                                   {"READ_IG_cvt, output pipe", 1, "READ_IG_cvt"}};

// Beats of reads that wait when the client does not take them.
inline constexpr Path kReadInput = {{"READ_eg input pipe and its skid register", 2, "READ_eg"}};

// Addresses behind the counter that memory has not taken, when another one is to follow them.
inline constexpr Path kReadAhead = {{"READ_IG_cvt, output pipe or its skid register", 1, "READ_IG_cvt"}};
// From memory's taking an address to the one that its place lets pass.
inline constexpr Path kReadAheadCredit = {{"READ_IG_cvt, ready of the skid register", 1, "READ_IG_cvt"},
                                          {"READ_IG_cvt, output pipe", 1, "READ_IG_cvt"}};

// Write beats that MCIF has sent on their way to the bus and memory has not taken, when another chunk follows
// them. Seen full in a simulation of nv_full (bdma_lines): these registers and one beat in WRITE_IG_SPT.
inline constexpr Path kWriteAhead = {
    {"WRITE_IG_cvt, data pipe p2", 1, "WRITE_IG_cvt"},
    {"WRITE_IG_cvt, output pipe p4 and its skid register", 2, "WRITE_IG_cvt"}};
// No WRITE_IG_SPT: the data pipe is the place of the beat that follows (simulation of nv_medium_512).
inline constexpr Path kWriteAheadMaster = {
    {"WRITE_IG_cvt, output pipe p4 and its skid register", 2, "WRITE_IG_cvt"}};
[[nodiscard]] constexpr const Path& write_ahead(bool master) {
  return master ? kWriteAheadMaster : kWriteAhead;
}

// The arbiter's grant of a chunk to its first beat on the bus, the end of `write`.
inline constexpr Path kWriteBus = {{"WRITE_IG_SPT input pipe", 1, "WRITE_IG_spt"},
                                   {"WRITE_IG_cvt, input and output pipe", 2, "WRITE_IG_cvt"}};
inline constexpr Path kWriteBusMaster = {{"WRITE_IG_cvt, input and output pipe", 2, "WRITE_IG_cvt"}};
[[nodiscard]] constexpr const Path& write_bus(bool master) { return master ? kWriteBusMaster : kWriteBus; }

}  // namespace nvdla::paths
