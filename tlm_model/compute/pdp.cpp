// SPDX-License-Identifier: Apache-2.0
#include "compute/pdp.h"

#include <algorithm>

#include "compute/number.h"
#include "compute/pdp_kernel.h"

namespace nvdla::compute {

namespace {

// A column range of a split: what it reads and what it writes.
struct Pass {
  std::uint32_t read_first = 0, read_width = 0, write_first = 0, write_width = 0, pad_left = 0;
};

// Neighbouring ranges share kernel - stride columns of input; each pass but the first reads them again, or
// skips the gap when the stride exceeds the kernel.
std::vector<Pass> passes(const PdpOperation& op) {
  if (op.splits <= 1) return {{0, op.input.width, 0, op.output.width, op.padding.left}};
  std::vector<Pass> result;
  const std::int64_t shared = std::int64_t{op.kernel_width} - op.stride_x;
  std::int64_t source = 0;
  std::uint32_t destination = 0;
  for (std::uint32_t i = 0; i < op.splits; ++i) {
    const bool first = i == 0, last = i + 1 == op.splits;
    const std::uint32_t in = first ? op.partial_in.first : last ? op.partial_in.last : op.partial_in.mid;
    const std::uint32_t out = first ? op.partial_out.first : last ? op.partial_out.last : op.partial_out.mid;
    result.push_back({static_cast<std::uint32_t>(std::max<std::int64_t>(0, source)),
                      static_cast<std::uint32_t>(std::max<std::int64_t>(1, first ? in : in + shared)),
                      destination, out, first ? op.padding.left : 0});
    source += first ? in - shared : in;
    destination += out;
  }
  return result;
}

// Positions [begin, begin + count) of the input that the window of output `at` covers.
struct Span {
  std::uint32_t begin = 0, count = 0;
};

Span covered(std::uint32_t at, std::uint32_t stride, std::uint32_t kernel, std::uint32_t padding,
             std::uint32_t input) {
  const std::int64_t first = std::int64_t{at} * stride - padding;
  const std::int64_t begin = std::max<std::int64_t>(first, 0);
  const std::int64_t end = std::min<std::int64_t>(first + kernel, input);
  if (end <= begin) return {};
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
}

void count_special(const FeatureCube& cube, std::uint64_t& nan, std::uint64_t* inf) {
  for (std::size_t i = 0; i + 1 < cube.bytes.size(); i += 2) {
    const std::uint32_t magnitude = load16(cube.bytes.data() + i) & 0x7fffU;
    nan += magnitude > 0x7c00U ? 1U : 0U;
    if (inf != nullptr) *inf += magnitude == 0x7c00U ? 1U : 0U;
  }
}

void flush_nan(FeatureCube& cube) {
  for (std::size_t i = 0; i + 1 < cube.bytes.size(); i += 2)
    if (fp16_is_nan(load16(cube.bytes.data() + i))) store16(cube.bytes.data() + i, 0);
}

FeatureCube pool(const PdpOperation& op, const FeatureCube& in, const Pass& pass, std::uint32_t surfaces,
                 bool nan) {
  FeatureCube out(pass.write_width, op.output.height, surfaces, in.atom_bytes);
  const PoolingKernel kernel(op, in.atom_bytes, nan);
  for (std::uint32_t s = 0; s < surfaces; ++s) {
    for (std::uint32_t y = 0; y < out.height; ++y) {
      const Span rows = covered(y, op.stride_y, op.kernel_height, op.padding.top, in.height);
      unsigned char* to = out.line(s, y);
      for (std::uint32_t x = 0; x < out.width; ++x, to += in.atom_bytes) {
        const Span columns = covered(x, op.stride_x, op.kernel_width, pass.pad_left, in.width);
        PoolingWindow window;
        if (s < in.surfaces && rows.count != 0) {
          window = {in.line(s, rows.begin) + std::size_t{columns.begin} * in.atom_bytes, in.line_bytes(),
                    rows.count, columns.count};
        }
        kernel(window, to);
      }
    }
  }
  return out;
}

}  // namespace

PdpCounters compute_pdp(const PdpOperation& operation, const HardwareParameters& hardware,
                        const FeatureCube* flying, const memory::ByteSource& source, memory::ByteSink& sink) {
  PdpCounters counters;
  const bool fp16 = operation.precision == Precision::kFp16;
  const std::uint32_t surfaces = surfaces_of(operation.input.channels, operation.precision, hardware);
  for (const Pass& pass : passes(operation)) {
    FeatureCube in = flying != nullptr
                         ? *flying
                         : read_cube(source, operation.source, pass.read_first, pass.read_width,
                                     operation.input.height, surfaces, hardware.memory_atom_bytes);
    const std::uint64_t before = counters.nan_input;
    if (fp16) count_special(in, counters.nan_input, &counters.inf_input);
    if (fp16 && operation.nan_to_zero) flush_nan(in);
    const bool nan = counters.nan_input != before && !operation.nan_to_zero;
    const FeatureCube out = pool(operation, in, pass, surfaces, nan);
    if (fp16) count_special(out, counters.nan_output, nullptr);
    write_cube(sink, operation.destination, pass.write_first, out);
  }
  return counters;
}

}  // namespace nvdla::compute
