// SPDX-License-Identifier: Apache-2.0
// BDMA and Rubik, without time: they move bytes and compute nothing.
//   BDMA      rectangles of lines and surfaces, in the order of their queue
//   contract  out(x * sx + i, y * sy + j) = in(x, y), atoms; the input's channel groups (j * sx + i) lie
//             contract_stride_0 apart, each of output_channels
//   split     a feature cube into planes of single channels, lines filled up to whole atoms
//   merge     planes of single channels into a feature cube; lanes beyond the channels become 0
// Source: cmod/rubik/NV_NVDLA_rbk.cpp, nvdla/doc hw/v1/ias/unit_description.rst; the addresses are those that
// the timing uses (amaix/rubik_plan.h, amaix/bdma_plan.h).
#pragma once

#include <vector>

#include "hardware/parameters.h"
#include "memory/contents.h"
#include "operation/bdma.h"
#include "operation/rubik.h"

namespace nvdla::compute {

// One activation of a group: its transfers one after the other, line by line.
void compute_bdma(const std::vector<BdmaTransfer>& transfers, const memory::ByteSource& source,
                  memory::ByteSink& sink);

// The output of Rubik: lines of surfaces (split: of planes, one a channel).
struct RubikOutput {
  std::uint32_t surfaces = 0, lines = 0;
  std::uint64_t line_bytes = 0;
  Surface where;  // the stride of planes stands for that of surfaces
};
[[nodiscard]] RubikOutput rubik_output(const RubikOperation& operation, const HardwareParameters& hardware);

// Bytes [first, first + count) of one line of the output.
void compute_rubik_line(const RubikOperation& operation, const HardwareParameters& hardware,
                        std::uint32_t surface, std::uint32_t line, std::uint64_t first, std::size_t count,
                        const memory::ByteSource& source, unsigned char* out);

void compute_rubik(const RubikOperation& operation, const HardwareParameters& hardware,
                   const memory::ByteSource& source, memory::ByteSink& sink);

}  // namespace nvdla::compute
