// SPDX-License-Identifier: Apache-2.0
// SDP: the ways around and through its datapath. A datum enters the datapath at the input of SDP_cmux's
// output pipe. Registers counted in simulations of both RTLs (X1 and X2 of V1 in fp16, X1 of nv_small).
#pragma once

#include "hardware/paths/memory_interface.h"
#include "hardware/paths/path.h"
#include "hardware/types.h"

namespace nvdla::paths {

struct SdpPaths {
  Path request;          // start of SDP_RDMA to its first address on the bus
  Path read;             // a beat of the main input on the bus to its entry into the datapath
  Path operand;          // an operand's beat on the bus to the entry of the first datum that uses it in X1;
                         // behind X1, X2 the datum comes later, by their depths
  Path operand_y;        // in Y, the datum comes later by this
  Path operand_y_mul;    // in Y, a MUL operand comes later than an ALU operand by this
  Path operand_x_mul;    // in X1, X2, MUL operands alone come earlier than ALU operands by this
  Path from_cacc;        // hand-over of CACC to the entry
  Path core;             // entry to SDP's done, all sub-engines bypassed
  Path x, x_alu, x_mul;  // what an enabled X adds; what ALU and multiplier add if they are not bypassed
  Path y, y_alu, y_mul, y_lut;
  Path write;             // SDP's done (of the last datum of a chunk) to the first beat on the bus
  Path acknowledge;       // write acknowledge on the bus to the interrupt
  Path quiet_interrupt;   // SDP's done to the interrupt when nothing is written
  Path main_done;         // entry of the last transfer of the last record but one to MRDMA's done
  Path alu_operand_done;  // the same, of an ALU operand's reader, relative to its sub-engine's entry
  Path mul_operand_done;  // and of a MUL operand's; scalable generation: both relative to where it is used
  Path credit;            // a beat on the bus to the address that its place in the latency FIFO lets pass,
                          // where the FIFOs behind have room
  Path pop;               // what leaves the latency FIFO to the address that its place lets pass
  Path use;               // a record's last transfer where it is used to the address that it lets pass, where
                          // those FIFOs are full
};

inline constexpr Path kSdpDoneRegister = {{"done register", 1, "SDP_WDMA_DAT_out: layer_done, dp2reg_done"}};
inline constexpr Path kSdpDone =
    Path{{"WDMA_DAT_in data FIFO", 1, "SDP_WDMA_DAT_in: dfifo"}} + kSdpDoneRegister;
// Start to the first write command at the output of the write DMA.
inline constexpr Path kSdpWriteCommand = {{"cmd_vld", 1, "SDP_WDMA_cmd: op_load"},
                                          {"command FIFO, cmd_vld", 1, "SDP_WDMA_DAT_out"}};
inline constexpr Path kSdpFromCacc = {{"CACC's pipe", 1, "SDP_cmux: pipe_p1"}};
inline constexpr Path kSdpQuiet =
    {};  // interrupt and done are set by the same condition (WDMA_dmaif, SDP_reg)

inline constexpr SdpPaths kSdpV1 = {
    Path{{"cmd_process", 1, "SDP_*RDMA_ig"}, {"two pipes", 2, "SDP_*RDMA_ig"}} +
        kMemoryInterface.read_request,
    kMemoryInterface.read_return + Path{{"two pipes", 2, "SDP_MRDMA_EG_din: p1, p3"},
                                        {"latency FIFO", 3, "SDP_MRDMA_EG_din: lat_fifo"},
                                        {"pfifo", 1, "SDP_MRDMA_EG_din"},
                                        {"dout", 1, "SDP_MRDMA_EG_dout"}},
    kMemoryInterface.read_return +
        Path{{"two pipes", 2, "SDP_*RDMA_eg"},
             {"latency FIFO", 3, "SDP_*RDMA_eg: lat_fifo"},
             {"ro FIFO, output pipe, input register of CORE_x", 3, "SDP_*RDMA_EG_ro, SDP_core"},
             {"the datum's way from the entry to where the operand is used", -3,
              "SDP_cmux, SDP_core, CORE_x"}},
    {{"packer in front of CORE_Y_core", 1, "SDP_CORE_Y_dppack: recordings with an ALU operand in Y alone",
      Evidence::kMeasured}},
    {{"a MUL operand in Y behind an ALU operand", 4,
      "SDP_CORE_y: recordings, MUL alone and both, for each kernel or element; why is not understood",
      Evidence::kMeasured}},
    {{"a MUL operand alone", 2, "SDP_CORE_x: recordings of X1 and X2, MUL against ALU; why is not understood",
      Evidence::kMeasured}},
    kSdpFromCacc,
    Path{{"cmux output pipe", 1, "SDP_cmux"},
         {"input register of CORE_c", 1, "SDP_core: flop_cvt_data_in"},
         {"CORE_c", 4, "SDP_CORE_c"},
         {"WDMA_DAT_in pipe", 1, "SDP_WDMA_DAT_in"}} +
        kSdpDone,
    {{"input register", 1, "SDP_core: flop_bs_data_in, flop_bn_data_in"},
     {"CORE_x, whatever is bypassed in it", 12, "SDP_CORE_x"}},
    {},
    {},
    {{"CORE_Y_dppack, CORE_Y_core, CORE_Y_dpunpack", 11,
      "recordings and SDP_CORE_y's instances; the generated core's registers were not counted",
      Evidence::kMeasured}},
    {},
    {},
    {{"idx", 4, "SDP_CORE_Y_idx"},
     {"lut", 3, "SDP_CORE_Y_lut"},
     {"inp", 10, "SDP_CORE_Y_inp"},
     {"five registers more", 5, "recordings: LUT cases of five kinds against operations without Y",
      Evidence::kMeasured}},
    Path{{"second dmaif pipe", 1, "SDP_WDMA_dmaif"}} + kMemoryInterface.write,
    kMemoryInterface.write_acknowledge +
        Path{{"mcif2sdp_wr_rsp_complete_d1", 1, "SDP_WDMA_dmaif"},
             {"mc_dma_wr_rsp_complete, dma_wr_rsp_complete", 2, "SDP_WDMA_dmaif"},
             {"done interrupt register", 1, "SDP_WDMA_dmaif"}},
    kSdpQuiet,
    {{"from the record before the last to eg_done", 2, "SDP_MRDMA_EG_dout"},
     {"transfers that cmux and the packers hold when the datapath is the slower one", -5,
      "recordings: done of SDP_RDMA; how many of their skid registers are filled is not understood",
      Evidence::kMeasured}},
    {{"from the record before the last to eg_done", 5, "SDP_*RDMA_EG_ro: simulation, X2 ALU per element"}},
    {{"from the record before the last to eg_done", 10, "SDP_*RDMA_EG_ro: simulation, X1 MUL per kernel"}},
    {},  // its room behind the latency FIFO is not modelled
    {},
    {}};

constexpr SdpPaths sdp_scalable(const MemoryInterfacePaths& memory) {
  return {
      Path{{"cmd_process", 1, "SDP_*RDMA_ig"}, {"DMAIF_rdreq pipe", 1, "DMAIF_rdreq"}} + memory.read_request,
      memory.read_return + Path{{"DMAIF_rdrsp, two pipes", 2, "DMAIF_rdrsp"},
                                {"latency FIFO", 3, "SDP_MRDMA_EG_din: lat_fifo"},
                                {"unpack, after the last of four beats", 1, "SDP_RDMA_unpack"},
                                {"pfifo", 1, "SDP_MRDMA_EG_din"},
                                {"dout", 1, "SDP_MRDMA_EG_dout"},
                                {"dpin_pack", 1, "SDP_core: u_dpin_pack"}},
      memory.read_return +
          Path{{"DMAIF_rdrsp, two pipes", 2, "DMAIF_rdrsp"},
               {"latency FIFO", 3, "SDP_*RDMA_eg: lat_fifo"},
               {"unpack, after the last of four beats", 1, "SDP_RDMA_unpack"},
               {"ro FIFO, output pipe, input register of the sub-engine", 3, "SDP_*RDMA_EG_ro, SDP_core"},
               {"the datum's way from the entry to where the operand waits", -2, "SDP_cmux, SDP_core"}},
      {},
      {},
      {},
      kSdpFromCacc,
      Path{{"cmux output pipe", 1, "SDP_cmux"},
           {"CORE_c, p1 to p4", 4, "SDP_CORE_c: HLS_C_int"},
           {"dpout_unpack", 1, "SDP_core: u_dpout_unpack"}} +
          kSdpDone,
      {{"input register", 1, "SDP_core: flop_bs_data_in"},
       {"trt, p1", 1, "HLS_X_int_trt"},
       {"relu, p1", 1, "HLS_X_int_relu"},
       {"output register", 1, "SDP_core: flop_bs_data_out"}},
      {{"alu, p1 and p2", 2, "HLS_X_int_alu"}},
      {{"mul, p1", 1, "HLS_X_int_mul"}},
      {{"pack", 1, "SDP_core: u_ew_dppack"}, {"unpack", 1, "SDP_core: u_ew_dpunpack"}},
      {{"alu, p1 and p2", 2, "HLS_Y_int_alu"}},
      {{"mul, p1 and p2", 2, "HLS_Y_int_mul"}},
      {{"idx", 4, "HLS_Y_int_idx"},
       {"lut", 3, "SDP_CORE_Y_lut"},
       {"inp, p4, p6 and p7, or p1 to p3 outside of the tables", 3, "HLS_Y_int_inp"}},
      memory.write,
      memory.write_acknowledge + Path{{"mc_dma_wr_rsp_complete, dma_wr_rsp_complete", 2, "DMAIF_wr"},
                                      {"done interrupt register", 1, "SDP_WDMA_intr"}},
      kSdpQuiet,
      {{"the last record's way into dpin_pack to eg_done", 1, "SDP_MRDMA_EG_dout"}},
      {{"the last record's way into the operand's pack to layer_done, eg_done", 2, "SDP_RDMA_eg"}},
      {{"the last record's way into the operand's pack to layer_done, eg_done", 2, "SDP_RDMA_eg"}},
      memory.read_return +
          Path{{"DMAIF_rdrsp, two pipes", 2, "DMAIF_rdrsp"}, {"latency FIFO", 3, "SDP_*RDMA_eg: lat_fifo"}} +
          memory.credit,
      memory.credit,
      Path{{"ready of dout's or ro's pipe", 1, "SDP_MRDMA_EG_dout, SDP_RDMA_EG_ro: pipe_p1"},
           {"the FIFO's free entry seen by its writer", 1, "SDP_MRDMA_EG_din: pfifo_wr_prdy; rod_wr_prdy"}} +
          memory.credit};
}
inline constexpr SdpPaths kSdpScalable = sdp_scalable(kMemoryInterface);
inline constexpr SdpPaths kSdpMaster = sdp_scalable(kMemoryInterfaceMaster);

[[nodiscard]] constexpr const SdpPaths& sdp_paths(Generation generation, bool master = false) {
  if (generation == Generation::kV1) return kSdpV1;
  return master ? kSdpMaster : kSdpScalable;
}

// Transfers that SDP has taken from CACC and that wait for CORE_Y where that sets the pace, but for those in
// the registers on their way there (the entry's, and the depth of an enabled X). Pipes with a skid register
// hold two transfers, and their room is told to the one before a cycle later. Of an enabled X of the scalable
// generation these are all but its first and last register.
inline constexpr Path kSdpAheadOfY = {{"CACC's pipe and its skid register", 2, "SDP_cmux: pipe_p1"},
                                      {"skid register of the output pipe", 1, "SDP_cmux: pipe_p2"}};
// V1: transfers that an enabled X holds beside those in its registers, when what is behind it stands.
inline constexpr Path kSdpXSkidsV1 = {
    {"skid register in front of it", 1, "SDP_core: pipe_p7, pipe_p8"},
    {"between the four blocks of CORE_x", 8,
     "CACC's last transfer in recordings of nv_full: Y behind neither X, either, both (27 cycles each); as "
     "many cycles for their room",
     Evidence::kMeasured}};
inline constexpr Path kSdpAheadOfYRoom = {{"ready of the two pipes", 2, "SDP_cmux: pipe_p1, pipe_p2"},
                                          {"CACC sees it", 1, "SDP_cmux: cacc2sdp_ready"}};
// Branch master, towards a PDP that takes less than SDP gives: the same from CACC to where PDP reads the last
// word of a transfer, but for X.
inline constexpr Path kSdpAheadOfPdp = {{"CACC's pipe and its skid register", 2, "SDP_cmux: pipe_p1"},
                                        {"output pipe and its skid register", 2, "SDP_cmux: pipe_p2"},
                                        {"CORE_c, four pipes with skid registers", 8, "SDP_HLS_C_int"},
                                        {"pipe of core2pdp and its skid register", 2, "SDP_core: pipe_p11"},
                                        {"pipe p0 and its skid register", 2, "PDP_CORE_preproc: pipe0"},
                                        {"ro FIFO", 4, "PDP_SDPIN_ro_fifo"},
                                        {"its output register", 1, "PDP_SDPIN_ro_fifo"}};
inline constexpr Path kSdpAheadOfPdpRoom = {
    {"PDP_RDMA_eg and PDP_nan, which PDP's entry counts and the data do not pass", 6,
     "PDP_RDMA_eg: lat_fifo, ro_fifo, dp_vld, p6; PDP_nan"},
    {"ro FIFO's free entry seen by its writer", 1, "PDP_SDPIN_ro_fifo: ro_wr_busy_int"},
    {"ready of the eight pipes", 8, "PDP_CORE_preproc, SDP_core, SDP_HLS_C_int, SDP_cmux"},
    {"CACC sees it", 1, "SDP_cmux: cacc2sdp_ready"}};
// Branch master, PDP slower than SDP: transfers in front of PDP that SDP is done with; from PDP's taking the
// one before them, to SDP's done. V1 holds fewer, how many is not understood.
inline constexpr Path kPdpHolds = {{"FIFO in front of PDP", 4, "PDP_SDPIN_ro_fifo"},
                                   {"its output register", 1, "PDP_SDPIN_ro_fifo"}};
inline constexpr Path kPdpHoldsBack = {{"ro FIFO's free entry seen by its writer, done of SDP", 3,
                                        "recordings of branch master: conv_pdp", Evidence::kMeasured}};

inline constexpr Path kSdpYPlain = {
    {"pack and unpack, without skid registers", 2, "SDP_core: u_ew_dppack, u_ew_dpunpack"}};
inline constexpr Path kSdpXPlain = {
    {"input and output register, without skid registers", 2, "SDP_core: u_bs_dppack, u_bs_dpunpack"}};

// Pairs of two-byte operands for each element, V1: transfers on their way from the latency FIFO to the
// multiplier, and how long they are.
inline constexpr Path kSdpPairTransfers = {
    {"rod0, rod1 and the registers at their ends", 5,
     "SDP_BRDMA_eg: mode_2bytex2_sel; BRDMA_EG_ro: rod0, rod1; simulation of golden case sdp_x1_both_elem",
     Evidence::kMeasured}};
inline constexpr Path kSdpPairCycles = {
    {"a MUL operand behind the ALU operand of its pair", 5, "SDP_BRDMA_EG_ro"},
    {"from room in rod0, rod1 to the operand that takes it", 5, "simulation of golden case sdp_x1_both_elem",
     Evidence::kMeasured}};

// The same in int8, of operands of one byte or two.
inline constexpr Path kSdpPairTransfersInt8 = {
    {"rod0 to rod3, each with its output register", 8, "SDP_BRDMA_EG_ro: -d 1 -rd_reg"}};
inline constexpr Path kSdpPairCyclesInt8 = {
    {"a MUL operand behind the ALU operand of its pair", 5, "SDP_BRDMA_EG_ro"},
    {"from room in the four to the operands that take it", 6,
     "recordings of X1 and X2: 22 cycles for each chunk of 16 transfers", Evidence::kMeasured}};

// Records that have left those FIFOs when the datapath takes the next one: the pipes are full where it takes
// one in more than a cycle.
inline constexpr Path kSdpRecordsAhead = {
    {"pack in front of the datapath, of the sub-engine", 1, "SDP_core: u_dpin_pack; SDP_RDMA_pack"},
    {"output pipe and its skid register", 2, "SDP_MRDMA_EG_dout, RDMA_EG_ro: pipe_p1"}};

// Scalable generation: from the entry to where an operand of X1 waits for the datum or the datum for it; and
// what an X has in front of its MUL operand, Y in front of its operands and of the ALU behind its multiplier.
// A pipe with a skid register holds two transfers, and its room is told to the one before a cycle later.
inline constexpr Path kSdpToX = {{"output pipe of cmux", 1, "SDP_cmux: pipe_p2"},
                                 {"register in front of the sub-engine", 1, "SDP_core: u_bs_dppack"}};
inline constexpr Path kSdpToXSkids = {{"skid register of that pipe", 1, "SDP_cmux: pipe_p2"}};
inline constexpr Path kSdpYOperand = {{"cvt, p3", 1, "HLS_Y_int_cvt"}};
inline constexpr Path kSdpYConvert = {{"cvt, p1 and p2", 2, "HLS_Y_int_cvt"}};

// Scalable generation: what CACC has handed over while an operand is waited for, in front of the entry.
inline constexpr Path kSdpTaken = {
    {"CACC's pipe and its skid register", 2, "SDP_cmux: pipe_p1"},
    {"a skid register that stays empty, as CACC pauses behind each position", -1,
     "simulation of nv_medium_512, operands of X2: 18 transfers in registers for 19; which one is not "
     "followed",
     Evidence::kMeasured}};

}  // namespace nvdla::paths
