// SPDX-License-Identifier: Apache-2.0
// One pooling: the register groups of PDP and, off line, of PDP_RDMA. Plain data, filled by the decoder
// (registers/decoder.h). Sizes are natural numbers (a register that holds "size - 1" is already corrected);
// strides and sizes in memory are in bytes.
#pragma once

#include <cstdint>

#include "operation/cube.h"

namespace nvdla {

enum class PoolingMethod : std::uint8_t { kAverage = 0, kMax = 1, kMin = 2 };

struct PartialWidth {
  std::uint32_t first = 0, mid = 0, last = 0;
};

struct PdpOperation {
  Cube input, output;
  PoolingMethod method = PoolingMethod::kMax;
  bool flying = false;  // input from SDP
  Precision precision = Precision::kInt8;
  std::uint32_t splits = 1;  // SPLIT_NUM + 1
  PartialWidth partial_in, partial_out;
  std::uint32_t kernel_width = 1, kernel_height = 1, stride_x = 1, stride_y = 1;
  std::uint32_t reciprocal_width = 0, reciprocal_height = 0;
  Padding padding;
  std::int32_t padding_values[7] = {0, 0, 0, 0, 0, 0, 0};
  bool nan_to_zero = false;
  Surface source;  // off line only; PDP_RDMA's
  Surface destination;
};

// PDP_RDMA's register group.
struct PdpFetch {
  Cube input;
  Precision precision = Precision::kInt8;
  std::uint32_t splits = 1;
  PartialWidth partial_in;
  std::uint32_t kernel_width = 1, stride_x = 1;  // neighbouring parts share columns
  Surface source;
};

// What PDP_RDMA has to be told for an operation.
[[nodiscard]] inline PdpFetch fetch_of(const PdpOperation& op) {
  return {op.input, op.precision, op.splits, op.partial_in, op.kernel_width, op.stride_x, op.source};
}

}  // namespace nvdla
