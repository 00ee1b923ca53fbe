// SPDX-License-Identifier: Apache-2.0
// SDP's look-up tables behind Y: index, choice of a table, interpolation or slope, of arrays of elements.
//
// Integers, d = x - start as 32 bits without sign, 35 bits of fraction:
//   exponential LE   p = floor(log2 d), i = p - offset, fraction = (d - 2^p) / 2^p; below when p < offset
//   linear           i = d / 2^select, fraction = the rest / 2^select; a negative select shifts left
//   below            x <= start;   above: i >= 64 (LE), 256 (LO)
//   hit              sat32(round(L[i] (1 - fraction) + L[i+1] fraction))
//   miss             sat32(L[end] + sat32(round((x - bound) * scale / 2^shift))); bound is start or end,
//                    below an exponential LE with offset >= 0 it is start + 2^offset
// fp16 processing: d in fp32, i and fraction from its exponent and fraction; zero, negative, NaN: below. The
// interpolation runs in fp17: (1 - fraction) * L[i] + fraction * L[i+1]; a miss gives
// L[end] + fp17(x - bound) * scale.
// Ties of integers round away from zero, those of fractions to even.
//
// Source: cmod/hls/sdp/sdp_y_idx.cpp, sdp_y_inp.cpp; NV_NVDLA_SDP_CORE_Y_lut.v (choice, counters, bound),
// NV_NVDLA_SDP_HLS_lut_expn.v, _lut_line.v, _Y_int_inp.v.
//
// Limits: V1's linear LE extends the sign of a d of 32 bits when select exceeds 31; here d stays positive.
#pragma once

#include <cstddef>
#include <cstdint>

#include "operation/lut.h"

namespace nvdla::compute {

// Counts of elements; the registers of 32 bits stop at their largest value.
struct LutCounters {
  std::uint64_t underflow = 0, overflow = 0;  // by the table that decided
  std::uint64_t hybrid = 0;              // SDP: neither of these; CDP: both hit, or one below and one above
  std::uint64_t le_hit = 0, lo_hit = 0;  // SDP: each table; CDP: only this one
};

// Replaces x[0, count) by what the tables yield. `floating`: fp32 patterns, else integers.
void sdp_look_up(const SdpLut& lut, bool floating, std::int32_t* x, std::size_t count, LutCounters& counters);

}  // namespace nvdla::compute
