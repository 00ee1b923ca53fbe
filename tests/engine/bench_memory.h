// SPDX-License-Identifier: Apache-2.0
// The recordings' memory (memory::MemoryTiming through engine::PortMemory) on a memory interface under test,
// with a log of what it was asked. It is the rule of the model itself: no bench has a memory of its own.
#pragma once

#include <optional>
#include <vector>

#include "engine/memory_interface.h"
#include "engine/scheduler.h"
#include "engine/system.h"

namespace nvdla::engine {

struct MemorySettings {
  constexpr MemorySettings() = default;
  template <typename Number>  // tests have rates of many types
  constexpr MemorySettings(Cycle cycles, Number rate, std::uint32_t open = 256)
      : latency(cycles), bytes_per_cycle(static_cast<double>(rate)), max_outstanding(open) {}

  Cycle latency = 50;
  double bytes_per_cycle = 64;
  std::uint32_t max_outstanding = 256;
};

inline memory::PortDescription description(const MemorySettings& settings) {
  memory::PortDescription result;
  result.latency = static_cast<std::uint32_t>(settings.latency);
  result.bytes_per_cycle = settings.bytes_per_cycle;
  result.max_outstanding = settings.max_outstanding;
  return result;
}

class BenchMemory : public Process, public BusPort {
 public:
  BenchMemory(Scheduler& scheduler, MemoryInterface& interface, std::uint32_t width,
              const MemorySettings& settings)
      : Process(scheduler),
        interface_(interface),
        latency_(settings.latency),
        memory_(description(settings), width, false, contents_) {
    interface.bind(*this);
    interface.reset();
  }

  void issue(const Burst& burst) override {
    bursts.push_back(burst);
    (burst.write ? write_beats : read_beats) += burst.beats;
    if (burst.write && !first_write) first_write = burst.issued;
    memory_.issue(burst);
    wake_for_memory();
  }
  [[nodiscard]] Cycle write_room(std::uint32_t ahead, Cycle now) override {
    return memory_.write_room(ahead, now);
  }
  [[nodiscard]] std::uint32_t open_reads() const override { return memory_.open_reads(); }
  [[nodiscard]] Cycle read_room(std::uint32_t ahead, Cycle from) override {
    return memory_.read_room(ahead, from);
  }
  [[nodiscard]] Cycle read_return(std::uint32_t ahead, Cycle from) override {
    return memory_.read_return(ahead, from);
  }
  [[nodiscard]] bool spreads_beats() const override { return memory_.spreads_beats(); }
  [[nodiscard]] std::vector<Burst> of(Client client) const {
    std::vector<Burst> result;
    for (const Burst& burst : bursts) {
      if (burst.client == client) result.push_back(burst);
    }
    return result;
  }
  // Forgets what was measured.
  void measure_anew() {
    first_read.reset();
    last_read.reset();
    first_write.reset();
    last_write.reset();
  }

  std::vector<Burst> bursts;
  std::uint64_t read_beats = 0, write_beats = 0;  // asked for
  // Cycles of beats. The first write beat is taken to be as many cycles before the last one of its burst as
  // the burst has further beats: the memory tells of whole bursts.
  // Cycles of beats: reads when they return, the first write when it is offered.
  std::optional<Cycle> first_read, last_read, first_write, last_write;

 protected:
  void run(Cycle now) override {
    if (memory_.next() <= now && !settled_) {
      settled_ = true;  // behind what else runs in this cycle: all its requests compete for the cycle's beats
      wake(now);
      return;
    }
    settled_ = false;
    if (memory_.next() <= now) {
      memory_.respond(now, [&](const memory::MemoryTiming::Completion& done, const Burst* /*refused*/) {
        note(done);
        interface_.complete({done.id, now, done.span, done.held});
      });
    }
    wake_for_memory();
  }

 private:
  void note(const memory::MemoryTiming::Completion& done) {
    if (!done.write) {
      if (!first_read) first_read = done.at - done.span;
      last_read = done.at;
      return;
    }
    last_write = done.at - latency_;
  }
  void wake_for_memory() {
    if (memory_.next() != kNever) wake(memory_.next());
  }

  MemoryInterface& interface_;
  Cycle latency_;
  memory::SparseStore contents_;
  PortMemory memory_;
  bool settled_ = false;
};

}  // namespace nvdla::engine
