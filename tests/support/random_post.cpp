// SPDX-License-Identifier: Apache-2.0
// Random operations of SDP, PDP and CDP.
#include <algorithm>
#include <string>

#include "random_program.h"

namespace nvdla::test {

namespace {

std::string join(const char* prefix, const char* name) { return std::string(prefix) + name; }

}  // namespace

bool RandomProgram::sdp_stage(const char* unit, const char* reader, const Cube& cube) {
  const bool is_float = precision_ == Precision::kFp16, y = unit[0] == 'E';
  const std::string base = join("D_DP_", unit), cfg = base + "_CFG", fetch = join("D_", reader) + "_CFG";
  const auto put = [&](const std::string& reg, const char* field, std::uint32_t value) {
    set(Unit::kSdp, reg, join(unit, field), value);
  };
  put(cfg, "_BYPASS", 1);
  set(Unit::kSdpRdma, fetch, join(reader, "_DISABLE"), 1);
  if (one_in(3)) return false;
  const bool alu = !one_in(4), mul = !one_in(4);
  bool alu_memory = alu && one_in(2), mul_memory = mul && one_in(2);
  put(cfg, "_BYPASS", 0);
  put(cfg, "_ALU_BYPASS", alu ? 0 : 1);
  put(cfg, "_MUL_BYPASS", mul ? 0 : 1);
  put(cfg, "_ALU_ALGO", below(3));
  put(cfg, "_MUL_PRELU", mul && one_in(3) ? 1 : 0);
  put(base + "_ALU_CFG", "_ALU_SRC", alu_memory ? 1 : 0);
  put(base + "_MUL_CFG", "_MUL_SRC", mul_memory ? 1 : 0);
  const auto operand = [&](std::uint32_t bits) {
    if (!is_float) return number(bits);
    return y ? fp32(real(4)) : fp16(real(4));
  };
  put(base + "_ALU_SRC_VALUE", "_ALU_OPERAND", operand(y ? 32 : 16));
  put(base + "_MUL_SRC_VALUE", "_MUL_OPERAND", operand(y ? 32 : 16));
  if (y) {
    const bool lut = hardware_.sdp_lut && one_in(2);
    put(cfg, "_LUT_BYPASS", lut ? 0 : 1);
    if (lut) look_up_tables(Unit::kSdp);
    set(Unit::kSdp, "D_DP_EW_TRUNCATE_VALUE", mul ? below(20) : 0);
    for (const char* part : {"ALU", "MUL"}) {
      const std::string converter = base + "_" + part;
      put(converter + "_CFG", (std::string("_") + part + "_CVT_BYPASS").c_str(), is_float || one_in(2));
      set(Unit::kSdp, converter + "_CVT_OFFSET_VALUE", number(16) << 16U >> 16U);
      set(Unit::kSdp, converter + "_CVT_SCALE_VALUE", number(16));
      set(Unit::kSdp, converter + "_CVT_TRUNCATE_VALUE", below(20));
    }
  } else {
    put(cfg, "_RELU_BYPASS", one_in(2) ? 1 : 0);
    put(base + "_ALU_CFG", "_ALU_SHIFT_VALUE", one_in(2) ? 0 : below(12));
    put(base + "_MUL_CFG", "_MUL_SHIFT_VALUE", below(16));
  }
  if (!alu_memory && !mul_memory) return false;
  const bool both = alu_memory && mul_memory, two_bytes = precision_ != Precision::kInt8 || one_in(2);
  set(Unit::kSdpRdma, fetch, join(reader, "_DISABLE"), 0);
  set(Unit::kSdpRdma, fetch, join(reader, "_DATA_USE"), both ? 2 : (alu_memory ? 1 : 0));
  set(Unit::kSdpRdma, fetch, join(reader, "_DATA_SIZE"), two_bytes ? 1 : 0);
  set(Unit::kSdpRdma, fetch, join(reader, "_DATA_MODE"), one_in(2) ? 1 : 0);
  set(Unit::kSdpRdma, fetch, join(reader, "_RAM_TYPE"), 1);
  const std::uint32_t bytes = (both ? 2U : 1U) * (precision_ == Precision::kInt8 && two_bytes ? 2U : 1U);
  const Strides s = strides(cube.width * bytes, cube.height, bytes);
  const std::string where = join("D_", unit);
  set(Unit::kSdpRdma, where + "_BASE_ADDR_LOW", source());
  set(Unit::kSdpRdma, where + "_LINE_STRIDE", s.line);
  set(Unit::kSdpRdma, where + "_SURFACE_STRIDE", s.surface);
  return true;
}

bool RandomProgram::sdp_stages(const Cube& cube) {
  const bool x1 = sdp_stage("BS", "BRDMA", cube), x2 = sdp_stage("BN", "NRDMA", cube);
  const bool y = hardware_.sdp_ew_throughput > 0 && sdp_stage("EW", "ERDMA", cube);
  return x1 || x2 || y;
}

void RandomProgram::sdp_output(const Cube& cube, Precision out) {
  const Strides s = strides(cube.width, cube.height);
  set_cube(Unit::kSdp, cube);
  set(Unit::kSdp, "D_DST_BASE_ADDR_LOW", destination());
  set(Unit::kSdp, "D_DST_LINE_STRIDE", s.line);
  set(Unit::kSdp, "D_DST_SURFACE_STRIDE", s.surface);
  set(Unit::kSdp, "D_DST_DMA_CFG", 1);
  set(Unit::kSdp, "D_DATA_FORMAT", "PROC_PRECISION", static_cast<std::uint32_t>(precision_));
  set(Unit::kSdp, "D_DATA_FORMAT", "OUT_PRECISION", static_cast<std::uint32_t>(out));
  set(Unit::kSdp, "D_FEATURE_MODE_CFG", "NAN_TO_ZERO", precision_ == Precision::kFp16 && one_in(2) ? 1 : 0);
}

void RandomProgram::sdp() {
  Cube cube = {between(1, 12), between(1, 6), between(1, 3 * lanes())};
  // What hardware converts: int16 to process as int8, int8 to write as int16, int16 from and to fp16.
  Precision in = precision_, out = precision_;
  if (hardware_.generation == Generation::kV1 && one_in(3)) {
    out = precision_ == Precision::kInt16 ? Precision::kFp16 : Precision::kInt16;
    if (precision_ == Precision::kInt8 && one_in(2)) in = Precision::kInt16;
    // Two atoms of the one are one of the other: whole ones on both sides.
    if (precision_ == Precision::kInt8) cube.channels = between(1, 3) * hardware_.memory_atom_bytes;
  }
  for (const Unit unit : {Unit::kSdpRdma, Unit::kSdp}) set(unit, "D_FEATURE_MODE_CFG", 0);
  sdp_stages(cube);
  sdp_output(cube, out);
  set_cube(Unit::kSdpRdma, cube);
  const Strides s = strides(cube.width, cube.height);
  set(Unit::kSdpRdma, "D_SRC_BASE_ADDR_LOW", source());
  set(Unit::kSdpRdma, "D_SRC_LINE_STRIDE", s.line);
  set(Unit::kSdpRdma, "D_SRC_SURFACE_STRIDE", s.surface);
  set(Unit::kSdpRdma, "D_SRC_DMA_CFG", 1);
  set(Unit::kSdpRdma, "D_FEATURE_MODE_CFG", "IN_PRECISION", static_cast<std::uint32_t>(in));
  set(Unit::kSdpRdma, "D_FEATURE_MODE_CFG", "PROC_PRECISION", static_cast<std::uint32_t>(precision_));
  set(Unit::kSdpRdma, "D_FEATURE_MODE_CFG", "OUT_PRECISION", static_cast<std::uint32_t>(out));
  set(Unit::kSdp, "D_CVT_OFFSET", number(16) << 16U >> 16U);
  set(Unit::kSdp, "D_CVT_SCALE", one_in(3) ? 1 : number(16));
  set(Unit::kSdp, "D_CVT_SHIFT", below(20));
  run({Unit::kSdpRdma, Unit::kSdp}, {Interrupt::kSdp});
}

// Method, kernel, padding and their constants.
void RandomProgram::set_pooling(const Pooling& p) {
  const bool is_float = precision_ == Precision::kFp16;
  set(Unit::kPdp, "D_OPERATION_MODE_CFG", "POOLING_METHOD", p.method);
  set(Unit::kPdp, "D_OPERATION_MODE_CFG", "FLYING_MODE", p.on_the_fly ? 0 : 1);
  set(Unit::kPdp, "D_POOLING_KERNEL_CFG",
      (p.kernel_x - 1) | (p.kernel_y - 1) << 8U | (p.stride_x - 1) << 16U | (p.stride_y - 1) << 20U);
  set(Unit::kPdp, "D_POOLING_PADDING_CFG", p.left | p.top << 4U | p.right << 8U | p.bottom << 12U);
  const auto reciprocal = [&](std::uint32_t kernel) {
    return is_float ? fp17(1.0 / kernel) : (65536 + kernel / 2) / kernel;
  };
  set(Unit::kPdp, "D_RECIP_KERNEL_WIDTH", reciprocal(p.kernel_x));
  set(Unit::kPdp, "D_RECIP_KERNEL_HEIGHT", reciprocal(p.kernel_y));
  const std::int32_t most = precision_ == Precision::kInt8 ? 16 : 4000;
  const double real_pad = real(1);
  const std::int32_t pad = static_cast<std::int32_t>(below(static_cast<std::uint32_t>(2 * most))) - most;
  for (std::int32_t i = 1; i <= 7; ++i) {
    set(Unit::kPdp, "D_POOLING_PADDING_VALUE_" + std::to_string(i) + "_CFG",
        is_float ? fp17(real_pad * i) : static_cast<std::uint32_t>(pad * i) & 0x7ffffU);
  }
  set(Unit::kPdp, "D_NAN_FLUSH_TO_ZERO", is_float && one_in(2) ? 1 : 0);
}

// Behind an SDP on the fly, over the cube that it gives.
void RandomProgram::pool_on_the_fly(const Cube& cube) {
  const std::uint32_t most = precision_ == Precision::kFp16 ? 7 : 8;
  Pooling p;
  p.on_the_fly = true;
  p.method = below(3);
  // Windows that cover the cube, with padding on one side.
  const auto cut = [&](std::uint32_t size, std::uint32_t& kernel, std::uint32_t& stride,
                       std::uint32_t& before, std::uint32_t& after) {
    kernel = between(1, std::min(size, most));
    stride = between(1, kernel);
    before = below(kernel);
    if ((size + before - kernel) % stride != 0) {
      before = 0;
      after = (stride - (size - kernel) % stride) % stride;
    }
    return (size + before + after - kernel) / stride + 1;
  };
  const std::uint32_t out_x = cut(cube.width, p.kernel_x, p.stride_x, p.left, p.right);
  const std::uint32_t out_y = cut(cube.height, p.kernel_y, p.stride_y, p.top, p.bottom);
  set(Unit::kPdp, "D_OPERATION_MODE_CFG", 0);
  set_pooling(p);
  set(Unit::kPdp, "D_DATA_FORMAT", static_cast<std::uint32_t>(precision_));
  for (const char* name : {"D_PARTIAL_WIDTH_IN", "D_PARTIAL_WIDTH_OUT"}) set(Unit::kPdp, name, 0);
  set(Unit::kPdp, "D_DATA_CUBE_IN_WIDTH", cube.width - 1);
  set(Unit::kPdp, "D_DATA_CUBE_IN_HEIGHT", cube.height - 1);
  set(Unit::kPdp, "D_DATA_CUBE_IN_CHANNEL", cube.channels - 1);
  set(Unit::kPdp, "D_DATA_CUBE_OUT_WIDTH", out_x - 1);
  set(Unit::kPdp, "D_DATA_CUBE_OUT_HEIGHT", out_y - 1);
  set(Unit::kPdp, "D_DATA_CUBE_OUT_CHANNEL", cube.channels - 1);
  const Strides out = strides(out_x, out_y);
  set(Unit::kPdp, "D_DST_BASE_ADDR_LOW", destination());
  set(Unit::kPdp, "D_DST_LINE_STRIDE", out.line);
  set(Unit::kPdp, "D_DST_SURFACE_STRIDE", out.surface);
  set(Unit::kPdp, "D_DST_RAM_CFG", 1);
}

void RandomProgram::pdp() {
  const bool is_float = precision_ == Precision::kFp16;
  const std::uint32_t kernel_x = between(1, is_float ? 7 : 8), kernel_y = between(1, 8);
  const std::uint32_t stride_x = one_in(3) ? between(1, 8) : between(1, kernel_x);
  const std::uint32_t stride_y = one_in(3) ? between(1, 8) : between(1, kernel_y);
  const std::uint32_t left = below(kernel_x), top = below(kernel_y);
  // Padding that no window is made of alone, on one side of a window at a time.
  const auto cut = [&](std::uint32_t outputs, std::uint32_t stride, std::uint32_t kernel,
                       std::uint32_t before, std::uint32_t& after) {
    const std::uint32_t covered = (outputs - 1) * stride + kernel;
    after = outputs == 1 ? 0 : below(std::min({kernel, 8U, covered - before}));
    return covered - before - after;
  };
  std::uint32_t right = 0, bottom = 0;
  const std::uint32_t out_x = between(1, 12), out_y = between(1, 6);
  const std::uint32_t width = cut(out_x, stride_x, kernel_x, left, right);
  const std::uint32_t height = cut(out_y, stride_y, kernel_y, top, bottom);
  const std::uint32_t channels = between(1, 3 * lanes());
  const std::uint32_t method = below(3);
  for (const Unit unit : {Unit::kPdpRdma, Unit::kPdp}) {
    set(unit, "D_DATA_CUBE_IN_WIDTH", width - 1);
    set(unit, "D_DATA_CUBE_IN_HEIGHT", height - 1);
    set(unit, "D_DATA_CUBE_IN_CHANNEL", channels - 1);
    set(unit, "D_DATA_FORMAT", static_cast<std::uint32_t>(precision_));
    set(unit, "D_OPERATION_MODE_CFG", 0);
    set(unit, "D_PARTIAL_WIDTH_IN", 0);
  }
  set(Unit::kPdp, "D_PARTIAL_WIDTH_OUT", 0);
  // Two or three parts side by side, read one after the other.
  const std::uint32_t parts = between(2, 3), mid = parts == 3 ? 1 : 0;
  const std::uint32_t first_out = between(1, std::max(1U, out_x / parts));
  const std::uint32_t first_in = (first_out - 1) * stride_x + kernel_x - left, mid_in = mid * stride_x;
  // A part begins with the columns that it shares with the one before.
  if (one_in(3) && out_x >= parts && kernel_x >= stride_x && first_in + mid_in < width &&
      first_in >= kernel_x - stride_x) {
    const auto widths = [](std::uint32_t first, std::uint32_t middle, std::uint32_t last) {
      return (first - 1) | (last - 1) << 10U | (middle == 0 ? 0 : middle - 1) << 20U;
    };
    for (const Unit unit : {Unit::kPdpRdma, Unit::kPdp}) {
      set(unit, "D_OPERATION_MODE_CFG", "SPLIT_NUM", parts - 1);
      set(unit, "D_PARTIAL_WIDTH_IN", widths(first_in, mid_in, width - first_in - mid_in));
    }
    set(Unit::kPdp, "D_PARTIAL_WIDTH_OUT", widths(first_out, mid, out_x - first_out - mid));
  }
  set(Unit::kPdp, "D_DATA_CUBE_OUT_WIDTH", out_x - 1);
  set(Unit::kPdp, "D_DATA_CUBE_OUT_HEIGHT", out_y - 1);
  set(Unit::kPdp, "D_DATA_CUBE_OUT_CHANNEL", channels - 1);
  set_pooling({kernel_x, kernel_y, stride_x, stride_y, left, right, top, bottom, method, false});
  set(Unit::kPdpRdma, "D_FLYING_MODE", 1);
  set(Unit::kPdpRdma, "D_POOLING_KERNEL_CFG", (kernel_x - 1) | (stride_x - 1) << 4U);
  set(Unit::kPdpRdma, "D_POOLING_PADDING_CFG", left);
  const Strides in = strides(width, height), out = strides(out_x, out_y);
  const std::uint32_t from = source();
  for (const Unit unit : {Unit::kPdpRdma, Unit::kPdp}) {
    set(unit, "D_SRC_BASE_ADDR_LOW", from);
    set(unit, "D_SRC_LINE_STRIDE", in.line);
    set(unit, "D_SRC_SURFACE_STRIDE", in.surface);
  }
  set(Unit::kPdpRdma, "D_SRC_RAM_CFG", 1);
  set(Unit::kPdp, "D_DST_BASE_ADDR_LOW", destination());
  set(Unit::kPdp, "D_DST_LINE_STRIDE", out.line);
  set(Unit::kPdp, "D_DST_SURFACE_STRIDE", out.surface);
  set(Unit::kPdp, "D_DST_RAM_CFG", 1);
  run({Unit::kPdpRdma, Unit::kPdp}, {Interrupt::kPdp});
}

void RandomProgram::cdp() {
  const Cube cube = {between(1, 12), between(1, 6), between(1, 3 * lanes())};
  const bool is_float = precision_ == Precision::kFp16;
  look_up_tables(Unit::kCdp);
  set_cube(Unit::kCdpRdma, cube);
  set(Unit::kCdpRdma, "D_DATA_FORMAT", static_cast<std::uint32_t>(precision_));
  set(Unit::kCdp, "D_DATA_FORMAT", static_cast<std::uint32_t>(precision_));
  set(Unit::kCdp, "D_LRN_CFG", below(4));
  set(Unit::kCdp, "D_FUNC_BYPASS", one_in(2) ? 0 : below(4));
  set(Unit::kCdp, "D_NAN_FLUSH_TO_ZERO", is_float && one_in(2) ? 1 : 0);
  const bool plain = one_in(2);
  set(Unit::kCdp, "D_DATIN_OFFSET", plain ? 0 : number(precision_ == Precision::kInt8 ? 8 : 16));
  set(Unit::kCdp, "D_DATIN_SCALE", plain ? 1 : number(8));
  set(Unit::kCdp, "D_DATIN_SHIFTER", plain ? 0 : below(10));
  set(Unit::kCdp, "D_DATOUT_OFFSET", number(16) << 16U >> 16U);
  set(Unit::kCdp, "D_DATOUT_SCALE", number(8));
  set(Unit::kCdp, "D_DATOUT_SHIFTER", below(24));
  const Strides in = strides(cube.width, cube.height), out = strides(cube.width, cube.height);
  set(Unit::kCdpRdma, "D_SRC_BASE_ADDR_LOW", source());
  set(Unit::kCdpRdma, "D_SRC_LINE_STRIDE", in.line);
  set(Unit::kCdpRdma, "D_SRC_SURFACE_STRIDE", in.surface);
  set(Unit::kCdpRdma, "D_SRC_DMA_CFG", 1);
  set(Unit::kCdp, "D_DST_BASE_ADDR_LOW", destination());
  set(Unit::kCdp, "D_DST_LINE_STRIDE", out.line);
  set(Unit::kCdp, "D_DST_SURFACE_STRIDE", out.surface);
  set(Unit::kCdp, "D_DST_DMA_CFG", 1);
  run({Unit::kCdpRdma, Unit::kCdp}, {Interrupt::kCdp});
}

}  // namespace nvdla::test
