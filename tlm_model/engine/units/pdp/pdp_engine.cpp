// SPDX-License-Identifier: Apache-2.0
#include "engine/units/pdp/pdp_engine.h"

#include <memory>

namespace nvdla::engine {

void PdpEngine::fetch_start(OperationId id, const PdpFetch& fetch, Cycle at) {
  const amaix::PdpReadPlan plan = amaix::plan_pdp_reads(fetch, hardware_);
  add_fetch(id, std::make_unique<amaix::PdpReads>(plan), plan.timing, at);
}

void PdpEngine::start(OperationId id, const PdpOperation& operation, Cycle at) {
  const amaix::PdpPlan plan = amaix::plan_pdp(operation, hardware_);
  warn(plan.warnings);
  add_operation(id, std::make_unique<amaix::PdpCore>(plan), plan.timing, !operation.flying, at);
}

void PdpEngine::deliver(const Delivery& delivery) {
  // Pieces as large as a chunk of read data, so that SDP gets its credits back in time. Where a slow stage of
  // SDP sets the pace, each position comes for itself: results leave between them.
  const std::uint32_t piece = delivery.pace > 1 ? 1 : 8;
  std::uint32_t positions = 0, transfers = 0;
  while (positions < delivery.positions) {
    const std::uint32_t part = std::min(piece, delivery.positions - positions);
    const auto until = static_cast<std::uint32_t>(std::uint64_t{delivery.transfers} * (positions + part) /
                                                  delivery.positions);
    const Cycle first = delivery.ready + transfers * delivery.pace;
    add_arrival(part * hardware_.memory_atom_bytes, until - transfers, first,
                first + (std::max(until - transfers, 1U) - 1) * delivery.pace);
    positions += part;
    transfers = until;
  }
}

void PdpEngine::on_taken(std::uint32_t transfers, Cycle at) {
  if (source_ != nullptr) source_->on_taken(transfers, at);
}

}  // namespace nvdla::engine
