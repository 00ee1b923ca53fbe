// SPDX-License-Identifier: Apache-2.0
// What leaves SdpEngine's datapath: write units towards memory, runs towards PDP, and the room for both.
#include <algorithm>

#include "engine/units/sdp/sdp_engine.h"
#include "hardware/paths/memory_interface.h"
#include "operation/divide.h"

namespace nvdla::engine {

namespace {

// Transfers of one run when nothing is written: the model's grain, the size of a write unit of 16-element
// transfers.
constexpr std::uint64_t kQuietRun = 16;
// Requests that the memory interface holds for a client.
constexpr std::size_t kInterfaceQueue = paths::kRequestQueue.cycles();

}  // namespace

// The next write unit: how many transfers it needs and how many bytes it has.
void SdpEngine::next_unit(Operation& operation) {
  const std::uint64_t left = operation.plan.transfers - operation.taken;
  operation.unit_bytes = 0;
  if (!operation.plan.output) {
    operation.unit_left = std::min(left, kQuietRun);
    return;
  }
  const amaix::SdpOutput& output = *operation.plan.output;
  amaix::SdpRequest& command = operation.command;
  if (command.bytes == 0) {
    if (!operation.walk.next(command)) {
      operation.unit_left = left;
      return;
    }
    operation.command_left =
        std::uint64_t{command.bytes / output.walk.atom_bytes} * output.transfers_per_atom;
    operation.command_begins = true;
  }
  const std::uint64_t end = command.address + command.bytes;
  const std::uint64_t unit_end =
      std::min(end, command.address / output.unit_bytes * output.unit_bytes + output.unit_bytes);
  operation.unit_bytes = static_cast<std::uint32_t>(unit_end - command.address);
  operation.unit_left =
      operation.command_left - (end - unit_end) / output.walk.atom_bytes * output.transfers_per_atom;
  operation.command_left -= operation.unit_left;
}

std::size_t SdpEngine::buffered_units(const Operation& operation) const {
  const std::uint32_t beats =
      std::max<std::uint32_t>(1, operation.plan.output->unit_bytes / hardware_.dbb_width_bytes);
  const std::uint32_t behind = hardware_.master_rtl ? hardware_.mcif_chunk_beats : 0;
  const std::size_t units = (paths_.write_buffer_beats + behind) / beats;
  return units > kInterfaceQueue ? units - kInterfaceQueue : 1;
}

bool SdpEngine::output_full(const Operation& operation) const {
  const amaix::SdpPlan& plan = operation.plan;
  // What the pipeline itself holds, in transfers.
  const std::uint64_t inside = plan.depth() / plan.cycles_per_transfer + 1;
  if (operation.to_pdp)
    return pdp_ != nullptr && pdp_outstanding_ >= (plan.pdp_pace != 0 ? plan.ahead : inside + kQuietRun);
  if (!plan.output) return false;
  const amaix::SdpOutput& output = *plan.output;
  // Data wait in whole beats, though a short line does not fill its last one.
  const std::uint32_t beat = std::max(1U, hardware_.dbb_width_bytes / output.walk.atom_bytes);
  const std::uint32_t block = ceil_div(output.walk.block, beat) * beat;
  const std::uint64_t unit =
      std::uint64_t{std::min(block, output.unit_bytes / output.walk.atom_bytes)} * output.transfers_per_atom;
  return units_.size() >= buffered_units(operation) + inside / std::max<std::uint64_t>(1, unit) + 1;
}

bool SdpEngine::output_drained(const Operation& operation) const {
  if (operation.to_pdp) return pdp_ == nullptr || pdp_outstanding_ == 0;
  return !operation.plan.output || units_.size() <= buffered_units(operation);
}

void SdpEngine::hand_to_pdp(const Operation& operation, std::uint64_t first, std::uint64_t count,
                            Cycle leaves) {
  if (pdp_ == nullptr) return;
  const amaix::SdpPlan& plan = operation.plan;
  const std::uint64_t of_surface = std::uint64_t{plan.positions} * plan.transfers_per_atom;
  while (count != 0) {  // a hand-over belongs to one surface
    const std::uint64_t within = first % of_surface;
    const std::uint64_t part = std::min(count, of_surface - within);
    Delivery delivery;
    delivery.first_channel = static_cast<std::uint32_t>(first / of_surface * plan.elements_per_atom);
    delivery.channels = plan.elements_per_atom;
    delivery.first_position = static_cast<std::uint32_t>(within / plan.transfers_per_atom);
    delivery.positions =
        static_cast<std::uint32_t>((within + part) / plan.transfers_per_atom) - delivery.first_position;
    delivery.transfers = static_cast<std::uint32_t>(part);
    first += part;
    count -= part;
    // The last transfer of the run leaves in cycle `leaves`.
    delivery.pace = plan.cycles_per_transfer;
    delivery.ready = leaves - static_cast<Cycle>((count + part - 1) * plan.cycles_per_transfer);
    delivery.last = first == plan.transfers;
    pdp_outstanding_ += part;
    pdp_->deliver(delivery);
  }
}

void SdpEngine::finish(Operation& operation, Cycle now) {
  const amaix::SdpPlan& plan = operation.plan;
  operation.finished = true;
  operation.data_done =
      std::max(last_entry_ + static_cast<Cycle>(plan.cycles_per_transfer) - 1 + plan.depth(), now);
  if (!plan.output) return;
  // Commands are left only when the transfers do not fill them: write them so that nothing hangs.
  if (operation.command.bytes != 0) push_unit(operation, operation.command, operation.data_done);
  operation.command.bytes = 0;
  amaix::SdpRequest request;
  while (operation.walk.next(request)) push_unit(operation, request, operation.data_done);
  operation.data_done = std::max(operation.data_done, write_free_);
}

// Commands wait for no data: their slots pass while the data are on their way.
void SdpEngine::push_unit(Operation& operation, const amaix::SdpRequest& request, Cycle leaves) {
  const amaix::SdpOutput& output = *operation.plan.output;
  const auto slots = static_cast<Cycle>(output.slots(request, operation.command_begins));
  operation.command_begins = false;
  write_free_ = std::max(leaves, write_free_ + slots);
  units_.push({operation.tag, output.space, request, write_free_});
  ++operation.pending;
}

void SdpEngine::flush(Cycle now) {
  while (!units_.empty()) {
    const Unit& unit = units_.front();
    MemoryInterface& port = ports_.of(unit.space);
    if (!port.write_ready(Client::kSdp)) return;
    Operation* operation = find(unit.operation);
    ++operation->unacknowledged;
    --operation->pending;
    port.write(Client::kSdp, operation->id, unit.request.address, unit.request.bytes, unit.operation,
               std::max(now, unit.leaves + static_cast<Cycle>(paths_.write)));
    units_.pop();
  }
}

}  // namespace nvdla::engine
