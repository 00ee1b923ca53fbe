// SPDX-License-Identifier: Apache-2.0
// Everything a listener hears, as lines that two runs can be compared by.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/events.h"

namespace nvdla::test {

// Everything a listener hears, in order; the millions of bursts as a number that depends on all before it.
class EventLog : public engine::Listener {
 public:
  void on_enabled(OperationId id, std::uint32_t group, Cycle at) override { note("enabled", id, group, at); }
  void on_started(OperationId id, std::uint32_t group, Cycle at) override { note("started", id, group, at); }
  void on_done(const engine::OperationRecord& record) override {
    note("done", record.id, record.group, record.done);
    rows_.push_back("  " + std::to_string(record.enable) + " " + std::to_string(record.start) + " " +
                    std::string(resource_name(record.bound_by)) + " " + std::to_string(record.dbb.total()) +
                    " " + std::to_string(record.cvsram.total()));
  }
  void on_stalled(OperationId id, Resource resource, Cycle from, Cycle to) override {
    for (const std::uint64_t field : {std::uint64_t{id.sequence}, static_cast<std::uint64_t>(resource),
                                      static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(to)}) {
      bursts_ = (bursts_ ^ field) * 0x100000001b3ULL;
    }
  }
  void on_burst(const engine::Burst& burst) override {
    for (const std::uint64_t field : {static_cast<std::uint64_t>(burst.space), std::uint64_t{burst.write},
                                      static_cast<std::uint64_t>(burst.client), burst.address,
                                      std::uint64_t{burst.beats}, static_cast<std::uint64_t>(burst.issued)}) {
      bursts_ = (bursts_ ^ field) * 0x100000001b3ULL;
    }
  }
  void on_interrupt(std::uint32_t status, Cycle at) override {
    rows_.push_back("interrupt " + std::to_string(status) + " @" + std::to_string(at));
  }
  void on_warning(const std::string& text, Cycle at) override {
    rows_.push_back(text + " @" + std::to_string(at));
  }

  [[nodiscard]] const std::vector<std::string>& rows() const { return rows_; }

 private:
  void note(const char* what, OperationId id, std::uint32_t group, Cycle at) {
    rows_.push_back("after bursts " + std::to_string(bursts_) + ": " + what + " " +
                    std::string(engine_name(id.engine)) + " " + std::to_string(id.sequence) + " " +
                    std::to_string(group) + " @" + std::to_string(at));
  }
  std::vector<std::string> rows_;
  std::uint64_t bursts_ = 0xcbf29ce484222325ULL;
};

}  // namespace nvdla::test
