// SPDX-License-Identifier: Apache-2.0
// Runs: the chunks of a lone read stream, granted in one go.
//
// Weights are most of a network's traffic, and most of the time nothing happens but their stream: the bus is
// free, a chunk is granted, memory answers, CDMA counts. Granted one by one, every chunk costs several
// events. A run grants as many as nobody can tell from chunks granted one by one, each with the cycle in
// which its turn comes, and memory is asked again when the last of them is answered. Conditions:
//   - up to the grant of the last chunk no process wants to run and nothing comes from outside (last());
//   - up to then no answer can come, on any port, that does more than be counted. The client says of which
//     reads that is true (MemoryInterface::read, counted_below);
//   - the port's other direction has no request. Requests of other clients take part in the arbitration of
//     each chunk as ever, and end the run when they win it: only their latency FIFOs keep them out;
//   - outstanding limit and latency FIFO have room for all, as if nothing came back meanwhile;
//   - the port takes requests ahead of time (BusPort::run_latency): engine::System's memories do, and the
//     component's where the target says so; that one answers each chunk in its time.
// Chunks of one beat (scalable generation without bursts) that follow each other, within a request or in the
// requests behind it, go to the port as one burst that is answered beat by beat (Burst::beat_by_beat).
// Listeners hear of each chunk.
// Who acts on a time that answers may not have reached yet takes them first (MemoryInterface::settle). When
// the outstanding limit holds the next chunk back, every answer counts again (BusPort::tell_all).
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/scheduler.h"

namespace nvdla::engine {

class QuietWindow {
 public:
  explicit QuietWindow(Scheduler& scheduler) : scheduler_(scheduler) {}
  // The last cycle in which a chunk may be granted ahead of time.
  [[nodiscard]] Cycle last() const {
    const Cycle last = std::min(scheduler_.next() - 1, outside_);
    return effects_ == 0 ? last : std::min(last, earliest_);
  }
  // Nobody accesses the accelerator up to and including this cycle.
  void set_outside(Cycle until) { outside_ = until; }
  // An access is under way whose answer does more than be counted; it comes in cycle `answer` at the
  // earliest, behind what is granted in it.
  void begin_effect(Cycle answer) { earliest_ = effects_++ == 0 ? answer : std::min(earliest_, answer); }
  void end_effect() { --effects_; }

 private:
  Scheduler& scheduler_;
  Cycle outside_ = 0;
  std::uint32_t effects_ = 0;
  Cycle earliest_ = 0;
};

}  // namespace nvdla::engine
