// SPDX-License-Identifier: Apache-2.0
#include "engine/tensors/sdp_tensors.h"

#include <algorithm>

#include "compute/sdp_stage.h"

namespace nvdla::engine {

namespace {

// A cube of one position is written without gaps.
Surface written(const SdpOperation& op, const HardwareParameters& hardware) {
  Surface where = op.destination;
  if (op.cube.width == 1 && op.cube.height == 1 && op.batches == 1)
    where.surface_stride = hardware.memory_atom_bytes;
  return where;
}

}  // namespace

void add(compute::LutCounters& sum, const compute::LutCounters& more) {
  sum.underflow += more.underflow;
  sum.overflow += more.overflow;
  sum.hybrid += more.hybrid;
  sum.le_hit += more.le_hit;
  sum.lo_hit += more.lo_hit;
}

SdpTensors::SdpTensors(OperationImage& image, const SdpOperation& operation, const SdpLut& lut,
                       const HardwareParameters& hardware, ConvolutionTensors* convolution)
    : OperationTensors(image),
      operation_(operation),
      lut_(lut),
      hardware_(hardware),
      convolution_(convolution),
      lanes_(hardware.memory_atom_bytes / bytes_per_element(operation.processing_precision)),
      groups_(compute::sdp_groups(operation, hardware)),
      surfaces_per_group_(compute::sdp_surfaces_per_group(operation, hardware)),
      sdp_(operation, lut, hardware),
      search_(written(operation, hardware), groups_ * surfaces_per_group_, operation.cube.height,
              std::uint64_t{operation.cube.width} * hardware.memory_atom_bytes, LineSearch::Walk::kLines,
              operation.batches, operation.batch_stride),
      lines_(std::size_t{groups_} * operation.cube.height) {
  if (operation.output_to_pdp)
    cube_ = compute::FeatureCube(operation.cube.width, operation.cube.height, groups_ * surfaces_per_group_,
                                 hardware.memory_atom_bytes);
}

bool SdpTensors::part(const compute::SdpPart& part) {
  bool complete = true;
  const compute::Accumulators none;
  const compute::Accumulators* accumulators = operation_.flying ? &none : nullptr;
  if (operation_.flying && convolution_ != nullptr) {
    accumulators =
        &convolution_->deliver(part.first_group * lanes_, lanes_, part.first_line + part.lines - 1);
    complete = convolution_->complete();
  }
  image_.expect();
  const compute::SdpCounters counters =
      sdp_.compute(part, accumulators, image_, image_, operation_.output_to_pdp ? &cube_ : nullptr);
  if (!complete || image_.missing()) return false;
  counters_.saturation += counters.out_saturation;
  counters_.nan_input += counters.nan_input;
  counters_.inf_input += counters.inf_input;
  counters_.nan_output += counters.nan_output;
  counters_.unequal = counters_.unequal || counters.unequal;
  add(counters_.lut, counters.lut);
  return true;
}

// The whole rest of a line is tried first; where that has not come, what is asked for, and the rest again
// when a quarter of it is done.
bool SdpTensors::compute(std::uint32_t group, std::uint32_t line, std::uint32_t end) {
  Line& state = lines_[std::size_t{group} * operation_.cube.height + line];
  const std::uint32_t width = operation_.cube.width;
  if (end <= state.done) return true;
  if (state.done >= state.retry || end == width) {
    if (part({group, 1, line, 1, state.done, width - state.done})) {
      state.done = width;
      return true;
    }
    state.retry = state.done + std::max(1U, (width - state.done) / 4);
  }
  if (part({group, 1, line, 1, state.done, end - state.done})) {
    state.done = end;
    return true;
  }
  return false;
}

void SdpTensors::produce(MemorySpace /*space*/, std::uint64_t address, std::uint32_t bytes) {
  const std::uint32_t atom = hardware_.memory_atom_bytes;
  for (std::uint64_t at = address; at < address + bytes;) {
    const std::optional<LineSearch::Place> place = search_.find(at, address + bytes - at);
    if (!place) return;
    const std::uint64_t end = std::min(place->offset + address + bytes - at, search_.line_bytes());
    if (!compute(place->surface / surfaces_per_group_, place->line,
                 static_cast<std::uint32_t>((end + atom - 1) / atom)))
      ++early_;
    at += search_.line_bytes() - place->offset;
  }
}

// PDP behind it asks for more than it writes next, too: whether that is early is known there.
bool SdpTensors::deliver(std::uint32_t surface, std::uint32_t lines, std::uint32_t columns) {
  const std::uint32_t group = surface / surfaces_per_group_;
  bool complete = true;
  for (std::uint32_t line = 0; group < groups_ && line < std::min(lines, operation_.cube.height); ++line)
    complete = compute(group, line, std::min(columns, operation_.cube.width)) && complete;
  return complete;
}

void SdpTensors::finish() {
  for (std::uint32_t group = 0; group < groups_; ++group) {
    if (image_.attached()) {
      if (lines_[std::size_t{group} * operation_.cube.height].done == 0)
        part({group, 1, 0, operation_.cube.height, 0, operation_.cube.width});
      continue;
    }
    for (std::uint32_t line = 0; line < operation_.cube.height; ++line)
      if (!compute(group, line, operation_.cube.width)) ++early_;
  }
}

std::vector<OutputTensor> SdpTensors::outputs() const {
  if (operation_.output_to_pdp || compute::sdp_compares(operation_)) return {};
  return {{written(operation_, hardware_), operation_.cube, operation_.output_precision,
           hardware_.memory_atom_bytes, operation_.batches, operation_.batch_stride}};
}

}  // namespace nvdla::engine
