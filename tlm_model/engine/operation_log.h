// SPDX-License-Identifier: Apache-2.0
// The operations of all engines from OP_ENABLE to interrupt: who they are, which layer they belong to, what
// they move and where their time goes. Tells listeners; knows nothing of timing.
//
// Time: every operation has a mark up to which its cycles are accounted for. account() gives the cycles from
// there to `until` to a resource and moves the mark, so that the parts add up to the whole by construction.
// What an operation did while the one before it still ran (prefetch) is told to listeners, but does not count
// for its record.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "amaix/estimate.h"
#include "engine/events.h"
#include "memory/ring_buffer.h"
#include "operation/layer_book.h"

namespace nvdla::engine {

class OperationLog {
 public:
  OperationLog();

  // `bursts`: it wants on_burst() and on_stalled(), which are called far more often than others.
  void add_listener(Listener& listener, bool bursts = true) {
    listeners_.push_back(&listener);
    if (bursts) burst_listeners_.push_back(&listener);
  }

  // The engine's operation with this number since the last reset.
  [[nodiscard]] OperationId id(Engine engine, std::uint32_t activation) const {
    return {engine, queue(engine).since_reset + activation};
  }

  void enabled(OperationId id, std::uint32_t group, Links links, Cycle at);
  void started(OperationId id, Cycle at);
  void account(OperationId id, Resource resource, Cycle until);
  // The same of phases that follow each other from `begin` on and take `stretch` times their cycles, each to
  // the nearest cycle; nothing counts beyond `most`.
  void account(OperationId id, Cycle begin, const std::vector<amaix::Phase>& phases, double stretch,
               Cycle most);
  // max(OP_ENABLE, end of the engine's operation before), as far as that is known.
  [[nodiscard]] Cycle begin(OperationId id) const;
  // The mark of account().
  [[nodiscard]] Cycle covered(OperationId id) const;
  // Completes the account up to `at` with `rest` and ends the operation.
  void done(OperationId id, Resource rest, Cycle at);
  void burst(const Burst& burst, std::uint32_t bus_bytes);
  // Bytes of an operation that is not executed burst by burst (levels roofline and refined).
  void traffic(OperationId id, const Traffic& dbb, const Traffic& cvsram);

  void output(OperationId id, const OutputTensor& output);
  // A source has raised its bit, which may have been set before; the status with it.
  void interrupt(std::uint32_t raised, std::uint32_t status, Cycle at);
  // Each text is told once.
  void warn(const std::string& text, Cycle at);
  void fault(const std::string& text, Cycle at);

  // One line for each operation that is enabled and not done.
  [[nodiscard]] std::vector<std::string> unfinished() const;
  // Forgets what is not done; numbers go on.
  void reset();

 private:
  struct Part {
    Resource resource = Resource::kProgramming;
    Cycle from = 0, until = 0;
  };
  struct Active {
    OperationRecord record;
    bool enabled = false, booked = false, done = false;
    Cycle covered = 0;
    Resource pending = Resource::kProgramming;  // of the cycles from pending_from to covered
    Cycle pending_from = 0;
    bool early = false;            // the engine still has an older operation
    std::vector<Part> told_early;  // while it had
  };
  struct Queue {
    memory::RingBuffer<Active> active;  // from the oldest that is not done
    std::uint32_t first = 0;            // sequence of its front
    std::uint32_t since_reset = 0;      // sequence of the first after the last reset
    std::uint32_t booked = 0;           // sequence of the next that the layer book gets
    Cycle last_done = 0;
  };
  [[nodiscard]] const Queue& queue(Engine engine) const { return queues_[static_cast<std::size_t>(engine)]; }
  [[nodiscard]] Queue& queue(Engine engine) { return queues_[static_cast<std::size_t>(engine)]; }
  [[nodiscard]] Active* find(OperationId id) {
    Queue& q = queue(id.engine);
    const std::size_t at = id.sequence - q.first;  // wraps for one that is done
    return at < q.active.size() && q.active[at].enabled ? &q.active[at] : nullptr;
  }
  [[nodiscard]] const Active* find(OperationId id) const { return const_cast<OperationLog*>(this)->find(id); }
  void account(Active& active, Resource resource, Cycle until) {
    if (until <= active.covered) return;
    if (resource != active.pending) {
      flush(active);
      active.pending = resource;
    }
    active.covered = until;
  }
  void flush(Active& active) {
    if (active.pending_from == active.covered) return;
    tell(active, active.pending, active.pending_from, active.covered);
    active.pending_from = active.covered;
  }
  void tell(Active& active, Resource resource, Cycle from, Cycle until) {
    active.record.time[static_cast<std::size_t>(resource)] += until - from;
    if (active.early) {
      if (active.told_early.empty()) active.told_early.reserve(8);  // most are not told more
      active.told_early.push_back({resource, from, until});
    }
    for (Listener* listener : burst_listeners_) listener->on_stalled(active.record.id, resource, from, until);
  }
  void begin_after(Active& active, Cycle at);

  std::array<Queue, kEngines> queues_;
  LayerBook book_;
  std::vector<Listener*> listeners_, burst_listeners_;
  std::vector<std::string> told_;
};

}  // namespace nvdla::engine
