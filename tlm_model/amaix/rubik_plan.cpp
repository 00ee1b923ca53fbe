// SPDX-License-Identifier: Apache-2.0
#include "amaix/rubik_plan.h"

#include <algorithm>

#include "hardware/paths/movers.h"
#include "operation/divide.h"

namespace nvdla::amaix {

namespace {
constexpr std::uint32_t kFileRows = 8;  // cubes side by side in the register file when contracting
}  // namespace

RubikPlan plan_rubik(const RubikOperation& operation, const HardwareParameters& hardware) {
  RubikPlan plan;
  plan.operation = operation;
  plan.atom_bytes = hardware.memory_atom_bytes;
  plan.atoms_per_beat = std::max(1U, hardware.dbb_width_bytes / plan.atom_bytes);
  plan.unit_bytes = hardware.mcif_chunk_beats * hardware.dbb_width_bytes;
  plan.element_bytes = bytes_per_element(operation.precision);
  const bool contract = operation.mode == RubikMode::kContract;
  plan.channels = contract ? operation.output_channels : operation.input.channels;
  plan.surfaces = ceil_div(plan.channels * plan.element_bytes, plan.atom_bytes);
  plan.columns = contract ? 8 : 64;
  RubikOperation& op = plan.operation;
  op.deconvolution_stride_x = std::max(1U, op.deconvolution_stride_x);
  op.deconvolution_stride_y = std::max(1U, op.deconvolution_stride_y);
  if (contract &&
      op.input.channels != op.output_channels * op.deconvolution_stride_x * op.deconvolution_stride_y)
    plan.warnings.emplace_back(
        "Rubik: input channels are not output channels times the deconvolution strides");

  StreamTiming& timing = plan.timing;
  timing.request = paths::kRubik.request.cycles();
  timing.read = paths::kRubik.read.sum();
  timing.depth = paths::kRubik.depth.cycles();
  timing.fetch_done = paths::kRubik.fetch_done.cycles();
  timing.credit = paths::kRubik.credit.cycles();
  timing.write = paths::kRubik.write.cycles();
  timing.acknowledge = paths::kRubik.acknowledge.cycles();
  timing.linked = true;
  timing.whole_requests = true;
  return plan;
}

std::uint32_t RubikPlan::group_cycles(const RubikGroup& group) const {
  std::uint32_t in = 0, out = 0;
  for (const StreamRequest& read : group.reads) in += ceil_div(read.bytes, atom_bytes * atoms_per_beat);
  for (const RubikRun& write : group.writes) out += write.cycles;
  return std::max(in, out);
}

std::uint32_t RubikWalk::width() const {
  return std::min(plan_.columns, plan_.operation.input.width - block_ * plan_.columns);
}

std::uint32_t RubikWalk::planes() const {
  const std::uint32_t per_surface = plan_.atom_bytes / plan_.element_bytes;
  return std::min(per_surface, plan_.channels - surface_ * per_surface);
}

std::uint32_t RubikWalk::kernel_x() const {
  return std::min(kFileRows, plan_.operation.deconvolution_stride_x - dx_);
}

bool RubikWalk::next(RubikGroup& group) {
  if (done_ || plan_.surfaces == 0) return false;
  group.reads.clear();
  group.writes.clear();
  switch (plan_.operation.mode) {
    case RubikMode::kContract:
      contract(group);
      break;
    case RubikMode::kSplit:
      split(group);
      break;
    case RubikMode::kMerge:
      merge(group);
      break;
  }
  advance();
  return true;
}

void RubikWalk::advance() {
  const RubikOperation& op = plan_.operation;
  if (op.mode == RubikMode::kContract) {
    dx_ += kFileRows;
    if (dx_ < op.deconvolution_stride_x) return;
    dx_ = 0;
  }
  if (++block_ * plan_.columns < op.input.width) return;
  block_ = 0;
  if (op.mode == RubikMode::kContract && ++dy_ < op.deconvolution_stride_y) return;
  dy_ = 0;
  if (++line_ < op.input.height) return;
  line_ = 0;
  if (++surface_ < plan_.surfaces) return;
  done_ = true;
}

void RubikWalk::contract(RubikGroup& group) const {
  const RubikOperation& op = plan_.operation;
  const std::uint32_t stride = op.deconvolution_stride_x, columns = width(), cubes = kernel_x();
  const std::uint64_t first_column = std::uint64_t{block_} * plan_.columns;
  for (std::uint32_t i = 0; i < cubes; ++i)
    group.reads.push_back({op.source.space,
                           op.source.address + std::uint64_t{surface_} * op.source.surface_stride +
                               std::uint64_t{line_} * op.source.line_stride +
                               (std::uint64_t{dy_} * stride + dx_ + i) * op.contract_stride_0 +
                               first_column * plan_.atom_bytes,
                           columns * plan_.atom_bytes});
  const std::uint64_t out_line =
      op.destination.address + std::uint64_t{surface_} * op.destination.surface_stride +
      (std::uint64_t{line_} * op.deconvolution_stride_y + dy_) * op.destination.line_stride;
  const std::uint32_t beats = ceil_div(cubes, plan_.atoms_per_beat);
  if (stride > kFileRows) {
    for (std::uint32_t column = 0; column < columns; ++column)
      group.writes.push_back({out_line + ((first_column + column) * stride + dx_) * plan_.atom_bytes,
                              cubes * plan_.atom_bytes, beats + 1, true, cubes * plan_.atom_bytes,
                              cubes * plan_.atom_bytes});
    return;
  }
  const bool last = first_column + columns == op.input.width;
  group.writes.push_back({out_line + first_column * stride * plan_.atom_bytes,
                          columns * stride * plan_.atom_bytes, columns * beats + (block_ == 0 ? 1 : 0), last,
                          op.input.width * stride * plan_.atom_bytes, cubes * plan_.atom_bytes});
}

void RubikWalk::split(RubikGroup& group) const {
  const RubikOperation& op = plan_.operation;
  const std::uint32_t columns = width();
  const std::uint64_t first_column = std::uint64_t{block_} * plan_.columns;
  group.reads.push_back({op.source.space,
                         op.source.address + std::uint64_t{surface_} * op.source.surface_stride +
                             std::uint64_t{line_} * op.source.line_stride + first_column * plan_.atom_bytes,
                         columns * plan_.atom_bytes});
  const std::uint32_t atoms = ceil_div(columns * plan_.element_bytes, plan_.atom_bytes);
  const std::uint64_t first_plane = std::uint64_t{surface_} * plan_.atom_bytes / plan_.element_bytes;
  for (std::uint32_t plane = 0; plane < planes(); ++plane)
    group.writes.push_back({op.destination.address + (first_plane + plane) * op.destination_planar_stride +
                                std::uint64_t{line_} * op.destination.line_stride +
                                first_column * plan_.element_bytes,
                            atoms * plan_.atom_bytes, ceil_div(atoms, plan_.atoms_per_beat) + 1, true,
                            atoms * plan_.atom_bytes, atoms * plan_.atom_bytes});
}

void RubikWalk::merge(RubikGroup& group) const {
  const RubikOperation& op = plan_.operation;
  const std::uint32_t columns = width();
  const std::uint64_t first_column = std::uint64_t{block_} * plan_.columns;
  const std::uint32_t atoms = ceil_div(columns * plan_.element_bytes, plan_.atom_bytes);
  const std::uint64_t first_plane = std::uint64_t{surface_} * plan_.atom_bytes / plan_.element_bytes;
  for (std::uint32_t plane = 0; plane < planes(); ++plane)
    group.reads.push_back({op.source.space,
                           op.source.address + (first_plane + plane) * op.source_planar_stride +
                               std::uint64_t{line_} * op.source.line_stride +
                               first_column * plan_.element_bytes,
                           atoms * plan_.atom_bytes});
  group.writes.push_back({op.destination.address + std::uint64_t{surface_} * op.destination.surface_stride +
                              std::uint64_t{line_} * op.destination.line_stride +
                              first_column * plan_.atom_bytes,
                          columns * plan_.atom_bytes, ceil_div(columns, plan_.atoms_per_beat) + 1, true,
                          columns * plan_.atom_bytes, columns * plan_.atom_bytes});
}

bool RubikReads::next(StreamRequest& request) {
  if (read_ == group_.reads.size()) {
    if (!walk_.next(group_)) return false;
    read_ = 0;
  }
  request = group_.reads[read_++];
  return true;
}

RubikCore::RubikCore(const RubikPlan& plan) : plan_(plan), walk_(plan) {
  RubikReads reads(plan);
  StreamRequest request;
  while (reads.next(request)) remaining_ += request.bytes;
}

void RubikCore::take(std::uint32_t bytes, StreamStep& step) {
  if (read_ == group_.reads.size()) {
    walk_.next(group_);
    read_ = 0;
    in_ = 0;
  }
  const std::uint32_t beat_bytes = plan_.atom_bytes * plan_.atoms_per_beat;
  step.gap = pending_gap_;
  pending_gap_ = 0;
  step.cycles = ceil_div(bytes, beat_bytes);
  step.last_needed = step.cycles - 1;
  step.release_offset = step.cycles;
  remaining_ -= std::min<std::uint64_t>(bytes, remaining_);
  in_ += step.cycles;
  add_data(group_.reads[read_], 0, bytes, beat_bytes, step.items);
  if (++read_ < group_.reads.size()) return;

  // The group is complete: it goes out while the next one comes in.
  std::uint32_t at = step.cycles;
  for (const RubikRun& run : group_.writes) {
    if (!open_)
      step.items.push_back(
          {StreamItemKind::kCommand, {plan_.operation.destination.space, run.address, run.command_bytes}});
    // A beat of the register file holds of one row only.
    for (std::uint32_t done = 0; done < run.bytes; done += run.row_bytes) {
      std::uint32_t atoms = std::min(run.row_bytes, run.bytes - done) / plan_.atom_bytes;
      for (; atoms > 0; atoms -= std::min(atoms, plan_.atoms_per_beat)) {
        StreamItem output;
        output.kind = StreamItemKind::kOutput;
        output.atoms = std::min(atoms, plan_.atoms_per_beat);
        step.items.push_back(output);
      }
    }
    // The slots of the write interface: one for each beat, for the command and for that of each chunk.
    const std::uint32_t command = open_ ? 0 : 1;
    at += std::max(run.cycles,
                   write_slots(run.address, run.bytes, !open_, plan_.unit_bytes, beat_bytes) + command);
    open_ = !run.ends;
  }
  step.items.back().last = true;
  step.release_offset = at;
  const std::uint32_t out = at - step.cycles;
  pending_gap_ = out > in_ ? out - in_ : 0;
}

}  // namespace nvdla::amaix
