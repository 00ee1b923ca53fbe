// SPDX-License-Identifier: Apache-2.0
// Convolution pipeline: CDMA, CSC and CACC, and what their groups must agree on.
#include <algorithm>
#include <string>

#include "operation/atomic_k.h"
#include "operation/pixel_format.h"
#include "operation/weight_mask.h"
#include "registers/decoder.h"
#include "registers/descriptor_reader.h"

namespace nvdla::registers {

namespace {

// Formats that the scalable generation reads (CFGROM: CDMA_IMAGE_IN_FORMATS_PACKED, _SEMI); V1 reads all.
constexpr std::uint32_t kScalablePacked = 0x0cfff001;
constexpr std::uint32_t kFirstSemiPlanar = 28, kScalableSemiPlanar = 2;

bool pixel_format_built(std::uint32_t format, const HardwareParameters& hardware) {
  if (hardware.generation == Generation::kV1) return true;
  if (format < kFirstSemiPlanar) return (kScalablePacked >> format & 1U) != 0;
  return format < kFirstSemiPlanar + kScalableSemiPlanar;
}

// Fields that CDMA and CSC have under the same names.
template <class Part>
void decode_mode(const DescriptorReader& r, Part& part) {
  part.mode = static_cast<ConvolutionMode>(r.field("D_MISC_CFG", "CONV_MODE"));
  r.require(part.mode == ConvolutionMode::kDirect || r.hardware().winograd, "D_MISC_CFG", "CONV_MODE",
            "configuration " + r.hardware().name + " has no Winograd mode");
  part.input_precision = r.precision("D_MISC_CFG", "IN_PRECISION");
  part.processing_precision = r.precision("D_MISC_CFG", "PROC_PRECISION");
  part.data_reuse = r.flag("D_MISC_CFG", "DATA_REUSE");
  part.weight_reuse = r.flag("D_MISC_CFG", "WEIGHT_REUSE");
  part.skip_data_release = r.flag("D_MISC_CFG", "SKIP_DATA_RLS");
  part.skip_weight_release = r.flag("D_MISC_CFG", "SKIP_WEIGHT_RLS");

  part.input_format = static_cast<InputFormat>(r.field("D_DATAIN_FORMAT", "DATAIN_FORMAT"));
  r.require(part.mode == ConvolutionMode::kDirect || part.input_format == InputFormat::kFeature,
            "D_DATAIN_FORMAT", "DATAIN_FORMAT", "Winograd mode reads feature data only");

  part.batches = r.size("D_BATCH_NUMBER", "BATCHES");
  r.require(part.batches == 1 || r.hardware().batch, "D_BATCH_NUMBER", "BATCHES",
            "configuration " + r.hardware().name + " has no multi-batch mode");
  r.require(part.batches == 1 ||
                (part.input_format == InputFormat::kFeature && part.mode == ConvolutionMode::kDirect),
            "D_BATCH_NUMBER", "BATCHES", "multi-batch needs a direct convolution of feature data");

  part.weight_compressed = r.flag("D_WEIGHT_FORMAT", "WEIGHT_FORMAT");
  r.require(!part.weight_compressed || r.hardware().weight_compression, "D_WEIGHT_FORMAT", "WEIGHT_FORMAT",
            "configuration " + r.hardware().name + " has no weight compression");

  part.entries_per_slice = r.size("D_ENTRY_PER_SLICE", "ENTRIES");
  part.stride_x = part.stride_y = 1;
  part.data_banks = r.size("D_BANK", "DATA_BANK");
  part.weight_banks = r.size("D_BANK", "WEIGHT_BANK");
  // Compressed weights keep one more bank for the mask bits.
  const std::uint32_t banks = r.hardware().cbuf_banks - (part.weight_compressed ? 1 : 0);
  r.require(part.data_banks < banks, "D_BANK", "DATA_BANK",
            "data leaves no bank for weights of the " + std::to_string(banks) + " available");
  r.require(part.data_banks + part.weight_banks <= banks, "D_BANK", "WEIGHT_BANK",
            "data (" + std::to_string(part.data_banks) + " banks) and weights (" +
                std::to_string(part.weight_banks) + ") exceed the " + std::to_string(banks) + " available");
}

void check_line_of_pixels(const DescriptorReader& r, const ConvolutionFetch& op, std::uint32_t plane,
                          std::uint32_t stride, const char* reg) {
  const std::uint64_t line = std::uint64_t{op.input.width} * pixel_bytes(op.pixel_format, plane);
  r.require(op.input.height == 1 || stride >= line, reg, "",
            "stride is smaller than a line of " + std::to_string(line) + " bytes");
}

void decode_pixels(const DescriptorReader& r, ConvolutionFetch& op) {
  op.pixel_format = r.field("D_DATAIN_FORMAT", "PIXEL_FORMAT");
  op.pixel_mapping = r.field("D_DATAIN_FORMAT", "PIXEL_MAPPING");
  op.pixel_sign_override = r.flag("D_DATAIN_FORMAT", "PIXEL_SIGN_OVERRIDE");
  op.pixel_x_offset = r.field("D_PIXEL_OFFSET", "PIXEL_X_OFFSET");
  op.pixel_y_offset = r.field("D_PIXEL_OFFSET", "PIXEL_Y_OFFSET");
  op.uv_line_stride = r.value("D_LINE_UV_STRIDE");
  op.reserved_per_line = r.field("D_RESERVED_X_CFG", "RSV_PER_LINE");
  op.reserved_per_uv_line = r.field("D_RESERVED_X_CFG", "RSV_PER_UV_LINE");
  op.reserved_height = r.field("D_RESERVED_Y_CFG", "RSV_HEIGHT");
  op.reserved_y_index = r.field("D_RESERVED_Y_CFG", "RSV_Y_INDEX");
  op.mean_per_pixel = r.flag("D_MEAN_FORMAT", "MEAN_FORMAT");
  op.mean[0] = r.field("D_MEAN_GLOBAL_0", "MEAN_RY");
  op.mean[1] = r.field("D_MEAN_GLOBAL_0", "MEAN_GU");
  op.mean[2] = r.field("D_MEAN_GLOBAL_1", "MEAN_BV");
  op.mean[3] = r.field("D_MEAN_GLOBAL_1", "MEAN_AX");
  if (op.input_format != InputFormat::kPixel) return;
  r.require(pixel_format_built(op.pixel_format, r.hardware()), "D_DATAIN_FORMAT", "PIXEL_FORMAT",
            "configuration " + r.hardware().name + " does not read this pixel format");
  r.require(op.pixel_mapping == 0, "D_DATAIN_FORMAT", "PIXEL_MAPPING",
            "hardware reads pitch-linear images only");
  r.require(op.pixel_y_offset == 0, "D_PIXEL_OFFSET", "PIXEL_Y_OFFSET", "must be 0 for a pitch-linear image");
  check_line_of_pixels(r, op, 0, op.data.line_stride, "D_LINE_STRIDE");
  if (op.pixel_format >= kFirstSemiPlanar) {
    op.data_address_1 = r.address("D_DAIN_ADDR_HIGH_1", "D_DAIN_ADDR_LOW_1");
    op.uv_line_stride = r.stride("D_LINE_UV_STRIDE");
    check_line_of_pixels(r, op, 1, op.uv_line_stride, "D_LINE_UV_STRIDE");
  }
}

void decode_weights(const DescriptorReader& r, ConvolutionFetch& op) {
  op.bytes_per_kernel = r.size("D_WEIGHT_SIZE_0", "BYTE_PER_KERNEL");
  op.kernels = r.size("D_WEIGHT_SIZE_1", "WEIGHT_KERNEL");
  op.weight_space = r.space("D_WEIGHT_RAM_TYPE", "WEIGHT_RAM_TYPE");
  op.weight_address = r.address("D_WEIGHT_ADDR_HIGH", "D_WEIGHT_ADDR_LOW");
  op.weight_bytes = r.value("D_WEIGHT_BYTES");
  r.require(op.weight_reuse || op.weight_bytes > 0, "D_WEIGHT_BYTES", "", "no weights to fetch");
  if (!op.weight_compressed) {
    const std::uint64_t needed = std::uint64_t{op.bytes_per_kernel} * op.kernels;
    r.require(op.weight_reuse || op.weight_bytes >= needed, "D_WEIGHT_BYTES", "",
              "fewer bytes than BYTE_PER_KERNEL times WEIGHT_KERNEL, " + std::to_string(needed));
    return;
  }
  op.wgs_address = r.address("D_WGS_ADDR_HIGH", "D_WGS_ADDR_LOW");
  op.wmb_address = r.address("D_WMB_ADDR_HIGH", "D_WMB_ADDR_LOW");
  op.wmb_bytes = r.value("D_WMB_BYTES");
  op.weight_turns = r.size("S_ARBITER", "ARB_WEIGHT");
  op.mask_turns = r.size("S_ARBITER", "ARB_WMB");
  // One bit an element, in lines of 1024 bits.
  const std::uint64_t elements =
      std::uint64_t{op.bytes_per_kernel} * op.kernels / bytes_per_element(op.processing_precision);
  const std::uint64_t mask_bytes = (elements + 1023) / 1024 * 128;
  r.require(op.wmb_bytes == mask_bytes, "D_WMB_BYTES", "",
            "the mask bits of all weights are " + std::to_string(mask_bytes) + " bytes");
  const std::uint64_t needed = mask_bytes_of_group(op, r.hardware());
  r.require(
      mask_fits(op, r.hardware()), "D_WEIGHT_FORMAT", "WEIGHT_FORMAT",
      "the mask bits of a kernel group, " + std::to_string(needed) + " bytes, are more than their bank");
}

// Weights stay in their banks from fetch to release: the kernel group that is released at once must fit, all
// of them where they are kept (NV_NVDLA_CDMA_wt.v).
void check_weight_room(const DescriptorReader& r, const ConvolutionFetch& op) {
  const auto& hardware = r.hardware();
  const std::uint64_t room =
      std::uint64_t{op.weight_banks} * hardware.cbuf_entries_per_bank * hardware.cbuf_entry_bytes;
  if (op.weight_reuse || op.weight_bytes <= room) return;
  r.require(!op.skip_weight_release, "D_BANK", "WEIGHT_BANK",
            "weights that are kept must fit: " + std::to_string(op.weight_bytes) + " bytes in " +
                std::to_string(room));
  if (op.weight_compressed) return;  // the sizes of compressed kernel groups are in memory
  const std::uint32_t kernels = std::min(op.kernels, atomic_k(hardware, op.processing_precision));
  const std::uint64_t needed = std::uint64_t{op.bytes_per_kernel} * kernels;
  r.require(needed <= room, "D_BANK", "WEIGHT_BANK",
            "a group of " + std::to_string(kernels) + " kernels needs " + std::to_string(needed) +
                " bytes, its banks hold " + std::to_string(room));
}

// Winograd works on 4x4 tiles of the cube that CDMA reorders by the stride (NV_NVDLA_CDMA_wg.v, _CSC_dl.v).
void check_winograd_fetch(const DescriptorReader& r, const ConvolutionFetch& op) {
  const std::uint32_t width = op.input.width + op.padding.left + op.padding.right;
  const std::uint32_t height = op.input.height + op.padding.top + op.padding.bottom;
  r.require(op.input_ext.width * op.stride_x == width, "D_DATAIN_SIZE_EXT_0", "DATAIN_WIDTH_EXT",
            "must be the padded width, " + std::to_string(width) + ", over the stride");
  r.require(op.input_ext.height * op.stride_y == height, "D_DATAIN_SIZE_EXT_0", "DATAIN_HEIGHT_EXT",
            "must be the padded height, " + std::to_string(height) + ", over the stride");
  r.require(op.input_ext.width % 4 == 0, "D_DATAIN_SIZE_EXT_0", "DATAIN_WIDTH_EXT",
            "Winograd needs a multiple of 4 columns");
  r.require(op.input_ext.height % 4 == 0, "D_DATAIN_SIZE_EXT_0", "DATAIN_HEIGHT_EXT",
            "Winograd needs a multiple of 4 lines");
}

void check_winograd_sequence(const DescriptorReader& r, const ConvolutionSequence& op) {
  r.require(op.kernel_width == 4, "D_WEIGHT_SIZE_EXT_0", "WEIGHT_WIDTH_EXT", "Winograd kernels are 4x4");
  r.require(op.kernel_height == 4, "D_WEIGHT_SIZE_EXT_0", "WEIGHT_HEIGHT_EXT", "Winograd kernels are 4x4");
  r.require(op.output.width % 4 == 0, "D_DATAOUT_SIZE_0", "DATAOUT_WIDTH",
            "Winograd needs a multiple of 4 columns");
  r.require(op.output.height % 4 == 0, "D_DATAOUT_SIZE_0", "DATAOUT_HEIGHT",
            "Winograd needs a multiple of 4 lines");
  r.require(op.stride_x == 1, "D_CONV_STRIDE_EXT", "CONV_X_STRIDE_EXT", "Winograd has stride 1");
  r.require(op.stride_y == 1, "D_CONV_STRIDE_EXT", "CONV_Y_STRIDE_EXT", "Winograd has stride 1");
  r.require(op.skip_data_release || op.release_slices % 4 == 0, "D_RELEASE", "RLS_SLICES",
            "Winograd releases multiples of 4 lines");
}

// Image mode holds the channels of its (extended) line in one entry of two operands.
void check_modes(const DescriptorReader& r, const ConvolutionSequence& op) {
  const std::uint32_t atomic_c = r.hardware().atomic_c;
  r.require(op.post_y_extension == 1 || op.kernel_channels * op.post_y_extension <= atomic_c,
            "D_POST_Y_EXTENSION", "Y_EXTENSION",
            std::to_string(op.post_y_extension) + " lines of " + std::to_string(op.kernel_channels) +
                " channels exceed the " + std::to_string(atomic_c) + " of an atomic operation");
  r.require(op.kernels == op.output.channels, "D_DATAOUT_SIZE_1", "DATAOUT_CHANNEL",
            "must be WEIGHT_KERNEL: every kernel makes one channel");
}

}  // namespace

ConvolutionFetch decode_fetch(const RegisterFile& file, std::uint32_t group,
                              const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kCdma, group);
  ConvolutionFetch op;
  decode_mode(r, op);

  op.input = {r.size("D_DATAIN_SIZE_0", "DATAIN_WIDTH"), r.size("D_DATAIN_SIZE_0", "DATAIN_HEIGHT"),
              r.size("D_DATAIN_SIZE_1", "DATAIN_CHANNEL")};
  op.input_ext = {r.size("D_DATAIN_SIZE_EXT_0", "DATAIN_WIDTH_EXT"),
                  r.size("D_DATAIN_SIZE_EXT_0", "DATAIN_HEIGHT_EXT"), op.input.channels};
  op.data.space = r.space("D_DAIN_RAM_TYPE", "DATAIN_RAM_TYPE");
  op.data.address = r.address("D_DAIN_ADDR_HIGH_0", "D_DAIN_ADDR_LOW_0");
  op.data.line_stride = r.stride("D_LINE_STRIDE");
  op.data.surface_stride = r.stride("D_SURF_STRIDE");
  op.line_packed = r.flag("D_DAIN_MAP", "LINE_PACKED");
  op.surface_packed = r.flag("D_DAIN_MAP", "SURF_PACKED");
  decode_pixels(r, op);
  if (op.input_format == InputFormat::kFeature) {
    r.check_feature_strides(op.input, op.input_precision, op.data, "D_LINE_STRIDE", "D_SURF_STRIDE");
    r.require(!op.line_packed || op.data.line_stride == op.input.width * hardware.memory_atom_bytes,
              "D_DAIN_MAP", "LINE_PACKED", "packed lines, but D_LINE_STRIDE is not the length of a line");
  }
  op.batch_stride = r.value("D_BATCH_STRIDE");
  if (op.batches > 1) op.batch_stride = r.stride("D_BATCH_STRIDE");

  op.fetch_grain = r.size("D_FETCH_GRAIN", "GRAINS");
  decode_weights(r, op);
  op.convert = r.flag("D_CVT_CFG", "CVT_EN");
  op.convert_truncate = r.field("D_CVT_CFG", "CVT_TRUNCATE");
  op.convert_offset = r.signed_field("D_CVT_OFFSET", "CVT_OFFSET");
  op.convert_scale = r.signed_field("D_CVT_SCALE", "CVT_SCALE");
  op.nan_to_zero = r.flag("D_NAN_FLUSH_TO_ZERO", "NAN_TO_ZERO");
  op.stride_x = r.size("D_CONV_STRIDE", "CONV_X_STRIDE");
  op.stride_y = r.size("D_CONV_STRIDE", "CONV_Y_STRIDE");
  op.padding = {r.field("D_ZERO_PADDING", "PAD_LEFT"), r.field("D_ZERO_PADDING", "PAD_RIGHT"),
                r.field("D_ZERO_PADDING", "PAD_TOP"), r.field("D_ZERO_PADDING", "PAD_BOTTOM"),
                r.signed_field("D_ZERO_PADDING_VALUE", "PAD_VALUE")};

  // CSC starts when all slices are in the buffer: a cube that does not fit would wait for ever. Winograd
  // keeps the lines of the reordered cube.
  const bool winograd = op.mode == ConvolutionMode::kWinograd;
  if (winograd) check_winograd_fetch(r, op);
  const std::uint64_t slices = winograd ? op.input_ext.height : op.input.height;
  const std::uint64_t entries = slices * op.entries_per_slice * op.batches;
  const std::uint64_t room = std::uint64_t{op.data_banks} * hardware.cbuf_entries_per_bank;
  r.require(
      entries <= room, "D_BANK", "DATA_BANK",
      "the input cube needs " + std::to_string(entries) + " entries, its banks hold " + std::to_string(room));
  check_weight_room(r, op);
  return op;
}

ConvolutionSequence decode_sequence(const RegisterFile& file, std::uint32_t group,
                                    const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kCsc, group);
  ConvolutionSequence op;
  decode_mode(r, op);
  op.input = {r.size("D_DATAIN_SIZE_EXT_0", "DATAIN_WIDTH_EXT"),
              r.size("D_DATAIN_SIZE_EXT_0", "DATAIN_HEIGHT_EXT"),
              r.size("D_DATAIN_SIZE_EXT_1", "DATAIN_CHANNEL_EXT")};
  const std::uint32_t extension = r.field("D_POST_Y_EXTENSION", "Y_EXTENSION");
  r.require(extension < 3, "D_POST_Y_EXTENSION", "Y_EXTENSION", "0, 1 and 2 stand for 1, 2 and 4 lines");
  r.require(extension == 0 || op.input_format == InputFormat::kPixel, "D_POST_Y_EXTENSION", "Y_EXTENSION",
            "extension needs image input");
  op.post_y_extension = 1U << extension;

  op.kernel_width = r.size("D_WEIGHT_SIZE_EXT_0", "WEIGHT_WIDTH_EXT");
  op.kernel_height = r.size("D_WEIGHT_SIZE_EXT_0", "WEIGHT_HEIGHT_EXT");
  op.kernel_channels = r.size("D_WEIGHT_SIZE_EXT_1", "WEIGHT_CHANNEL_EXT");
  op.kernels = r.size("D_WEIGHT_SIZE_EXT_1", "WEIGHT_KERNEL");
  op.weight_bytes = r.value("D_WEIGHT_BYTES");
  op.wmb_bytes = r.value("D_WMB_BYTES");
  op.output = {r.size("D_DATAOUT_SIZE_0", "DATAOUT_WIDTH"), r.size("D_DATAOUT_SIZE_0", "DATAOUT_HEIGHT"),
               r.size("D_DATAOUT_SIZE_1", "DATAOUT_CHANNEL")};
  op.atomics = r.size("D_ATOMICS", "ATOMICS");
  if (op.mode == ConvolutionMode::kDirect) {
    const std::uint64_t positions = std::uint64_t{op.output.width} * op.output.height;
    r.require(op.atomics == positions, "D_ATOMICS", "ATOMICS",
              "the output plane has " + std::to_string(positions) + " positions");
  }
  op.release_slices = r.size("D_RELEASE", "RLS_SLICES");
  r.require(op.skip_data_release || op.release_slices <= op.input.height, "D_RELEASE", "RLS_SLICES",
            "releases more slices than the input has");
  op.stride_x = r.size("D_CONV_STRIDE_EXT", "CONV_X_STRIDE_EXT");
  op.stride_y = r.size("D_CONV_STRIDE_EXT", "CONV_Y_STRIDE_EXT");
  op.dilation_x = r.size("D_DILATION_EXT", "X_DILATION_EXT");
  op.dilation_y = r.size("D_DILATION_EXT", "Y_DILATION_EXT");
  op.padding.left = r.field("D_ZERO_PADDING", "PAD_LEFT");
  op.padding.top = r.field("D_ZERO_PADDING", "PAD_TOP");
  op.padding.value = r.signed_field("D_ZERO_PADDING_VALUE", "PAD_VALUE");
  op.pra_truncate = r.field("D_PRA_CFG", "PRA_TRUNCATE");
  check_modes(r, op);
  if (op.mode == ConvolutionMode::kWinograd) check_winograd_sequence(r, op);
  return op;
}

ConvolutionAccumulate decode_accumulate(const RegisterFile& file, std::uint32_t group,
                                        const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kCacc, group);
  ConvolutionAccumulate op;
  op.mode = static_cast<ConvolutionMode>(r.field("D_MISC_CFG", "CONV_MODE"));
  r.require(op.mode == ConvolutionMode::kDirect || hardware.winograd, "D_MISC_CFG", "CONV_MODE",
            "configuration " + hardware.name + " has no Winograd mode");
  op.processing_precision = r.precision("D_MISC_CFG", "PROC_PRECISION");
  op.output = {r.size("D_DATAOUT_SIZE_0", "DATAOUT_WIDTH"), r.size("D_DATAOUT_SIZE_0", "DATAOUT_HEIGHT"),
               r.size("D_DATAOUT_SIZE_1", "DATAOUT_CHANNEL")};
  op.destination.address = r.value("D_DATAOUT_ADDR");
  op.destination.line_stride = r.value("D_LINE_STRIDE");
  op.destination.surface_stride = r.value("D_SURF_STRIDE");
  op.batches = r.size("D_BATCH_NUMBER", "BATCHES");
  r.require(op.batches == 1 || hardware.batch, "D_BATCH_NUMBER", "BATCHES",
            "configuration " + hardware.name + " has no multi-batch mode");
  op.line_packed = r.flag("D_DATAOUT_MAP", "LINE_PACKED");
  op.surface_packed = r.flag("D_DATAOUT_MAP", "SURF_PACKED");
  op.clip_truncate = r.field("D_CLIP_CFG", "CLIP_TRUNCATE");
  return op;
}

void check_consistent(const RegisterFile& file, std::uint32_t group, const ConvolutionOperation& op,
                      const HardwareParameters& hardware) {
  const DescriptorReader csc(file, hardware, Unit::kCsc, group);
  const auto& fetch = op.fetch;
  const auto& sequence = op.sequence;
  csc.require(sequence.mode == fetch.mode, "D_MISC_CFG", "CONV_MODE", "differs from CDMA");
  csc.require(sequence.processing_precision == fetch.processing_precision, "D_MISC_CFG", "PROC_PRECISION",
              "differs from CDMA");
  csc.require(sequence.input_format == fetch.input_format, "D_DATAIN_FORMAT", "DATAIN_FORMAT",
              "differs from CDMA");
  csc.require(sequence.batches == fetch.batches, "D_BATCH_NUMBER", "BATCHES", "differs from CDMA");
  csc.require(sequence.entries_per_slice == fetch.entries_per_slice, "D_ENTRY_PER_SLICE", "ENTRIES",
              "differs from CDMA");
  csc.require(sequence.weight_compressed == fetch.weight_compressed, "D_WEIGHT_FORMAT", "WEIGHT_FORMAT",
              "differs from CDMA");
  csc.require(sequence.kernels == fetch.kernels, "D_WEIGHT_SIZE_EXT_1", "WEIGHT_KERNEL", "differs from CDMA");
  csc.require(sequence.data_banks == fetch.data_banks, "D_BANK", "DATA_BANK", "differs from CDMA");
  csc.require(sequence.weight_banks == fetch.weight_banks, "D_BANK", "WEIGHT_BANK", "differs from CDMA");

  for (const Unit unit : {Unit::kCmacA, Unit::kCmacB, Unit::kCacc}) {
    const DescriptorReader r(file, hardware, unit, group);
    r.require(r.field("D_MISC_CFG", "CONV_MODE") == static_cast<std::uint32_t>(fetch.mode), "D_MISC_CFG",
              "CONV_MODE", "differs from CDMA");
    r.require(
        r.field("D_MISC_CFG", "PROC_PRECISION") == static_cast<std::uint32_t>(fetch.processing_precision),
        "D_MISC_CFG", "PROC_PRECISION", "differs from CDMA");
  }
  const DescriptorReader cacc(file, hardware, Unit::kCacc, group);
  cacc.require(op.accumulate.output.width == sequence.output.width, "D_DATAOUT_SIZE_0", "DATAOUT_WIDTH",
               "differs from CSC");
  cacc.require(op.accumulate.output.height == sequence.output.height, "D_DATAOUT_SIZE_0", "DATAOUT_HEIGHT",
               "differs from CSC");
}

}  // namespace nvdla::registers
