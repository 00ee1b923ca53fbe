// SPDX-License-Identifier: Apache-2.0
// One operation of SDP and, where its read DMA takes part, of SDP_RDMA. Plain data, filled by the decoder
// (registers/decoder.h). Sizes are natural numbers (a register that holds "size - 1" is already corrected);
// strides and sizes in memory are in bytes.
#pragma once

#include <cstdint>

#include "operation/cube.h"

namespace nvdla {

enum class SdpDataUse : std::uint8_t { kMul = 0, kAlu = 1, kBoth = 2 };

// One operand stream of SDP_RDMA: BRDMA (X1), NRDMA (X2) or ERDMA (Y).
struct SdpOperand {
  bool enabled = false;
  SdpDataUse use = SdpDataUse::kMul;
  bool two_bytes = false;    // DATA_SIZE
  bool per_element = false;  // DATA_MODE; false: per kernel
  Surface source;
  std::uint32_t batch_stride = 0;
};

// One of the X1, X2, Y sub-engines of the datapath.
struct SdpStage {
  bool bypass = true;
  bool alu_bypass = true, mul_bypass = true, relu_bypass = true;
  bool prelu = false;
  std::uint32_t alu_algorithm = 0;  // 0 max, 1 min, 2 sum, 3 equal (Y only)
  bool alu_from_dma = false, mul_from_dma = false;
  std::int32_t alu_operand = 0, mul_operand = 0;
  std::uint32_t alu_shift = 0, mul_shift = 0;
  bool lut = false;  // Y only
  bool alu_convert = false, mul_convert = false;
  std::int32_t alu_convert_offset = 0, alu_convert_scale = 1, mul_convert_offset = 0, mul_convert_scale = 1;
  std::uint32_t alu_convert_truncate = 0, mul_convert_truncate = 0;
};

// SDP_RDMA's register group.
struct SdpFetch {
  Cube cube;
  Surface source;  // main input, used when not flying
  bool flying = false;
  bool winograd = false;
  std::uint32_t batches = 1;
  std::uint32_t batch_stride = 0;
  Precision input_precision = Precision::kInt8;
  Precision processing_precision = Precision::kInt8;
  Precision output_precision = Precision::kInt8;
  SdpOperand x1, x2, y;
};

struct SdpOperation {
  Cube cube;
  Surface destination;
  bool flying = false;
  bool output_to_pdp = false;
  bool winograd = false;
  bool nan_to_zero = false;
  std::uint32_t batches = 1;
  std::uint32_t batch_stride = 0;
  Precision processing_precision = Precision::kInt8;
  Precision output_precision = Precision::kInt8;
  SdpStage x1, x2, y;
  std::int32_t convert_offset = 0, convert_scale = 1;
  std::uint32_t convert_shift = 0;
  bool has_fetch = false;  // SDP_RDMA takes part
  SdpFetch fetch;
};

}  // namespace nvdla
