// SPDX-License-Identifier: Apache-2.0
// One operation of SDP, without time: main input from memory or from the accumulators, X1, X2, Y, look-up
// tables, converter; to memory, or as a cube to PDP, or, when Y compares, to the status register only.
//
// A group of lanes is the elements of an atom in processing precision (V1: 32 of int8, 16 of 16 bits). int8
// processing of a 16-bit input pairs two of its surfaces, 16-bit output of int8 processing writes two. Lanes
// beyond the channels pass through like any other, and are written. All operations of one position precede
// its write, surface by surface: a destination equal to the source (in place) works as in hardware. With
// several batches, which value goes where depends on how CACC and SDP count (batch_order.h).
// Source: cmod/sdp/NV_NVDLA_sdp.cpp; NV_NVDLA_SDP_MRDMA_ig.v, _WDMA_cmd.v (pairs, cubes of one position
// without gaps), _WDMA_DAT_in.v, _WDMA_DAT_out.v (counters, status).
// Limits: combinations that hang the hardware compute something here and never leave the cubes: int8 input of
// 16-bit processing takes half an atom a surface, int8 output of 16-bit processing half-filled atoms.
#pragma once

#include <cstdint>
#include <memory>

#include "compute/accumulators.h"
#include "compute/feature_cube.h"
#include "compute/sdp_lut.h"
#include "hardware/parameters.h"
#include "memory/contents.h"
#include "operation/lut.h"
#include "operation/sdp.h"

namespace nvdla::compute {

// What the counters hold that D_PERF_ENABLE and SDP_RDMA's D_PERF_ENABLE switch on; all lanes count.
struct SdpCounters {
  std::uint64_t out_saturation = 0;
  LutCounters lut;
  std::uint64_t nan_input = 0, inf_input = 0;  // fp16 main input from memory
  std::uint64_t nan_output = 0;                // fp16 output
  bool unequal = false;                        // D_STATUS: a bit of output to memory is set
};

struct SdpResult {
  FeatureCube to_pdp;  // empty unless the output goes to PDP
  SdpCounters counters;
};

// Groups of lanes [first_group, first_group + groups) on lines [first_line, first_line + lines) and columns
// [first_column, first_column + columns), all batches.
struct SdpPart {
  std::uint32_t first_group = 0, groups = 0;
  std::uint32_t first_line = 0, lines = 0;
  std::uint32_t first_column = 0, columns = 0;
};

// Groups of lanes of the operation's cube, and the surfaces of output that each of them makes.
[[nodiscard]] std::uint32_t sdp_groups(const SdpOperation& operation, const HardwareParameters& hardware);
[[nodiscard]] std::uint32_t sdp_surfaces_per_group(const SdpOperation& operation,
                                                   const HardwareParameters& hardware);

// Computes parts of one operation: to memory, or into `to_pdp`, a cube of all surfaces and lines of the
// operation. Reads and writes only what belongs to the part. Every part once gives compute_sdp(); counters
// add up.
class SdpComputation {
 public:
  SdpComputation(const SdpOperation& operation, const SdpLut& lut, const HardwareParameters& hardware);
  ~SdpComputation();
  SdpComputation(const SdpComputation&) = delete;
  SdpComputation& operator=(const SdpComputation&) = delete;

  // `accumulators`: null when the main input comes from memory.
  [[nodiscard]] SdpCounters compute(const SdpPart& part, const Accumulators* accumulators,
                                    const memory::ByteSource& source, memory::ByteSink& sink,
                                    FeatureCube* to_pdp);

 private:
  class Sdp;
  std::unique_ptr<Sdp> sdp_;
};

// `accumulators`: what CACC delivers; null when the main input comes from memory. Positions and lanes that it
// lacks count as 0. The operation's fetch part holds sources and operands (has_fetch).
[[nodiscard]] SdpResult compute_sdp(const SdpOperation& operation, const SdpLut& lut,
                                    const HardwareParameters& hardware, const Accumulators* accumulators,
                                    const memory::ByteSource& source, memory::ByteSink& sink);

}  // namespace nvdla::compute
