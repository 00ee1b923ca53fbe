// SPDX-License-Identifier: Apache-2.0
// One operation in a log, for tests of parts of an engine: what its time went to.
#pragma once

#include "engine/operation_log.h"

namespace nvdla::engine {

class OperationAccount : public Listener {
 public:
  explicit OperationAccount(OperationId operation = {}) : id(operation) {
    log.add_listener(*this);
    log.enabled(id, 0, {}, 0);
  }
  void on_done(const OperationRecord& record) override { record_ = record; }
  // Ends the operation in cycle `at` and opens a new one; the rest of the time is not accounted for.
  Account until(Cycle at) {
    log.done(id, Resource::kProgramming, at);
    ++id.sequence;
    log.enabled(id, 0, {}, at);
    return record_.time;
  }

  OperationId id;
  OperationLog log;

 private:
  OperationRecord record_;
};

[[nodiscard]] inline Cycle of(const Account& account, Resource resource) {
  return account[static_cast<std::size_t>(resource)];
}

}  // namespace nvdla::engine
