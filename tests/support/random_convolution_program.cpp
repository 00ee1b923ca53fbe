// SPDX-License-Identifier: Apache-2.0
// Random convolutions with the SDP behind them: the shapes of RandomConvolutions, written to registers.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "compute/image_columns.h"
#include "operation/divide.h"
#include "operation/pixel_format.h"
#include "random_convolution.h"
#include "random_program.h"

namespace nvdla::test {

namespace {

// Entries of the convolution buffer that a line of the cube takes: whole ones for each pixel, what is left
// of the channels shared by up to four pixels; pixels of an image and the tiles of Winograd lie close.
std::uint32_t entries_of_line(const RandomConvolution& c, std::uint32_t size) {
  const std::uint32_t entry = c.hardware.cbuf_entry_bytes, atom = c.hardware.memory_atom_bytes;
  const Cube& cube = c.sequence.input;
  if (c.sequence.input_format == InputFormat::kPixel || c.sequence.mode == ConvolutionMode::kWinograd)
    return ceil_div(cube.width * cube.channels * size, entry);
  const std::uint32_t bytes = ceil_div(cube.channels * size, atom) * atom, rest = bytes % entry;
  if (rest == 0) return bytes / entry * cube.width;
  std::uint32_t power = 1;
  while (power < rest) power *= 2;
  return bytes / entry * cube.width + ceil_div(cube.width, std::max(1U, entry / power));
}

}  // namespace

struct RandomProgram::Shape {
  RandomConvolution c;
  std::uint32_t batches = 1;
  std::uint32_t entries = 0, data_banks = 0, weight_banks = 0, weight_bytes = 0;
  std::uint32_t wmb_bytes = 0, wmb_address = 0, wgs_address = 0;  // compressed weights
};

RandomProgram::Shape RandomProgram::convolution_shape(bool direct, std::uint32_t batches) {
  RandomConvolutions shapes(random_());
  Shape shape;
  shape.batches = batches;
  RandomConvolution& c = shape.c;
  const std::uint32_t size = bytes_per_element(precision_);
  for (;;) {
    c = shapes.next(precision_);
    if (c.hardware.name != hardware_.name || c.sequence.batches > 1 || c.sequence.weight_compressed) continue;
    const bool plain =
        c.sequence.mode == ConvolutionMode::kDirect && c.sequence.input_format == InputFormat::kFeature;
    if (direct && !plain) continue;
    if (compute::columns_too_far(c.sequence, c.hardware)) continue;  // what NVIDIA's guide forbids
    shape.entries = entries_of_line(c, size);
    shape.data_banks =
        ceil_div(shape.entries * c.sequence.input.height * batches, hardware_.cbuf_entries_per_bank);
    // Whole entries, no more: CDMA fetches them all, CSC gives back those that its kernels fill.
    const std::uint32_t entry = hardware_.cbuf_entry_bytes;
    shape.weight_bytes = ceil_div(c.fetch.bytes_per_kernel * c.fetch.kernels, entry) * entry;
    shape.weight_banks = ceil_div(shape.weight_bytes, hardware_.cbuf_entries_per_bank * entry);
    if (shape.data_banks + shape.weight_banks <= hardware_.cbuf_banks) return shape;
  }
}

void RandomProgram::convolution() { run_convolution(convolution_shape(false), {}, false); }

void RandomProgram::pooled_convolution() { run_convolution(convolution_shape(true), {}, true); }

void RandomProgram::convolution_with_reuse() {
  const Shape shape = convolution_shape(true);
  const std::uint32_t what = between(1, 3);
  const bool data = (what & 1U) != 0, weights = (what & 2U) != 0;
  run_convolution(shape, {false, false, data, weights}, false);
  run_convolution(shape, {data, weights, false, false}, false);
}

void RandomProgram::compressed_convolution() {
  constexpr std::uint32_t kMost = 1U << 13U;  // elements
  Shape shape = convolution_shape(true);
  while (shape.c.fetch.bytes_per_kernel * shape.c.fetch.kernels / bytes_per_element(precision_) > kMost ||
         shape.data_banks + shape.weight_banks >= hardware_.cbuf_banks)  // the masks have the last bank
    shape = convolution_shape(true);
  write_masks(shape);
  run_convolution(shape, {}, false);
}

// What hardware pairs, two atoms, must not be torn apart: addresses and strides are multiples of them.
void RandomProgram::batched_convolution(bool one_by_one) {
  const std::uint32_t batches = between(2, 4), pair = 2 * hardware_.memory_atom_bytes;
  Shape shape;
  do shape = convolution_shape(true, batches);  // the functional model wants a single position packed
  while (shape.c.sequence.output.width * shape.c.sequence.output.height == 1);
  const std::vector<Unit> units = set_convolution(shape, {}, false);
  const std::vector<Interrupt> interrupts = {Interrupt::kSdp, Interrupt::kCacc, Interrupt::kCdmaData,
                                             Interrupt::kCdmaWeight};
  const auto rounded = [&](Unit unit, const char* reg) {
    std::uint32_t& value = pending_[{unit, reg}];
    return value = ceil_div(value, pair) * pair;
  };
  const ConvolutionFetch& f = shape.c.fetch;
  const std::uint32_t surfaces = ceil_div(f.input.channels, lanes());
  const std::uint32_t from = pending_[{Unit::kCdma, "D_DAIN_ADDR_LOW_0"}],
                      step = f.data.surface_stride * surfaces + below(5) * hardware_.memory_atom_bytes;
  const std::uint32_t to = rounded(Unit::kSdp, "D_DST_BASE_ADDR_LOW");
  const std::uint32_t line = rounded(Unit::kSdp, "D_DST_LINE_STRIDE");
  std::uint32_t& surface = pending_[{Unit::kSdp, "D_DST_SURFACE_STRIDE"}];
  surface = std::max(rounded(Unit::kSdp, "D_DST_SURFACE_STRIDE"), line * shape.c.sequence.output.height);
  const std::uint32_t written = surface * ceil_div(shape.c.sequence.kernels, lanes()) + below(3) * pair;
  for (const char* operands : {"D_BS_BASE_ADDR_LOW", "D_BN_BASE_ADDR_LOW", "D_EW_BASE_ADDR_LOW"})
    if (pending_.count({Unit::kSdpRdma, operands}) != 0) rounded(Unit::kSdpRdma, operands);
  set(Unit::kCacc, "D_LINE_STRIDE", line);
  set(Unit::kCacc, "D_SURF_STRIDE", surface);
  if (!one_by_one) {
    for (const Unit unit : {Unit::kCdma, Unit::kCsc, Unit::kCacc}) set(unit, "D_BATCH_NUMBER", batches - 1);
    for (const Unit unit : {Unit::kSdp, Unit::kSdpRdma})
      set(unit, "D_FEATURE_MODE_CFG", "BATCH_NUMBER", batches - 1);
    set(Unit::kCdma, "D_BATCH_STRIDE", step);
    set(Unit::kSdp, "D_DST_BATCH_STRIDE", written);
    run(units, interrupts);
    return;
  }
  const auto registers = pending_;
  for (std::uint32_t b = 0; b < batches; ++b) {
    pending_ = registers;
    set(Unit::kCdma, "D_DAIN_ADDR_LOW_0", from + b * step);
    set(Unit::kSdp, "D_DST_BASE_ADDR_LOW", to + b * written);
    run(units, interrupts);
    if (b + 1 < batches) --operations_;
  }
}

void RandomProgram::write_masks(Shape& shape) {
  constexpr std::uint32_t kMasks = 0xb0000000;
  const ConvolutionFetch& fetch = shape.c.fetch;
  const std::uint32_t size = bytes_per_element(precision_), kernel = fetch.bytes_per_kernel / size;
  const std::uint32_t elements = kernel * fetch.kernels;
  const std::uint32_t group =
      (precision_ == Precision::kInt8 ? hardware_.atomic_k_int8 : hardware_.atomic_k_int8 / 2) * kernel;
  shape.wmb_address = kMasks + operations_ * (1U << 14U);
  shape.wgs_address = shape.wmb_address + (1U << 13U);
  shape.wmb_bytes = ceil_div(elements, 8 * 128U) * 128;
  const auto write_memory = [&](std::uint32_t address, std::uint32_t value) {
    char line[64];
    std::snprintf(line, sizeof line, "write_mem 0x%08x 0x%08x\n", address, value);
    text_ += line;
  };
  std::vector<std::uint32_t> stored(ceil_div(elements, group));
  const std::uint32_t kept = between(1, 7);  // of 8
  for (std::uint32_t word = 0; word < shape.wmb_bytes / 4; ++word) {
    std::uint32_t mask = 0;
    for (std::uint32_t bit = 0; bit < 32; ++bit) {
      const std::uint32_t element = 32 * word + bit;
      if (element >= elements || below(8) >= kept) continue;
      mask |= 1U << bit;
      stored[element / group] += size;
    }
    write_memory(shape.wmb_address + 4 * word, mask);
  }
  for (std::uint32_t i = 0; i < stored.size(); ++i) write_memory(shape.wgs_address + 4 * i, stored[i]);
}

void RandomProgram::run_convolution(const Shape& shape, const Reuse& reuse, bool pooled) {
  const std::vector<Unit> units = set_convolution(shape, reuse, pooled);
  std::vector<Interrupt> interrupts = {Interrupt::kSdp, Interrupt::kCacc, Interrupt::kCdmaData,
                                       Interrupt::kCdmaWeight};
  if (pooled) interrupts.push_back(Interrupt::kPdp);
  run(units, interrupts);
}

std::vector<Unit> RandomProgram::set_convolution(const Shape& shape, const Reuse& reuse, bool pooled) {
  const RandomConvolution& c = shape.c;
  const ConvolutionFetch& f = c.fetch;
  const ConvolutionSequence& s = c.sequence;
  const auto precision = static_cast<std::uint32_t>(precision_);
  const auto mode = static_cast<std::uint32_t>(s.mode);
  const bool pixels = s.input_format == InputFormat::kPixel;
  // Sizes less one, side by side.
  const auto pair = [](std::uint32_t low, std::uint32_t high) { return (low - 1) | (high - 1) << 16U; };

  for (const Unit unit : {Unit::kCmacA, Unit::kCmacB, Unit::kCacc})
    set(unit, "D_MISC_CFG", mode | precision << 12U);
  for (const Unit unit : {Unit::kCdma, Unit::kCsc}) {
    set(unit, "D_MISC_CFG", mode | precision << 8U | precision << 12U);
    set(unit, "D_MISC_CFG", "DATA_REUSE", reuse.data ? 1 : 0);
    set(unit, "D_MISC_CFG", "WEIGHT_REUSE", reuse.weights ? 1 : 0);
    set(unit, "D_MISC_CFG", "SKIP_DATA_RLS", reuse.skip_data_release ? 1 : 0);
    set(unit, "D_MISC_CFG", "SKIP_WEIGHT_RLS", reuse.skip_weight_release ? 1 : 0);
    set(unit, "D_DATAIN_FORMAT", pixels ? 1 : 0);
    set(unit, "D_BATCH_NUMBER", 0);
    set(unit, "D_WEIGHT_FORMAT", shape.wmb_bytes > 0 ? 1 : 0);
    set(unit, "D_ENTRY_PER_SLICE", shape.entries - 1);
    set(unit, "D_BANK", pair(shape.data_banks, shape.weight_banks));
    set(unit, "D_WEIGHT_BYTES", shape.weight_bytes);
    set(unit, "D_WMB_BYTES", shape.wmb_bytes);
  }
  set(Unit::kCdma, "D_DATAIN_SIZE_0", pair(f.input.width, f.input.height));
  set(Unit::kCdma, "D_DATAIN_SIZE_1", f.input.channels - 1);
  set(Unit::kCdma, "D_DATAIN_SIZE_EXT_0", pair(s.input.width, s.input.height));
  set(Unit::kCdma, "D_DAIN_RAM_TYPE", 1);
  set(Unit::kCdma, "D_DAIN_ADDR_LOW_0", source());
  set(Unit::kCdma, "D_DAIN_ADDR_LOW_1", source());
  set(Unit::kCdma, "D_LINE_STRIDE", f.data.line_stride);
  set(Unit::kCdma, "D_SURF_STRIDE", f.data.surface_stride);
  set(Unit::kCdma, "D_LINE_UV_STRIDE", f.uv_line_stride);
  set(Unit::kCdma, "D_DAIN_MAP", pixels ? 0 : 0x10001);
  set(Unit::kCdma, "D_FETCH_GRAIN",
      s.mode == ConvolutionMode::kWinograd ? 0 : below(std::min(3U, f.input.height)));
  if (pixels) {
    set(Unit::kCdma, "D_DATAIN_FORMAT", "PIXEL_FORMAT", f.pixel_format);
    set(Unit::kCdma, "D_DATAIN_FORMAT", "PIXEL_SIGN_OVERRIDE", f.pixel_sign_override ? 1 : 0);
  }
  // Within the first atom.
  const std::uint32_t most = pixels ? hardware_.memory_atom_bytes / pixel_bytes(f.pixel_format, 0) : 1;
  set(Unit::kCdma, "D_PIXEL_OFFSET", pixels ? f.pixel_x_offset % std::max(1U, most) : 0);
  set(Unit::kCdma, "D_RESERVED_X_CFG", 0);
  set(Unit::kCdma, "D_RESERVED_Y_CFG", 0);
  set(Unit::kCdma, "D_WEIGHT_SIZE_0", f.bytes_per_kernel - 1);
  set(Unit::kCdma, "D_WEIGHT_SIZE_1", f.kernels - 1);
  set(Unit::kCdma, "D_WEIGHT_RAM_TYPE", 1);
  set(Unit::kCdma, "D_WEIGHT_ADDR_LOW", source() & ~0xffU);
  if (shape.wmb_bytes > 0) {
    set(Unit::kCdma, "D_WMB_ADDR_LOW", shape.wmb_address);
    set(Unit::kCdma, "D_WGS_ADDR_LOW", shape.wgs_address);
  }
  set(Unit::kCdma, "D_MEAN_FORMAT", pixels && f.mean_per_pixel ? 1 : 0);
  set(Unit::kCdma, "D_MEAN_GLOBAL_0", f.mean[0] | f.mean[1] << 16U);
  set(Unit::kCdma, "D_MEAN_GLOBAL_1", f.mean[2] | f.mean[3] << 16U);
  // The functional model does not convert the input of Winograd; the RTL does (NV_NVDLA_CDMA_cvt.v).
  const bool winograd = s.mode == ConvolutionMode::kWinograd;
  set(Unit::kCdma, "D_CVT_CFG", (f.convert && !winograd ? 1U : 0U) | f.convert_truncate << 4U);
  set(Unit::kCdma, "D_CVT_OFFSET", static_cast<std::uint32_t>(f.convert_offset) & 0xffffU);
  set(Unit::kCdma, "D_CVT_SCALE", static_cast<std::uint32_t>(f.convert_scale) & 0xffffU);
  // The functional model leaves NaN weights as they are when it flushes, the RTL does not.
  set(Unit::kCdma, "D_NAN_FLUSH_TO_ZERO", 0);
  set(Unit::kCdma, "D_CONV_STRIDE", winograd ? pair(f.stride_x, f.stride_y) : pair(s.stride_x, s.stride_y));
  const Padding& pad = winograd || pixels ? f.padding : s.padding;
  const auto right = [&](std::uint32_t out, std::uint32_t stride, std::uint32_t kernel,
                         std::uint32_t dilation, std::uint32_t input) {
    const std::uint32_t needed = (out - 1) * stride + (kernel - 1) * dilation + 1;
    return needed > input ? needed - input : 0;
  };
  const std::uint32_t top = winograd ? pad.top : s.padding.top;
  const std::uint32_t pad_right = winograd || pixels ? pad.right
                                                     : right(s.output.width, s.stride_x, s.kernel_width,
                                                             s.dilation_x, s.input.width + pad.left);
  const std::uint32_t bottom =
      winograd ? pad.bottom
               : right(s.output.height, s.stride_y, s.kernel_height, s.dilation_y, s.input.height + top);
  set(Unit::kCdma, "D_ZERO_PADDING", pad.left | pad_right << 8U | top << 16U | bottom << 24U);
  set(Unit::kCdma, "D_ZERO_PADDING_VALUE", static_cast<std::uint32_t>(pad.value) & 0xffffU);

  set(Unit::kCsc, "D_DATAIN_SIZE_EXT_0", pair(s.input.width, s.input.height));
  set(Unit::kCsc, "D_DATAIN_SIZE_EXT_1", s.input.channels - 1);
  set(Unit::kCsc, "D_POST_Y_EXTENSION", s.post_y_extension / 2);
  set(Unit::kCsc, "D_WEIGHT_SIZE_EXT_0", pair(s.kernel_width, s.kernel_height));
  set(Unit::kCsc, "D_WEIGHT_SIZE_EXT_1", pair(s.kernel_channels, s.kernels));
  set(Unit::kCsc, "D_ATOMICS", s.atomics - 1);
  set(Unit::kCsc, "D_RELEASE", s.input.height - 1);
  set(Unit::kCsc, "D_CONV_STRIDE_EXT", pair(s.stride_x, s.stride_y));
  set(Unit::kCsc, "D_DILATION_EXT", pair(s.dilation_x, s.dilation_y));
  set(Unit::kCsc, "D_ZERO_PADDING", winograd ? 0 : s.padding.left | s.padding.top << 16U);
  set(Unit::kCsc, "D_ZERO_PADDING_VALUE", static_cast<std::uint32_t>(pad.value) & 0xffffU);
  set(Unit::kCsc, "D_PRA_CFG", s.pra_truncate % 3);
  const Cube out = {s.output.width, s.output.height, s.kernels};
  for (const Unit unit : {Unit::kCsc, Unit::kCacc}) {
    set(unit, "D_DATAOUT_SIZE_0", pair(out.width, out.height));
    set(unit, "D_DATAOUT_SIZE_1", out.channels - 1);
  }
  set(Unit::kCacc, "D_BATCH_NUMBER", 0);
  // The scalable functional model takes 16 at most.
  set(Unit::kCacc, "D_CLIP_CFG",
      hardware_.generation == Generation::kV1 ? c.accumulate.clip_truncate : c.accumulate.clip_truncate % 17);

  // SDP behind it: as it is, or with all that it can do on the way.
  for (const char* stage : {"BS", "BN", "EW"}) set(Unit::kSdp, std::string("D_DP_") + stage + "_CFG", 1);
  const bool fetch = one_in(2) && sdp_stages(out);
  set(Unit::kSdp, "D_FEATURE_MODE_CFG", "FLYING_MODE", 1);
  set(Unit::kSdp, "D_FEATURE_MODE_CFG", "WINOGRAD", mode);
  const bool wide = !pooled && shape.batches == 1 && hardware_.generation == Generation::kV1 &&
                    precision_ == Precision::kInt8 && !winograd && one_in(2);
  const Precision written = wide ? Precision::kInt16 : precision_;
  sdp_output(out, written);
  set(Unit::kSdp, "D_CVT_OFFSET", 0);
  set(Unit::kSdp, "D_CVT_SCALE", 1);
  set(Unit::kSdp, "D_CVT_SHIFT", one_in(2) ? below(6) : below(20));
  std::vector<Unit> units = {Unit::kSdp, Unit::kCacc, Unit::kCmacA, Unit::kCmacB, Unit::kCsc, Unit::kCdma};
  if (fetch) {
    set_cube(Unit::kSdpRdma, out);
    set(Unit::kSdpRdma, "D_FEATURE_MODE_CFG",
        1U | mode << 1U | precision << 2U | precision << 4U | static_cast<std::uint32_t>(written) << 6U);
    units.insert(units.begin(), Unit::kSdpRdma);
  }
  set(Unit::kSdp, "D_FEATURE_MODE_CFG", "OUTPUT_DST", pooled ? 1 : 0);
  if (pooled) {
    pool_on_the_fly(out);
    units.insert(units.begin(), Unit::kPdp);
  }
  return units;
}

}  // namespace nvdla::test
