// SPDX-License-Identifier: Apache-2.0
// One pooling of PDP, without time. The window of output (x, y) covers columns from x * stride - pad_left on,
// rows alike; only positions inside the input count.
//
//   max, min   of those; fp16 by sign and magnitude, a NaN wins: in a line the leftmost, of two lines the
//              upper one
//   average    h = sum of a line's columns + PAD_VALUE_nX for n missing columns
//              v = sum of the lines' h + kernel_width * PAD_VALUE_mX for m missing lines
//     integers   round(round(v * RECIP_WIDTH / 2^16) * RECIP_HEIGHT / 2^16), ties away from zero; h, v and
//                the two products keep 11, 14, 11 and 8 bits of int8, 22, 22, 19 and 16 of int16, without
//                saturation
//     fp16       all in fp17: columns from the left, + PAD_VALUE; lines from the top, + PAD_VALUE * width;
//                * RECIP_WIDTH, * RECIP_HEIGHT; to fp16
// A NaN that is read becomes +0 when NAN_TO_ZERO is set; on the fly it stays. With a split the passes are
// computed one by one on the columns that each of them reads: padding on the left belongs to the first.
//
// Source: NV_NVDLA_PDP_CORE_unit1d.v, _cal1d.v, _cal2d.v (widths, rounding, order), _PDP_nan.v (counters),
// cmod/pdp/NV_NVDLA_pdp.cpp.
//
// Limits: a window wholly outside the input gives the padding of an average, and 0 else.
#pragma once

#include <cstdint>
#include <vector>

#include "compute/feature_cube.h"
#include "hardware/parameters.h"
#include "memory/contents.h"
#include "operation/pdp.h"

namespace nvdla::compute {

// Elements of fp16, all lanes, as the core takes them (those that two passes read count twice) and gives
// them.
struct PdpCounters {
  std::uint64_t nan_input = 0, inf_input = 0, nan_output = 0;
};

// One surface of one pass: lines [first_line, first_line + lines) and columns [first_column, first_column +
// columns) of what the pass writes.
struct PdpPart {
  std::uint32_t pass = 0, surface = 0;
  std::uint32_t first_line = 0, lines = 0;
  std::uint32_t first_column = 0, columns = 0;
};

// A column range of a split: what it reads and what it writes.
struct PdpPass {
  std::uint32_t read_first = 0, read_width = 0, write_first = 0, write_width = 0, pad_left = 0;
};

// Neighbouring ranges share kernel - stride columns of input; each pass but the first reads them again, or
// skips the gap when the stride exceeds the kernel.
[[nodiscard]] std::vector<PdpPass> pdp_passes(const PdpOperation& operation);

// Positions [begin, begin + count) of the input.
struct PdpSpan {
  std::uint32_t begin = 0, count = 0;
};
struct PdpWindow {
  PdpSpan lines, columns;  // of the pass's own columns
};
// What a part sees of an input that has so many lines and, of the pass, columns.
[[nodiscard]] PdpWindow pdp_window(const PdpOperation& operation, const PdpPart& part, std::uint32_t height,
                                   std::uint32_t width);

// Computes one part, from the input that it sees and no more. Every part once gives what compute_pdp()
// writes. Returns the NaNs written.
[[nodiscard]] std::uint64_t compute_pdp_part(const PdpOperation& operation,
                                             const HardwareParameters& hardware, const PdpPart& part,
                                             const FeatureCube* flying, const memory::ByteSource& source,
                                             memory::ByteSink& sink);

// NaNs and infinities that are read. 0 for integers and on the fly.
[[nodiscard]] PdpCounters count_pdp_input(const PdpOperation& operation, const HardwareParameters& hardware,
                                          const FeatureCube* flying, const memory::ByteSource& source);

// `flying`: the cube that SDP hands on, null when PDP reads memory. Lines and columns that it lacks count as
// missing.
[[nodiscard]] PdpCounters compute_pdp(const PdpOperation& operation, const HardwareParameters& hardware,
                                      const FeatureCube* flying, const memory::ByteSource& source,
                                      memory::ByteSink& sink);

}  // namespace nvdla::compute
