// SPDX-License-Identifier: Apache-2.0
// BDMA and Rubik: engines that move data without computing.
#include <string>

#include "registers/decoder.h"
#include "registers/descriptor_reader.h"

namespace nvdla::registers {

namespace {

constexpr std::uint32_t kBdmaUnitBytes = 32;  // CFG_LINE counts in these

}  // namespace

BdmaTransfer decode_bdma(const RegisterFile& file, const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kBdma, 0);
  r.require(hardware.bdma, "CFG_OP", "EN", "configuration " + hardware.name + " has no BDMA");
  BdmaTransfer op;
  op.line_bytes = r.size("CFG_LINE", "SIZE") * kBdmaUnitBytes;
  op.lines = r.size("CFG_LINE_REPEAT", "NUMBER");
  op.surfaces = r.size("CFG_SURF_REPEAT", "NUMBER");
  op.source = {r.space("CFG_CMD", "SRC_RAM_TYPE"), r.address("CFG_SRC_ADDR_HIGH", "CFG_SRC_ADDR_LOW"),
               r.stride("CFG_SRC_LINE"), r.stride("CFG_SRC_SURF")};
  op.destination = {r.space("CFG_CMD", "DST_RAM_TYPE"), r.address("CFG_DST_ADDR_HIGH", "CFG_DST_ADDR_LOW"),
                    r.stride("CFG_DST_LINE"), r.stride("CFG_DST_SURF")};
  // The lines of a transfer may not overlap, read or written (NV_NVDLA_BDMA_load.v).
  const std::string line = std::to_string(op.line_bytes);
  r.require(op.lines == 1 || op.source.line_stride >= op.line_bytes, "CFG_SRC_LINE", "STRIDE",
            "stride is smaller than a line of " + line + " bytes");
  r.require(op.lines == 1 || op.destination.line_stride >= op.line_bytes, "CFG_DST_LINE", "STRIDE",
            "stride is smaller than a line of " + line + " bytes");
  const std::uint64_t surface = std::uint64_t{op.lines - 1} * op.destination.line_stride + op.line_bytes;
  r.require(op.surfaces == 1 || op.destination.surface_stride >= surface, "CFG_DST_SURF", "STRIDE",
            "stride is smaller than a surface of " + std::to_string(surface) + " bytes");
  return op;
}

RubikOperation decode_rubik(const RegisterFile& file, std::uint32_t group,
                            const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kRubik, group);
  r.require(hardware.rubik, "D_OP_ENABLE", "OP_EN", "configuration " + hardware.name + " has no Rubik");
  RubikOperation op;
  op.mode = static_cast<RubikMode>(r.field("D_MISC_CFG", "RUBIK_MODE"));
  op.precision = r.precision("D_MISC_CFG", "IN_PRECISION");
  op.input = {r.size("D_DATAIN_SIZE_0", "DATAIN_WIDTH"), r.size("D_DATAIN_SIZE_0", "DATAIN_HEIGHT"),
              r.size("D_DATAIN_SIZE_1", "DATAIN_CHANNEL")};
  op.output_channels = r.size("D_DATAOUT_SIZE_1", "DATAOUT_CHANNEL");
  op.source = {r.space("D_DAIN_RAM_TYPE", "DATAIN_RAM_TYPE"),
               r.address("D_DAIN_ADDR_HIGH", "D_DAIN_ADDR_LOW"), r.stride("D_DAIN_LINE_STRIDE"),
               r.stride("D_DAIN_SURF_STRIDE")};
  op.source_planar_stride = r.stride("D_DAIN_PLANAR_STRIDE");
  op.destination = {r.space("D_DAOUT_RAM_TYPE", "DATAOUT_RAM_TYPE"),
                    r.address("D_DAOUT_ADDR_HIGH", "D_DAOUT_ADDR_LOW"), r.stride("D_DAOUT_LINE_STRIDE"),
                    r.stride("D_DAOUT_SURF_STRIDE")};
  op.destination_planar_stride = r.stride("D_DAOUT_PLANAR_STRIDE");
  op.contract_stride_0 = r.stride("D_CONTRACT_STRIDE_0");
  op.deconvolution_stride_x = r.size("D_DECONV_STRIDE", "DECONV_X_STRIDE");
  op.deconvolution_stride_y = r.size("D_DECONV_STRIDE", "DECONV_Y_STRIDE");

  const std::uint64_t atom = hardware.memory_atom_bytes;
  if (op.mode == RubikMode::kMerge) {
    // Planes of single channels come in: a line holds elements, not atoms.
    const std::uint64_t line = std::uint64_t{op.input.width} * bytes_per_element(op.precision);
    r.require(op.input.height == 1 || op.source.line_stride >= line, "D_DAIN_LINE_STRIDE", "",
              "stride is smaller than a line of " + std::to_string(line) + " bytes");
  } else {
    r.check_feature_strides(op.input, op.precision, op.source, "D_DAIN_LINE_STRIDE", "D_DAIN_SURF_STRIDE");
  }
  if (op.mode == RubikMode::kContract) {
    const std::uint64_t line = op.input.width * atom * op.deconvolution_stride_x;
    r.require(op.destination.line_stride >= line, "D_DAOUT_LINE_STRIDE", "",
              "stride is smaller than a line of " + std::to_string(line) + " bytes");
  }
  return op;
}

}  // namespace nvdla::registers
