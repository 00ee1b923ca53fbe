// SPDX-License-Identifier: Apache-2.0
// The convolution pipeline: CDMA, CSC, CMAC, CACC. The scalable generation was counted in a simulation of
// nv_small's RTL (a direct convolution); of V1 what is the same module or was read in its RTL is `kRtl`, the
// rest is the difference that recordings show.
#pragma once

#include "hardware/paths/memory_interface.h"
#include "hardware/paths/path.h"
#include "hardware/types.h"

namespace nvdla::paths {

struct ConvolutionPaths {
  Path data_request;          // CDMA's start to the first address of its data on the bus, feature data
  Path image_request;         // the same, image
  Path weight_request;        // the same, weights
  Path bank_change;           // more of each when the split of the banks changes
  Path data_return;           // a beat of data on the bus to its read out of the shared buffer
  Path data_done;             // the last of these reads to the done bit
  Path image_done;            // the last line-packer slot (bus time) to the done bit
  Path weight_done;           // the last beat of weights on the bus to the done bit
  Path data_to_sequence;      // the data's done bit to the first weights at the MAC cells
  Path image_to_sequence;     // the same, image
  Path weight_to_sequence;    // the last beat of a kernel group on the bus to the same
  Path start_to_sequence;     // CSC's start to the same
  Path sequence_done;         // the last atomic operation to CSC's done
  Path weight_release;        // the end of a group's last weight load to requests into its CBUF entries
  Path data_release;          // the last atomic operation to requests into the entries of its data
  Path accumulate;            // the first atomic operation of a last block to CACC's first transfer
  Path accumulate_fp16;       // more of it, and of accumulate_done, for fp16
  Path interrupt;             // the last transfer to the done interrupt
  Path accumulate_done;       // the last atomic operation to CACC's done
  Path credit_return;         // a transfer to the atomic operation that its credit lets pass
  Path delivery_gap;          // between the transfers of one position and those of the next
  Path size_request;          // CDMA's start to the first address of the sizes of compressed kernel groups
  Path winograd_request;      // CDMA's start to the first address of data, Winograd, dummies left out
  Path winograd_return;       // a beat of data on the bus to the shared buffer, Winograd
  Path winograd_done;         // the last read of the shared buffer to the done bit, Winograd
  Path winograd_to_sequence;  // the done bit to the first weights at the MAC cells, Winograd
};

// From the availability of data or weights in CSC_sg to the first weights at the MAC cells.
inline constexpr Path kAvailableToMac = {{"available slices, kernels", 1, "CSC_sg"},
                                         {"package", 1, "CSC_sg: pkg_vld"},
                                         {"package FIFO", 1, "CSC_sg: wt_pop_req"},
                                         {"sg2wl", 1, "CSC_sg"},
                                         {"wl_in", 1, "CSC_wl"},
                                         {"wmb request", 1, "CSC_wl: wmb_pipe_valid"},
                                         {"wmb response, as long as a CBUF read", 6, "CSC_wl: wmb_rsp_pipe"},
                                         {"weight request", 2, "CSC_wl: wt_req_pipe"},
                                         {"CBUF read", 6, "CBUF"},
                                         {"decoder input", 1, "CSC_wl: dec_input_pipe"},
                                         {"decoder", 3, "CSC_WL_dec: sc2mac_out_pvld"}};

inline constexpr Path kBankChange = {{"PEND acknowledged", 1, "CDMA_status: pending_ack"},
                                     {"acknowledge in CSC_sg", 1, "CSC_sg: pending_ack"},
                                     {"pending_done", 1, "CSC_sg"},
                                     {"request falls", 1, "CSC_sg: sc2cdma_*_pending_req"},
                                     {"request register of CDMA", 1, "CDMA_dc, CDMA_wt: pending_req"},
                                     {"state BUSY", 1, "CDMA_dc, CDMA_wt"}};

constexpr Path data_request(const MemoryInterfacePaths& memory) {
  return Path{{"state BUSY", 1, "CDMA_dc"},
              {"layer set-up", 3, "CDMA_dc: req_pre_valid"},
              {"address stages d0, d1", 2, "CDMA_dc: req_valid_d1"},
              {"dma pipe", 1, "CDMA_dc; DMAIF_rdreq"},
              {"dma_mux pipe", 1, "CDMA_dma_mux"}} +
         memory.read_request;
}

constexpr Path image_request(const MemoryInterfacePaths& memory) {
  return Path{{"state, layer set-up and address stages", 3,
               "CDMA_IMG_ctrl, CDMA_IMG_sg: recordings; the registers were not told apart",
               Evidence::kMeasured},
              {"dma pipe", 1, "CDMA_IMG_sg; DMAIF_rdreq"},
              {"dma_mux pipe", 1, "CDMA_dma_mux"}} +
         memory.read_request;
}

inline constexpr Path kDataReleased = {
    {"last atomic operation to a bus request into its entries", 9,
     "recordings of layers that wait for CBUF; CSC_dl's release, cdma2sc and CDMA's room check were not told "
     "apart",
     Evidence::kMeasured}};

// CSC_sg is done a counter of 48 cycles and the stripe after it hands over the last package.
inline constexpr Path kSequenceDone = {
    {"done counter", 48, "CSC_sg: flush_cycles"},
    {"the package's way to its first atomic operation, which the counter covers", -22,
     "CSC_sg pop to sc2mac_dat_pvld"},
    {"state DONE, done register", 3, "CSC_sg: recordings; 29 in all", Evidence::kMeasured}};

inline constexpr ConvolutionPaths kConvolutionV1 = {
    data_request(kMemoryInterface),
    image_request(kMemoryInterface),
    Path{{"state BUSY", 1, "CDMA_wt"},
         {"request stages d1 to d3, weighted arbiter of weights, WMB and WGS", 4,
          "CDMA_wt, CDMA_WT_wrr_arb: recordings; the registers were not told apart", Evidence::kMeasured},
         {"dma pipe", 1, "CDMA_wt"}} +
        kMemoryInterface.read_request,
    kBankChange,
    kMemoryInterface.read_return + Path{{"dma_mux pipe", 1, "CDMA_dma_mux"},
                                        {"dma pipe", 1, "CDMA_dc"},
                                        {"write into the shared buffer", 1, "CDMA_shared_buffer"},
                                        {"read", 1, "CDMA_dc: rsp_rd_en"}},
    {{"delay counter", 9, "CDMA_dc: delay_cnt_end"}, {"state DONE", 1, "CDMA_dc"}},
    {{"egress, packer and converter", 15, "recordings of images; not told apart", Evidence::kMeasured},
     {"delay counter", 9, "CDMA_IMG_ctrl: delay_cnt_end"},
     {"state DONE", 1, "CDMA_IMG_ctrl"}},
    kMemoryInterface.read_return +
        Path{{"dma pipe", 1, "CDMA_wt"},
             {"CBUF write", 2, "CDMA_wt: wt_cbuf_wr, status_done; recordings", Evidence::kMeasured},
             {"delay counter", 8, "CDMA_wt: status_done_cnt"},
             {"state DONE, done interrupt", 2, "CDMA_wt, CDMA_status"}},
    Path{{"update of the slices", 2, "CDMA_status: cdma2sc_dat_updt"}} + kAvailableToMac,
    Path{{"update of the slices", 2, "CDMA_status: cdma2sc_dat_updt"}} + kAvailableToMac +
        Path{{"an image's update ahead of its done bit", -3, "CDMA_IMG_ctrl: recordings",
              Evidence::kMeasured}},
    kMemoryInterface.read_return +
        Path{{"dma pipe", 1, "CDMA_wt"},
             {"CBUF write and update of the kernels", 6, "CDMA_wt, CDMA_status: recordings",
              Evidence::kMeasured}} +
        kAvailableToMac,
    Path{{"layer_st, state", 2, "CSC_sg"}} + kAvailableToMac,
    kSequenceDone,
    {{"end of the load to a bus request into its entries", 6,
      "recordings of layers that wait for CBUF; CSC_wl's release and CDMA_wt's room check were not told "
      "apart",
      Evidence::kMeasured}},
    kDataReleased,
    {{"retiming to CMAC", 2, "RT_csc2cmac_a"},
     {"CMAC, retiming registers and MAC pipeline", 9, "CMAC_CORE_rt_in, _mac, _rt_out: recordings",
      Evidence::kMeasured},
     {"retiming to CACC", 2, "RT_cmac_a2cacc"},
     {"assembly, calculator and delivery buffer", 9, "CACC: recordings; V1 was not simulated",
      Evidence::kMeasured}},
    {{"floating-point adder, two registers longer", 2, "CACC_calculator: calc_dlv_valid_d3, _d5"}},
    {{"done register", 1, "CACC_delivery_ctrl"}, {"retiming to GLB", 2, "RT_cacc2glb"}},
    {{"retiming to CMAC", 2, "RT_csc2cmac_a"},
     {"CMAC, retiming registers and MAC pipeline", 9, "CMAC_CORE_rt_in, _mac, _rt_out: recordings",
      Evidence::kMeasured},
     {"retiming to CACC", 2, "RT_cmac_a2cacc"},
     {"assembly, calculator and done", 4, "CACC: recordings; V1 was not simulated", Evidence::kMeasured}},
    {{"accu2sc_credit", 1, "CACC_delivery_buffer"},
     {"credit register and counter", 2, "CSC_sg: credit_vld"},
     {"package to its first atomic operation", 22, "CSC_sg pop to sc2mac_dat_pvld"},
     {"one register more than the scalable generation", 1, "recordings; V1 was not simulated",
      Evidence::kMeasured}},
    {},
    Path{{"state BUSY", 1, "CDMA_wt"},
         {"arbiter output", 1, "CDMA_wt: arb_sp_out_vld"},
         {"dma pipe", 1, "CDMA_wt"}} +
        kMemoryInterface.read_request,
    Path{{"state BUSY", 1, "CDMA_wg"},
         {"entries free", 1, "CDMA_wg: is_cbuf_ready"},
         {"address stages d1, d2", 2, "CDMA_wg: req_valid_d2"},
         {"dma pipe", 1, "CDMA_wg: pipe_p1"},
         {"dma_mux pipe", 1, "CDMA_dma_mux"}} +
        kMemoryInterface.read_request,
    kMemoryInterface.read_return +
        Path{{"dma_mux pipe", 1, "CDMA_dma_mux"}, {"dma pipe", 1, "CDMA_wg: pipe_p3"}},
    {{"read, data of the shared buffer", 3, "CDMA_wg: sbuf_rd_en_d1, rsp_vld_d1, rsp_vld_d2"},
     {"cube's lines", 3, "CDMA_wg: rsp_dat_vld_d1, rsp_dat_vld_d2, rsp_en_d1"},
     {"is_rsp_done", 1, "CDMA_wg"},
     {"delay counter", 9, "CDMA_wg: delay_cnt_end"},
     {"state DONE", 1, "CDMA_wg"},
     {"done interrupt", 1, "CDMA_status: dat_done_intr"}},
    Path{{"update of the slices", 2, "CDMA_status: cdma2sc_dat_updt"}} + kAvailableToMac +
        Path{{"the update further ahead of the done bit than in direct convolution", -4,
              "CDMA_wg: rsp_slice_done_d1 is 12 cycles ahead, CDMA_dc: dat_updt_d3 is 8"}}};

constexpr ConvolutionPaths convolution_scalable(const MemoryInterfacePaths& memory) {
  return {
      data_request(memory),
      image_request(memory),
      Path{{"state BUSY", 1, "CDMA_wt"},
           {"request address", 1, "CDMA_wt: required_valid"},
           {"arbiter output", 1, "CDMA_wt: arb_sp_out_vld"},
           {"DMAIF_rdreq pipe", 1, "DMAIF_rdreq"}} +
          memory.read_request,
      kBankChange,
      memory.read_return + Path{{"dma_mux pipe", 1, "CDMA_dma_mux"},
                                {"DMAIF_rdrsp, two pipes", 2, "DMAIF_rdrsp"},
                                {"read", 1, "CDMA_dc: rsp_rd_en"},
                                {"data of the shared buffer", 2, "CDMA_shared_buffer"}},
      {{"rsp_rd_en to the data, counted before", -2, "the model's cut"},
       {"rsp_done", 1, "CDMA_dc"},
       {"delay counter", 9, "CDMA_dc: delay_cnt_end"},
       {"state DONE", 1, "CDMA_dc: is_done"}},
      {{"egress, packer and converter", 16, "recordings of images; not told apart", Evidence::kMeasured},
       {"delay counter", 9, "CDMA_IMG_ctrl: delay_cnt_end"},
       {"state DONE", 1, "CDMA_IMG_ctrl"}},
      memory.read_return + Path{{"DMAIF_rdrsp, two pipes", 2, "DMAIF_rdrsp"},
                                {"latency FIFO", 3, "CDMA_wt"},
                                {"CBUF write", 1, "CDMA_wt: cdma2buf_wt_wr_en"},
                                {"status_done", 1, "CDMA_wt"},
                                {"delay counter", 8, "CDMA_wt: fetch_done"},
                                {"state DONE, done interrupt", 2, "CDMA_wt, CDMA_status"}},
      Path{{"update of the slices", 2, "CDMA_status: cdma2sc_dat_updt"}} + kAvailableToMac,
      Path{{"update of the slices", 2, "CDMA_status: cdma2sc_dat_updt"}} + kAvailableToMac +
          Path{{"an image's update ahead of its done bit", -3, "CDMA_IMG_ctrl: recordings",
                Evidence::kMeasured}},
      memory.read_return +
          Path{{"DMAIF_rdrsp, two pipes", 2, "DMAIF_rdrsp"},
               {"latency FIFO", 3, "CDMA_wt"},
               {"CBUF write", 1, "CDMA_wt: cdma2buf_wt_wr_en"},
               {"update of the kernels", 4, "CDMA_status: cdma2sc_wt_updt"},
               {"more than the data's update", 1, "CSC_sg: recordings; not seen as a register",
                Evidence::kMeasured}} +
          kAvailableToMac,
      Path{{"layer_st, state", 2, "CSC_sg"}} + kAvailableToMac,
      kSequenceDone,
      {{"end of the load to a bus request into its entries", 4,
        "recordings of layers that wait for CBUF; CSC_wl's release and CDMA_wt's room check were not told "
        "apart",
        Evidence::kMeasured}},
      kDataReleased,
      {{"CMAC and its retiming registers", 7, "CMAC: sc2mac_dat_pvld to accu_valid"},
       {"assembly control", 1, "CACC_assembly_ctrl: accu_ctrl_valid"},
       {"calculator input", 1, "CACC_calculator: calc_valid"},
       {"calculator", 3, "CACC_calculator: dlv_valid"},
       {"delivery control", 1, "CACC_delivery_ctrl: dlv_data_add_valid"},
       {"delivery buffer read", 2, "CACC_delivery_buffer: dbuf_rd_valid, cacc2sdp_valid"}},
      {},
      {{"done register", 1, "CACC_delivery_buffer"}},
      {{"CMAC and its retiming registers", 7, "CMAC: sc2mac_dat_pvld to accu_valid"},
       {"assembly control", 1, "CACC_assembly_ctrl: accu_ctrl_valid"},
       {"calculator input", 1, "CACC_calculator: calc_valid"},
       {"calculator", 3, "CACC_calculator: dlv_valid"},
       {"done register", 1, "CACC_delivery_ctrl"}},
      {{"accu2sc_credit", 1, "CACC_delivery_buffer"},
       {"credit register and counter", 2, "CSC_sg: credit_vld"},
       {"package to its first atomic operation", 22, "CSC_sg pop to sc2mac_dat_pvld"}},
      {{"a word is read only when the one before is handed over", 1, "CACC_delivery_buffer: cacc2sdp_valid"}},
      {},  // neither compression nor Winograd
      {},
      {},
      {},
      {}};
}
inline constexpr ConvolutionPaths kConvolutionScalable = convolution_scalable(kMemoryInterface);
inline constexpr ConvolutionPaths kConvolutionMaster = convolution_scalable(kMemoryInterfaceMaster);

// Pipes with skid registers in front of CDMA's shared buffer (V1: one less, which no recording tells apart).
inline constexpr Path kSharedBufferPipes = {{"DMAIF_rdrsp, two pipes", 2, "DMAIF_rdrsp"},
                                            {"dma_mux pipe", 1, "CDMA_dma_mux"}};

// Between those and the bus: the beats of CDMA's data that wait there before one waits on the bus, where it
// holds up those of all clients; and from a beat's entry into the first of those pipes to the one that its
// place lets leave the bus's own pipe.
struct HeldBeatsPaths {
  Path places;
  Path ready;
};
inline constexpr Path kHeldBeatsCut = {
    {"read and data of the shared buffer, which are counted before its pipes", -3, "the model's cut"}};
inline constexpr HeldBeatsPaths kHeldBeats = {
    {{"READ_EG_lat_fifo", 4, "READ_eg"},
     {"READ_EG_ro_fifo", 4, "READ_eg"},
     {"READ_eg output pipe and its skid register", 2, "READ_eg"}},
    kHeldBeatsCut + Path{{"ready of the output pipe", 1, "READ_eg"},
                         {"READ_EG_ro_fifo's free entry seen by its writer", 1, "READ_eg"},
                         {"READ_EG_lat_fifo's", 1, "READ_eg"}}};
inline constexpr HeldBeatsPaths kHeldBeatsMaster = {
    {{"READ_EG_lat_fifo", 4, "READ_eg"}, {"READ_EG_OUT_pipe", 1, "READ_eg"}},
    kHeldBeatsCut + Path{{"READ_EG_lat_fifo's free entry seen by its writer", 1, "READ_eg"}}};

[[nodiscard]] constexpr const HeldBeatsPaths& held_beats_paths(bool master) {
  return master ? kHeldBeatsMaster : kHeldBeats;
}

[[nodiscard]] constexpr const ConvolutionPaths& convolution_paths(Generation generation,
                                                                  bool master = false) {
  if (generation == Generation::kV1) return kConvolutionV1;
  return master ? kConvolutionMaster : kConvolutionScalable;
}

}  // namespace nvdla::paths
