// SPDX-License-Identifier: Apache-2.0
// One convolution as its register groups describe it: CDMA, CSC (CMAC repeats mode and precision) and CACC.
// Plain data, filled by the decoder (registers/decoder.h). Sizes are natural numbers (a register that holds
// "size - 1" is already corrected); strides and sizes in memory are in bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "operation/cube.h"

namespace nvdla {

enum class ConvolutionMode : std::uint8_t { kDirect = 0, kWinograd = 1 };
enum class InputFormat : std::uint8_t { kFeature = 0, kPixel = 1 };

// CDMA's register group.
struct ConvolutionFetch {
  ConvolutionMode mode = ConvolutionMode::kDirect;
  Precision input_precision = Precision::kInt8;
  Precision processing_precision = Precision::kInt8;
  bool data_reuse = false, weight_reuse = false, skip_data_release = false, skip_weight_release = false;
  InputFormat input_format = InputFormat::kFeature;
  std::uint32_t pixel_format = 0;
  std::uint32_t pixel_mapping = 0;
  bool pixel_sign_override = false;
  std::uint32_t pixel_x_offset = 0, pixel_y_offset = 0;
  Cube input;                        // DATAIN_SIZE
  Cube input_ext;                    // DATAIN_SIZE_EXT (width, height); channels as input
  Surface data;                      // ADDR_0, line and surface stride
  std::uint64_t data_address_1 = 0;  // second plane of semi-planar pixels
  std::uint32_t uv_line_stride = 0;
  bool line_packed = false, surface_packed = false;
  std::uint32_t reserved_per_line = 0, reserved_per_uv_line = 0, reserved_height = 0, reserved_y_index = 0;
  std::uint32_t batches = 1;
  std::uint32_t batch_stride = 0;
  std::uint32_t entries_per_slice = 0;
  std::uint32_t fetch_grain = 1;
  bool weight_compressed = false;
  std::uint32_t bytes_per_kernel = 0;
  std::uint32_t kernels = 0;
  MemorySpace weight_space = MemorySpace::kDbb;
  std::uint64_t weight_address = 0;
  std::uint64_t weight_bytes = 0;
  std::uint64_t wgs_address = 0;
  std::uint64_t wmb_address = 0;
  std::uint64_t wmb_bytes = 0;
  // S_ARBITER: requests in a row of weights and of their mask bits.
  std::uint32_t weight_turns = 16, mask_turns = 4;
  // Compressed weights: bytes of the kernel groups, which lie in memory at wgs_address; empty: not known.
  std::vector<std::uint32_t> group_bytes;
  bool mean_per_pixel = false;
  std::uint32_t mean[4] = {0, 0, 0, 0};  // R/Y, G/U, B/V, A/X
  bool convert = false;
  std::int32_t convert_offset = 0, convert_scale = 1;
  std::uint32_t convert_truncate = 0;
  bool nan_to_zero = false;  // fp16 input only
  std::uint32_t stride_x = 1, stride_y = 1;
  Padding padding;
  std::uint32_t data_banks = 1, weight_banks = 1;
};

// CSC's register group (CMAC_A and CMAC_B repeat mode and precision).
struct ConvolutionSequence {
  ConvolutionMode mode = ConvolutionMode::kDirect;
  Precision input_precision = Precision::kInt8;
  Precision processing_precision = Precision::kInt8;
  bool data_reuse = false, weight_reuse = false, skip_data_release = false, skip_weight_release = false;
  InputFormat input_format = InputFormat::kFeature;
  Cube input;  // DATAIN_SIZE_EXT
  std::uint32_t batches = 1;
  std::uint32_t post_y_extension = 1;  // 1, 2 or 4 lines
  std::uint32_t entries_per_slice = 0;
  bool weight_compressed = false;
  std::uint32_t kernel_width = 1, kernel_height = 1, kernel_channels = 1, kernels = 1;
  std::uint64_t weight_bytes = 0;
  std::uint64_t wmb_bytes = 0;
  Cube output;
  std::uint32_t atomics = 1;  // output positions of the plane
  std::uint32_t release_slices = 1;
  std::uint32_t stride_x = 1, stride_y = 1;
  std::uint32_t dilation_x = 1, dilation_y = 1;
  Padding padding;
  std::uint32_t data_banks = 1, weight_banks = 1;
  std::uint32_t pra_truncate = 0;
};

// CACC's register group.
struct ConvolutionAccumulate {
  ConvolutionMode mode = ConvolutionMode::kDirect;
  Precision processing_precision = Precision::kInt8;
  Cube output;
  Surface destination;
  std::uint32_t batches = 1;
  bool line_packed = false, surface_packed = false;
  std::uint32_t clip_truncate = 0;
};

struct ConvolutionOperation {
  ConvolutionFetch fetch;
  ConvolutionSequence sequence;
  ConvolutionAccumulate accumulate;
};

}  // namespace nvdla
