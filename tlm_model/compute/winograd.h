// SPDX-License-Identifier: Apache-2.0
// The transforms of Winograd mode, F(2x2, 3x3); weights are transformed by software.
//   PRA, in CSC (nvdla/hw cmod/hls/csc_libs/csc_cvt.cpp, NV_NVDLA_CSC_pra_cell.v), on each channel of a 4x4
//   tile:
//     rows m0 = d0 - d2, m1 = d1 + d2, m2 = d2 - d1, m3 = d1 - d3, then columns alike;
//     integers exact, then shifted right by PRA_TRUNCATE, half away from zero, and saturated to 8 or 16 bits;
//     fp16: every addition in fp17 (11 significant bits, to nearest even), the result rounded to fp16
//   POA, in CMAC (NV_NVDLA_CMAC_CORE_mac.v), on the sums p of the 16 positions:
//     rows q0 = p0 + p1 + p2, q1 = p1 - p2 - p3, then columns alike: four outputs
#pragma once

#include <cstdint>

#include "hardware/types.h"

namespace nvdla::compute {

inline constexpr std::uint32_t kTile = 16;  // positions of a tile, y * 4 + x

// `tile` and `out`: kTile elements.
void pre_add(const std::int16_t* tile, Precision precision, std::uint32_t truncate, std::int16_t* out);

// out[y * 2 + x]
void post_add(const std::int64_t* sums, std::int64_t* out);

}  // namespace nvdla::compute
