// SPDX-License-Identifier: Apache-2.0
// SDP's output converter C on arrays of elements.
//   integer processing   t = sat17(round((x - offset) * scale / 2^shift)), then sat8, sat16, or fp16 to
//                        nearest even
//   fp16 processing      fp32 -> fp16; to int16 that fp16 rounded to nearest, ties away from zero, clamped,
//                        NaN to -32768; the converter's registers do not act
//   compare              the low bits of Y as they are
// Saturation (D_PERF_OUT_SATURATION) counts: of fp16 output the elements of largest magnitude; else integers
// that did not fit 17 bits: generation V1 calls an element saturated when the floor of the unclamped value is
// more than one off the clamped one, the scalable generation when that floor is outside 17 bits, or would
// round out of them.
//
// Source: cmod/hls/sdp/sdp_c.cpp, NV_NVDLA_SDP_core.v, NV_NVDLA_SDP_HLS_C_int.v.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hardware/types.h"
#include "operation/sdp.h"

namespace nvdla::compute {

// Converts x[0, count) to `out` (one or two bytes an element by output precision) and returns how many
// saturated.
std::uint64_t sdp_convert(const SdpOperation& operation, Generation generation, const std::int32_t* x,
                          std::size_t count, unsigned char* out);

}  // namespace nvdla::compute
