// SPDX-License-Identifier: Apache-2.0
// CDP's look-up tables: like SDP's (compute/sdp_lut.h) but of 38-bit values, with 16 bits of fraction.
//
// Integers, q the value, d = q - start:
//   exponential LE   p = floor(log2 d), i = p - offset; the 16 bits behind d's leading one are the fraction
//   linear           i = d / 2^select, the 16 bits behind the point are the fraction, the rest is dropped;
//                    a negative select shifts left
//   below            q <= start, or i < 0;   above: i >= 64 (LE), 256 (LO)
//   hit              sat16(L[i] + round((L[i+1] - L[i]) * fraction / 2^16))
//   miss             sat16(L[end] + (q - bound) * scale / 2^shift), rounded, or shifted left
// bound, choice, ties: as in SDP.
// fp16 processing: d in fp32; a hit gives fp17(L[i+1] - L[i]) * fraction + L[i] in fp17, a miss
// fp17(q - bound) * scale + L[end].
//
// Source: NV_NVDLA_CDP_DP_LUT_CTRL_unit.v, _INTP_unit.v, _intp.v (counters), cmod/cdp/NV_NVDLA_cdp.cpp,
// cmod/hls_wrapper/cdp_hls_wrapper.cpp.
//
// Limits: every second lane of int8 compares the low 22 bits of the start only; here all compare all of them.
#pragma once

#include <cstdint>

#include "compute/sdp_lut.h"
#include "hardware/types.h"
#include "operation/lut.h"

namespace nvdla::compute {

class CdpLookUp {
 public:
  CdpLookUp(const CdpLut& lut, Precision precision);

  // q: the square sum or the value itself; 16 bits, signed.
  [[nodiscard]] std::int32_t integer(std::int64_t q, LutCounters& counters) const;
  // q: fp32 pattern; result: fp17 as an fp32 pattern.
  [[nodiscard]] std::uint32_t floating(std::uint32_t q, LutCounters& counters) const;

 private:
  // Where an integer falls in a table is decided by two bounds: below q < first, above q >= end.
  struct Bounds {
    std::int64_t first = 0, end = 0;
  };

  [[nodiscard]] std::int32_t miss(std::int64_t q, bool lo, bool above) const;

  const CdpLut& lut_;
  std::int32_t le_select_, lo_select_;
  Bounds le_, lo_;
};

}  // namespace nvdla::compute
