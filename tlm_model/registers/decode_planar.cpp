// SPDX-License-Identifier: Apache-2.0
// PDP (pooling) and CDP (normalization) with their read DMAs.
#include <array>
#include <string>

#include "registers/decoder.h"
#include "registers/descriptor_reader.h"

namespace nvdla::registers {

namespace {

// Widths of the parts that PDP works on, of the input or the output.
PartialWidth decode_widths(const DescriptorReader& r, const std::string& direction) {
  const std::string reg = "D_PARTIAL_WIDTH_" + direction;
  const std::string field = "PARTIAL_WIDTH_" + direction;
  return {r.size(reg, field + "_FIRST"), r.size(reg, field + "_MID"), r.size(reg, field + "_LAST")};
}

void check_widths(const DescriptorReader& r, const std::string& direction, const PartialWidth& parts,
                  std::uint32_t splits, std::uint32_t width) {
  const std::uint64_t sum = std::uint64_t{parts.first} + std::uint64_t{splits - 2} * parts.mid + parts.last;
  r.require(sum == width, "D_PARTIAL_WIDTH_" + direction, "PARTIAL_WIDTH_" + direction + "_FIRST",
            "the " + std::to_string(splits) + " parts cover " + std::to_string(sum) + " of " +
                std::to_string(width) + " columns");
}

// All windows of one direction must begin and end inside the padded input.
void check_windows(const DescriptorReader& r, std::uint32_t input, std::uint32_t padding,
                   std::uint32_t kernel, std::uint32_t stride, std::uint32_t output, const char* reg,
                   const char* field) {
  const std::uint64_t needed = std::uint64_t{output - 1} * stride + kernel;
  r.require(needed <= std::uint64_t{input} + padding, reg, field,
            "the pooling windows reach over " + std::to_string(needed) + " of " +
                std::to_string(input + padding) + " padded positions");
}

// Lines of pooling results in progress share eight line buffers of 16 columns: the more windows overlap in
// height, the fewer columns each line can have (NV_NVDLA_PDP_CORE_cal2d.v).
void check_line_buffer(const DescriptorReader& r, const PdpOperation& op) {
  const std::uint32_t overlap = (op.kernel_height + op.stride_y - 1) / op.stride_y;
  const std::uint32_t buffers = overlap == 1 ? 8 : overlap == 2 ? 4 : overlap <= 4 ? 2 : 1;
  const std::uint32_t columns = 16 * buffers;
  const std::string rule = "exceeds the " + std::to_string(columns) +
                           " columns that the line buffer holds with " + std::to_string(overlap) +
                           " lines in progress";
  if (op.splits == 1) {
    r.require(op.output.width <= columns, "D_DATA_CUBE_OUT_WIDTH", "CUBE_OUT_WIDTH", rule);
    return;
  }
  const char* reg = "D_PARTIAL_WIDTH_OUT";
  r.require(op.partial_out.first <= columns, reg, "PARTIAL_WIDTH_OUT_FIRST", rule);
  r.require(op.splits == 2 || op.partial_out.mid <= columns, reg, "PARTIAL_WIDTH_OUT_MID", rule);
  r.require(op.partial_out.last <= columns, reg, "PARTIAL_WIDTH_OUT_LAST", rule);
}

}  // namespace

PdpOperation decode_pdp(const RegisterFile& file, std::uint32_t group, const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kPdp, group);
  PdpOperation op;
  op.input = {r.size("D_DATA_CUBE_IN_WIDTH", "CUBE_IN_WIDTH"),
              r.size("D_DATA_CUBE_IN_HEIGHT", "CUBE_IN_HEIGHT"),
              r.size("D_DATA_CUBE_IN_CHANNEL", "CUBE_IN_CHANNEL")};
  op.output = {r.size("D_DATA_CUBE_OUT_WIDTH", "CUBE_OUT_WIDTH"),
               r.size("D_DATA_CUBE_OUT_HEIGHT", "CUBE_OUT_HEIGHT"),
               r.size("D_DATA_CUBE_OUT_CHANNEL", "CUBE_OUT_CHANNEL")};
  r.require(op.output.channels == op.input.channels, "D_DATA_CUBE_OUT_CHANNEL", "CUBE_OUT_CHANNEL",
            "pooling keeps the channels of its input");
  op.method = static_cast<PoolingMethod>(r.field("D_OPERATION_MODE_CFG", "POOLING_METHOD"));
  op.flying = r.field("D_OPERATION_MODE_CFG", "FLYING_MODE") == 0;
  op.precision = r.precision("D_DATA_FORMAT", "INPUT_DATA");
  op.splits = r.size("D_OPERATION_MODE_CFG", "SPLIT_NUM");
  op.kernel_width = r.size("D_POOLING_KERNEL_CFG", "KERNEL_WIDTH");
  op.kernel_height = r.size("D_POOLING_KERNEL_CFG", "KERNEL_HEIGHT");
  op.stride_x = r.size("D_POOLING_KERNEL_CFG", "KERNEL_STRIDE_WIDTH");
  op.stride_y = r.size("D_POOLING_KERNEL_CFG", "KERNEL_STRIDE_HEIGHT");
  op.reciprocal_width = r.field("D_RECIP_KERNEL_WIDTH", "RECIP_KERNEL_WIDTH");
  op.reciprocal_height = r.field("D_RECIP_KERNEL_HEIGHT", "RECIP_KERNEL_HEIGHT");
  op.padding = {r.field("D_POOLING_PADDING_CFG", "PAD_LEFT"), r.field("D_POOLING_PADDING_CFG", "PAD_RIGHT"),
                r.field("D_POOLING_PADDING_CFG", "PAD_TOP"), r.field("D_POOLING_PADDING_CFG", "PAD_BOTTOM"),
                0};
  for (std::size_t i = 0; i < std::size(op.padding_values); ++i) {
    const std::string n = std::to_string(i + 1);
    op.padding_values[i] = r.signed_field("D_POOLING_PADDING_VALUE_" + n + "_CFG", "PAD_VALUE_" + n + "X");
  }
  op.padding.value = op.padding_values[0];
  check_windows(r, op.input.width, op.padding.left + op.padding.right, op.kernel_width, op.stride_x,
                op.output.width, "D_DATA_CUBE_OUT_WIDTH", "CUBE_OUT_WIDTH");
  check_windows(r, op.input.height, op.padding.top + op.padding.bottom, op.kernel_height, op.stride_y,
                op.output.height, "D_DATA_CUBE_OUT_HEIGHT", "CUBE_OUT_HEIGHT");
  op.nan_to_zero = r.flag("D_NAN_FLUSH_TO_ZERO", "NAN_TO_ZERO");
  op.partial_in = decode_widths(r, "IN");
  op.partial_out = decode_widths(r, "OUT");
  if (op.splits > 1) {
    r.require(!op.flying, "D_OPERATION_MODE_CFG", "SPLIT_NUM", "pooling on the fly cannot be split");
    check_widths(r, "IN", op.partial_in, op.splits, op.input.width);
    check_widths(r, "OUT", op.partial_out, op.splits, op.output.width);
  }
  check_line_buffer(r, op);
  op.destination.space = r.space("D_DST_RAM_CFG", "DST_RAM_TYPE");
  op.destination.address = r.address("D_DST_BASE_ADDR_HIGH", "D_DST_BASE_ADDR_LOW");
  op.destination.line_stride = r.stride("D_DST_LINE_STRIDE");
  op.destination.surface_stride = r.stride("D_DST_SURFACE_STRIDE");
  r.check_feature_strides(op.output, op.precision, op.destination, "D_DST_LINE_STRIDE",
                          "D_DST_SURFACE_STRIDE");
  return op;
}

PdpFetch decode_pdp_fetch(const RegisterFile& file, std::uint32_t group, const HardwareParameters& hardware) {
  // The read DMA runs when it is enabled, whatever its own FLYING_MODE says: the driver does not write it.
  const DescriptorReader r(file, hardware, Unit::kPdpRdma, group);
  PdpFetch op;
  op.input = {r.size("D_DATA_CUBE_IN_WIDTH", "CUBE_IN_WIDTH"),
              r.size("D_DATA_CUBE_IN_HEIGHT", "CUBE_IN_HEIGHT"),
              r.size("D_DATA_CUBE_IN_CHANNEL", "CUBE_IN_CHANNEL")};
  op.precision = r.precision("D_DATA_FORMAT", "INPUT_DATA");
  op.splits = r.size("D_OPERATION_MODE_CFG", "SPLIT_NUM");
  op.kernel_width = r.size("D_POOLING_KERNEL_CFG", "KERNEL_WIDTH");
  op.stride_x = r.size("D_POOLING_KERNEL_CFG", "KERNEL_STRIDE_WIDTH");
  op.partial_in = decode_widths(r, "IN");
  if (op.splits > 1) {
    check_widths(r, "IN", op.partial_in, op.splits, op.input.width);
    const std::uint32_t shared = op.kernel_width > op.stride_x ? op.kernel_width - op.stride_x : 0;
    r.require(op.partial_in.first >= shared, "D_PARTIAL_WIDTH_IN", "PARTIAL_WIDTH_IN_FIRST",
              "the second part would begin left of the line: it shares " + std::to_string(shared) +
                  " columns with the first");
  }
  op.source.space = r.space("D_SRC_RAM_CFG", "SRC_RAM_TYPE");
  op.source.address = r.address("D_SRC_BASE_ADDR_HIGH", "D_SRC_BASE_ADDR_LOW");
  op.source.line_stride = r.stride("D_SRC_LINE_STRIDE");
  op.source.surface_stride = r.stride("D_SRC_SURFACE_STRIDE");
  r.check_feature_strides(op.input, op.precision, op.source, "D_SRC_LINE_STRIDE", "D_SRC_SURFACE_STRIDE");
  return op;
}

void check_consistent(const RegisterFile& file, std::uint32_t group, const PdpOperation& op,
                      const PdpFetch& fetch, const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kPdpRdma, group);
  r.require(fetch.input.width == op.input.width, "D_DATA_CUBE_IN_WIDTH", "CUBE_IN_WIDTH", "differs from PDP");
  r.require(fetch.input.height == op.input.height, "D_DATA_CUBE_IN_HEIGHT", "CUBE_IN_HEIGHT",
            "differs from PDP");
  r.require(fetch.input.channels == op.input.channels, "D_DATA_CUBE_IN_CHANNEL", "CUBE_IN_CHANNEL",
            "differs from PDP");
  r.require(fetch.precision == op.precision, "D_DATA_FORMAT", "INPUT_DATA", "differs from PDP");
  r.require(fetch.splits == op.splits, "D_OPERATION_MODE_CFG", "SPLIT_NUM", "differs from PDP");
  if (op.splits == 1) return;
  r.require(fetch.kernel_width == op.kernel_width, "D_POOLING_KERNEL_CFG", "KERNEL_WIDTH",
            "differs from PDP");
  r.require(fetch.stride_x == op.stride_x, "D_POOLING_KERNEL_CFG", "KERNEL_STRIDE_WIDTH", "differs from PDP");
  const bool same = fetch.partial_in.first == op.partial_in.first &&
                    fetch.partial_in.last == op.partial_in.last &&
                    (op.splits == 2 || fetch.partial_in.mid == op.partial_in.mid);
  r.require(same, "D_PARTIAL_WIDTH_IN", "", "differs from PDP");
}

CdpFetch decode_cdp_fetch(const RegisterFile& file, std::uint32_t group, const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kCdpRdma, group);
  CdpFetch op;
  op.cube = {r.size("D_DATA_CUBE_WIDTH", "WIDTH"), r.size("D_DATA_CUBE_HEIGHT", "HEIGHT"),
             r.size("D_DATA_CUBE_CHANNEL", "CHANNEL")};
  op.precision = r.precision("D_DATA_FORMAT", "INPUT_DATA");
  op.source.space = r.space("D_SRC_DMA_CFG", "SRC_RAM_TYPE");
  op.source.address = r.address("D_SRC_BASE_ADDR_HIGH", "D_SRC_BASE_ADDR_LOW");
  op.source.line_stride = r.stride("D_SRC_LINE_STRIDE");
  op.source.surface_stride = r.stride("D_SRC_SURFACE_STRIDE");
  r.check_feature_strides(op.cube, op.precision, op.source, "D_SRC_LINE_STRIDE", "D_SRC_SURFACE_STRIDE");
  return op;
}

CdpOperation decode_cdp(const RegisterFile& file, std::uint32_t group, const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kCdp, group);
  CdpOperation op;
  op.precision = r.precision("D_DATA_FORMAT", "INPUT_DATA_TYPE");
  op.normalization_length = 3 + 2 * r.field("D_LRN_CFG", "NORMALZ_LEN");
  op.square_sum_bypass = r.flag("D_FUNC_BYPASS", "SQSUM_BYPASS");
  op.multiply_bypass = r.flag("D_FUNC_BYPASS", "MUL_BYPASS");
  op.nan_to_zero = r.flag("D_NAN_FLUSH_TO_ZERO", "NAN_TO_ZERO");
  op.input_offset = r.signed_field("D_DATIN_OFFSET", "DATIN_OFFSET");
  op.input_scale = r.signed_field("D_DATIN_SCALE", "DATIN_SCALE");
  op.input_shift = r.field("D_DATIN_SHIFTER", "DATIN_SHIFTER");
  op.output_offset = r.signed_field("D_DATOUT_OFFSET", "DATOUT_OFFSET");
  op.output_scale = r.signed_field("D_DATOUT_SCALE", "DATOUT_SCALE");
  op.output_shift = r.field("D_DATOUT_SHIFTER", "DATOUT_SHIFTER");
  op.destination.space = r.space("D_DST_DMA_CFG", "DST_RAM_TYPE");
  op.destination.address = r.address("D_DST_BASE_ADDR_HIGH", "D_DST_BASE_ADDR_LOW");
  op.destination.line_stride = r.stride("D_DST_LINE_STRIDE");
  op.destination.surface_stride = r.stride("D_DST_SURFACE_STRIDE");
  return op;
}

void check_consistent(const RegisterFile& file, std::uint32_t group, const CdpOperation& op,
                      std::uint32_t fetch_group, const CdpFetch& fetch, const HardwareParameters& hardware) {
  const DescriptorReader rdma(file, hardware, Unit::kCdpRdma, fetch_group);
  rdma.require(fetch.precision == op.precision, "D_DATA_FORMAT", "INPUT_DATA", "differs from CDP");
  const DescriptorReader r(file, hardware, Unit::kCdp, group);
  r.check_feature_strides(op.cube, op.precision, op.destination, "D_DST_LINE_STRIDE", "D_DST_SURFACE_STRIDE");
}

}  // namespace nvdla::registers
