// SPDX-License-Identifier: Apache-2.0
#include "host/driver/scheduler.h"

#include <algorithm>
#include <optional>

#include "host/driver/driver_error.h"

namespace nvdla::host {

namespace {

constexpr std::uint32_t bit(DlaEvent event) { return 1U << static_cast<std::uint32_t>(event); }

// The unit's own registers, and those of its reader.
constexpr std::array<Unit, kDlaUnits> kMainUnits = {Unit::kBdma, Unit::kCacc, Unit::kSdp,
                                                    Unit::kPdp,  Unit::kCdp,  Unit::kRubik};

std::optional<Unit> reader_of(std::uint8_t unit) {
  switch (unit) {
    case kDlaSdp:
      return Unit::kSdpRdma;
    case kDlaPdp:
      return Unit::kPdpRdma;
    case kDlaCdp:
      return Unit::kCdpRdma;
    default:
      return std::nullopt;
  }
}

std::int16_t lut_of(const DlaOperation& operation) {
  if (operation.unit == kDlaSdp) return std::get<DlaSdp>(operation.work).lut;
  if (operation.unit == kDlaCdp) return std::get<DlaCdp>(operation.work).lut;
  return -1;
}

}  // namespace

void Scheduler::run(const DlaTask& task, std::size_t index, const std::vector<DeviceAddress>& addresses,
                    bool statistics) {
  task_ = &task;
  task_index_ = index;
  addresses_ = &addresses;
  statistics_ = statistics || task.statistics != -1;
  done_ = 0;
  nodes_.assign(task.list.size(), Node{});
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i] = {&task.list[i], task.list[i].dependencies, static_cast<std::uint16_t>(i / task.operations)};
  }
  for (Processor& processor : processors_) {
    processor.region = processor.group_status = processor.rdma_status = 0;
    processor.tail = nullptr;
    for (Group& group : processor.groups) group = Group{group.id};
  }
  if (task.operations == 0) return;

  initiate();
  while (done_ < task.operations) {
    // A BDMA operation without transfers completes without an interrupt.
    if (hardware_runs() || !std::any_of(processors_.begin(), processors_.end(), [](const Processor& p) {
          return p.groups[0].events != 0 || p.groups[1].events != 0;
        })) {
      if (!device_.wait_for_interrupt())
        throw DriverError(task.place + ": no interrupt comes any more; " + waiting());
      handle_interrupt();
    }
    process_events();
  }
}

void Scheduler::initiate() {
  for (const std::int16_t head : task_->heads) {
    if (head == -1) continue;
    Node& first = *node(head, 0);
    Processor& processor = processors_[first.operation->unit];
    submit(processor, first, 0);
    dequeue(processor);
  }
}

Scheduler::Node* Scheduler::node(std::int16_t index, std::uint32_t region) {
  if (index == -1) return nullptr;
  return &nodes_[std::size_t{region} * task_->operations + static_cast<std::size_t>(index)];
}

ProgramContext Scheduler::context(const Group& group) {
  return {registers_, hardware_, *addresses_, *task_, *group.node->operation, group.id, group.needs_rdma};
}

OperationEvent Scheduler::describe(const Processor& processor, const Group& group) const {
  return {task_index_,        group.node->operation->index,
          group.node->region, kDlaEngines[processor.unit],
          group.id,           group.rdma,
          group.needs_rdma};
}

void Scheduler::submit(Processor& processor, Node& node, std::uint32_t region) {
  node.region = static_cast<std::uint16_t>(region);
  Group& group = processor.groups[prepare(processor, node)];
  if (!ready(processor, group)) return;
  program(processor, group);
  if (node.dependencies == 0) enable(processor, node);
}

std::uint32_t Scheduler::prepare(Processor& processor, Node& node) {
  const std::optional<Unit> reader = reader_of(processor.unit);
  const std::uint32_t consumer =
      processor.unit == kDlaBdma ? (registers_.read_field(Unit::kBdma, "STATUS", "GRP0_BUSY") != 0 ? 1 : 0)
                                 : registers_.read_field(kMainUnits[processor.unit], "S_POINTER", "CONSUMER");
  const std::uint32_t reader_consumer = reader ? registers_.read_field(*reader, "S_POINTER", "CONSUMER") : 0;
  if (processor.group_status == 3) {
    throw DriverError(task_->operation_place(node.operation->index) + ": both register groups are taken");
  }
  const std::uint32_t id = processor.group_status == 0 ? consumer : 1 - (processor.group_status >> 1);
  Group& group = processor.groups[id];
  group.node = &node;
  group.rdma = processor.rdma_status == 0 ? reader_consumer : 1 - (processor.rdma_status >> 1 & 1);
  group.pending = true;
  processor.group_status |= 1U << id;
  group.needs_rdma = needs_rdma(*node.operation);
  if (group.needs_rdma) processor.rdma_status |= 1U << group.rdma;
  processor.tail = &node;
  return id;
}

// BDMA: a launch would start what the other group has queued too. SDP and CDP have one table: it may only be
// written while the other group does not use it.
bool Scheduler::ready(const Processor& processor, const Group& group) const {
  const Group& other = processor.groups[1 - group.id];
  if (processor.unit == kDlaBdma) return (processor.group_status & (1U << other.id)) == 0 || other.active;
  if (processor.unit != kDlaSdp && processor.unit != kDlaCdp) return true;
  const std::int16_t lut = lut_of(*group.node->operation);
  if (lut == -1 || other.lut == lut) return true;
  return other.lut == -1 && !other.active;
}

void Scheduler::set_producer(const Processor& processor, const Group& group) {
  const auto producer = [&](Unit unit, std::uint32_t id) {
    registers_.write(unit, "S_POINTER", {{"PRODUCER", id}});
  };
  switch (processor.unit) {
    case kDlaBdma:
      break;
    case kDlaConv:
      for (const Unit unit : {Unit::kCacc, Unit::kCmacA, Unit::kCmacB, Unit::kCsc, Unit::kCdma}) {
        producer(unit, group.id);
      }
      break;
    default:
      producer(kMainUnits[processor.unit], group.id);
      if (const std::optional<Unit> reader = reader_of(processor.unit)) {
        producer(*reader, processor.unit == kDlaCdp ? group.id : group.rdma);
      }
  }
}

void Scheduler::program(Processor& processor, Group& group) {
  group.programming = true;
  set_producer(processor, group);
  const std::int16_t lut = lut_of(*group.node->operation);
  if (lut >= 0) group.lut = lut;
  program_operation(context(group));
  group.pending = false;
  if (listener_ != nullptr) listener_->on_programmed(describe(processor, group));
  notify(group, DlaEvent::kProgrammed);
  group.programming = false;
}

void Scheduler::enable(Processor& processor, Node& node) {
  for (Group& group : processor.groups) {
    if ((processor.group_status & (1U << group.id)) == 0 || group.node != &node || group.pending) continue;
    // While it is being programmed: enabled right after that.
    if (group.programming || group.active) return;
    set_producer(processor, group);
    enable_unit(processor, group);
    group.active = true;
    if (listener_ != nullptr) listener_->on_enabled(describe(processor, group));
    notify(group, DlaEvent::kEnabled);
    return;
  }
}

void Scheduler::dequeue(Processor& processor) {
  std::int16_t next = -1;
  if (processor.region + 1 == task_->regions) {
    next = processor.tail->operation->consumers[processor.unit].index;
    if (next == -1) return;
    processor.region = 0;
  } else {
    ++processor.region;
    next = static_cast<std::int16_t>(processor.tail->operation->index);
  }
  submit(processor, *node(next, processor.region), processor.region);
}

void Scheduler::notify(Group& group, DlaEvent event) {
  const Node& from = *group.node;
  for (const DlaConsumer& consumer : from.operation->consumers) notify(consumer, from.region, event);
  notify(from.operation->fused_parent, from.region, event);
}

void Scheduler::notify(const DlaConsumer& consumer, std::uint32_t region, DlaEvent event) {
  if (consumer.index == -1 || consumer.event != event) return;
  Node& to = *node(consumer.index, region);
  if (to.dependencies == 0) {
    throw DriverError(task_->operation_place(to.operation->index) +
                      ": more events come for it than its dependency_count says");
  }
  if (--to.dependencies == 0) enable(processors_[to.operation->unit], to);
}

void Scheduler::complete(Processor& processor, Group& group) {
  if (group.node == nullptr || !group.active) {
    throw DriverError(task_->place + ": " + std::string(engine_name(kDlaEngines[processor.unit])) +
                      " group " + std::to_string(group.id) + " reports completion, but does not run");
  }
  Node& done = *group.node;
  if (done.region + 1U == task_->regions) ++done_;
  std::vector<OperationCounter> counters;
  if (statistics_) counters = read_counters(processor, group);
  if (listener_ != nullptr) listener_->on_completed(describe(processor, group), counters);

  processor.group_status &= ~(1U << group.id);
  if (group.needs_rdma) {
    group.needs_rdma = false;
    processor.rdma_status &= ~(1U << group.rdma);
    group.rdma = 0;
  }
  group.active = false;
  group.lut = -1;
  processor.last_group = group.id;
  notify(group, DlaEvent::kCompleted);
  group.node = nullptr;
  if (done_ == task_->operations) return;

  Group& next = processor.groups[1 - group.id];
  if (next.pending && ready(processor, next)) {
    Node& waiting_node = *next.node;
    program(processor, next);
    if (waiting_node.dependencies == 0) enable(processor, waiting_node);
  }
  dequeue(processor);
}

void Scheduler::handle_interrupt() {
  registers_.read(Unit::kGlb, "S_INTR_MASK");
  const std::uint32_t status = registers_.read(Unit::kGlb, "S_INTR_STATUS");
  const auto raise = [&](const std::string& name, std::uint8_t unit, DlaEvent event) {
    for (Group& group : processors_[unit].groups) {
      const std::string field = name + "_DONE_STATUS" + std::to_string(group.id);
      if ((status & registers_.mask(Unit::kGlb, "S_INTR_STATUS", field)) != 0) group.events |= bit(event);
    }
  };
  raise("CACC", kDlaConv, DlaEvent::kCompleted);
  raise("SDP", kDlaSdp, DlaEvent::kCompleted);
  raise("CDP", kDlaCdp, DlaEvent::kCompleted);
  raise("RUBIK", kDlaRubik, DlaEvent::kCompleted);
  raise("PDP", kDlaPdp, DlaEvent::kCompleted);
  raise("BDMA", kDlaBdma, DlaEvent::kCompleted);
  raise("CDMA_DAT", kDlaConv, DlaEvent::kDataRead);
  raise("CDMA_WT", kDlaConv, DlaEvent::kWeightsRead);
  registers_.write(Unit::kGlb, "S_INTR_STATUS", status);
  registers_.read(Unit::kGlb, "S_INTR_MASK");
  registers_.read(Unit::kGlb, "S_INTR_STATUS");
}

void Scheduler::process_events() {
  for (Processor& processor : processors_) {
    std::uint32_t id = 1 - processor.last_group;
    for (int i = 0; i < 2; ++i, id = 1 - id) {
      Group& group = processor.groups[id];
      for (const DlaEvent event : {DlaEvent::kWeightsRead, DlaEvent::kDataRead}) {
        if ((group.events & bit(event)) != 0 && group.node != nullptr) notify(group, event);
      }
      if ((group.events & bit(DlaEvent::kCompleted)) != 0) complete(processor, group);
      group.events = 0;
    }
  }
}

bool Scheduler::hardware_runs() const {
  for (const Processor& processor : processors_) {
    for (const Group& group : processor.groups) {
      if (group.active && (group.events & bit(DlaEvent::kCompleted)) == 0) return true;
    }
  }
  return false;
}

std::string Scheduler::waiting() const {
  std::string text;
  for (const Processor& processor : processors_) {
    for (const Group& group : processor.groups) {
      if (group.node == nullptr) continue;
      text += (text.empty() ? "" : ", ") + std::string(engine_name(kDlaEngines[processor.unit])) +
              " operation " + std::to_string(group.node->operation->index) + " in group " +
              std::to_string(group.id) +
              (group.active ? " is enabled"
                            : " waits for " + std::to_string(group.node->dependencies) + " more events");
    }
  }
  return std::to_string(done_) + " of " + std::to_string(task_->operations) + " operations are done, " +
         (text.empty() ? "none is programmed" : text);
}

}  // namespace nvdla::host
