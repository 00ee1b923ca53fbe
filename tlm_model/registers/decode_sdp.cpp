// SPDX-License-Identifier: Apache-2.0
// SDP and SDP_RDMA.
#include <string>

#include "registers/decoder.h"
#include "registers/descriptor_reader.h"

namespace nvdla::registers {

namespace {

// Names of the registers and fields of one operand stream or sub-engine, which differ by a prefix only.
std::string join(const char* prefix, const char* name) { return std::string(prefix) + name; }

// `cfg` is BRDMA, NRDMA or ERDMA, `unit` BS, BN or EW.
SdpOperand decode_operand(const DescriptorReader& r, const char* cfg, const char* unit,
                          std::uint32_t throughput, const SdpFetch& fetch) {
  SdpOperand operand;
  const std::string reg = join("D_", cfg) + "_CFG";
  operand.enabled = !r.flag(reg, join(cfg, "_DISABLE"));
  if (!operand.enabled) return operand;
  r.require(throughput > 0, reg, join(cfg, "_DISABLE"),
            "configuration " + r.hardware().name + " has no " + unit + " sub-engine");
  operand.use = static_cast<SdpDataUse>(r.field(reg, join(cfg, "_DATA_USE")));
  operand.two_bytes = r.flag(reg, join(cfg, "_DATA_SIZE"));
  r.require(operand.two_bytes || fetch.processing_precision == Precision::kInt8, reg, join(cfg, "_DATA_SIZE"),
            "operands of 16-bit precisions have two bytes");
  operand.per_element = r.flag(reg, join(cfg, "_DATA_MODE"));
  operand.source.space = r.space(reg, join(cfg, "_RAM_TYPE"));
  const std::string base = join("D_", unit);
  operand.source.address = r.address(base + "_BASE_ADDR_HIGH", base + "_BASE_ADDR_LOW");
  operand.source.line_stride = r.stride(base + "_LINE_STRIDE");
  operand.source.surface_stride = r.stride(base + "_SURFACE_STRIDE");
  operand.batch_stride = r.stride(base + "_BATCH_STRIDE");
  const std::uint64_t line = std::uint64_t{fetch.cube.width} * r.hardware().memory_atom_bytes;
  r.require(!operand.per_element || fetch.cube.height == 1 || operand.source.line_stride >= line,
            base + "_LINE_STRIDE", "", "stride is smaller than a line of " + std::to_string(line) + " bytes");
  return operand;
}

// With several batches the write DMA pairs the atoms of two columns (NV_NVDLA_SDP_WDMA_cmd.v). Where a line
// begins at an odd atom its bursts leave the cube (simulated; NVIDIA's programming guide forbids it).
void check_pairs(const DescriptorReader& r, const SdpOperation& op, std::uint32_t atom_bytes) {
  const auto paired = [&](std::uint64_t bytes) { return bytes % (2 * atom_bytes) == 0; };
  const char* const why = "multi-batch results must be aligned to two memory atoms";
  const std::uint32_t lanes = atom_bytes / bytes_per_element(op.output_precision);
  r.require(paired(op.destination.address), "D_DST_BASE_ADDR_LOW", "", why);
  r.require(op.cube.height == 1 || paired(op.destination.line_stride), "D_DST_LINE_STRIDE", "", why);
  r.require(op.cube.channels <= lanes || paired(op.destination.surface_stride), "D_DST_SURFACE_STRIDE", "",
            why);
}

void check_batches(const DescriptorReader& r, std::uint32_t batches) {
  r.require(batches == 1 || r.hardware().batch, "D_FEATURE_MODE_CFG", "BATCH_NUMBER",
            "configuration " + r.hardware().name + " has no multi-batch mode");
}

void check_winograd(const DescriptorReader& r, bool winograd, bool flying, std::uint32_t height) {
  r.require(!winograd || r.hardware().winograd, "D_FEATURE_MODE_CFG", "WINOGRAD",
            "configuration " + r.hardware().name + " has no Winograd mode");
  r.require(!winograd || flying, "D_FEATURE_MODE_CFG", "WINOGRAD",
            "only a convolution on the fly delivers Winograd order");
  r.require(!winograd || height % 4 == 0, "D_DATA_CUBE_HEIGHT", "HEIGHT",
            "Winograd needs a multiple of 4 lines");
}

// Bypass flags and what the three sub-engines share. `unit` is BS, BN or EW.
SdpStage decode_stage(const DescriptorReader& r, const char* unit, std::uint32_t throughput) {
  SdpStage stage;
  const std::string base = join("D_DP_", unit);
  const std::string cfg = base + "_CFG";
  stage.bypass = r.flag(cfg, join(unit, "_BYPASS"));
  stage.alu_bypass = stage.bypass || r.flag(cfg, join(unit, "_ALU_BYPASS"));
  stage.mul_bypass = stage.bypass || r.flag(cfg, join(unit, "_MUL_BYPASS"));
  if (stage.bypass) return stage;
  r.require(throughput > 0, cfg, join(unit, "_BYPASS"),
            "configuration " + r.hardware().name + " has no " + unit + " sub-engine");
  if (!stage.alu_bypass) stage.alu_algorithm = r.field(cfg, join(unit, "_ALU_ALGO"));
  stage.prelu = !stage.mul_bypass && r.flag(cfg, join(unit, "_MUL_PRELU"));
  stage.alu_from_dma = !stage.alu_bypass && r.flag(base + "_ALU_CFG", join(unit, "_ALU_SRC"));
  stage.mul_from_dma = !stage.mul_bypass && r.flag(base + "_MUL_CFG", join(unit, "_MUL_SRC"));
  stage.alu_operand = r.signed_field(base + "_ALU_SRC_VALUE", join(unit, "_ALU_OPERAND"));
  stage.mul_operand = r.signed_field(base + "_MUL_SRC_VALUE", join(unit, "_MUL_OPERAND"));
  return stage;
}

SdpStage decode_x(const DescriptorReader& r, const char* unit, std::uint32_t throughput) {
  SdpStage stage = decode_stage(r, unit, throughput);
  if (stage.bypass) return stage;
  const std::string base = join("D_DP_", unit);
  stage.relu_bypass = r.flag(base + "_CFG", join(unit, "_RELU_BYPASS"));
  stage.alu_shift = r.field(base + "_ALU_CFG", join(unit, "_ALU_SHIFT_VALUE"));
  stage.mul_shift = r.field(base + "_MUL_CFG", join(unit, "_MUL_SHIFT_VALUE"));
  return stage;
}

// Y converts its operands and looks its result up; EW_TRUNCATE is the shift behind its multiplier.
SdpStage decode_y(const DescriptorReader& r) {
  SdpStage stage = decode_stage(r, "EW", r.hardware().sdp_ew_throughput);
  if (stage.bypass) return stage;
  stage.lut = !r.flag("D_DP_EW_CFG", "EW_LUT_BYPASS");
  r.require(!stage.lut || r.hardware().sdp_lut, "D_DP_EW_CFG", "EW_LUT_BYPASS",
            "configuration " + r.hardware().name + " has no look-up table");
  stage.mul_shift = r.field("D_DP_EW_TRUNCATE_VALUE", "EW_TRUNCATE");
  stage.alu_convert = !r.flag("D_DP_EW_ALU_CFG", "EW_ALU_CVT_BYPASS");
  stage.alu_convert_offset = r.signed_field("D_DP_EW_ALU_CVT_OFFSET_VALUE", "EW_ALU_CVT_OFFSET");
  stage.alu_convert_scale = r.signed_field("D_DP_EW_ALU_CVT_SCALE_VALUE", "EW_ALU_CVT_SCALE");
  stage.alu_convert_truncate = r.field("D_DP_EW_ALU_CVT_TRUNCATE_VALUE", "EW_ALU_CVT_TRUNCATE");
  stage.mul_convert = !r.flag("D_DP_EW_MUL_CFG", "EW_MUL_CVT_BYPASS");
  stage.mul_convert_offset = r.signed_field("D_DP_EW_MUL_CVT_OFFSET_VALUE", "EW_MUL_CVT_OFFSET");
  stage.mul_convert_scale = r.signed_field("D_DP_EW_MUL_CVT_SCALE_VALUE", "EW_MUL_CVT_SCALE");
  stage.mul_convert_truncate = r.field("D_DP_EW_MUL_CVT_TRUNCATE_VALUE", "EW_MUL_CVT_TRUNCATE");
  return stage;
}

// An operand from memory needs its read DMA, which must deliver that kind of operand.
void check_operand(const DescriptorReader& r, const char* unit, const SdpStage& stage,
                   const SdpOperand& operand) {
  const bool alu = !stage.alu_from_dma || (operand.enabled && operand.use != SdpDataUse::kMul);
  const bool mul = !stage.mul_from_dma || (operand.enabled && operand.use != SdpDataUse::kAlu);
  if (alu && mul) return;
  const std::string base = join("D_DP_", unit);
  const char* const why = "operands from memory, but SDP_RDMA does not read them";
  r.require(alu, base + "_ALU_CFG", join(unit, "_ALU_SRC"), why);
  r.require(mul, base + "_MUL_CFG", join(unit, "_MUL_SRC"), why);
}

}  // namespace

SdpFetch decode_sdp_fetch(const RegisterFile& file, std::uint32_t group, const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kSdpRdma, group);
  SdpFetch op;
  op.cube = {r.size("D_DATA_CUBE_WIDTH", "WIDTH"), r.size("D_DATA_CUBE_HEIGHT", "HEIGHT"),
             r.size("D_DATA_CUBE_CHANNEL", "CHANNEL")};
  op.flying = r.flag("D_FEATURE_MODE_CFG", "FLYING_MODE");
  op.winograd = r.flag("D_FEATURE_MODE_CFG", "WINOGRAD");
  check_winograd(r, op.winograd, op.flying, op.cube.height);
  op.batches = r.size("D_FEATURE_MODE_CFG", "BATCH_NUMBER");
  check_batches(r, op.batches);
  op.input_precision = r.precision("D_FEATURE_MODE_CFG", "IN_PRECISION");
  op.processing_precision = r.precision("D_FEATURE_MODE_CFG", "PROC_PRECISION");
  op.output_precision = r.precision("D_FEATURE_MODE_CFG", "OUT_PRECISION");
  if (!op.flying) {
    op.source.space = r.space("D_SRC_DMA_CFG", "SRC_RAM_TYPE");
    op.source.address = r.address("D_SRC_BASE_ADDR_HIGH", "D_SRC_BASE_ADDR_LOW");
    op.source.line_stride = r.stride("D_SRC_LINE_STRIDE");
    op.source.surface_stride = r.stride("D_SRC_SURFACE_STRIDE");
    r.check_feature_strides(op.cube, op.input_precision, op.source, "D_SRC_LINE_STRIDE",
                            "D_SRC_SURFACE_STRIDE");
  }
  op.x1 = decode_operand(r, "BRDMA", "BS", hardware.sdp_bs_throughput, op);
  op.x2 = decode_operand(r, "NRDMA", "BN", hardware.sdp_bn_throughput, op);
  op.y = decode_operand(r, "ERDMA", "EW", hardware.sdp_ew_throughput, op);
  return op;
}

SdpOperation decode_sdp(const RegisterFile& file, std::uint32_t group, const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kSdp, group);
  SdpOperation op;
  op.cube = {r.size("D_DATA_CUBE_WIDTH", "WIDTH"), r.size("D_DATA_CUBE_HEIGHT", "HEIGHT"),
             r.size("D_DATA_CUBE_CHANNEL", "CHANNEL")};
  op.flying = r.flag("D_FEATURE_MODE_CFG", "FLYING_MODE");
  op.output_to_pdp = r.flag("D_FEATURE_MODE_CFG", "OUTPUT_DST");
  op.winograd = r.flag("D_FEATURE_MODE_CFG", "WINOGRAD");
  check_winograd(r, op.winograd, op.flying, op.cube.height);
  op.nan_to_zero = r.flag("D_FEATURE_MODE_CFG", "NAN_TO_ZERO");
  op.batches = r.size("D_FEATURE_MODE_CFG", "BATCH_NUMBER");
  check_batches(r, op.batches);
  r.require(op.batches == 1 || !op.output_to_pdp, "D_FEATURE_MODE_CFG", "OUTPUT_DST",
            "multi-batch results cannot go to PDP on the fly");
  op.processing_precision = r.precision("D_DATA_FORMAT", "PROC_PRECISION");
  op.output_precision = r.precision("D_DATA_FORMAT", "OUT_PRECISION");
  if (!op.output_to_pdp) {
    op.destination.space = r.space("D_DST_DMA_CFG", "DST_RAM_TYPE");
    op.destination.address = r.address("D_DST_BASE_ADDR_HIGH", "D_DST_BASE_ADDR_LOW");
    op.destination.line_stride = r.stride("D_DST_LINE_STRIDE");
    op.destination.surface_stride = r.stride("D_DST_SURFACE_STRIDE");
    op.batch_stride = r.value("D_DST_BATCH_STRIDE");
    if (op.batches > 1) {
      op.batch_stride = r.stride("D_DST_BATCH_STRIDE");
      check_pairs(r, op, hardware.memory_atom_bytes);
    }
    r.check_feature_strides(op.cube, op.output_precision, op.destination, "D_DST_LINE_STRIDE",
                            "D_DST_SURFACE_STRIDE");
  }
  op.x1 = decode_x(r, "BS", hardware.sdp_bs_throughput);
  op.x2 = decode_x(r, "BN", hardware.sdp_bn_throughput);
  op.y = decode_y(r);
  op.convert_offset = r.signed_field("D_CVT_OFFSET", "CVT_OFFSET");
  op.convert_scale = r.signed_field("D_CVT_SCALE", "CVT_SCALE");
  op.convert_shift = r.field("D_CVT_SHIFT", "CVT_SHIFT");
  return op;
}

void check_consistent(const RegisterFile& file, std::uint32_t group, const SdpOperation& op,
                      const HardwareParameters& hardware) {
  const DescriptorReader r(file, hardware, Unit::kSdp, group);
  r.require(op.flying || op.has_fetch, "D_FEATURE_MODE_CFG", "FLYING_MODE",
            "SDP reads memory, but SDP_RDMA is not enabled");
  check_operand(r, "BS", op.x1, op.has_fetch ? op.fetch.x1 : SdpOperand{});
  check_operand(r, "BN", op.x2, op.has_fetch ? op.fetch.x2 : SdpOperand{});
  check_operand(r, "EW", op.y, op.has_fetch ? op.fetch.y : SdpOperand{});
  if (!op.has_fetch) return;
  r.require(op.flying == op.fetch.flying, "D_FEATURE_MODE_CFG", "FLYING_MODE", "differs from SDP_RDMA");
  r.require(op.batches == op.fetch.batches, "D_FEATURE_MODE_CFG", "BATCH_NUMBER", "differs from SDP_RDMA");
  r.require(op.processing_precision == op.fetch.processing_precision, "D_DATA_FORMAT", "PROC_PRECISION",
            "differs from SDP_RDMA");
  r.require(op.cube.width == op.fetch.cube.width, "D_DATA_CUBE_WIDTH", "WIDTH", "differs from SDP_RDMA");
  r.require(op.cube.height == op.fetch.cube.height, "D_DATA_CUBE_HEIGHT", "HEIGHT", "differs from SDP_RDMA");
  r.require(op.cube.channels == op.fetch.cube.channels, "D_DATA_CUBE_CHANNEL", "CHANNEL",
            "differs from SDP_RDMA");
}

}  // namespace nvdla::registers
