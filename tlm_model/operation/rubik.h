// SPDX-License-Identifier: Apache-2.0
// One reshape of Rubik. Plain data, filled by the decoder (registers/decoder.h). Sizes are natural numbers (a
// register that holds "size - 1" is already corrected); strides and sizes in memory are in bytes.
#pragma once

#include <cstdint>

#include "operation/cube.h"

namespace nvdla {

enum class RubikMode : std::uint8_t { kContract = 0, kSplit = 1, kMerge = 2 };

struct RubikOperation {
  RubikMode mode = RubikMode::kContract;
  Precision precision = Precision::kInt8;
  Cube input;
  std::uint32_t output_channels = 0;
  Surface source;
  std::uint32_t source_planar_stride = 0;
  Surface destination;
  std::uint32_t destination_planar_stride = 0;
  std::uint32_t contract_stride_0 = 0;
  std::uint32_t deconvolution_stride_x = 1, deconvolution_stride_y = 1;
};

}  // namespace nvdla
