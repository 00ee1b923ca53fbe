// SPDX-License-Identifier: Apache-2.0
// One normalization of CDP, without time: of every position, over its channels.
//
// Integers:  c = round((x - DATIN_OFFSET) * DATIN_SCALE / 2^DATIN_SHIFTER), 9 bits of int8, 17 of int16
//            q = sum of c^2 over the channels of the window around it, or c (square sum bypassed)
//            y = look-up of q;  o = y * c, or y (multiplier bypassed)
//            out = round((o - DATOUT_OFFSET) * DATOUT_SCALE / 2^DATOUT_SHIFTER), 8 or 16 bits
//            roundings to nearest, ties away from zero, then saturation
// fp16:      c = x as fp17, q in fp32 of the squares: ((q-1 + q+1) + q0), then + (q-2 + q+2), and so on
//            outwards; with the square sum bypassed q is c
//            out = fp16(c * y), or y, where a NaN of the input passes
// Channels outside 0 .. C - 1, the lanes beyond C among them, are c = 0. A NaN becomes +0 at the input when
// NAN_TO_ZERO is set.
// Saturation (D_OUT_SATURATION) counts elements that the output conversion clamped (compute/sdp_output.h says
// when an integer counts), of fp16 those of largest magnitude.
// Source: NV_NVDLA_CDP_DP_*.v, fp_sum_block.v, cmod/hls/cdp_libs/cdp_icvt.cpp, cdp_ocvt.cpp, cmod/cdp/
// NV_NVDLA_cdp.cpp.
#pragma once

#include <cstdint>
#include <memory>

#include "compute/cdp_lut.h"
#include "hardware/parameters.h"
#include "memory/contents.h"
#include "operation/cdp.h"

namespace nvdla::compute {

struct CdpCounters {
  std::uint64_t out_saturation = 0;
  LutCounters lut;
  std::uint64_t nan_input = 0, inf_input = 0, nan_output = 0;  // fp16
};

// Positions [first_column, first_column + columns) of one line, surfaces [first_surface, first_surface +
// surfaces).
struct CdpPart {
  std::uint32_t line = 0;
  std::uint32_t first_column = 0, columns = 0;
  std::uint32_t first_surface = 0, surfaces = 0;
};

// Computes parts of one operation. A part reads its surfaces and the neighbours on both sides, whose channels
// its windows see. Every part once gives compute_cdp(); counters add up.
class CdpComputation {
 public:
  CdpComputation(const CdpOperation& operation, const CdpLut& lut, const HardwareParameters& hardware);
  ~CdpComputation();
  CdpComputation(const CdpComputation&) = delete;
  CdpComputation& operator=(const CdpComputation&) = delete;

  void compute(const CdpPart& part, const memory::ByteSource& source, memory::ByteSink& sink,
               CdpCounters& counters);

 private:
  class Cdp;
  std::unique_ptr<Cdp> cdp_;
};

[[nodiscard]] CdpCounters compute_cdp(const CdpOperation& operation, const CdpLut& lut,
                                      const HardwareParameters& hardware, const memory::ByteSource& source,
                                      memory::ByteSink& sink);

}  // namespace nvdla::compute
