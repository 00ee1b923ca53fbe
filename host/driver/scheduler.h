// SPDX-License-Identifier: Apache-2.0
// Walks the graph of a DLA task as the firmware of nvdla/sw does (kmd/firmware: scheduler.c, engine.c,
// engine_isr.c): each unit has a list of operations and two register groups; an operation is programmed as
// soon as a group is free and enabled when the events that it depends on have come. Events are: an operation
// has been programmed, enabled, completed.
//
// Groups: the unit's own from its consumer pointer (CACC's for the convolution) while both are free, else the
// other one; the group of its reader (SDP_RDMA, PDP_RDMA, CDP_RDMA) likewise from the reader's own pointer.
// The two differ after an operation without reader. Which group is read from hardware at the moment of
// programming, and the order of programming follows the interrupts: with other timing the same network can be
// programmed in another order. CDP writes its reader's producer pointer from its own group.
//
// Limits: one task at a time; no dynamic regions of interest.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "host/driver/operation_listener.h"
#include "host/driver/register_window.h"
#include "host/driver/unit_program.h"

namespace nvdla::host {

class Scheduler {
 public:
  Scheduler(const HardwareParameters& hardware, DeviceAccess& device, OperationListener* listener)
      : hardware_(hardware), device_(device), registers_(hardware.generation, device), listener_(listener) {
    for (std::size_t unit = 0; unit < kDlaUnits; ++unit) {
      processors_[unit].unit = static_cast<std::uint8_t>(unit);
      processors_[unit].groups[1].id = 1;
    }
  }

  // Runs the task to its end. `statistics`: counters are enabled and read at each completion. Throws
  // DriverError; the device is then in an unknown state. `index` only names the task to the listener.
  void run(const DlaTask& task, std::size_t index, const std::vector<DeviceAddress>& addresses,
           bool statistics);

 private:
  struct Node {
    const DlaOperation* operation = nullptr;
    std::uint8_t dependencies = 0;
    std::uint16_t region = 0;
  };
  struct Group {
    std::uint32_t id = 0, rdma = 0;
    bool active = false, pending = false, programming = false, needs_rdma = false;
    std::uint32_t events = 0;
    std::int32_t lut = -1;
    Node* node = nullptr;
  };
  struct Processor {
    std::uint8_t unit = 0;
    std::uint32_t group_status = 0, rdma_status = 0;
    std::uint32_t last_group = 1;  // stays from task to task
    std::uint32_t region = 0;
    Node* tail = nullptr;
    std::array<Group, 2> groups;
  };

  void initiate();
  [[nodiscard]] Node* node(std::int16_t index, std::uint32_t region);
  void submit(Processor& processor, Node& node, std::uint32_t region);
  std::uint32_t prepare(Processor& processor, Node& node);
  [[nodiscard]] bool ready(const Processor& processor, const Group& group) const;
  void program(Processor& processor, Group& group);
  void enable(Processor& processor, Node& node);
  void enable_unit(const Processor& processor, Group& group);
  void wait_for_flush(const Group& group);
  [[nodiscard]] std::vector<OperationCounter> read_counters(const Processor& processor, const Group& group);
  void set_producer(const Processor& processor, const Group& group);
  void dequeue(Processor& processor);
  void notify(Group& group, DlaEvent event);
  void notify(const DlaConsumer& consumer, std::uint32_t region, DlaEvent event);
  void complete(Processor& processor, Group& group);
  void handle_interrupt();
  void process_events();
  [[nodiscard]] bool hardware_runs() const;
  [[nodiscard]] std::string waiting() const;
  [[nodiscard]] OperationEvent describe(const Processor& processor, const Group& group) const;
  [[nodiscard]] ProgramContext context(const Group& group);

  const HardwareParameters& hardware_;
  DeviceAccess& device_;
  RegisterWindow registers_;
  OperationListener* listener_;
  std::array<Processor, kDlaUnits> processors_;

  const DlaTask* task_ = nullptr;
  std::size_t task_index_ = 0;
  const std::vector<DeviceAddress>* addresses_ = nullptr;
  bool statistics_ = false;
  std::vector<Node> nodes_;
  std::uint32_t done_ = 0;
};

}  // namespace nvdla::host
