// SPDX-License-Identifier: Apache-2.0
#include "amaix/pdp_plan.h"

#include <algorithm>
#include <utility>

#include "hardware/paths/pdp.h"
#include "operation/divide.h"

namespace nvdla::amaix {

namespace {

PoolingAxis axis(std::uint32_t input, std::uint32_t output, std::uint32_t kernel, std::uint32_t stride,
                 std::uint32_t pad_before) {
  PoolingAxis result;
  result.input = input;
  result.complete.reserve(output);
  std::int64_t previous = -1;
  for (std::uint32_t i = 0; i < output; ++i) {
    const std::int64_t window_end = std::int64_t{i} * stride + kernel - 1 - pad_before;
    // The last window that reaches beyond the input needs no flush: it ends with the input.
    const std::int64_t at = std::max(
        {std::min<std::int64_t>(window_end, std::int64_t{input} - 1), previous + 1, std::int64_t{0}});
    result.complete.push_back(static_cast<std::uint32_t>(at));
    previous = at;
  }
  return result;
}

// NV_NVDLA_PDP_CORE_cal2d: windows take turns at the rows of the line buffer, from the first on in each
// surface. Of two lines or more that the next surface could cover, those up to the last whose row it begins
// with (windows that begin in its first line) are flushed before it.
std::uint32_t rows_in_the_way(const PdpOperation& operation, const PoolingAxis& lines) {
  constexpr std::uint32_t kMostPadding = 5;  // of more the RTL does not know how many begin
  const auto outputs = static_cast<std::uint32_t>(lines.complete.size());
  const std::uint32_t flushed = lines.flushed(), before = lines.bubbles();
  if (flushed < before + 2) return 0;
  const std::uint32_t rows = std::max(1U, ceil_div(operation.kernel_height, operation.stride_y));
  const std::uint32_t top = operation.padding.top;
  const std::uint32_t begin = top > kMostPadding ? 0 : top / operation.stride_y;
  for (std::uint32_t i = flushed; i > before; --i)
    if ((outputs - flushed + i - 1) % rows <= begin) return i - before;
  return 0;
}

// NV_NVDLA_PDP_CORE_cal2d: a column of partial sums takes 1, 2, 4 or 8 of the line buffer's 128 entries.
void check_line_buffer(const PdpOperation& operation, PdpPlan& plan) {
  constexpr std::uint32_t kEntries = 128;
  const std::uint32_t overlap = ceil_div(operation.kernel_height, operation.stride_y);
  const std::uint32_t banks = overlap <= 2 ? overlap : overlap <= 4 ? 4 : 8;
  for (const PdpPass& pass : plan.passes)
    if (pass.columns.complete.size() * banks > kEntries)
      plan.warnings.push_back("PDP: " + std::to_string(pass.columns.complete.size()) +
                              " output columns do not fit into the line buffer (" +
                              std::to_string(kEntries / banks) + " at this kernel height and stride)");
}

// Columns of input that part `i` reads: neighbouring parts share kernel - stride of them, each but the first
// reads them again (or skips the gap when the stride exceeds the kernel).
std::uint32_t part_columns(const PdpFetch& fetch, std::uint32_t i) {
  if (fetch.splits <= 1) return fetch.input.width;
  if (i == 0) return std::max(1U, fetch.partial_in.first);
  const std::int64_t shared = std::int64_t{fetch.kernel_width} - fetch.stride_x;
  const std::int64_t own = i + 1 == fetch.splits ? fetch.partial_in.last : fetch.partial_in.mid;
  return static_cast<std::uint32_t>(std::max<std::int64_t>(1, own + shared));
}

void add_passes(const PdpOperation& operation, PdpPlan& plan) {
  const PdpFetch fetch = fetch_of(operation);
  std::uint64_t destination = 0;
  for (std::uint32_t i = 0; i < std::max(1U, operation.splits); ++i) {
    const bool first = i == 0, last = i + 1 == operation.splits;
    const std::uint32_t out = operation.splits <= 1 ? operation.output.width
                              : first               ? operation.partial_out.first
                              : last                ? operation.partial_out.last
                                                    : operation.partial_out.mid;
    plan.passes.push_back(
        {destination * plan.atom_bytes, axis(part_columns(fetch, i), out, operation.kernel_width,
                                             operation.stride_x, first ? operation.padding.left : 0)});
    destination += out;
  }
}

std::uint32_t cycles_per_atom(const HardwareParameters& hardware) {
  return std::max(1U, hardware.memory_atom_bytes / std::max(1U, hardware.pdp_throughput));
}

StreamTiming stream_timing(const HardwareParameters& hardware) {
  const paths::PdpPaths& paths = paths::pdp_paths(hardware.generation, hardware.master_rtl);
  StreamTiming timing;
  timing.request = paths.request.cycles();
  timing.read = paths.read.sum();
  timing.start = paths::kStreamStart.cycles();
  timing.depth = paths.depth.cycles();
  timing.fetch_done = paths.fetch_done.cycles();
  timing.credit = paths.credit.cycles();
  timing.reorder_beats = paths.reorder.cycles();
  timing.beat_cycles =
      cycles_per_atom(hardware) * std::max(1U, hardware.dbb_width_bytes / hardware.memory_atom_bytes);
  timing.credit_open = paths.credit_open.cycles();
  timing.queue = paths.queue.cycles();
  timing.queue_turn = paths.queue_turn.cycles();
  timing.write = paths.write.cycles();
  timing.output_cycles = timing.beat_cycles;
  timing.acknowledge = paths.acknowledge.cycles();
  return timing;
}

}  // namespace

std::uint32_t PoolingAxis::flushed() const {
  return static_cast<std::uint32_t>(complete.end() -
                                    std::lower_bound(complete.begin(), complete.end(), input));
}

std::uint32_t PoolingAxis::bubbles() const {
  const std::uint32_t late = flushed();
  return (late > before_first() ? late - before_first() : 0) + kept;
}

std::uint64_t PdpPlan::input_bytes() const {
  std::uint64_t columns = 0;
  for (const PdpPass& pass : passes) columns += pass.columns.input;
  return columns * lines.input * surfaces * atom_bytes;
}

std::uint32_t PdpPlan::line_pause(const PdpPass& pass) const {
  if (pass.columns.complete.size() != 1) return 0;
  const std::uint32_t hidden = (std::max(1U, pass.columns.input) - 1) * cycles_per_atom;
  const std::uint32_t pause = paths::kPdpOneColumn.cycles();
  return pause > hidden ? pause - hidden : 0;
}

// The columns that the last line flushes come before the lines, and where a line has one output, so does the
// pause behind it.
std::uint32_t PdpPlan::flush_cycles(const PdpPass& pass, std::uint32_t flushed, const PdpPass& next) const {
  const auto width = static_cast<std::uint32_t>(pass.columns.complete.size());
  const std::uint32_t all = (pass.columns.flushed() + flushed * width) * cycles_per_atom + flush_pause(pass);
  const std::uint32_t hidden = next.columns.before_first() * cycles_per_atom;
  return all > hidden ? all - hidden : 0;
}

std::uint32_t PdpPlan::flush_pause(const PdpPass& pass) {
  return pass.columns.complete.size() == 1 ? paths::kPdpOneColumn.cycles() : 0;
}

std::uint64_t PdpPlan::idle_cycles() const {
  std::uint64_t cycles = 0;
  const std::uint32_t last = lines.input - 1;
  for (std::size_t i = 0; i < passes.size(); ++i) {
    cycles += std::uint64_t{gap_behind(i, 0, 0)} * last * surfaces;
    cycles += std::uint64_t{gap_behind(i, 0, last)} * (surfaces - 1);
    if (i + 1 < passes.size()) cycles += gap_behind(i, surfaces - 1, last);
  }
  return cycles;
}

std::uint32_t PdpPlan::gap_behind(std::size_t pass, std::uint32_t surface, std::uint32_t line) const {
  if (line + 1 == lines.input) {
    const bool last = surface + 1 == surfaces;
    const std::size_t next = last ? pass + 1 : pass;
    const std::uint32_t flushed = last ? lines.flushed() : lines.bubbles();
    if (flushed > 0 && next < passes.size()) return flush_cycles(passes[pass], flushed, passes[next]);
  }
  return passes[pass].columns.bubbles() * cycles_per_atom + line_pause(passes[pass]);
}

PdpPlan plan_pdp(const PdpOperation& operation, const HardwareParameters& hardware) {
  PdpPlan plan;
  plan.atom_bytes = hardware.memory_atom_bytes;
  plan.cycles_per_atom = cycles_per_atom(hardware);
  plan.surfaces =
      ceil_div(operation.input.channels * bytes_per_element(operation.precision), plan.atom_bytes);
  plan.lines = axis(operation.input.height, operation.output.height, operation.kernel_height,
                    operation.stride_y, operation.padding.top);
  plan.lines.kept = rows_in_the_way(operation, plan.lines);
  plan.destination = operation.destination;
  plan.unit_bytes = hardware.mcif_chunk_beats * hardware.dbb_width_bytes;
  plan.packed_bytes = hardware.generation == Generation::kV1 ? hardware.dbb_width_bytes : 0;
  add_passes(operation, plan);
  check_line_buffer(operation, plan);

  plan.timing = stream_timing(hardware);
  const paths::PdpPaths& paths = paths::pdp_paths(hardware.generation, hardware.master_rtl);
  if (operation.flying) {
    plan.timing.read = paths.flying_read.sum();
    if (hardware.generation == Generation::kScalable && hardware.sdp_throughput == hardware.pdp_throughput)
      plan.timing.read += paths::kPdpFlyingAlike.sum();
  }
  // The division of the average by the window is a multiplication; the integer one hides in cal2d's output
  // stages.
  if (operation.precision == Precision::kFp16 && operation.method == PoolingMethod::kAverage)
    plan.timing.depth += paths.fp16_average.cycles();
  return plan;
}

PdpReadPlan plan_pdp_reads(const PdpFetch& fetch, const HardwareParameters& hardware) {
  PdpReadPlan plan;
  plan.atom_bytes = hardware.memory_atom_bytes;
  plan.lines = fetch.input.height;
  plan.surfaces = ceil_div(fetch.input.channels * bytes_per_element(fetch.precision), plan.atom_bytes);
  plan.source = fetch.source;
  plan.timing = stream_timing(hardware);
  std::int64_t source = 0;  // column
  for (std::uint32_t i = 0; i < std::max(1U, fetch.splits); ++i) {
    plan.passes.push_back({static_cast<std::uint64_t>(std::max<std::int64_t>(0, source)) * plan.atom_bytes,
                           part_columns(fetch, i)});
    const std::int64_t shared = std::int64_t{fetch.kernel_width} - fetch.stride_x;
    source += i == 0 ? fetch.partial_in.first - shared : std::int64_t{fetch.partial_in.mid};
  }
  return plan;
}

bool PdpReads::next(StreamRequest& request) {
  if (pass_ == plan_.passes.size()) return false;
  const PdpReadPlan::Pass& pass = plan_.passes[pass_];
  request.space = plan_.source.space;
  request.address = plan_.source.address + pass.offset +
                    std::uint64_t{surface_} * plan_.source.surface_stride +
                    std::uint64_t{line_} * plan_.source.line_stride;
  request.bytes = pass.columns * plan_.atom_bytes;
  if (++line_ == plan_.lines) {
    line_ = 0;
    if (++surface_ == plan_.surfaces) {
      surface_ = 0;
      ++pass_;
    }
  }
  return true;
}

PdpCore::PdpCore(const PdpPlan& plan)
    : plan_(plan),
      collector_(plan.destination.space, plan.unit_bytes, plan.packed_bytes),
      remaining_(plan.input_bytes()) {}

void PdpCore::take(std::uint32_t bytes, StreamStep& step) {
  const auto atoms = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(ceil_div(bytes, plan_.atom_bytes), remaining_ / plan_.atom_bytes));
  step.gap = pending_gap_;
  pending_gap_ = 0;
  std::uint32_t offset = 0;
  for (std::uint32_t i = 0; i < atoms; ++i) {
    step.held += pending_gap_;
    offset += std::exchange(pending_gap_, 0) + plan_.cycles_per_atom;
    remaining_ -= plan_.atom_bytes;
    take_atom(offset, step);
  }
  step.cycles = offset;
}

void PdpCore::take_atom(std::uint32_t offset, StreamStep& step) {
  if (flush_.goes_on()) {
    output_atom(flush_.surface, flush_.line, flush_.column++, offset, step);
    if (!flush_.goes_on() && flush_.lines > 0) {
      flush_lines(flush_.surface, flush_.first_line, flush_.lines, offset, step);
      pending_gap_ += flush_.gap;
    }
  }
  const PoolingAxis& columns = plan_.passes[pass_].columns;
  const bool flushing = overlap_ < overlap_end_;
  const bool completes =
      next_line_ < plan_.lines.complete.size() && plan_.lines.complete[next_line_] == line_;
  if ((flushing || completes) && next_column_ < columns.complete.size() &&
      columns.complete[next_column_] == column_)
    output_atom(flushing ? surface_ - 1 : surface_, flushing ? overlap_ : next_line_, next_column_++, offset,
                step);
  if (++column_ == columns.input) {
    column_ = 0;
    if (flushing || completes)
      flush_columns(flushing ? surface_ - 1 : surface_, flushing ? overlap_ : next_line_, offset, step);
    if (flushing) {
      ++overlap_;
    } else if (completes) {
      ++next_line_;
    }
    next_column_ = 0;
    end_line(offset, step);
  }
}

void PdpCore::output_atom(std::uint32_t surface, std::uint32_t line, std::uint32_t column,
                          std::uint32_t offset, StreamStep& step) {
  if (column == 0)
    collector_.open(plan_.destination.address + plan_.passes[pass_].destination_offset +
                    std::uint64_t{surface} * plan_.destination.surface_stride +
                    std::uint64_t{line} * plan_.destination.line_stride);
  collector_.add(plan_.atom_bytes, offset, step.outputs);
  if (column + 1 == plan_.passes[pass_].columns.complete.size()) collector_.close(offset, step.outputs);
}

void PdpCore::flush_columns(std::uint32_t surface, std::uint32_t line, std::uint32_t offset,
                            StreamStep& step) {
  const PoolingAxis& columns = plan_.passes[pass_].columns;
  const auto end = static_cast<std::uint32_t>(columns.complete.size());
  std::uint32_t now = end - next_column_;
  if (next_line_goes_on()) now = std::min(now, columns.bubbles());
  for (std::uint32_t i = 0; i < now; ++i) {
    offset += plan_.cycles_per_atom;
    output_atom(surface, line, next_column_++, offset, step);
  }
  flush_ = {surface, line, next_column_, end, 0, 0, 0};
}

// Behind the current line another one of the pass is taken.
bool PdpCore::next_line_goes_on() const {
  return line_ + 1 < plan_.lines.input || surface_ + 1 < plan_.surfaces;
}

// Returns when the last atom of them leaves.
std::uint32_t PdpCore::flush_lines(std::uint32_t surface, std::uint32_t first, std::uint32_t count,
                                   std::uint32_t offset, StreamStep& step) {
  const auto width = static_cast<std::uint32_t>(plan_.passes[pass_].columns.complete.size());
  if (count > 0) offset += PdpPlan::flush_pause(plan_.passes[pass_]);
  for (std::uint32_t line = first; line < first + count; ++line) {
    for (std::uint32_t column = 0; column < width; ++column) {
      offset += plan_.cycles_per_atom;
      output_atom(surface, line, column, offset, step);
    }
  }
  return offset;
}

void PdpCore::end_line(std::uint32_t offset, StreamStep& step) {
  const PoolingAxis& columns = plan_.passes[pass_].columns;
  pending_gap_ += plan_.gap_behind(pass_, surface_, line_);
  if (++line_ < plan_.lines.input) return;
  line_ = 0;

  // Lines below the input: the last surface of a pass flushes all of them, others what the head of the next
  // surface cannot cover.
  const auto output_lines = static_cast<std::uint32_t>(plan_.lines.complete.size());
  const bool last_surface = surface_ + 1 == plan_.surfaces;
  const std::uint32_t flush_now = last_surface ? output_lines - next_line_ : plan_.lines.bubbles();
  if (flush_now > 0 && flush_.goes_on()) {
    flush_.lines = flush_now;
    flush_.first_line = next_line_;
    flush_.gap = std::exchange(pending_gap_, 0);
  } else {
    const std::uint32_t columns_out = next_line_ > 0 ? columns.flushed() * plan_.cycles_per_atom : 0;
    step.release_offset = flush_lines(surface_, next_line_, flush_now, offset + columns_out, step);
  }
  next_line_ += flush_now;

  overlap_ = next_line_;
  overlap_end_ = last_surface ? next_line_ : output_lines;
  next_line_ = 0;
  if (++surface_ == plan_.surfaces) {
    surface_ = 0;
    ++pass_;
  }
}

}  // namespace nvdla::amaix
