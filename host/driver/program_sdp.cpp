// SPDX-License-Identifier: Apache-2.0
// SDP: its readers (SDP_RDMA), its table, the three stages X1 (BS), X2 (BN), Y (EW), the output.
#include "host/driver/unit_program.h"

namespace nvdla::host {

namespace {

// Numbering of the DLA interface.
constexpr std::uint8_t kMultiply = 1, kAdd = 2, kBoth = 3;  // sdp_op type; 0 none
constexpr std::uint8_t kPerLayer = 0, kPerKernel = 1;       // mode; 2 per point
constexpr std::uint8_t kRelu = 1, kLut = 2, kPrelu = 3;     // activation
constexpr std::uint8_t kFp16 = 2;

struct Sdp {
  const ProgramContext& context;
  const DlaSdp& s;
  RegisterWindow& r = context.registers;
  bool fly = s.source.type == kDlaHardware;
  bool to_memory = s.destination.type != kDlaHardware;
  std::uint64_t source = 0, x1 = 0, x2 = 0, y = 0, destination = 0;

  static bool reads(const DlaSdpStage& stage) {
    return stage.enable != 0 && stage.type != 0 && stage.mode != kPerLayer;
  }

  void check_stage(const DlaSdpStage& stage, const DlaCube& operand, const std::string& name) const {
    context.check(stage.enable, 2, name + ".enable");
    context.check(stage.type, 4, name + ".type");
    context.check(stage.mode, 3, name + ".mode");
    context.check(stage.alu, 4, name + ".alu_type");
    context.check(stage.precision, 3, name + ".precision");
    context.check(operand.type, 3, "memory type of the operand of " + name);
  }
  void check_descriptor() const {
    context.check(s.source_precision, 3, "src_precision");
    context.check(s.destination_precision, 3, "dst_precision");
    context.check(s.source.type, 3, "memory type of the source");
    context.check(s.destination.type, 3, "memory type of the destination");
    check_stage(s.x1, s.x1_data, "x1_op");
    check_stage(s.x2, s.x2_data, "x2_op");
    check_stage(s.y, s.y_data, "y_op");
  }

  void resolve_addresses() {
    if (!fly) source = context.input_address(s.source);
    if (to_memory) destination = context.address(s.destination, "destination");
    if (reads(s.x1)) x1 = context.address(s.x1_data, "operand of x1_op");
    if (reads(s.x2)) x2 = context.address(s.x2_data, "operand of x2_op");
    if (reads(s.y)) y = context.address(s.y_data, "operand of y_op");
  }

  [[nodiscard]] std::uint32_t processing_precision() const {
    // int8 results of int16 inputs are computed as int8; fp16 stays fp16.
    if (s.source_precision == kFp16) return kFp16;
    return s.source_precision == 1 && s.destination_precision != 0 ? 1 : 0;
  }

  void rdma_mode() {
    // The firmware first sets the reader to a state without operands.
    r.write(Unit::kSdpRdma, "D_FEATURE_MODE_CFG", {{"FLYING_MODE", 0}});
    r.write(Unit::kSdpRdma, "D_BRDMA_CFG", {{"BRDMA_DISABLE", 0}});
    r.write(Unit::kSdpRdma, "D_NRDMA_CFG", {{"NRDMA_DISABLE", 0}});
    r.write(Unit::kSdpRdma, "D_ERDMA_CFG", {{"ERDMA_DISABLE", 0}});
    r.write(Unit::kSdpRdma, "D_FEATURE_MODE_CFG",
            {{"FLYING_MODE", fly ? 1 : 0},
             {"WINOGRAD", s.conv_mode == 1 ? 1 : 0},
             {"IN_PRECISION", s.source_precision},
             {"OUT_PRECISION", s.destination_precision},
             {"PROC_PRECISION", processing_precision()},
             {"BATCH_NUMBER", s.batch - 1}});
  }

  void rdma() {
    r.write(Unit::kSdpRdma, "D_DATA_CUBE_WIDTH", s.source.width - 1);
    r.write(Unit::kSdpRdma, "D_DATA_CUBE_HEIGHT", s.source.height - 1);
    r.write(Unit::kSdpRdma, "D_DATA_CUBE_CHANNEL", s.source.channel - 1);
    if (!fly) {
      r.write(Unit::kSdpRdma, "D_SRC_BASE_ADDR_LOW", low(source));
      r.write(Unit::kSdpRdma, "D_SRC_BASE_ADDR_HIGH", high(source));
      r.write(Unit::kSdpRdma, "D_SRC_LINE_STRIDE", s.source.line_stride);
      r.write(Unit::kSdpRdma, "D_SRC_SURFACE_STRIDE", s.source.surface_stride);
      r.write(Unit::kSdpRdma, "D_SRC_DMA_CFG", ram_type(s.source.type));
    }
    operand_reader(s.x1, s.x1_data, x1, "BRDMA", "BS");
    operand_reader(s.x2, s.x2_data, x2, "NRDMA", "BN");
    operand_reader(s.y, s.y_data, y, "ERDMA", "EW");
  }

  void operand_reader(const DlaSdpStage& stage, const DlaCube& cube, std::uint64_t address,
                      const std::string& reader, const std::string& name) {
    const std::uint32_t use = stage.type <= kMultiply ? 0 : stage.type == kAdd ? 1 : 2;
    r.write(Unit::kSdpRdma, "D_" + reader + "_CFG",
            {{reader + "_DISABLE", reads(stage) ? 0 : 1},
             {reader + "_DATA_USE", use},
             {reader + "_DATA_SIZE", stage.precision == 0 ? 0 : 1},
             {reader + "_DATA_MODE", stage.mode == kPerKernel ? 0 : 1},
             {reader + "_RAM_TYPE", ram_type(cube.type)}});
    if (!reads(stage)) return;
    r.write(Unit::kSdpRdma, "D_" + name + "_BASE_ADDR_LOW", low(address));
    r.write(Unit::kSdpRdma, "D_" + name + "_BASE_ADDR_HIGH", high(address));
    r.write(Unit::kSdpRdma, "D_" + name + "_LINE_STRIDE", cube.line_stride);
    r.write(Unit::kSdpRdma, "D_" + name + "_SURFACE_STRIDE", cube.surface_stride);
  }

  void cube_and_destination() {
    r.write(Unit::kSdp, "D_DATA_CUBE_WIDTH", s.source.width - 1);
    r.write(Unit::kSdp, "D_DATA_CUBE_HEIGHT", s.source.height - 1);
    r.write(Unit::kSdp, "D_DATA_CUBE_CHANNEL", s.source.channel - 1);
    if (!to_memory) return;
    r.write(Unit::kSdp, "D_DST_BASE_ADDR_HIGH", high(destination));
    r.write(Unit::kSdp, "D_DST_BASE_ADDR_LOW", low(destination));
    r.write(Unit::kSdp, "D_DST_LINE_STRIDE", s.destination.line_stride);
    r.write(Unit::kSdp, "D_DST_SURFACE_STRIDE", s.destination.surface_stride);
  }

  static bool adds(const DlaSdpStage& stage) { return stage.type == kAdd || stage.type == kBoth; }
  static bool multiplies(const DlaSdpStage& stage) { return stage.type == kMultiply || stage.type == kBoth; }

  void stage_x(const DlaSdpStage& stage, const std::string& name) {
    const std::string dp = "D_DP_" + name;
    r.write(Unit::kSdp, dp + "_CFG",
            {{name + "_BYPASS", stage.enable != 0 ? 0 : 1},
             {name + "_ALU_BYPASS", adds(stage) ? 0 : 1},
             {name + "_ALU_ALGO", stage.alu},
             {name + "_MUL_BYPASS", multiplies(stage) ? 0 : 1},
             {name + "_MUL_PRELU", stage.activation == kPrelu ? 1 : 0},
             {name + "_RELU_BYPASS", stage.activation == kRelu ? 0 : 1}});
    if (stage.enable == 0) return;
    const std::uint32_t from_memory = stage.mode == kPerLayer ? 0 : 1;
    if (adds(stage)) {
      r.write(Unit::kSdp, dp + "_ALU_CFG",
              {{name + "_ALU_SRC", from_memory}, {name + "_ALU_SHIFT_VALUE", stage.shift}});
    }
    if (stage.mode == kPerLayer) {
      r.write(Unit::kSdp, dp + "_ALU_SRC_VALUE", stage.alu_operand);
      r.write(Unit::kSdp, dp + "_MUL_SRC_VALUE", stage.mul_operand);
    }
    // The truncation behind the multiplier also applies when it is bypassed.
    r.write(Unit::kSdp, dp + "_MUL_CFG",
            {{name + "_MUL_SRC", from_memory}, {name + "_MUL_SHIFT_VALUE", stage.truncate}});
  }

  void operand_y(const std::string& part, const DlaConverter& converter, std::int32_t operand) {
    const std::string name = "EW_" + part, dp = "D_DP_" + name;
    r.write(Unit::kSdp, dp + "_CFG",
            {{name + "_SRC", s.y.mode == kPerLayer ? 0 : 1},
             {name + "_CVT_BYPASS", converter.enable != 0 ? 0 : 1}});
    if (s.y.mode == kPerLayer) {
      r.write(Unit::kSdp, dp + "_SRC_VALUE", operand);
    } else {
      r.write(Unit::kSdp, dp + "_CVT_OFFSET_VALUE", converter.offset);
      r.write(Unit::kSdp, dp + "_CVT_SCALE_VALUE", converter.scale);
      r.write(Unit::kSdp, dp + "_CVT_TRUNCATE_VALUE", converter.truncate);
    }
  }

  void stage_y() {
    r.write(Unit::kSdp, "D_DP_EW_CFG",
            {{"EW_BYPASS", s.y.enable != 0 ? 0 : 1},
             {"EW_ALU_BYPASS", adds(s.y) ? 0 : 1},
             {"EW_ALU_ALGO", s.y.alu},
             {"EW_MUL_BYPASS", multiplies(s.y) ? 0 : 1},
             {"EW_MUL_PRELU", s.y.activation == kPrelu ? 1 : 0},
             {"EW_LUT_BYPASS", s.y.activation == kLut ? 0 : 1}});
    if (s.y.enable == 0) return;
    if (adds(s.y)) operand_y("ALU", s.y.alu_converter, s.y.alu_operand);
    if (multiplies(s.y)) operand_y("MUL", s.y.mul_converter, s.y.mul_operand);
    r.write(Unit::kSdp, "D_DP_EW_TRUNCATE_VALUE", s.y.truncate);
  }

  void output() {
    r.write(Unit::kSdp, "D_FEATURE_MODE_CFG",
            {{"FLYING_MODE", fly ? 1 : 0},
             {"OUTPUT_DST", to_memory ? 0 : 1},
             {"WINOGRAD", s.conv_mode == 1 ? 1 : 0},
             {"BATCH_NUMBER", s.batch - 1}});
    r.write(Unit::kSdp, "D_DST_DMA_CFG", ram_type(s.destination.type));
    if (s.batch > 1) r.write(Unit::kSdp, "D_DST_BATCH_STRIDE", s.batch_stride);
    r.write(Unit::kSdp, "D_DATA_FORMAT",
            {{"PROC_PRECISION", processing_precision()}, {"OUT_PRECISION", s.destination_precision}});
    r.write(Unit::kSdp, "D_CVT_OFFSET", s.out_converter.offset);
    r.write(Unit::kSdp, "D_CVT_SCALE", s.out_converter.scale);
    r.write(Unit::kSdp, "D_CVT_SHIFT", s.out_converter.truncate);
  }
};

}  // namespace

void program_sdp(const ProgramContext& context, const DlaSdp& sdp) {
  unmask_interrupts(context.registers, "SDP");
  Sdp program{context, sdp};
  program.check_descriptor();
  program.resolve_addresses();
  const DlaLut* lut = context.lut(sdp.lut);
  program.rdma_mode();
  if (context.needs_rdma) program.rdma();
  if (lut != nullptr) program_lut(context.registers, Unit::kSdp, *lut, sdp.source_precision == kFp16);
  program.cube_and_destination();
  program.stage_x(sdp.x1, "BS");
  program.stage_x(sdp.x2, "BN");
  program.stage_y();
  program.output();
}

}  // namespace nvdla::host
