// SPDX-License-Identifier: Apache-2.0
// The convolution pipeline: CACC, both CMACs, CSC, CDMA, from the back to the front.
#include "host/driver/unit_program.h"

namespace nvdla::host {

namespace {

constexpr std::uint8_t kFormatFeature = 36, kFormats = 38;

struct Convolution {
  const ProgramContext& context;
  const DlaConvolution& c;
  RegisterWindow& r = context.registers;
  std::uint64_t weights = 0, mask = 0, group_sizes = 0, input = 0, output = 0;

  void resolve_addresses() {
    if (c.weight_format != 0) {
      if (!context.hardware.weight_compression)
        context.fail("compressed weights, which this configuration cannot read");
      mask = context.address(c.mask, "weight mask");
      group_sizes = context.address(c.group_sizes, "weight group sizes");
    }
    if (c.weight.address != -1) weights = context.address(c.weight, "weights");
    if (c.destination.address != -1) output = context.address(c.destination, "destination");
    input = context.input_address(c.source);
  }

  void check_descriptor() const {
    context.check(c.mode, 2, "conv_mode");
    context.check(c.in_precision, 3, "in_precision");
    context.check(c.out_precision, 3, "out_precision");
    context.check(c.data_format, kFormats - 1, "data_format");
    context.check(c.pixel_mapping, 1, "pixel_mapping");
    context.check(c.weight_format, 2, "weight_format");
    context.check(c.mean_format, 2, "mean_format");
    context.check(c.source.type, 2, "memory type of the source");
    context.check(c.weight.type, 2, "memory type of the weights");
    if (c.out_converter.scale != 1 || c.out_converter.offset != 0) {
      context.fail("out_cvt: the accumulator can only truncate (scale 1, offset 0)");
    }
    if (c.destination.width == 1 && c.destination.height == 1 &&
        c.destination.line_stride != context.hardware.memory_atom_bytes) {
      context.fail("destination of 1x1: line stride " + std::to_string(c.destination.line_stride) +
                   ", must be " + std::to_string(context.hardware.memory_atom_bytes) +
                   " (was the network compiled for another configuration?)");
    }
  }

  void check_idle() {
    for (const Unit unit : {Unit::kCacc, Unit::kCmacA, Unit::kCmacB, Unit::kCsc, Unit::kCdma}) {
      if (r.read_field(unit, "S_STATUS", context.group == 0 ? "STATUS_0" : "STATUS_1") != 0) {
        context.fail(std::string(unit_name(unit)) + " group " + std::to_string(context.group) +
                     " is to be programmed, but is not idle");
      }
    }
  }

  void cacc() {
    r.write(Unit::kCacc, "D_MISC_CFG", {{"CONV_MODE", c.mode}, {"PROC_PRECISION", c.out_precision}});
    r.write(Unit::kCacc, "D_DATAOUT_SIZE_0",
            {{"DATAOUT_WIDTH", c.destination.width - 1}, {"DATAOUT_HEIGHT", c.destination.height - 1}});
    r.write(Unit::kCacc, "D_DATAOUT_SIZE_1", {{"DATAOUT_CHANNEL", c.destination.channel - 1}});
    r.write(Unit::kCacc, "D_DATAOUT_ADDR", low(output));
    r.write(Unit::kCacc, "D_BATCH_NUMBER", c.batch - 1);
    r.write(Unit::kCacc, "D_LINE_STRIDE", c.destination.line_stride);
    r.write(Unit::kCacc, "D_SURF_STRIDE", c.destination.surface_stride);
    const bool packed = c.destination.width == 1 && c.destination.height == 1;
    r.write(Unit::kCacc, "D_DATAOUT_MAP", {{"LINE_PACKED", packed ? 1 : 0}, {"SURF_PACKED", packed ? 1 : 0}});
    r.write(Unit::kCacc, "D_CLIP_CFG", c.out_converter.truncate);
  }

  void cmac() {
    for (const Unit unit : {Unit::kCmacA, Unit::kCmacB}) {
      r.write(unit, "D_MISC_CFG", {{"CONV_MODE", c.mode}, {"PROC_PRECISION", c.out_precision}});
    }
  }

  void misc(Unit unit, std::uint8_t in_precision) {
    r.write(unit, "D_MISC_CFG",
            {{"CONV_MODE", c.mode},
             {"IN_PRECISION", in_precision},
             {"PROC_PRECISION", c.out_precision},
             {"DATA_REUSE", c.data_reuse},
             {"WEIGHT_REUSE", c.weight_reuse},
             {"SKIP_DATA_RLS", c.skip_data_release},
             {"SKIP_WEIGHT_RLS", c.skip_weight_release}});
  }

  void csc() {
    misc(Unit::kCsc, c.out_precision);
    r.write(Unit::kCsc, "D_DATAIN_FORMAT", {{"DATAIN_FORMAT", c.data_format == kFormatFeature ? 0 : 1}});
    r.write(Unit::kCsc, "D_DATAIN_SIZE_EXT_0",
            {{"DATAIN_WIDTH_EXT", c.csc_width - 1}, {"DATAIN_HEIGHT_EXT", c.csc_height - 1}});
    r.write(Unit::kCsc, "D_DATAIN_SIZE_EXT_1", {{"DATAIN_CHANNEL_EXT", c.csc_channel - 1}});
    r.write(Unit::kCsc, "D_BATCH_NUMBER", {{"BATCHES", c.batch - 1}});
    r.write(Unit::kCsc, "D_POST_Y_EXTENSION", {{"Y_EXTENSION", c.post_extension}});
    r.write(Unit::kCsc, "D_ENTRY_PER_SLICE", {{"ENTRIES", c.entries_per_slice - 1}});
    r.write(Unit::kCsc, "D_WEIGHT_FORMAT", {{"WEIGHT_FORMAT", c.weight_format}});
    r.write(Unit::kCsc, "D_WEIGHT_SIZE_EXT_0",
            {{"WEIGHT_WIDTH_EXT", c.kernel_width - 1}, {"WEIGHT_HEIGHT_EXT", c.kernel_height - 1}});
    r.write(Unit::kCsc, "D_WEIGHT_SIZE_EXT_1",
            {{"WEIGHT_CHANNEL_EXT", c.kernel_channel - 1}, {"WEIGHT_KERNEL", c.destination.channel - 1}});
    r.write(Unit::kCsc, "D_WEIGHT_BYTES", c.weight.size);
    r.write(Unit::kCsc, "D_WMB_BYTES", c.mask.size);
    r.write(Unit::kCsc, "D_DATAOUT_SIZE_0",
            {{"DATAOUT_WIDTH", c.cmac_width - 1}, {"DATAOUT_HEIGHT", c.cmac_height - 1}});
    r.write(Unit::kCsc, "D_DATAOUT_SIZE_1", {{"DATAOUT_CHANNEL", c.destination.channel - 1}});
    r.write(Unit::kCsc, "D_ATOMICS",
            {{"ATOMICS", std::int64_t{c.destination.width} * c.destination.height - 1}});
    r.write(Unit::kCsc, "D_RELEASE", {{"RLS_SLICES", c.release - 1}});
    const bool direct = c.mode == 0;  // Winograd has its strides and padding in CDMA
    r.write(Unit::kCsc, "D_CONV_STRIDE_EXT",
            {{"CONV_X_STRIDE_EXT", direct ? c.stride_x - 1 : 0},
             {"CONV_Y_STRIDE_EXT", direct ? c.stride_y - 1 : 0}});
    r.write(Unit::kCsc, "D_DILATION_EXT",
            {{"X_DILATION_EXT", c.dilation_x - 1}, {"Y_DILATION_EXT", c.dilation_y - 1}});
    r.write(Unit::kCsc, "D_ZERO_PADDING",
            {{"PAD_LEFT", direct ? c.pad_left : 0}, {"PAD_TOP", direct ? c.pad_top : 0}});
    r.write(Unit::kCsc, "D_ZERO_PADDING_VALUE", {{"PAD_VALUE", c.pad_value, true}});
    r.write(Unit::kCsc, "D_BANK", {{"DATA_BANK", c.data_bank - 1}, {"WEIGHT_BANK", c.weight_bank - 1}});
    r.write(Unit::kCsc, "D_PRA_CFG", c.pra_truncate);
  }

  void cdma_data() {
    misc(Unit::kCdma, c.in_precision);
    r.write(Unit::kCdma, "D_DATAIN_FORMAT",
            {{"DATAIN_FORMAT", c.data_format == kFormatFeature ? 0 : 1},
             {"PIXEL_FORMAT", c.data_format == kFormatFeature ? 0 : c.data_format},
             {"PIXEL_MAPPING", c.pixel_mapping},
             {"PIXEL_SIGN_OVERRIDE", c.pixel_override}});
    r.write(Unit::kCdma, "D_DATAIN_SIZE_0",
            {{"DATAIN_WIDTH", c.source.width - 1}, {"DATAIN_HEIGHT", c.source.height - 1}});
    r.write(Unit::kCdma, "D_DATAIN_SIZE_1", {{"DATAIN_CHANNEL", c.source.channel - 1}});
    r.write(Unit::kCdma, "D_DATAIN_SIZE_EXT_0",
            {{"DATAIN_WIDTH_EXT", c.csc_width - 1}, {"DATAIN_HEIGHT_EXT", c.csc_height - 1}});
    r.write(Unit::kCdma, "D_DAIN_RAM_TYPE", {{"DATAIN_RAM_TYPE", ram_type(c.source.type)}});
    r.write(Unit::kCdma, "D_DAIN_ADDR_HIGH_0", high(input));
    r.write(Unit::kCdma, "D_DAIN_ADDR_LOW_0", low(input));
    const std::uint64_t second_plane = input + static_cast<std::uint64_t>(c.offset_u);
    r.write(Unit::kCdma, "D_DAIN_ADDR_HIGH_1", high(second_plane));
    r.write(Unit::kCdma, "D_DAIN_ADDR_LOW_1", low(second_plane));
    r.write(Unit::kCdma, "D_LINE_STRIDE", c.source.line_stride);
    r.write(Unit::kCdma, "D_SURF_STRIDE", c.source.surface_stride);
    r.write(Unit::kCdma, "D_LINE_UV_STRIDE", c.line_uv_stride);
    const std::uint32_t line = c.source.width * context.hardware.memory_atom_bytes;
    r.write(Unit::kCdma, "D_DAIN_MAP",
            {{"LINE_PACKED", c.source.line_stride == line ? 1 : 0},
             {"SURF_PACKED", c.source.surface_stride == line * c.source.height ? 1 : 0}});
    r.write(Unit::kCdma, "D_BATCH_NUMBER", {{"BATCHES", c.batch - 1}});
    r.write(Unit::kCdma, "D_BATCH_STRIDE", c.batch_stride);
    r.write(Unit::kCdma, "D_ENTRY_PER_SLICE", {{"ENTRIES", c.entries_per_slice - 1}});
    r.write(Unit::kCdma, "D_FETCH_GRAIN", {{"GRAINS", c.fetch_grain - 1}});
  }

  void cdma_weights() {
    r.write(Unit::kCdma, "D_WEIGHT_FORMAT", {{"WEIGHT_FORMAT", c.weight_format}});
    r.write(Unit::kCdma, "D_WEIGHT_SIZE_0", {{"BYTE_PER_KERNEL", std::int64_t{c.bytes_per_kernel} - 1}});
    r.write(Unit::kCdma, "D_WEIGHT_SIZE_1", {{"WEIGHT_KERNEL", c.destination.channel - 1}});
    r.write(Unit::kCdma, "D_WEIGHT_RAM_TYPE", {{"WEIGHT_RAM_TYPE", ram_type(c.weight.type)}});
    r.write(Unit::kCdma, "D_WEIGHT_ADDR_HIGH", high(weights));
    r.write(Unit::kCdma, "D_WEIGHT_ADDR_LOW", low(weights));
    r.write(Unit::kCdma, "D_WEIGHT_BYTES", c.weight.size);
    if (c.weight_format != 0) {
      r.write(Unit::kCdma, "D_WGS_ADDR_HIGH", high(group_sizes));
      r.write(Unit::kCdma, "D_WGS_ADDR_LOW", low(group_sizes));
      r.write(Unit::kCdma, "D_WMB_ADDR_HIGH", high(mask));
      r.write(Unit::kCdma, "D_WMB_ADDR_LOW", low(mask));
      r.write(Unit::kCdma, "D_WMB_BYTES", c.mask.size);
    }
  }

  void cdma_conversion() {
    r.write(Unit::kCdma, "D_MEAN_FORMAT", {{"MEAN_FORMAT", c.mean_format}});
    if (c.mean_format != 0) {
      r.write(Unit::kCdma, "D_MEAN_GLOBAL_0", {{"MEAN_RY", c.mean_ry, true}, {"MEAN_GU", c.mean_gu, true}});
      r.write(Unit::kCdma, "D_MEAN_GLOBAL_1", {{"MEAN_BV", c.mean_bv, true}, {"MEAN_AX", c.mean_ax, true}});
    }
    if (c.in_converter.enable != 0) {
      r.write(Unit::kCdma, "D_CVT_CFG", {{"CVT_EN", 1}, {"CVT_TRUNCATE", c.in_converter.truncate}});
      r.write(Unit::kCdma, "D_CVT_OFFSET", c.in_converter.offset);
      r.write(Unit::kCdma, "D_CVT_SCALE", c.in_converter.scale);
    } else {
      r.write(Unit::kCdma, "D_CVT_CFG", {{"CVT_EN", 0}});
    }
    r.write(Unit::kCdma, "D_CONV_STRIDE",
            {{"CONV_X_STRIDE", c.stride_x - 1}, {"CONV_Y_STRIDE", c.stride_y - 1}});
    r.write(Unit::kCdma, "D_ZERO_PADDING",
            {{"PAD_LEFT", c.pad_left},
             {"PAD_RIGHT", c.pad_right},
             {"PAD_TOP", c.pad_top},
             {"PAD_BOTTOM", c.pad_bottom}});
    r.write(Unit::kCdma, "D_ZERO_PADDING_VALUE", {{"PAD_VALUE", c.pad_value, true}});
    r.write(Unit::kCdma, "D_BANK", {{"WEIGHT_BANK", c.weight_bank - 1}, {"DATA_BANK", c.data_bank - 1}});
  }
};

}  // namespace

void program_convolution(const ProgramContext& context, const DlaConvolution& convolution) {
  Convolution program{context, convolution};
  program.check_descriptor();
  program.resolve_addresses();
  program.check_idle();
  program.cacc();
  program.cmac();
  program.csc();
  program.cdma_data();
  program.cdma_weights();
  program.cdma_conversion();
}

}  // namespace nvdla::host
