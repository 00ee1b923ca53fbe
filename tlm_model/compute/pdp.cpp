// SPDX-License-Identifier: Apache-2.0
#include "compute/pdp.h"

#include <algorithm>

#include "compute/number.h"
#include "compute/pdp_kernel.h"

namespace nvdla::compute {

namespace {

// What the window of output `at` covers.
PdpSpan covered(std::uint32_t at, std::uint32_t stride, std::uint32_t kernel, std::uint32_t padding,
                std::uint32_t input) {
  const std::int64_t first = std::int64_t{at} * stride - padding;
  const std::int64_t begin = std::max<std::int64_t>(first, 0);
  const std::int64_t end = std::min<std::int64_t>(first + kernel, input);
  if (end <= begin) return {};
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
}

void count_special(const unsigned char* bytes, std::size_t count, std::uint64_t& nan, std::uint64_t* inf) {
  for (std::size_t i = 0; i + 1 < count; i += 2) {
    const std::uint32_t magnitude = load16(bytes + i) & 0x7fffU;
    nan += magnitude > 0x7c00U ? 1U : 0U;
    if (inf != nullptr) *inf += magnitude == 0x7c00U ? 1U : 0U;
  }
}

bool any_nan(const FeatureCube& cube) {
  for (std::size_t i = 0; i + 1 < cube.bytes.size(); i += 2)
    if (fp16_is_nan(load16(cube.bytes.data() + i))) return true;
  return false;
}

void flush_nan(FeatureCube& cube) {
  for (std::size_t i = 0; i + 1 < cube.bytes.size(); i += 2)
    if (fp16_is_nan(load16(cube.bytes.data() + i))) store16(cube.bytes.data() + i, 0);
}

// What the outputs [first, first + count) cover together.
PdpSpan covered_by(std::uint32_t first, std::uint32_t count, std::uint32_t stride, std::uint32_t kernel,
                   std::uint32_t padding, std::uint32_t input) {
  PdpSpan all;
  for (std::uint32_t at = first; at < first + count; ++at) {
    const PdpSpan one = covered(at, stride, kernel, padding, input);
    if (one.count == 0) continue;
    if (all.count == 0) all.begin = one.begin;
    all.count = one.begin + one.count - all.begin;
  }
  return all;
}

// That region of one surface.
FeatureCube take(const PdpOperation& op, const HardwareParameters& hardware, const PdpPart& part,
                 const PdpPass& pass, const FeatureCube* flying, const memory::ByteSource& source,
                 const PdpWindow& window) {
  const PdpSpan& lines = window.lines;
  const PdpSpan& columns = window.columns;
  const std::uint32_t atom = hardware.memory_atom_bytes;
  if (lines.count == 0 || columns.count == 0) return {0, 0, 0, atom};
  if (flying == nullptr) {
    Surface from = op.source;
    from.address +=
        std::uint64_t{part.surface} * from.surface_stride + std::uint64_t{lines.begin} * from.line_stride;
    return read_cube(source, from, pass.read_first + columns.begin, columns.count, lines.count, 1, atom);
  }
  if (part.surface >= flying->surfaces) return {0, 0, 0, atom};
  FeatureCube in(columns.count, lines.count, 1, atom);
  for (std::uint32_t y = 0; y < lines.count; ++y)
    std::copy_n(flying->line(part.surface, lines.begin + y) + std::size_t{columns.begin} * atom,
                in.line_bytes(), in.line(0, y));
  return in;
}

}  // namespace

std::vector<PdpPass> pdp_passes(const PdpOperation& op) {
  if (op.splits <= 1) return {{0, op.input.width, 0, op.output.width, op.padding.left}};
  std::vector<PdpPass> result;
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

PdpWindow pdp_window(const PdpOperation& op, const PdpPart& part, std::uint32_t height, std::uint32_t width) {
  const std::uint32_t left = part.pass == 0 ? op.padding.left : 0;
  return {covered_by(part.first_line, part.lines, op.stride_y, op.kernel_height, op.padding.top, height),
          covered_by(part.first_column, part.columns, op.stride_x, op.kernel_width, left, width)};
}

std::uint64_t compute_pdp_part(const PdpOperation& operation, const HardwareParameters& hardware,
                               const PdpPart& part, const FeatureCube* flying,
                               const memory::ByteSource& source, memory::ByteSink& sink) {
  const bool fp16 = operation.precision == Precision::kFp16;
  const PdpPass pass = pdp_passes(operation)[part.pass];
  const std::uint32_t height = flying != nullptr ? flying->height : operation.input.height;
  const std::uint32_t width = flying != nullptr ? flying->width : pass.read_width;
  const PdpWindow seen = pdp_window(operation, part, height, width);
  FeatureCube in = take(operation, hardware, part, pass, flying, source, seen);
  // What SDP hands on does not pass the unit that flushes and counts (NV_NVDLA_PDP_nan.v).
  if (fp16 && operation.nan_to_zero && flying == nullptr) flush_nan(in);
  const bool nan = fp16 && any_nan(in);

  FeatureCube out(part.columns, part.lines, 1, hardware.memory_atom_bytes);
  const PoolingKernel kernel(operation, hardware.memory_atom_bytes, nan);
  for (std::uint32_t y = 0; y < part.lines; ++y) {
    const PdpSpan rows = covered(part.first_line + y, operation.stride_y, operation.kernel_height,
                                 operation.padding.top, height);
    unsigned char* to = out.line(0, y);
    for (std::uint32_t x = 0; x < part.columns; ++x, to += out.atom_bytes) {
      const PdpSpan columns =
          covered(part.first_column + x, operation.stride_x, operation.kernel_width, pass.pad_left, width);
      PoolingWindow window;
      if (!in.bytes.empty()) {
        const std::size_t column = columns.count != 0 ? columns.begin - seen.columns.begin : 0;
        const std::uint32_t row = rows.count != 0 ? rows.begin - seen.lines.begin : 0;
        window = {in.line(0, row) + column * in.atom_bytes, in.line_bytes(), rows.count, columns.count};
      } else {
        // No position inside: a line of padding is told from a column of it.
        window = {nullptr, 0, flying == nullptr ? rows.count : 0, columns.count};
        if (window.rows != 0 && window.columns != 0) window.rows = window.columns = 0;
      }
      kernel(window, to);
    }
  }
  std::uint64_t nans = 0;
  if (fp16) count_special(out.bytes.data(), out.bytes.size(), nans, nullptr);
  Surface where = operation.destination;
  where.address +=
      std::uint64_t{part.surface} * where.surface_stride + std::uint64_t{part.first_line} * where.line_stride;
  write_cube(sink, where, pass.write_first + part.first_column, out);
  return nans;
}

PdpCounters count_pdp_input(const PdpOperation& operation, const HardwareParameters& hardware,
                            const FeatureCube* flying, const memory::ByteSource& source) {
  PdpCounters counters;
  if (operation.precision != Precision::kFp16 || flying != nullptr) return counters;
  const std::uint32_t surfaces = surfaces_of(operation.input.channels, operation.precision, hardware);
  for (const PdpPass& pass : pdp_passes(operation)) {
    const FeatureCube in = read_cube(source, operation.source, pass.read_first, pass.read_width,
                                     operation.input.height, surfaces, hardware.memory_atom_bytes);
    count_special(in.bytes.data(), in.bytes.size(), counters.nan_input, &counters.inf_input);
  }
  return counters;
}

PdpCounters compute_pdp(const PdpOperation& operation, const HardwareParameters& hardware,
                        const FeatureCube* flying, const memory::ByteSource& source, memory::ByteSink& sink) {
  PdpCounters counters = count_pdp_input(operation, hardware, flying, source);
  const std::uint32_t surfaces = surfaces_of(operation.input.channels, operation.precision, hardware);
  const std::vector<PdpPass> passes = pdp_passes(operation);
  for (std::uint32_t pass = 0; pass < passes.size(); ++pass) {
    for (std::uint32_t surface = 0; surface < surfaces; ++surface) {
      counters.nan_output += compute_pdp_part(
          operation, hardware, {pass, surface, 0, operation.output.height, 0, passes[pass].write_width},
          flying, source, sink);
    }
  }
  return counters;
}

}  // namespace nvdla::compute
