// SPDX-License-Identifier: Apache-2.0
#include "compute/pdp.h"

#include <algorithm>

#include "compute/number.h"
#include "compute/pdp_kernel.h"

namespace nvdla::compute {

namespace {

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

// Lines [first, first + count) of one surface of the input: what the part sees.
FeatureCube take_lines(const PdpOperation& op, const HardwareParameters& hardware, const PdpPart& part,
                       const PdpPass& pass, const FeatureCube* flying, const memory::ByteSource& source,
                       const Span& lines) {
  if (flying == nullptr) {
    Surface from = op.source;
    from.address +=
        std::uint64_t{part.surface} * from.surface_stride + std::uint64_t{lines.begin} * from.line_stride;
    return read_cube(source, from, pass.read_first, pass.read_width, lines.count, 1,
                     hardware.memory_atom_bytes);
  }
  if (part.surface >= flying->surfaces) return {0, 0, 0, hardware.memory_atom_bytes};
  const std::uint32_t begin = std::min(lines.begin, flying->height);
  FeatureCube in(flying->width, std::min(lines.count, flying->height - begin), 1, flying->atom_bytes);
  if (in.height > 0)
    std::copy_n(flying->line(part.surface, begin), in.height * in.line_bytes(), in.bytes.data());
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

std::uint32_t pdp_input_lines(const PdpOperation& op, std::uint32_t lines) {
  if (lines == 0) return 0;
  if (lines >= op.output.height) return op.input.height;
  std::uint32_t seen = 0;  // a window may lie in the padding below the input
  const Span rows = covered(lines - 1, op.stride_y, op.kernel_height, op.padding.top, op.input.height);
  if (rows.count > 0)
    seen = rows.begin + rows.count;
  else if (std::int64_t{lines - 1} * op.stride_y >= std::int64_t{op.padding.top})
    seen = op.input.height;
  return seen;
}

PdpCounters compute_pdp_part(const PdpOperation& operation, const HardwareParameters& hardware,
                             const PdpPart& part, const FeatureCube* flying, const memory::ByteSource& source,
                             memory::ByteSink& sink) {
  PdpCounters counters;
  const bool fp16 = operation.precision == Precision::kFp16;
  const PdpPass pass = pdp_passes(operation)[part.pass];
  const std::uint32_t end_line = part.first_line + part.lines;
  // Lines that no earlier part has seen, and those before them that the first windows share.
  const std::uint32_t fresh = pdp_input_lines(operation, part.first_line);
  const Span first = covered(part.first_line, operation.stride_y, operation.kernel_height,
                             operation.padding.top, operation.input.height);
  Span lines;
  lines.begin = first.count > 0 ? std::min(first.begin, fresh) : fresh;
  lines.count = pdp_input_lines(operation, end_line) - lines.begin;
  FeatureCube in = take_lines(operation, hardware, part, pass, flying, source, lines);
  if (fp16) {
    const std::size_t shared =
        std::min<std::size_t>((fresh - lines.begin) * in.line_bytes(), in.bytes.size());
    count_special(in.bytes.data() + shared, in.bytes.size() - shared, counters.nan_input,
                  &counters.inf_input);
    if (operation.nan_to_zero) flush_nan(in);
  }
  const bool nan = fp16 && any_nan(in);

  FeatureCube out(pass.write_width, part.lines, 1, hardware.memory_atom_bytes);
  const PoolingKernel kernel(operation, hardware.memory_atom_bytes, nan);
  for (std::uint32_t y = part.first_line; y < end_line; ++y) {
    const Span rows = covered(y, operation.stride_y, operation.kernel_height, operation.padding.top,
                              lines.begin + in.height);
    unsigned char* to = out.line(0, y - part.first_line);
    for (std::uint32_t x = 0; x < out.width; ++x, to += out.atom_bytes) {
      const Span columns = covered(x, operation.stride_x, operation.kernel_width, pass.pad_left, in.width);
      PoolingWindow window;
      if (rows.count != 0 && !in.bytes.empty()) {
        window = {in.line(0, rows.begin - lines.begin) + std::size_t{columns.begin} * in.atom_bytes,
                  in.line_bytes(), rows.count, columns.count};
      }
      kernel(window, to);
    }
  }
  if (fp16) count_special(out.bytes.data(), out.bytes.size(), counters.nan_output, nullptr);
  Surface where = operation.destination;
  where.address +=
      std::uint64_t{part.surface} * where.surface_stride + std::uint64_t{part.first_line} * where.line_stride;
  write_cube(sink, where, pass.write_first, out);
  return counters;
}

PdpCounters compute_pdp(const PdpOperation& operation, const HardwareParameters& hardware,
                        const FeatureCube* flying, const memory::ByteSource& source, memory::ByteSink& sink) {
  PdpCounters counters;
  const std::uint32_t surfaces = surfaces_of(operation.input.channels, operation.precision, hardware);
  for (std::uint32_t pass = 0; pass < pdp_passes(operation).size(); ++pass) {
    for (std::uint32_t surface = 0; surface < surfaces; ++surface) {
      const PdpCounters more = compute_pdp_part(
          operation, hardware, {pass, surface, 0, operation.output.height}, flying, source, sink);
      counters.nan_input += more.nan_input;
      counters.inf_input += more.inf_input;
      counters.nan_output += more.nan_output;
    }
  }
  return counters;
}

}  // namespace nvdla::compute
