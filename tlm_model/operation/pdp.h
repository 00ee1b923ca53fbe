// SPDX-License-Identifier: Apache-2.0
// One pooling of PDP. Plain data, filled by
// the decoder (registers/decoder.h). Sizes are natural numbers (a register that holds "size - 1" is already
// corrected); strides and sizes in memory are in bytes.
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
  Surface source;  // off line only
  Surface destination;
};

}  // namespace nvdla
