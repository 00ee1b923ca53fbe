// SPDX-License-Identifier: Apache-2.0
#include "amaix/bdma_plan.h"

#include <algorithm>

#include "hardware/paths/movers.h"
#include "operation/divide.h"

namespace nvdla::amaix {

namespace {

// Advances to the next line; true when the transfer is over.
bool next_line(const BdmaTransfer& transfer, std::uint32_t& line, std::uint32_t& surface) {
  if (++line < transfer.lines) return false;
  line = 0;
  if (++surface < transfer.surfaces) return false;
  surface = 0;
  return true;
}

std::uint64_t line_address(const Surface& surface, std::uint32_t line, std::uint32_t plane) {
  return surface.address + std::uint64_t{plane} * surface.surface_stride +
         std::uint64_t{line} * surface.line_stride;
}
}  // namespace

std::uint64_t BdmaPlan::input_bytes() const {
  std::uint64_t bytes = 0;
  for (const BdmaTransfer& t : transfers) bytes += std::uint64_t{t.line_bytes} * t.lines * t.surfaces;
  return bytes;
}

std::uint64_t BdmaPlan::core_cycles() const {
  std::uint64_t cycles = 0;
  for (const BdmaTransfer& t : transfers)
    for (std::uint32_t surface = 0; surface < t.surfaces; ++surface)
      for (std::uint32_t line = 0; line < t.lines; ++line)
        cycles += 1 + write_slots(line_address(t.destination, line, surface), t.line_bytes, true, unit_bytes,
                                  beat_bytes);
  return cycles;
}

BdmaPlan plan_bdma(const std::vector<BdmaTransfer>& transfers, const HardwareParameters& hardware) {
  BdmaPlan plan;
  plan.transfers = transfers;
  plan.transfers.erase(std::remove_if(plan.transfers.begin(), plan.transfers.end(),
                                      [](const BdmaTransfer& t) {
                                        return t.line_bytes == 0 || t.lines == 0 || t.surfaces == 0;
                                      }),
                       plan.transfers.end());
  if (plan.transfers.size() != transfers.size())
    plan.warnings.emplace_back("BDMA: a transfer of no bytes is skipped");
  plan.beat_bytes = hardware.dbb_width_bytes;
  plan.unit_bytes = hardware.mcif_chunk_beats * hardware.dbb_width_bytes;
  StreamTiming& timing = plan.timing;
  timing.request = paths::kBdma.request.cycles();
  timing.read = paths::kBdma.read.sum();
  timing.depth = paths::kBdma.depth.cycles();
  timing.fetch_done = paths::kBdma.fetch_done.cycles();
  timing.credit = paths::kBdma.credit.cycles();
  timing.write = paths::kBdma.write.cycles();
  timing.acknowledge = paths::kBdma.acknowledge.cycles();
  timing.linked = true;
  timing.store = paths::kBdma.store.cycles();
  return plan;
}

bool BdmaReads::next(StreamRequest& request) {
  if (transfer_ == plan_.transfers.size()) return false;
  const BdmaTransfer& t = plan_.transfers[transfer_];
  request = {t.source.space, line_address(t.source, line_, surface_), t.line_bytes};
  last_begins_ = transfer_ + 1 == plan_.transfers.size() && line_ == 0 && surface_ == 0;
  if (next_line(t, line_, surface_)) ++transfer_;
  return true;
}

void BdmaCore::take(std::uint32_t bytes, StreamStep& step) {
  const BdmaTransfer& t = plan_.transfers[transfer_];
  const std::uint64_t to = line_address(t.destination, line_, surface_);
  if (taken_ == 0) {
    step.gap = 1;  // the slot of the write command
    step.items.push_back({StreamItemKind::kCommand, {t.destination.space, to, t.line_bytes}});
  }
  const std::uint32_t part = std::min(bytes, t.line_bytes - taken_);
  step.cycles = write_slots(to + taken_, part, taken_ == 0, plan_.unit_bytes, plan_.beat_bytes);
  step.release_offset = step.cycles;
  add_data({t.source.space, line_address(t.source, line_, surface_), t.line_bytes}, taken_, part,
           plan_.beat_bytes, step.items);
  taken_ += part;
  remaining_ -= part;
  if (taken_ < t.line_bytes) return;
  taken_ = 0;
  if (next_line(t, line_, surface_)) ++transfer_;
}

}  // namespace nvdla::amaix
