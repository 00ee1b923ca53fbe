// SPDX-License-Identifier: Apache-2.0
// Hardware operations as plain data: what one activation of a register group asks a unit to do. The
// decoder (registers/decoder.h) fills them; sub-models and engines read them. Sizes are natural
// numbers (a register that holds "size - 1" is already corrected), strides and sizes are in bytes.
#pragma once

#include <cstdint>
#include <variant>

namespace nvdla::amaix {

enum class Precision : std::uint8_t { kInt8 = 0, kInt16 = 1, kFp16 = 2 };

[[nodiscard]] constexpr std::uint32_t bytes_per_element(Precision precision) {
  return precision == Precision::kInt8 ? 1 : 2;
}

// RAM_TYPE of the registers: 0 selects CVSRAM, 1 the main memory on DBB.
enum class MemorySpace : std::uint8_t { kCvsram = 0, kDbb = 1 };

struct Cube {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t channels = 0;
};

struct Surface {  // where a cube lies in memory
  MemorySpace space = MemorySpace::kDbb;
  std::uint64_t address = 0;
  std::uint32_t line_stride = 0;
  std::uint32_t surface_stride = 0;
};

struct Padding {
  std::uint32_t left = 0, right = 0, top = 0, bottom = 0;
  std::int32_t value = 0;
};

// -- Convolution pipeline ------------------------------------------------------------------------

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
  bool mean_per_pixel = false;
  std::uint32_t mean[4] = {0, 0, 0, 0};  // R/Y, G/U, B/V, A/X
  bool convert = false;
  std::int32_t convert_offset = 0, convert_scale = 1;
  std::uint32_t convert_truncate = 0;
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

// -- SDP -------------------------------------------------------------------------------------------

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

// -- PDP -------------------------------------------------------------------------------------------

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

// -- CDP -------------------------------------------------------------------------------------------

struct CdpOperation {
  Cube cube;
  Precision precision = Precision::kInt8;
  std::uint32_t normalization_length = 3;  // 3, 5, 7, 9 channels
  bool square_sum_bypass = false, multiply_bypass = false;
  bool nan_to_zero = false;
  std::int32_t input_offset = 0, input_scale = 1, output_offset = 0, output_scale = 1;
  std::uint32_t input_shift = 0, output_shift = 0;
  Surface source;
  Surface destination;
};

// -- BDMA and Rubik --------------------------------------------------------------------------------

// One transfer of BDMA's command FIFO: a rectangle of lines and surfaces. One activation of a group
// runs all transfers queued since the previous launch.
struct BdmaTransfer {
  Surface source;
  Surface destination;
  std::uint32_t line_bytes = 32;
  std::uint32_t lines = 1;
  std::uint32_t surfaces = 1;
};

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
  std::uint32_t contract_stride_0 = 0, contract_stride_1 = 0;
  std::uint32_t deconvolution_stride_x = 1, deconvolution_stride_y = 1;
};

}  // namespace nvdla::amaix
