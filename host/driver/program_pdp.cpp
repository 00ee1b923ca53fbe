// SPDX-License-Identifier: Apache-2.0
// PDP and its reader (PDP_RDMA). An average is a sum times the reciprocals of width and height: 16-bit fixed
// point (round down of 65536 / n), fp17 for fp16.
#include <array>

#include "host/driver/unit_program.h"

namespace nvdla::host {

namespace {

constexpr std::uint8_t kFp16 = 2;
constexpr std::uint32_t kMaxCube = 8192;
constexpr std::array<std::uint32_t, 8> kReciprocalInteger = {0x10000, 0x8000, 0x5555, 0x4000,
                                                             0x3333,  0x2aaa, 0x2492, 0x2000};
constexpr std::array<std::uint32_t, 8> kReciprocalFp17 = {0x7c00, 0x7800, 0x7555, 0x7400,
                                                          0x7266, 0x7155, 0x7092, 0x7000};

// Sizes are written minus one, but 0 stands for "does not exist".
std::int64_t minus_one(std::uint16_t size) { return size == 0 ? 0 : size - 1; }

struct Pdp {
  const ProgramContext& context;
  const DlaPdp& p;
  RegisterWindow& r = context.registers;
  bool fly = p.source.type == kDlaHardware;

  void check_descriptor() const {
    if (p.destination.type == kDlaHardware) context.fail("the destination must be in memory");
    for (const DlaCube* cube : {&p.source, &p.destination}) {
      if (cube->width > kMaxCube || cube->height > kMaxCube || cube->channel > kMaxCube) {
        context.fail("cube of " + std::to_string(cube->width) + "x" + std::to_string(cube->height) + "x" +
                     std::to_string(cube->channel) + ", at most 8192 in each dimension");
      }
      context.check(cube->type, 3, "memory type of a cube");
    }
    context.check(p.precision, 3, "precision");
    if (p.stride_x < 1 || p.stride_y < 1 || p.stride_x > 8 || p.stride_y > 8) {
      context.fail("stride " + std::to_string(p.stride_x) + "x" + std::to_string(p.stride_y) +
                   ", must be 1 to 8");
    }
    if (p.split > 64) context.fail("split_num is " + std::to_string(p.split) + ", at most 64");
    context.check(p.kernel_width, 8, "pool_width");
    context.check(p.kernel_height, 8, "pool_height");
    context.check(p.mode, 3, "pool_mode");
    if (fly && p.split != 1) context.fail("a split is not possible on the fly");
    if (p.precision == kFp16) {
      for (const std::int32_t value : p.padding_values) {
        if (value != 0) context.fail("padding values must be 0 in fp16");
      }
    }
  }

  void partial_width(Unit unit, const char* name, const char* first, const char* mid, const char* last,
                     std::uint16_t first_width, std::uint16_t mid_width, std::uint16_t last_width) {
    r.write(unit, name,
            {{first, minus_one(first_width)}, {mid, minus_one(mid_width)}, {last, minus_one(last_width)}});
  }
  void partial_width_in(Unit unit) {
    partial_width(unit, "D_PARTIAL_WIDTH_IN", "PARTIAL_WIDTH_IN_FIRST", "PARTIAL_WIDTH_IN_MID",
                  "PARTIAL_WIDTH_IN_LAST", p.in_first, p.in_mid, p.in_last);
  }

  void rdma(std::uint64_t source) {
    const Unit unit = Unit::kPdpRdma;
    r.write(unit, "D_DATA_CUBE_IN_WIDTH", p.source.width - 1);
    r.write(unit, "D_DATA_CUBE_IN_HEIGHT", p.source.height - 1);
    r.write(unit, "D_DATA_CUBE_IN_CHANNEL", p.source.channel - 1);
    r.write(unit, "D_SRC_BASE_ADDR_HIGH", high(source));
    r.write(unit, "D_SRC_BASE_ADDR_LOW", low(source));
    r.write(unit, "D_SRC_LINE_STRIDE", p.source.line_stride);
    r.write(unit, "D_SRC_SURFACE_STRIDE", p.source.surface_stride);
    r.write(unit, "D_DATA_FORMAT", {{"INPUT_DATA", p.precision}});
    r.write(unit, "D_SRC_RAM_CFG", {{"SRC_RAM_TYPE", ram_type(p.source.type)}});
    r.write(unit, "D_OPERATION_MODE_CFG", {{"SPLIT_NUM", p.split - 1}});
    r.write(unit, "D_POOLING_KERNEL_CFG",
            {{"KERNEL_WIDTH", p.kernel_width}, {"KERNEL_STRIDE_WIDTH", p.stride_x - 1}});
    r.write(unit, "D_POOLING_PADDING_CFG", {{"PAD_WIDTH", p.pad_left}});
    partial_width_in(unit);
  }

  void cubes_and_split() {
    const Unit unit = Unit::kPdp;
    r.write(unit, "D_DATA_CUBE_IN_WIDTH", {{"CUBE_IN_WIDTH", p.source.width - 1}});
    r.write(unit, "D_DATA_CUBE_IN_HEIGHT", {{"CUBE_IN_HEIGHT", p.source.height - 1}});
    r.write(unit, "D_DATA_CUBE_IN_CHANNEL", {{"CUBE_IN_CHANNEL", p.source.channel - 1}});
    r.write(unit, "D_DATA_CUBE_OUT_WIDTH", {{"CUBE_OUT_WIDTH", p.destination.width - 1}});
    r.write(unit, "D_DATA_CUBE_OUT_HEIGHT", {{"CUBE_OUT_HEIGHT", p.destination.height - 1}});
    r.write(unit, "D_DATA_CUBE_OUT_CHANNEL", {{"CUBE_OUT_CHANNEL", p.destination.channel - 1}});
    r.write(unit, "D_OPERATION_MODE_CFG",
            {{"POOLING_METHOD", p.mode}, {"FLYING_MODE", fly ? 0 : 1}, {"SPLIT_NUM", p.split - 1}});
    partial_width_in(unit);
    partial_width(unit, "D_PARTIAL_WIDTH_OUT", "PARTIAL_WIDTH_OUT_FIRST", "PARTIAL_WIDTH_OUT_MID",
                  "PARTIAL_WIDTH_OUT_LAST", p.out_first, p.out_mid, p.out_last);
  }

  void kernel_and_padding() {
    const Unit unit = Unit::kPdp;
    r.write(unit, "D_POOLING_KERNEL_CFG",
            {{"KERNEL_WIDTH", p.kernel_width},
             {"KERNEL_HEIGHT", p.kernel_height},
             {"KERNEL_STRIDE_WIDTH", p.stride_x - 1},
             {"KERNEL_STRIDE_HEIGHT", p.stride_y - 1}});
    const auto& reciprocal = p.precision == kFp16 ? kReciprocalFp17 : kReciprocalInteger;
    r.write(unit, "D_RECIP_KERNEL_WIDTH", reciprocal[p.kernel_width]);
    r.write(unit, "D_RECIP_KERNEL_HEIGHT", reciprocal[p.kernel_height]);
    r.write(unit, "D_POOLING_PADDING_CFG",
            {{"PAD_LEFT", p.pad_left},
             {"PAD_RIGHT", p.pad_right},
             {"PAD_TOP", p.pad_top},
             {"PAD_BOTTOM", p.pad_bottom}});
    for (std::size_t i = 0; i < p.padding_values.size(); ++i) {
      r.write(unit, "D_POOLING_PADDING_VALUE_" + std::to_string(i + 1) + "_CFG", p.padding_values[i]);
    }
  }

  void destination(std::uint64_t address) {
    const Unit unit = Unit::kPdp;
    if (!fly) {
      r.write(unit, "D_SRC_LINE_STRIDE", p.source.line_stride);
      r.write(unit, "D_SRC_SURFACE_STRIDE", p.source.surface_stride);
    }
    r.write(unit, "D_DST_BASE_ADDR_LOW", low(address));
    r.write(unit, "D_DST_BASE_ADDR_HIGH", high(address));
    r.write(unit, "D_DST_LINE_STRIDE", p.destination.line_stride);
    r.write(unit, "D_DST_SURFACE_STRIDE", p.destination.surface_stride);
    r.write(unit, "D_DST_RAM_CFG", {{"DST_RAM_TYPE", ram_type(p.destination.type)}});
    r.write(unit, "D_DATA_FORMAT", {{"INPUT_DATA", p.precision}});
  }
};

}  // namespace

void program_pdp(const ProgramContext& context, const DlaPdp& pdp) {
  unmask_interrupts(context.registers, "PDP");
  Pdp program{context, pdp};
  program.check_descriptor();
  const std::uint64_t source = context.input_address(pdp.source);
  const std::uint64_t destination = context.address(pdp.destination, "destination");
  if (!program.fly) program.rdma(source);
  program.cubes_and_split();
  program.kernel_and_padding();
  program.destination(destination);
}

}  // namespace nvdla::host
