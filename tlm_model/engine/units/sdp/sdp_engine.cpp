// SPDX-License-Identifier: Apache-2.0
#include "engine/units/sdp/sdp_engine.h"

#include <algorithm>
#include <cassert>

#include "engine/write_account.h"

namespace nvdla::engine {

namespace {

Resource slowest_stage(const SdpOperation& operation, const HardwareParameters& hardware) {
  Resource slowest = Resource::kSdpCore;
  std::uint32_t rate = hardware.sdp_throughput;
  const auto consider = [&](const SdpStage& stage, std::uint32_t throughput, Resource name) {
    if (stage.bypass || throughput == 0 || throughput >= rate) return;
    rate = throughput;
    slowest = name;
  };
  consider(operation.x1, hardware.sdp_bs_throughput, Resource::kSdpX1);
  consider(operation.x2, hardware.sdp_bn_throughput, Resource::kSdpX2);
  consider(operation.y, hardware.sdp_ew_throughput, Resource::kSdpY);
  return slowest;
}

}  // namespace

SdpEngine::SdpEngine(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
                     MemoryInterface* cvsram, OperationLog& log, SdpOwner& owner)
    : Process(scheduler),
      hardware_(hardware),
      paths_(amaix::sdp_path_lengths(hardware)),
      ports_{&dbb, cvsram},
      log_(log),
      owner_(owner),
      path_(hardware, Client::kSdp),
      pdp_pace_(amaix::pdp_pace(hardware)) {
  for (MemoryInterface* port : {&dbb, cvsram}) {
    if (port == nullptr) continue;
    for (const Client client : {Client::kSdp, Client::kSdpB, Client::kSdpN, Client::kSdpE})
      port->connect(client, *this, hardware.read_latency_fifo_beats[static_cast<std::size_t>(client)]);
  }
}

void SdpEngine::fetch_start(OperationId id, const SdpFetch& fetch, Cycle at) {
  const amaix::SdpFetchPlan plan = amaix::plan_sdp_fetch(fetch, hardware_);
  for (const std::string& warning : plan.warnings) owner_.on_sdp_warning(warning, at);
  for (const amaix::SdpStream& stream : plan.streams)
    if (stream.space == MemorySpace::kCvsram && ports_.cvsram == nullptr)
      owner_.on_sdp_warning("SDP_RDMA: this configuration has no CVSRAM; read through DBB", at);
  fetches_.push_back({SdpFetchGroup(plan, hardware_, ports_, id, next_fetch_++, at), plan.transfers,
                      plan.packet_transfers, std::nullopt, false, false, false});
  fetches_.back().group.issue(now());
  wake(at);
}

void SdpEngine::start(OperationId id, const SdpOperation& registers, bool fetches, Cycle at) {
  assert(active() == nullptr);
  Operation operation;
  operation.id = id;
  operation.tag = next_operation_++;
  operation.plan = amaix::plan_sdp(registers, hardware_);
  operation.flying = registers.flying;
  operation.to_pdp = registers.output_to_pdp;
  operation.datapath = slowest_stage(registers, hardware_);
  operation.start = at;
  if (fetches) operation.fetch = next_paired_fetch_++;
  for (const std::string& warning : operation.plan.warnings) owner_.on_sdp_warning(warning, at);
  if (registers.output_to_pdp && pdp_ == nullptr)
    owner_.on_sdp_warning("SDP: output to PDP, but there is no PDP; the result is dropped", at);
  const amaix::SdpPlan& plan = operation.plan;
  for (MemoryInterface* port : {ports_.dbb, ports_.cvsram})
    if (port != nullptr) port->follow_writes(Client::kSdp);
  if (plan.output) {
    if (plan.output->space == MemorySpace::kCvsram && ports_.cvsram == nullptr)
      owner_.on_sdp_warning("SDP: this configuration has no CVSRAM; written through DBB", at);
    operation.walk = amaix::SdpWalk(plan.output->walk);
  }
  // With one packet only, the operand side runs ahead as soon as the previous operation is through.
  operation.packet_entry = last_entry_;
  operation.packet_entry_at =
      plan.transfers > plan.packet_transfers ? plan.transfers - plan.packet_transfers : 0;
  next_unit(operation);
  operations_.push_back(std::move(operation));
  wake(at);
}

SdpEngine::Operation* SdpEngine::active() {
  return operations_.empty() || operations_.back().released ? nullptr : &operations_.back();
}

SdpEngine::Operation* SdpEngine::find(std::uint64_t tag) {
  for (Operation& operation : operations_)
    if (operation.tag == tag) return &operation;
  return nullptr;
}

SdpEngine::Fetch* SdpEngine::fetch_of(const Operation& operation) {
  for (Fetch& fetch : fetches_)
    if (operation.fetch && fetch.group.tag() == *operation.fetch) return &fetch;
  return nullptr;
}

void SdpEngine::on_read(const ReadReturn& data) {
  for (Fetch& fetch : fetches_) {
    if (fetch.group.tag() != data.tag) continue;
    fetch.group.on_read(data);
    // Nobody will use what comes after the operation's end (the two cubes differ).
    if (fetch.used_up) fetch.group.drain();
  }
  wake(now());
}

void SdpEngine::on_write_acknowledged(const WriteReturn& write) {
  Operation* operation = find(write.tag);
  if (operation == nullptr) return;
  --operation->unacknowledged;
  if (write.at >= operation->last_acknowledge) operation->last_write = write;
  operation->last_acknowledge = std::max(operation->last_acknowledge, write.at);
  if (operation->finished && operation->unacknowledged == 0) wake(now());
}

void SdpEngine::on_room(Client client, Cycle at) {
  for (Fetch& fetch : fetches_) fetch.group.issue(at);
  if (client == Client::kSdp) wake(at);
}

void SdpEngine::reset() {
  fetches_.clear();
  operations_.clear();
  inbound_.clear();
  units_.clear();
  path_.clear();
  next_fetch_ = next_paired_fetch_ = 0;
  // Tags of operations go on: acknowledges of dropped writes must not meet a new operation.
  pdp_outstanding_ = 0;
  pdp_takes_.clear();
  dropping_ = false;
  last_entry_ = next_entry_ = write_free_ = handed_at_ = last_accepted_ = 0;
}

void SdpEngine::run(Cycle now) {
  next_wake_ = kNever;
  drop_surplus();
  flush(now);
  if (Operation* operation = active(); operation != nullptr)
    while (step(*operation, now)) flush(now);
  for (Fetch& fetch : fetches_)
    if (const Cycle next = fetch.group.give_credits(now); next != kNever) at(next);
  conclude_fetches(now);
  conclude_operations(now);
  if (next_wake_ != kNever) wake(next_wake_);
}

// Lets one run enter the datapath if it can in this cycle.
bool SdpEngine::step(Operation& operation, Cycle now) {
  if (operation.finished) return false;
  if (operation.start > now) {
    at(operation.start);
    return false;
  }
  if (operation.plan.ahead != 0) accept(operation);
  const std::uint64_t room = output_room(operation);
  if (room == 0) {
    operation.blocked = true;
    look_for_room(operation, now);
    return false;
  }
  const amaix::SdpPlan& plan = operation.plan;
  std::uint64_t count = std::min({room, operation.unit_left, plan.transfers - operation.taken});
  if (plan.group_transfers != 0)
    count = std::min(count, plan.group_transfers - operation.taken % plan.group_transfers);
  Cycle input = 0;
  Cycle operands = 0;
  if (operation.flying) {
    const Inbound* const from = next_inbound();
    if (from == nullptr) return false;
    count = std::min<std::uint64_t>(count, from->delivery.transfers - from->taken);
    input = from->delivery.ready + from->taken + paths_.from_cacc;
  }
  Fetch* fetch = nullptr;
  if (operation.fetch) {
    fetch = fetch_of(operation);
    if (fetch == nullptr) return false;
    if (!fetch->paired) {
      fetch->paired = true;
      fetch->group.pair(plan);
      for (const Inbound& inbound : inbound_) {
        if (paths_.credit == 0) break;
        const Delivery& from = inbound.delivery;
        fetch->group.input(from.transfers - inbound.taken, from.ready + inbound.taken + paths_.from_cacc);
      }
      if (fetch->transfers != plan.transfers)
        owner_.on_sdp_warning("SDP_RDMA: its cube differs from SDP's; hardware would hang or mix operations",
                              now);
    }
    if (plan.ahead != 0) accept(operation);
    if (paths_.credit != 0 && plan.ahead == 0 && operation.flying) accept_ahead(operation, fetch->group);
    const std::uint64_t ready = fetch->group.transfers_ready();
    if (ready <= operation.taken) return false;
    count = std::min(count, ready - operation.taken);
    operands = fetch->group.earliest_entry(operation.taken, count, plan);
  }
  const Cycle free = std::max(next_entry_, operation.start);
  const Cycle wanted = std::max({free, input, operands});
  if (wanted > now) {
    at(wanted);
    return false;
  }
  // What the run has waited for has set the pace since the one before came in. Later than it could, a run
  // comes for want of room behind the datapath, or because its data are known with the last beat of a chunk.
  if (now > wanted && operation.blocked) {
    if (operation.to_pdp) {
      pdp_->explain(log_, operation.id, now);
    } else {
      const MemoryInterface& port = ports_.of(plan.output->space);
      log_.account(operation.id, port.write_hindrance(Client::kSdp), now);
    }
  } else if (now == free) {
    // A run begins early enough for its last beat: then that has set the pace.
    if (fetch != nullptr && operands == now) {
      fetch->group.explain(log_, operation.taken, count, plan, now);
    } else {
      log_.account(operation.id, operation.datapath, now);
    }
  } else if (fetch != nullptr && operands >= input) {
    fetch->group.explain(log_, operation.taken, count, plan, now);
  } else {
    log_.account(operation.id, Resource::kPartner, now);
  }
  // An operand that is needed deep in the datapath may come after its datum has entered.
  const Cycle first = operation.blocked ? now : wanted;
  operation.blocked = false;
  if (count != 0) enter(operation, count, first, now);
  if (operation.taken == plan.transfers && !operation.finished) finish(operation, now);
  return true;
}

void SdpEngine::enter(Operation& operation, std::uint64_t count, Cycle first, Cycle now) {
  const amaix::SdpPlan& plan = operation.plan;
  const Cycle pace = plan.cycles_per_transfer;
  const Cycle last = first + static_cast<Cycle>(count - 1) * pace;
  const std::uint64_t begin = operation.taken;
  operation.taken += count;
  if (operation.packet_entry_at > begin && operation.packet_entry_at <= operation.taken)
    operation.packet_entry = first + static_cast<Cycle>(operation.packet_entry_at - 1 - begin) * pace;
  last_entry_ = last;
  next_entry_ = last + pace;
  if (plan.group_transfers != 0) {
    if (begin % plan.group_transfers == 0) operation.group_entry = first;
    if (operation.taken % plan.group_transfers == 0)
      next_entry_ = std::max(next_entry_, operation.group_entry + plan.group_cycles);
  }
  if (Fetch* fetch = fetch_of(operation); fetch != nullptr)
    fetch->group.consumed(operation.taken, last, plan);
  if (plan.ahead != 0) {
    memory::RingBuffer<Cycle>& room = plan.pdp_pace != 0 ? operation.front_room : operation.room;
    const auto depth = static_cast<Cycle>(plan.pdp_pace != 0 ? plan.front_depth : plan.ahead_depth);
    for (std::uint64_t i = 0; i < count; ++i) room.push(first + static_cast<Cycle>(i) * pace + depth);
    accept(operation);
  }
  if (operation.flying) take_input(operation, count, last, now);

  const Cycle leaves = last + pace - 1 + plan.depth();
  if (operation.to_pdp) hand_to_pdp(operation, begin, count, leaves);
  follow_data(operation, count, first);
  operation.unit_left -= count;
  if (operation.unit_left != 0 || operation.finished) return;
  if (operation.unit_bytes != 0) {
    push_unit(operation, {operation.command.address, operation.unit_bytes}, leaves);
    operation.command.address += operation.unit_bytes;
    operation.command.bytes -= operation.unit_bytes;
  }
  next_unit(operation);
}

void SdpEngine::conclude_fetches(Cycle now) {
  // Owner calls may start the next fetch: no references over them.
  for (std::size_t i = 0; i < fetches_.size(); ++i) {
    if (!fetches_[i].done && fetches_[i].group.complete()) {
      Fetch& fetch = fetches_[i];
      const Operation* operation = nullptr;
      for (const Operation& candidate : operations_)
        if (candidate.fetch && *candidate.fetch == fetch.group.tag()) operation = &candidate;
      const Operation* const current = active();
      if (fetch.used_up) {
        fetch.done = now;
      } else if (operation != nullptr) {
        if (operation->taken >= operation->packet_entry_at || operation->finished ||
            fetch.group.packet_used())
          fetch.done = std::max(now, fetch.group.done_at(operation->packet_entry, operation->plan));
      } else if (fetch.transfers <= fetch.packet_transfers && (current == nullptr || current->finished)) {
        fetch.done = std::max(now, fetch.group.done_at(last_entry_, amaix::SdpPlan{}));
      }
    }
    if (fetches_[i].done && !fetches_[i].reported) {
      if (*fetches_[i].done > now) {
        at(*fetches_[i].done);
      } else {
        fetches_[i].reported = true;
        owner_.on_sdp_fetch_done(now);
      }
    }
  }
  while (!fetches_.empty() && fetches_.front().reported && fetches_.front().used_up) fetches_.pop_front();
}

void SdpEngine::conclude_operations(Cycle now) {
  if (Operation* operation = active(); operation != nullptr && operation->finished) {
    if (Fetch* fetch = fetch_of(*operation); fetch != nullptr && !fetch->used_up) {
      fetch->used_up = true;
      fetch->group.drain();
      at(now);
    }
    if (!operation->release && output_drained(*operation)) {
      operation->release = std::max({now, operation->data_done, operation->to_pdp ? all_with_pdp() : 0});
    } else if (!operation->release) {
      look_for_room(*operation, now);
    }
    if (operation->release && *operation->release > now) {
      at(*operation->release);
    } else if (operation->release) {
      operation->released = true;
      owner_.on_sdp_released(now);
    }
  }
  while (!operations_.empty() && operations_.front().released) {
    Operation& operation = operations_.front();
    if (!operation.interrupt) {
      if (operation.pending != 0 || operation.unacknowledged != 0) return;
      operation.interrupt = operation.plan.output
                                ? operation.last_acknowledge + static_cast<Cycle>(paths_.acknowledge)
                                : *operation.release + static_cast<Cycle>(paths_.quiet_interrupt);
    }
    if (*operation.interrupt > now) {
      at(*operation.interrupt);
      return;
    }
    account_tail(operation);
    const OperationId id = operation.id;
    operations_.pop_front();
    owner_.on_sdp_done(id, now);
  }
}

// From the last entry to the last acknowledge.
void SdpEngine::account_tail(const Operation& operation) {
  log_.account(operation.id, operation.datapath, std::min(operation.data_done, now()));
  if (operation.to_pdp && pdp_ != nullptr) pdp_->explain(log_, operation.id, *operation.release);
  account_write(log_, operation.id, operation.last_write);
}

}  // namespace nvdla::engine
