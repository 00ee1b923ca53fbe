// SPDX-License-Identifier: Apache-2.0
// Operations as the descriptors that compiler and firmware share (host/loadable/dla_task.h), and where their
// tensors, weights and operands lie in memory: each in pages of its own from 0x80000000 on, one behind the
// other. Contents and scales are not known and do not matter for time: operands are absent, factors are one,
// tables are empty.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "host/driver/unit_program.h"
#include "host/loadable/dla_task.h"
#include "mapper/graph.h"
#include "mapper/passes.h"

namespace nvdla::mapper {

struct EmittedTask {
  host::DlaTask task;
  std::vector<const Node*> nodes;  // of task.list
};

struct EmittedNetwork {
  std::vector<host::DeviceAddress> addresses;  // of all tasks
  std::vector<EmittedTask> tasks;              // between layers of the CPU
};

// `order` as schedule() gives it; `path` names the network in messages. Throws analysis::Infeasible.
[[nodiscard]] EmittedNetwork emit(const std::vector<Node*>& order, const Target& target,
                                  const std::string& path);

}  // namespace nvdla::mapper
