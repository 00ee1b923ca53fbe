// SPDX-License-Identifier: Apache-2.0
// What benches around one engine share: numbers for its operations, and a record of those that are done.
#pragma once

#include <vector>

#include "engine/operation_log.h"

namespace nvdla::engine {

class EngineBench : public Listener {
 public:
  struct Completion {
    Cycle start = 0, interrupt = 0;
    Resource bound_by = Resource::kProgramming;
    Account time{};
  };

  explicit EngineBench(Engine which) : which_(which) { log.add_listener(*this); }

  void on_done(const OperationRecord& record) override {
    completions.push_back({record.start, record.done, record.bound_by, record.time});
  }

  OperationLog log;
  std::vector<Completion> completions;

 protected:
  // The next operation is enabled and starts in cycle `at`.
  OperationId next_operation(Cycle at) {
    const OperationId id{which_, operations_++};
    log.enabled(id, id.sequence % 2, {}, at);
    log.started(id, at);
    return id;
  }
  // The operation that the next activation of the read DMA is for.
  OperationId next_fetch() { return {which_, fetches_++}; }

 private:
  Engine which_;
  std::uint32_t operations_ = 0, fetches_ = 0;
};

}  // namespace nvdla::engine
