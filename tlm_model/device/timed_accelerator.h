// SPDX-License-Identifier: Apache-2.0
// The accelerator in simulated time: an event for the next cycle in which something happens inside, register
// accesses and memory's answers at their cycles.
//
// A write that takes effect later than now is kept and applied then, in order. Of those that only store while
// nothing is pending nobody can tell but who looks: they are applied when somebody does, or with the last of
// them, in one event. A memory's answer that comes
// while the accelerator runs, or with an annotated delay, is kept as well; one by DMI moves its bytes when
// its cycle comes. In one cycle: writes that were kept, answers that were kept, then what the accelerator
// does of itself.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <systemc>
#include <vector>

#include "device/clock.h"
#include "engine/accelerator.h"

namespace nvdla::device {

// Who has the ports and the interrupt line.
class AcceleratorOwner {
 public:
  virtual ~AcceleratorOwner() = default;
  // Some memory has not answered yet.
  [[nodiscard]] virtual bool dma_open() const = 0;
  virtual void on_interrupt_line(bool level, Cycle at) = 0;
};

class TimedAccelerator : private engine::Listener {
 public:
  TimedAccelerator(const HardwareParameters& hardware, const engine::AcceleratorOptions& options,
                   const Clock& clock, AcceleratorOwner& owner);

  [[nodiscard]] engine::Accelerator& accelerator() { return accelerator_; }
  [[nodiscard]] const engine::Accelerator& accelerator() const { return accelerator_; }
  [[nodiscard]] Cycle cycle() const { return clock_.cycle_of(sc_core::sc_time_stamp()); }

  // Takes effect in cycle `at`; `entered`: see engine::Accelerator::write. The status of a write that is kept
  // does not say whether hardware will drop it.
  registers::AccessStatus write(std::uint32_t offset, std::uint32_t value, Cycle at, Cycle entered);
  registers::AccessStatus read(std::uint32_t offset, std::uint32_t& value, Cycle at);
  // Without side effects.
  registers::AccessStatus peek(std::uint32_t offset, std::uint32_t& value);
  // Nothing but kept writes can change what a read in cycle `at` brings; those up to `at` are applied. False:
  // events or answers may come before, wait for them.
  bool settle_until(Cycle at);
  // `burst.data`: what a read has brought, read during the call only. `memory`: the chunk moves its bytes
  // there, or from there, itself, in cycle `at`; a write brings them in `burst.data`.
  void complete(const engine::Burst& burst, Cycle at, unsigned char* memory = nullptr);
  // Moves the bytes of all chunks that have not: their memory is taken back.
  void settle_direct();
  // Up to and including cycle `until`, and until the next call, nobody accesses registers: reads may leave
  // ahead of their time, by a few cycles only, since somebody may still (engine/read_run.h).
  void expect_no_access(Cycle until) { no_access_until_ = until; }
  // Nothing inside will change without a further register access.
  [[nodiscard]] bool quiescent();

  // Everything that is due; to be called when event() is notified.
  void run_due();
  [[nodiscard]] const sc_core::sc_event& event() const { return run_event_; }
  // What is to come keeps its cycle and gets a new time.
  void follow_clock();
  void reset();

  // From watch() on until it happens: notified when the interrupt status changes, when a write is applied, at
  // reset, and when nothing is pending any more.
  void watch() { watched_ = true; }
  [[nodiscard]] bool watched() const { return watched_; }
  [[nodiscard]] const sc_core::sc_event& changed() const { return changed_event_; }

 private:
  struct PendingWrite {
    Cycle at;
    Cycle entered;
    std::uint32_t offset;
    std::uint32_t value;
  };
  struct Completion {
    Cycle at;
    std::uint64_t order;
    MemorySpace space;
    std::uint64_t id;
    Cycle span;
    Cycle held;
    std::vector<unsigned char> data;  // of a read, or of a direct write, where values are computed
    unsigned char* memory = nullptr;  // direct: where its bytes are to move
    std::size_t reads = 0;            // direct: bytes of a read, 0 of a write
    bool beat = false;                // of a burst that is answered beat by beat

    void move();  // a read then has its bytes in `data`
    bool operator>(const Completion& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  void on_interrupt(std::uint32_t status, Cycle at) override;
  void run(Cycle now);
  void advance_to(Cycle at);
  // Advances the accelerator alone.
  void advance_inside(Cycle at);
  void answer(MemorySpace space, engine::BusCompletion completion, bool beat);
  // Whether a write that is kept now can wait for others.
  [[nodiscard]] bool silent(const PendingWrite& write);
  void apply_writes(Cycle until);
  void apply_first_write();
  void arm();
  void note_interrupt();
  void note_change();

  const Clock& clock_;
  AcceleratorOwner& owner_;
  engine::Accelerator accelerator_;
  registers::RegisterFile access_rules_;  // a second file, never enabled: tells what may be written
  sc_core::sc_event run_event_, changed_event_;
  Cycle armed_ = kNever;
  bool running_ = false;  // inside the accelerator: completions must queue
  bool watched_ = false;
  bool interrupt_level_ = false;
  bool interrupt_changes_ = false;  // it may have, since the level was looked at
  Cycle no_access_until_ = 0;
  std::deque<PendingWrite> writes_;
  std::size_t silent_ = 0;               // so many of them, from the first on, are applied together
  std::vector<Completion> completions_;  // a heap, the next one first
  std::uint64_t completion_order_ = 0;
};

}  // namespace nvdla::device
