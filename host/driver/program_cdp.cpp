// SPDX-License-Identifier: Apache-2.0
// CDP and its reader (CDP_RDMA): normalisation over channels by a table.
#include "host/driver/unit_program.h"

namespace nvdla::host {

namespace {

void rdma(const ProgramContext& context, const DlaCdp& c, std::uint64_t source) {
  RegisterWindow& r = context.registers;
  const Unit unit = Unit::kCdpRdma;
  r.write(unit, "D_DATA_CUBE_WIDTH", {{"WIDTH", c.source.width - 1}});
  r.write(unit, "D_DATA_CUBE_HEIGHT", {{"HEIGHT", c.source.height - 1}});
  r.write(unit, "D_DATA_CUBE_CHANNEL", {{"CHANNEL", c.source.channel - 1}});
  r.write(unit, "D_SRC_BASE_ADDR_LOW", low(source));
  r.write(unit, "D_SRC_BASE_ADDR_HIGH", high(source));
  r.write(unit, "D_SRC_LINE_STRIDE", c.source.line_stride);
  r.write(unit, "D_SRC_SURFACE_STRIDE", c.source.surface_stride);
  r.write(unit, "D_SRC_DMA_CFG", {{"SRC_RAM_TYPE", ram_type(c.source.type)}});
  r.write(unit, "D_DATA_FORMAT", {{"INPUT_DATA", c.in_precision}});
}

void check_descriptor(const ProgramContext& context, const DlaCdp& c) {
  if (c.source.type == kDlaHardware) context.fail("the source must be in memory");
  if (c.destination.type == kDlaHardware) context.fail("the destination must be in memory");
  context.check(c.source.type, 2, "memory type of the source");
  context.check(c.destination.type, 2, "memory type of the destination");
  context.check(c.in_precision, 3, "in_precision");
  if (c.in_precision != c.out_precision) context.fail("CDP cannot convert between precisions");
}

}  // namespace

void program_cdp(const ProgramContext& context, const DlaCdp& c) {
  RegisterWindow& r = context.registers;
  unmask_interrupts(r, "CDP");
  check_descriptor(context, c);
  const std::uint64_t source = context.input_address(c.source);
  const std::uint64_t destination = context.address(c.destination, "destination");
  const DlaLut* lut = context.lut(c.lut);

  rdma(context, c, source);
  const Unit unit = Unit::kCdp;
  if (lut != nullptr) program_lut(r, unit, *lut, c.in_precision == 2);
  r.write(unit, "D_DST_BASE_ADDR_LOW", low(destination));
  r.write(unit, "D_DST_BASE_ADDR_HIGH", high(destination));
  r.write(unit, "D_DST_LINE_STRIDE", c.destination.line_stride);
  r.write(unit, "D_DST_SURFACE_STRIDE", c.destination.surface_stride);
  r.write(unit, "D_DST_DMA_CFG", {{"DST_RAM_TYPE", ram_type(c.destination.type)}});
  r.write(unit, "D_DATA_FORMAT", {{"INPUT_DATA_TYPE", c.in_precision}});
  r.write(unit, "D_LRN_CFG", {{"NORMALZ_LEN", (c.local_size - 1) / 2 - 1}});  // 3, 5, 7, 9 elements
  r.write(unit, "D_DATIN_OFFSET", {{"DATIN_OFFSET", c.in_converter.offset}});
  r.write(unit, "D_DATIN_SCALE", {{"DATIN_SCALE", c.in_converter.scale}});
  r.write(unit, "D_DATIN_SHIFTER", {{"DATIN_SHIFTER", c.in_converter.truncate}});
  r.write(unit, "D_DATOUT_OFFSET", {{"DATOUT_OFFSET", c.out_converter.offset}});
  r.write(unit, "D_DATOUT_SCALE", {{"DATOUT_SCALE", c.out_converter.scale}});
  r.write(unit, "D_DATOUT_SHIFTER", {{"DATOUT_SHIFTER", c.out_converter.truncate}});
  r.write(
      unit, "D_FUNC_BYPASS",
      {{"SQSUM_BYPASS", c.bypass_square_sum != 0 ? 1 : 0}, {"MUL_BYPASS", c.bypass_multiply != 0 ? 1 : 0}});
}

}  // namespace nvdla::host
