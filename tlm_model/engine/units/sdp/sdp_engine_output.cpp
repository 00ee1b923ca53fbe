// SPDX-License-Identifier: Apache-2.0
// What leaves SdpEngine's datapath: write units towards memory, runs towards PDP, and the room for both.
#include <algorithm>
#include <limits>

#include "engine/units/sdp/sdp_engine.h"
#include "hardware/paths/memory_interface.h"
#include "hardware/paths/sdp.h"
#include "hardware/paths/write_chain.h"

namespace nvdla::engine {

namespace {

// Transfers of one run when nothing is written: the model's grain, the size of a write unit of 16-element
// transfers.
constexpr std::uint64_t kQuietRun = 16;
// Transfers in the datapath. Branch master, when what is behind it stands: one in each register, but for
// those of Y, which takes a transfer in several cycles and holds as much less of it.
std::uint64_t inside(const amaix::SdpPlan& plan, bool master) {
  if (!master) return plan.depth() / plan.cycles_per_transfer + 1;
  return plan.depth() - plan.depth_y + plan.depth_y / plan.cycles_per_transfer + 1;
}
// Of Y's pipes: registers that hand their room on a cycle later and hold a part of a transfer each.
std::uint32_t y_skids(const amaix::SdpPlan& plan) { return plan.depth_y - paths::kSdpYPlain.cycles(); }
// Transfers in the datapath, but for dpout_unpack, when what is behind it stands. Scalable generation, where
// Y sets the pace: from Y on, as those in front of it have not entered.
std::uint64_t held(const amaix::SdpPlan& plan, Generation generation) {
  constexpr std::uint64_t kSkids = paths::kDatapathSkids.cycles();
  if (generation == Generation::kV1) {
    const std::uint64_t sub_engines = (plan.depth_x1 != 0 ? 1 : 0) + (plan.depth_x2 != 0 ? 1 : 0);
    return inside(plan, false) + kSkids + sub_engines * paths::kSdpXHoldsV1.cycles();
  }
  if (plan.ahead == 0) return inside(plan, true) + plan.skids + kSkids;
  return paths::kSdpYPlain.cycles() + 2 * y_skids(plan) / plan.cycles_per_transfer +
         2 * paths::kWriteBackConverter.cycles();
}
constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

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
  if (operation.command.bytes == 0 && !next_command(operation)) {
    operation.unit_left = left;
    return;
  }
  const amaix::SdpRequest& command = operation.command;
  const std::uint64_t end = command.address + command.bytes;
  const std::uint64_t unit_end =
      std::min(end, command.address / output.unit_bytes * output.unit_bytes + output.unit_bytes);
  operation.unit_bytes = static_cast<std::uint32_t>(unit_end - command.address);
  std::uint64_t behind = (end - unit_end) / output.walk.atom_bytes;  // atoms of the command
  // Generation V1 writes data as wide as the bus from the command's first byte on: where that begins inside a
  // beat, the datum that ends a chunk has the first atom of the next one. A single atom behind the
  // chunk would leave a chunk without transfers: there the chunk goes without it, a transfer early.
  if (operation.command_begins) operation.command_halved = command.address % hardware_.dbb_width_bytes != 0;
  if (operation.command_halved && behind > 1 && hardware_.generation == Generation::kV1) --behind;
  operation.unit_left = operation.command_left - behind * output.transfers_per_atom;
  operation.command_left -= operation.unit_left;
}

bool SdpEngine::next_command(Operation& operation) {
  if (!operation.walk.next(operation.command)) return false;
  const amaix::SdpOutput& output = *operation.plan.output;
  operation.command_transfers =
      std::uint64_t{operation.command.bytes / output.walk.atom_bytes} * output.transfers_per_atom;
  operation.command_left = operation.command_transfers;
  operation.command_taken = 0;
  operation.command_begins = true;
  return true;
}

// What has left the arbiter up to now.
void SdpEngine::hear_of_writes() {
  for (MemoryInterface* port : {ports_.dbb, ports_.cvsram})
    if (port != nullptr) port->tell_left(now());
}

// Places for beats behind the datapath that are free; negative: so many beats wait in it.
std::int64_t SdpEngine::write_places(const amaix::SdpPlan& plan) {
  hear_of_writes();
  const auto waiting = static_cast<std::int64_t>(path_.waiting(now() - write_back(plan)));
  return paths::kSdpAtom.sum() + static_cast<std::int64_t>(path_.room()) - waiting;
}

// From a beat's leaving the datapath to the entry of the transfer that it lets in; scalable generation, where
// Y sets the pace: to that of the one that is in front of Y then.
Cycle SdpEngine::write_back(const amaix::SdpPlan& plan) const {
  if (hardware_.generation == Generation::kV1) return paths::kWriteBackSdpV1.sum() + Cycle{paths_.from_cacc};
  if (plan.ahead == 0) return paths::kWriteBackSdp.sum() + plan.skids + Cycle{paths_.from_cacc};
  const Cycle way = Cycle{plan.ahead_depth} - plan.skids - paths::kSdpAheadOfYRoom.sum();
  return paths::kWriteBackConverter.sum() + y_skids(plan) + plan.cycles_per_transfer - 1 - way;
}

// Beats leave the arbiter without a grant: their places come back when the pipes have taken others.
void SdpEngine::look_for_room(const Operation& operation, Cycle now) {
  if (!operation.plan.output) return;
  const Cycle next = path_.next_leaves();
  if (next != kNever) at(std::max(now + 1, next + write_back(operation.plan)));
  for (const MemoryInterface* port : {ports_.dbb, ports_.cvsram})
    if (port != nullptr) at(port->next_left(now));
}

// Transfers that may enter: what the pipeline and the places behind it hold.
std::uint64_t SdpEngine::output_room(const Operation& operation) {
  const amaix::SdpPlan& plan = operation.plan;
  if (operation.to_pdp) {
    const std::uint64_t room =
        plan.pdp_pace != 0 ? plan.ahead : inside(plan, hardware_.master_rtl) + kQuietRun;
    return pdp_ != nullptr && pdp_outstanding_ >= room ? 0 : kUnlimited;
  }
  if (!plan.output) return kUnlimited;
  const auto of_beat = static_cast<std::int64_t>(of_datum(*plan.output));
  const std::int64_t begun = static_cast<std::int64_t>(operation.command_taken) % of_beat;
  const auto holds = static_cast<std::int64_t>(held(plan, hardware_.generation));
  const std::int64_t room = write_places(plan) * of_beat + holds - begun;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, room));
}

bool SdpEngine::output_drained(const Operation& operation) {
  if (operation.to_pdp)
    return pdp_ == nullptr || pdp_outstanding_ <= (pdp_pace_ == 0 ? 0 : paths::kPdpHolds.cycles());
  if (!operation.plan.output) return true;
  hear_of_writes();
  if (path_.last_take() == kNever) return false;
  const Cycle done = path_.last_take() + paths::kSdpDoneRegister.sum();
  at(done);
  return done <= now();
}

// The last transfer is in the FIFO in front of PDP, which holds some, or PDP has it. Behind output_drained().
Cycle SdpEngine::all_with_pdp() const {
  if (pdp_pace_ == 0) return pdp_taken_;
  const std::size_t behind = paths::kPdpHolds.cycles() - pdp_outstanding_;
  if (behind >= pdp_takes_.size()) return 0;
  return pdp_takes_[pdp_takes_.size() - 1 - behind] + paths::kPdpHoldsBack.sum();
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
  while (operation.command.bytes != 0 || next_command(operation)) {
    follow_data(operation, operation.command_transfers - operation.command_taken,
                operation.data_done - static_cast<Cycle>(plan.depth()));
    push_unit(operation, operation.command, operation.data_done);
    operation.command.bytes = 0;
  }
  operation.data_done = std::max(operation.data_done, write_free_);
}

// Transfers of a datum of the write DMA, as wide as the bus.
std::uint64_t SdpEngine::of_datum(const amaix::SdpOutput& output) const {
  return std::uint64_t{std::max(1U, hardware_.dbb_width_bytes / output.walk.atom_bytes)} *
         output.transfers_per_atom;
}

// Transfers of the command enter, the first in cycle `first`.
void SdpEngine::follow_data(Operation& operation, std::uint64_t count, Cycle first) {
  if (!operation.plan.output) return;
  const std::uint64_t begin = operation.command_taken;
  operation.command_taken += count;
  if (!path_.following()) return;
  const amaix::SdpOutput& output = *operation.plan.output;
  const amaix::SdpRequest& command = operation.command;
  if (begin == 0)
    path_.command({ports_.space(output.space), command.address, command.bytes},
                  operation.start + paths::kSdpWriteCommand.sum());
  const auto pace = static_cast<Cycle>(operation.plan.cycles_per_transfer);
  const std::uint64_t of_datum = this->of_datum(output);
  for (std::uint64_t end = begin; end < operation.command_transfers;) {
    end = std::min((end / of_datum + 1) * of_datum, operation.command_transfers);
    if (end > operation.command_taken) return;
    const Cycle leaves =
        first + static_cast<Cycle>(end - begin) * pace - 1 + static_cast<Cycle>(operation.plan.depth());
    path_.datum(leaves + static_cast<Cycle>(paths_.write), static_cast<Cycle>(of_datum) * pace);
  }
}

// Commands wait for no data: their slots pass while the data are on their way.
void SdpEngine::push_unit(Operation& operation, const amaix::SdpRequest& request, Cycle leaves) {
  const amaix::SdpOutput& output = *operation.plan.output;
  const auto slots = static_cast<Cycle>(output.slots(request, operation.command_begins));
  operation.command_begins = false;
  write_free_ = std::max(leaves, write_free_ + slots);
  units_.push({operation.tag, output.space, request, write_free_, slots});
  ++operation.pending;
}

void SdpEngine::follow_writes() {
  std::size_t waiting = units_.size();
  for (const MemoryInterface* port : {ports_.dbb, ports_.cvsram})
    if (port != nullptr) waiting += port->writes_waiting(Client::kSdp);
  path_.follow(waiting);
}

void SdpEngine::flush(Cycle now) {
  while (!units_.empty()) {
    const Unit& unit = units_.front();
    MemoryInterface& port = ports_.of(unit.space);
    if (!port.write_ready(Client::kSdp)) return;
    Operation* operation = find(unit.operation);
    ++operation->unacknowledged;
    --operation->pending;
    // Where the arbiter had no room for them, the slots pass when it has.
    handed_at_ = std::max({now, unit.leaves + static_cast<Cycle>(paths_.write), handed_at_ + unit.slots});
    port.write(Client::kSdp, operation->id, unit.request.address, unit.request.bytes, unit.operation,
               handed_at_);
    units_.pop();
  }
}

}  // namespace nvdla::engine
