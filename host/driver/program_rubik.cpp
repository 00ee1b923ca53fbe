// SPDX-License-Identifier: Apache-2.0
// Rubik: contract (deconvolution), split, merge.
#include "host/driver/unit_program.h"

namespace nvdla::host {

namespace {

constexpr std::uint8_t kContract = 0, kSplit = 1, kMerge = 2;

void check_descriptor(const ProgramContext& context, const DlaRubik& k) {
  if (!context.hardware.rubik) context.fail("this configuration has no Rubik");
  context.check(k.mode, 3, "mode");
  context.check(k.precision, 3, "precision");
  if (k.source.type == kDlaHardware || k.destination.type == kDlaHardware) {
    context.fail("source and destination must be in memory");
  }
  context.check(k.source.type, 2, "memory type of the source");
  context.check(k.destination.type, 2, "memory type of the destination");
  if (k.mode == kMerge && (k.source.plane_stride == 0 || k.source.plane_stride % 32 != 0)) {
    context.fail("plane stride " + std::to_string(k.source.plane_stride) +
                 " of a merge, must be a multiple of 32");
  }
}

}  // namespace

void program_rubik(const ProgramContext& context, const DlaRubik& k) {
  RegisterWindow& r = context.registers;
  const Unit unit = Unit::kRubik;
  if (context.hardware.rubik) unmask_interrupts(r, "RUBIK");
  check_descriptor(context, k);
  const std::uint64_t source = context.input_address(k.source);
  const std::uint64_t destination = context.address(k.destination, "destination");

  r.write(unit, "D_MISC_CFG", {{"RUBIK_MODE", k.mode}, {"IN_PRECISION", k.precision}});
  r.write(unit, "D_DAIN_RAM_TYPE", {{"DATAIN_RAM_TYPE", ram_type(k.source.type)}});
  r.write(unit, "D_DATAIN_SIZE_0",
          {{"DATAIN_WIDTH", k.source.width - 1}, {"DATAIN_HEIGHT", k.source.height - 1}});
  r.write(unit, "D_DATAIN_SIZE_1", {{"DATAIN_CHANNEL", k.source.channel - 1}});
  r.write(unit, "D_DAIN_ADDR_LOW", low(source));
  r.write(unit, "D_DAIN_ADDR_HIGH", high(source));
  if (k.mode == kMerge) {
    r.write(unit, "D_DAIN_PLANAR_STRIDE", k.source.plane_stride);
  } else {
    r.write(unit, "D_DAIN_SURF_STRIDE", k.source.surface_stride);
  }
  r.write(unit, "D_DAIN_LINE_STRIDE", k.source.line_stride);
  r.write(unit, "D_DAOUT_RAM_TYPE", {{"DATAOUT_RAM_TYPE", ram_type(k.destination.type)}});
  r.write(unit, "D_DATAOUT_SIZE_1", {{"DATAOUT_CHANNEL", k.destination.channel - 1}});
  r.write(unit, "D_DAOUT_ADDR_LOW", low(destination));
  r.write(unit, "D_DAOUT_ADDR_HIGH", high(destination));
  r.write(unit, "D_DAOUT_LINE_STRIDE", k.destination.line_stride);
  if (k.mode == kSplit) {
    r.write(unit, "D_DAOUT_PLANAR_STRIDE", k.destination.plane_stride);
    return;
  }
  r.write(unit, "D_DAOUT_SURF_STRIDE", k.destination.surface_stride);
  if (k.mode == kContract) {
    const std::uint32_t element = k.precision == 0 ? 1 : 2;
    const std::uint32_t atoms = (k.destination.channel * element + 31) / 32;
    r.write(unit, "D_CONTRACT_STRIDE_0", atoms * k.source.surface_stride);
    r.write(unit, "D_CONTRACT_STRIDE_1", k.stride_y * k.destination.line_stride);
    r.write(unit, "D_DECONV_STRIDE",
            {{"DECONV_X_STRIDE", k.stride_x - 1}, {"DECONV_Y_STRIDE", k.stride_y - 1}});
  }
}

}  // namespace nvdla::host
