// SPDX-License-Identifier: Apache-2.0
#include "amaix/cdp_plan.h"

#include <algorithm>

#include "hardware/paths/cdp.h"
#include "operation/divide.h"

namespace nvdla::amaix {

std::uint32_t CdpPlan::strip_width(std::uint32_t strip) const {
  return std::min(kStrip, cube.width - strip * kStrip);
}

std::uint32_t CdpPlan::words_to_idle(const CdpStrip& at) const {
  std::uint32_t columns = (surfaces - at.surface) * strip_width(at.strip);
  for (std::uint32_t strip = at.strip + 1; strip < strips; ++strip) columns += surfaces * strip_width(strip);
  return columns * words - (lookahead - 1) * strip_width(strips - 1);
}

std::uint32_t CdpPlan::gap(std::uint32_t previous, const CdpStrip& at, std::uint32_t& closed) const {
  if (previous == 0) return 0;
  const std::uint32_t width = strip_width(at.strip);
  // Columns of the next request that fit beside a strip of `previous` columns; with two lanes a pair must
  // fit.
  const std::uint32_t free = (kStrip - previous) / atoms_per_beat * atoms_per_beat;
  std::uint32_t stall = refill > free ? refill - free : 0;
  if (previous == kStrip) stall += restart;
  if (at.surface == 0 && width > previous) {
    const std::uint32_t hidden = lookahead * (width - previous) - closed;
    closed = 0;
    return stall > hidden ? stall - hidden : 0;
  }
  if (lookahead > 0 && at.line + 1 < cube.height && words_to_idle(at) <= elastic) {
    const std::uint32_t bubble = lookahead * (strip_width(0) - strip_width(strips - 1));
    const std::uint32_t absorbed = std::min(stall, bubble - closed);
    closed += absorbed;
    stall -= absorbed;
  }
  return stall;
}

std::uint32_t CdpPlan::early(std::uint32_t previous, const CdpStrip& at) const {
  const std::uint32_t width = strip_width(at.strip), all = width * words;
  // When its last word leaves, the window takes this one; behind so many rows it has been held.
  const std::uint32_t rows = all > ahead ? std::min(lookahead, (all - ahead - 1) / width) : 0;
  return (lookahead - rows) * narrower(previous, at);
}

std::uint32_t CdpPlan::rows_behind(std::uint32_t width, std::uint32_t next) const {
  if (lookahead == 0) return 0;
  return lookahead * width + (next > width ? (lookahead - 1) * (next - width) : 0);
}

std::uint32_t CdpPlan::write_cycles(const CdpStrip& at, std::uint32_t atoms) const {
  const std::uint32_t beats = ceil_div(atoms, atoms_per_beat);
  if (!command_slots) return beats;
  const std::uint64_t begin = address(destination, at);
  const std::uint64_t last = begin + std::uint64_t{atoms - 1} * atom_bytes;
  return beats + static_cast<std::uint32_t>(last / unit_bytes - begin / unit_bytes);
}

std::uint64_t CdpPlan::input_bytes() const {
  return std::uint64_t{cube.width} * cube.height * surfaces * atom_bytes;
}

std::uint64_t CdpPlan::core_cycles() const {
  std::uint64_t sum = 0;
  if (cube.height == 0 || surfaces == 0 || strips == 0) return sum;
  // All lines but the first, behind which none has idle cycles, and the last are alike.
  std::uint32_t closed = 0, previous = 0;
  for (CdpStrip at; at.line < cube.height;) {
    const std::uint64_t lines = at.line == 1 && cube.height > 2 ? cube.height - 2 : 1;
    if (lines > 1) at.line = 1;
    for (const std::uint32_t line = at.line; at.line == line; advance(at)) {
      sum += (gap(previous, at, closed) + cycles(previous, at)) * lines;
      previous = strip_width(at.strip);
    }
    if (lines > 1) at.line = cube.height - 1;
  }
  return sum;
}

CdpPlan plan_cdp(const CdpOperation& operation, const HardwareParameters& hardware) {
  CdpPlan plan;
  const bool fp16 = operation.precision == Precision::kFp16;
  const std::uint32_t element = bytes_per_element(operation.precision);
  const std::uint32_t throughput = std::max(1U, hardware.cdp_throughput);  // bytes a cycle
  plan.cube = operation.cube;
  plan.atom_bytes = hardware.memory_atom_bytes;
  plan.surfaces = ceil_div(operation.cube.channels * element, plan.atom_bytes);
  plan.strips = ceil_div(operation.cube.width, CdpPlan::kStrip);
  plan.words = std::max(1U, plan.atom_bytes / throughput);
  plan.lookahead = operation.square_sum_bypass ? 0 : ceil_div(4, std::max(1U, throughput / element));
  plan.atoms_per_beat = std::max(1U, hardware.dbb_width_bytes / plan.atom_bytes);
  plan.command_slots = hardware.generation != Generation::kV1;
  plan.source = operation.source;
  plan.destination = operation.destination;
  plan.unit_bytes = hardware.mcif_chunk_beats * hardware.dbb_width_bytes;
  plan.packed_bytes = hardware.generation == Generation::kV1 ? hardware.dbb_width_bytes : 0;
  // wdma: the command of a strip follows its last word, then the data FIFOs (3 atoms and the output register
  // a lane; branch master 32) empty one beat a cycle.
  const paths::CdpPaths& paths = paths::cdp_paths(hardware.generation, hardware.master_rtl);
  plan.refill = paths.refill.cycles();
  plan.restart = fp16 ? paths.restart_fp16.cycles() : 0;
  plan.elastic = paths.elastic.cycles();
  plan.ahead = paths.ahead.cycles();

  StreamTiming& timing = plan.timing;
  timing.request = paths.request.cycles();
  timing.read = paths.read.sum();
  timing.start = paths::kStreamStart.cycles();
  timing.depth = fp16 ? paths.depth_fp16.cycles() : paths.depth.cycles();
  if (fp16) {
    plan.elastic += paths.depth_fp16.cycles() - paths.depth.cycles();
    // Half of the window is added pair by pair, then pair after pair.
    const std::uint32_t pairs = operation.square_sum_bypass ? 0 : operation.normalization_length / 2;
    timing.depth += pairs * paths.pair_fp16.cycles();
    plan.elastic += pairs * paths.pair_fp16.cycles();
  }
  if (operation.square_sum_bypass)
    timing.depth -= paths.square_sum.cycles() + (fp16 ? paths.square_sum_fp16.cycles() : 0);
  if (operation.multiply_bypass) timing.depth -= paths.multiplier.cycles();
  timing.fetch_done = paths.fetch_done.cycles();
  timing.credit = paths.credit.cycles();
  timing.reorder_beats = paths.reorder.cycles();
  timing.beat_cycles = plan.atoms_per_beat;
  timing.credit_open = paths.credit_open.cycles();
  timing.queue = paths.queue.cycles();
  timing.queue_turn = paths.queue_turn.cycles();
  timing.write = paths.write.cycles();
  timing.output_cycles = plan.words * plan.atoms_per_beat;
  timing.row_cycles = plan.atoms_per_beat;
  timing.held = plan.lookahead > 0;
  timing.acknowledge = paths.acknowledge.cycles();
  timing.whole_requests = true;  // the first words of all columns are needed before the second word
  return plan;
}

void CdpPlan::advance(CdpStrip& at) const {
  if (++at.surface != surfaces) return;
  at.surface = 0;
  if (++at.strip != strips) return;
  at.strip = 0;
  ++at.line;
}

bool CdpReads::next(StreamRequest& request) {
  if (next_.line == plan_.cube.height) return false;
  request.space = plan_.source.space;
  request.address = plan_.address(plan_.source, next_);
  request.bytes = plan_.strip_width(next_.strip) * plan_.atom_bytes;
  last_ = next_;
  plan_.advance(next_);
  return true;
}

CdpCore::CdpCore(const CdpPlan& plan)
    : plan_(plan),
      collector_(plan.destination.space, plan.unit_bytes, plan.packed_bytes),
      remaining_(plan.input_bytes()) {}

void CdpCore::take(std::uint32_t bytes, StreamStep& step) {
  remaining_ -= std::min<std::uint64_t>(bytes, remaining_);
  const std::uint32_t width = plan_.strip_width(at_.strip);
  step.gap = plan_.gap(previous_, at_, closed_);
  step.cycles = plan_.cycles(previous_, at_);
  step.held = step.cycles - width * plan_.words;
  step.early = plan_.early(previous_, at_);
  step.last_needed = plan_.last_needed(at_);
  step.kept = step.cycles - width;
  previous_ = width;
  for (StreamOutput& output : held_) {
    output.before_gap = std::min(output.offset, step.gap);
    output.offset -= output.before_gap;
    step.outputs.push_back(output);
  }
  held_.clear();

  // The strip is complete when its last words have passed the window; then a beat each slot of the write
  // path.
  CdpStrip next = at_;
  plan_.advance(next);
  const std::uint32_t rows = remaining_ == 0 ? width : plan_.strip_width(next.strip);
  const std::uint32_t out = step.cycles + plan_.rows_behind(width, rows);
  // The pipes in front of the write path take a strip; V1's words are two atoms.
  step.release_offset = out + (plan_.command_slots ? width : std::min(width, plan_.atoms_per_beat));
  std::uint32_t at = out;
  collector_.open(plan_.address(plan_.destination, at_));
  const bool leaves = plan_.lookahead == 0 || remaining_ == 0;
  std::vector<StreamOutput>& outputs = leaves ? step.outputs : held_;
  for (std::uint32_t atom = 0; atom < width; atom += plan_.atoms_per_beat) {
    const std::uint32_t atoms = std::min(plan_.atoms_per_beat, width - atom);
    at = out + plan_.write_cycles(at_, atom + atoms);
    collector_.add(atoms * plan_.atom_bytes, at, outputs);
  }
  collector_.close(at, outputs);
  for (StreamOutput& output : held_) output.offset -= step.cycles;

  plan_.advance(at_);
}

}  // namespace nvdla::amaix
