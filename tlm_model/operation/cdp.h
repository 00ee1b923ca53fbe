// SPDX-License-Identifier: Apache-2.0
// One normalization: the register groups of CDP and of CDP_RDMA. Plain data, filled by the decoder
// (registers/decoder.h). Sizes are natural numbers (a register that holds "size - 1" is already corrected);
// strides and sizes in memory are in bytes.
#pragma once

#include <cstdint>

#include "operation/cube.h"

namespace nvdla {

// CDP_RDMA's register group. CDP itself is not told the size of the cube: it comes with the data.
struct CdpFetch {
  Cube cube;
  Precision precision = Precision::kInt8;
  Surface source;
};

struct CdpOperation {
  Cube cube;  // CDP_RDMA's
  Precision precision = Precision::kInt8;
  std::uint32_t normalization_length = 3;  // 3, 5, 7, 9 channels
  bool square_sum_bypass = false, multiply_bypass = false;
  bool nan_to_zero = false;
  std::int32_t input_offset = 0, input_scale = 1, output_offset = 0, output_scale = 1;
  std::uint32_t input_shift = 0, output_shift = 0;
  Surface source;  // CDP_RDMA's
  Surface destination;
};

// The operation with what comes from its read DMA.
[[nodiscard]] inline CdpOperation joined(CdpOperation op, const CdpFetch& fetch) {
  op.cube = fetch.cube;
  op.source = fetch.source;
  return op;
}

}  // namespace nvdla
