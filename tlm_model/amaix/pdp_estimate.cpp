// SPDX-License-Identifier: Apache-2.0
#include "amaix/pdp_estimate.h"

#include <stdexcept>

#include "amaix/pdp_plan.h"
#include "amaix/stream_estimate.h"

namespace nvdla::amaix {

namespace {

// How the operation ends: a walk over its last surface, which the surfaces before do not change.
StreamSummary last_surface(PdpPlan plan, PdpReadPlan reading, const HardwareParameters& hardware) {
  plan.passes = {plan.passes.back()};
  reading.passes = {reading.passes.back()};
  for (Surface* cube : {&plan.destination, &reading.source})
    cube->address += std::uint64_t{plan.surfaces - 1} * cube->surface_stride;
  plan.surfaces = reading.surfaces = 1;
  PdpReads reads(reading);
  PdpCore core(plan);
  return summarise(reads, core, plan.timing, hardware);
}

}  // namespace

// What PdpCore does with every line, summed up: a line of input is a request, a line of output a run.
StreamSummary summarise_pdp(const PdpOperation& operation, const HardwareParameters& hardware) {
  const PdpPlan plan = plan_pdp(operation, hardware);
  const PdpReadPlan reading = plan_pdp_reads(fetch_of(operation), hardware);
  const std::uint32_t bus = hardware.dbb_width_bytes;
  StreamSummary summary = last_surface(plan, reading, hardware);
  summary.dbb_read = summary.cvsram_read = summary.dbb_write = summary.cvsram_write = {};
  summary.data_cycles = plan.input_bytes() / plan.atom_bytes * plan.cycles_per_atom;
  summary.core_cycles = summary.data_cycles + plan.bubble_atoms() * plan.cycles_per_atom;
  PdpReads reads(reading);
  StreamRequest request;
  while (reads.next(request)) count(request, bus, summary.read(request.space));
  StreamTotals& written = summary.written(plan.destination.space);
  for (const PdpPass& pass : plan.passes) {
    const auto bytes = static_cast<std::uint32_t>(pass.columns.complete.size()) * plan.atom_bytes;
    if (bytes == 0) continue;
    for (std::uint64_t surface = 0; surface < plan.surfaces; ++surface) {
      for (std::uint64_t line = 0; line < plan.lines.complete.size(); ++line) {
        const std::uint64_t address = plan.destination.address + pass.destination_offset +
                                      surface * plan.destination.surface_stride +
                                      line * plan.destination.line_stride;
        count_cut({plan.destination.space, address, bytes}, plan.unit_bytes, bus, written);
      }
    }
  }
  return summary;
}

Estimate estimate_pdp(const PdpOperation& operation, const StreamSummary& summary,
                      const HardwareParameters& hardware, const memory::MemorySystem& memory, Level level) {
  if (operation.flying) throw std::invalid_argument("PDP on the fly has no time of its own");
  return estimate_stream(summary, plan_pdp(operation, hardware).timing, Client::kPdp, Resource::kPdpCore,
                         hardware, memory, level);
}

Estimate estimate_pdp(const PdpOperation& operation, const HardwareParameters& hardware,
                      const memory::MemorySystem& memory, Level level) {
  if (operation.flying) throw std::invalid_argument("PDP on the fly has no time of its own");
  return estimate_pdp(operation, summarise_pdp(operation, hardware), hardware, memory, level);
}

}  // namespace nvdla::amaix
