// SPDX-License-Identifier: Apache-2.0
// Places between a datapath and the arbiter of writes, for beats that wait when memory is slow
// (amaix/write_chain.h): those of MCIF are every unit's, those in front its own.
#pragma once

#include "hardware/paths/memory_interface.h"
#include "hardware/paths/path.h"
#include "hardware/types.h"

namespace nvdla::paths {

struct WriteChainPlaces {
  Path commands;  // chunks in WRITE_IG_arb
  Path arbiter;   // and their beats
  Path fifo;      // beats of the command that WRITE_IG_bpt cuts
  Path pipes;     // beats and commands behind it
  Path unpack;    // beats in WDMA
  Path datapath;  // SDP: transfers in it beside those in its stages
};
inline constexpr Path kWriteCommands = {
    {"WRITE_IG_arb, command pipe and its skid register", 2, "WRITE_IG_arb: pipe_p1"}};
inline constexpr Path kWriteFifo = {{"WRITE_IG_bpt, data FIFO: input register, a place, output register", 3,
                                     "WRITE_IG_BPT_dfifo; simulation of nv_small: no more were seen, though "
                                     "it has a second output register; V1 was not simulated",
                                     Evidence::kMeasured}};
inline constexpr Path kArbiterBeatsV1 = {
    {"WRITE_IG_arb, data FIFO and its output register", 5, "WRITE_IG_ARB_dfifo: 4x514"}};
inline constexpr Path kBptPipesV1 = {
    {"WRITE_IG_bpt pipes, two registers each", 4, "WRITE_IG_bpt: pipe_p1, pipe_p2"}};
// The skid register of a pipe takes what comes in the cycle behind the first that waits: each of WDMA's pipes
// gets every fourth atom.
inline constexpr Path kArbiterBeatsScalable = {
    {"WRITE_IG_arb, data FIFO: of single beats as many as commands", 2, "WRITE_IG_ARB_dfifo: 4x66"}};
inline constexpr Path kPipesScalable = {{"WRITE_IG_bpt pipes", 2, "WRITE_IG_bpt: pipe_p1, pipe_p2"},
                                        {"DMAIF_wr pipe, two registers", 2, "DMAIF_wr"}};
// No WRITE_IG_spt: what is in the arbiter is the chunk that is under way.
inline constexpr Path kFifoMaster = {{"WRITE_IG_bpt, data pipe, two registers", 2, "WRITE_IG_BPT_dfifo"}};
inline constexpr Path kPipesMaster = {
    {"WRITE_IG_bpt pipes, two registers each", 4, "WRITE_IG_bpt: pipe_p1, pipe_p2"},
    {"DMAIF_wr pipe, two registers", 2, "DMAIF_wr"}};

inline constexpr Path kDatapathSkids = {
    {"skid registers of cmux's pipes and in front of the output converter", 3,
     "SDP_cmux: pipe_p1, pipe_p2; SDP_core: flop_cvt_data_in"}};
inline constexpr Path kSdpUnpack = {{"WDMA_DAT_in, four pipes of a beat", 4, "SDP_WDMA_DAT_IN_dfifo"}};
// Branch master, as a simulation of nv_large filled them when its memory was slow: in MCIF beside the pipes,
// and the registers in which transfers become atoms in SDP, and atoms beats in its WDMA.
inline constexpr Path kWriteFilledMaster =
    Path{{"the beat that is next on the bus", 1, "WRITE_IG_cvt: data pipe"}} + kWriteAheadMaster +
    kFifoMaster;
inline constexpr Path kSdpAtom = {{"dpout_unpack", 1, "SDP_core: u_dpout_unpack"}};
inline constexpr Path kSdpBeat = {{"WDMA_unpack", 1, "SDP_WDMA_DAT_in: u_wdma_unpack"}};
// A beat on the bus to the transfer of CACC that its place lets pass, but for those of the same atom: each
// pipe with a skid register hands its ready on a cycle later. Those of SDP: from its atom's leaving
// dpout_unpack, but for the sub-engines that are on.
inline constexpr Path kWriteBackConverter = {{"ready of CORE_c's p4 to p1", 4, "SDP_HLS_C_int"}};
inline constexpr Path kWriteBackSdp =
    kWriteBackConverter + Path{{"ready of cmux's pipes", 2, "SDP_cmux: pipe_p1, pipe_p2"}};
// The same of V1, whatever sub-engines are on, and the transfers that each of them holds beside its stages.
inline constexpr Path kWriteBackSdpV1 = {
    {"ready of cmux's pipes", 2, "SDP_cmux: pipe_p1, pipe_p2"},
    {"ready of the pipe in front of CORE_c and of its blocks", 3,
     "SDP_core: pipe_p9; CORE_c's part: CACC's last transfer in recordings of nv_full", Evidence::kMeasured}};
inline constexpr Path kSdpXHoldsV1 = {{"skid register in front of it and places between its blocks", 3,
                                       "SDP_core: pipe_p7, pipe_p8; its blocks' part: as above",
                                       Evidence::kMeasured}};
inline constexpr Path kWriteBack =
    Path{{"ready of WRITE_IG_cvt's output pipe", 1, "WRITE_IG_cvt: pipe_p4"},
         {"ready of WRITE_IG_bpt's pipes", 3, "WRITE_IG_bpt: dfifo, pipe_p2, pipe_p1"},
         {"ready of DMAIF_wr's pipe", 1, "DMAIF_wr"},
         {"ready of WDMA_DAT_in's pipe", 1, "SDP_WDMA_DAT_IN_dfifo"}} +
    kWriteBackSdp;
inline constexpr WriteChainPlaces kSdpWriteChainV1 = {
    kWriteCommands,
    kArbiterBeatsV1,
    kWriteFifo,
    kBptPipesV1 + Path{{"dmaif pipes, two registers each", 4, "SDP_WDMA_dmaif: pipe_p1, pipe_p3"}},
    {{"WDMA_DAT_in, FIFOs of a quarter of a beat and their output registers", 4,
      "SDP_WDMA_DAT_IN_dfifo: 3x128"}},
    kDatapathSkids};
inline constexpr WriteChainPlaces kSdpWriteChainScalable = {
    kWriteCommands, kArbiterBeatsScalable, kWriteFifo, kPipesScalable, kSdpUnpack, kDatapathSkids};
inline constexpr WriteChainPlaces kSdpWriteChainMaster = {{},           {},         kFifoMaster,
                                                          kPipesMaster, kSdpUnpack, kDatapathSkids};

// PDP and CDP: WDMA's data FIFOs, one for each word of an atom, with the registers in front of and behind
// their RAM: of PDP on nv_small as many were seen in a simulation in which the bus stood. Where the columns
// of a strip come one behind the other (CDP), the FIFO of their first words takes no more when it is full,
// its input register empty.
inline constexpr Path kStreamInput = {{"input register", 1, "fifogen"}};
inline constexpr Path kStreamOutput = {{"output register", 1, "fifogen: -rd_reg"}};
inline constexpr Path kUnpackV1 =
    Path{{"FIFO", 3, "PDP_WDMA_DAT_fifo, CDP_WDMA_dat_fifo: -d 3"}} + kStreamOutput;
inline constexpr Path kPdpUnpack = Path{{"FIFO", 4, "PDP_WDMA_DAT_fifo"}} + kStreamOutput;
inline constexpr Path kCdpUnpack = Path{{"FIFO", 8, "CDP_WDMA_dat_fifo"}} + kStreamOutput;
inline constexpr Path kUnpackMaster =
    Path{{"FIFO", 32, "PDP_WDMA_DAT_fifo, CDP_WDMA_dat_fifo"}} + kStreamOutput;
inline constexpr Path kStreamPipesV1 =
    kBptPipesV1 + Path{{"dma pipes, two registers each", 4, "PDP_wdma, CDP_wdma: pipe_p2, pipe_p3"}};

inline constexpr WriteChainPlaces kPdpWriteChainV1 = {kWriteCommands, kArbiterBeatsV1,          kWriteFifo,
                                                      kStreamPipesV1, kUnpackV1 + kStreamInput, {}};
inline constexpr WriteChainPlaces kPdpWriteChainScalable = {
    kWriteCommands, kArbiterBeatsScalable, kWriteFifo, kPipesScalable, kPdpUnpack + kStreamInput, {}};
inline constexpr WriteChainPlaces kPdpWriteChainMaster = {
    {}, {}, kFifoMaster, kPipesMaster, kUnpackMaster + kStreamInput, {}};
inline constexpr WriteChainPlaces kCdpWriteChainV1 = {kWriteCommands, kArbiterBeatsV1, kWriteFifo,
                                                      kStreamPipesV1, kUnpackV1,       {}};
inline constexpr WriteChainPlaces kCdpWriteChainScalable = {
    kWriteCommands, kArbiterBeatsScalable, kWriteFifo, kPipesScalable, kCdpUnpack, {}};
inline constexpr WriteChainPlaces kCdpWriteChainMaster = {{}, {}, kFifoMaster, kPipesMaster, kUnpackMaster,
                                                          {}};

[[nodiscard]] constexpr const WriteChainPlaces& sdp_write_chain(Generation generation, bool master) {
  if (generation == Generation::kV1) return kSdpWriteChainV1;
  return master ? kSdpWriteChainMaster : kSdpWriteChainScalable;
}

[[nodiscard]] constexpr const WriteChainPlaces& pdp_write_chain(Generation generation, bool master) {
  if (generation == Generation::kV1) return kPdpWriteChainV1;
  return master ? kPdpWriteChainMaster : kPdpWriteChainScalable;
}
[[nodiscard]] constexpr const WriteChainPlaces& cdp_write_chain(Generation generation, bool master) {
  if (generation == Generation::kV1) return kCdpWriteChainV1;
  return master ? kCdpWriteChainMaster : kCdpWriteChainScalable;
}

}  // namespace nvdla::paths
