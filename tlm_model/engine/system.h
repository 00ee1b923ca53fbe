// SPDX-License-Identifier: Apache-2.0
// The accelerator with memories on its ports, advanced together: the event loop of everything that simulates
// without SystemC (host/runner.h, tests).
//
// Order inside one cycle, that of the SystemC component on the platform's memories:
//   1. what the accelerator itself does in this cycle; its requests reach the memories,
//   2. a register access of this cycle, and what follows of it,
//   3. the memories move the beats of this cycle, so that all requests of the cycle compete for them, and
//      answer; the main memory first. What the accelerator does with the answers, it does in this cycle.
// Memories are asked in the cycles that memory::MemoryTiming::next() names and in no others.
//
// Contents: both ports see one address space, as on a chip whose memories lie behind one interconnect. Where
// values are computed (AcceleratorOptions::tensors), writes change it when they are issued and reads take
// from it when they are answered; else nobody touches it. A refused write changes nothing, a refused read
// brings zeros.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "engine/accelerator.h"
#include "engine/simulated_system.h"
#include "memory/description.h"
#include "memory/memory_timing.h"
#include "memory/sparse_store.h"

namespace nvdla::engine {

// The memory of one port: an access that reaches outside its window is refused, after the usual time.
class PortMemory final : public BusPort {
 public:
  // Throws std::invalid_argument for a description out of range. `contents` must outlive this.
  PortMemory(const memory::PortDescription& description, std::uint32_t bus_bytes, bool moves_bytes,
             memory::SparseStore& contents);

  void issue(const Burst& burst) override;
  // Runs come once somebody is there who hands over what is answered, where each burst is still open when the
  // one behind it is granted, and where none is refused.
  [[nodiscard]] Cycle run_latency() const override {
    return settle_ != nullptr && description_.holds_everything() ? description_.latency : 0;
  }
  [[nodiscard]] Cycle write_room(std::uint32_t ahead, Cycle now) override {
    return timing_.write_room(ahead, now);
  }
  [[nodiscard]] std::uint32_t open_reads() const override { return description_.max_outstanding; }
  [[nodiscard]] Cycle read_room(std::uint32_t ahead, Cycle from) override {
    return timing_.read_room(ahead, from);
  }
  [[nodiscard]] Cycle read_return(std::uint32_t ahead, Cycle from) override {
    return timing_.read_return(ahead, from);
  }
  [[nodiscard]] bool spreads_beats() const override { return timing_.spreads_beats(); }
  void end_run() override;
  void tell_all() override;
  void settle(Cycle until) override {
    if (!responding_) settle_(until);
  }
  void on_settle(std::function<void(Cycle)> settle) { settle_ = std::move(settle); }
  bool peek(std::uint64_t address, unsigned char* data, std::size_t length) override;
  bool poke(std::uint64_t address, const unsigned char* data, std::size_t length) override;
  // The bytes that a read brings, until the next call; null where bytes are not moved, and for a write.
  [[nodiscard]] const unsigned char* data_of(std::uint64_t id, bool refused);
  // Of the burst that is being answered.
  [[nodiscard]] const std::vector<BusCompletion::Row>& rows() const { return rows_; }
  [[nodiscard]] std::uint32_t beats() const { return beats_; }
  // When it wants to be asked; kNever: nothing is open.
  [[nodiscard]] Cycle next() const { return wanted_; }
  [[nodiscard]] bool idle() const { return timing_.idle(); }

  // Moves the beats up to `now` and hands over what is complete: answer(completion, refused burst or null).
  // New bursts may be issued meanwhile.
  template <typename Answer>
  void respond(Cycle now, Answer answer) {
    wanted_ = kNever;
    timing_.advance(now);
    responding_ = true;
    memory::MemoryTiming::Completion completion;
    while (timing_.pop(completion)) {
      rows_.clear();
      beats_ = 0;
      add_row(completion);
      if (!completion.write) {  // it may be answered beat by beat
        timing_.pop_beats(completion.id, [&](const memory::MemoryTiming::Completion& row) {
          add_row(row);
          completion.span = row.span;
        });
        completion.at = rows_.back().last();
        completion.held = rows_.back().held;
      }
      std::optional<Burst> refused;
      if (!refused_.empty()) refused = take_refused(completion.id);
      answer(completion, refused ? &*refused : nullptr);
    }
    responding_ = false;
    consider();
  }

 private:
  [[nodiscard]] std::optional<Burst> take_refused(std::uint64_t id);
  void consider();
  void add_row(const memory::MemoryTiming::Completion& row) {
    const Cycle first = row.at - (Cycle{row.beats} - 1);
    beats_ += row.beats;
    if (!rows_.empty() && first == rows_.back().last() + 1 && row.held == rows_.back().held) {
      rows_.back().beats += row.beats;
    } else {
      rows_.push_back({first, row.held, row.beats});
    }
  }

  memory::PortDescription description_;
  std::uint32_t bus_bytes_;
  memory::MemoryTiming timing_;
  std::vector<Burst> refused_;  // open and outside
  const bool moves_bytes_;
  memory::SparseStore& contents_;
  struct Read {
    std::uint64_t id = 0, address = 0;
    std::size_t bytes = 0;   // not yet answered; 0: none is open
    std::size_t answer = 0;  // of one answer
  };
  std::vector<Read> reads_;  // open, by MemoryInterface::slot
  std::vector<unsigned char> data_;
  std::function<void(Cycle)> settle_;
  std::vector<BusCompletion::Row> rows_;
  std::uint32_t beats_ = 0;
  bool told_ = true;  // of every answer; else of the last one of a run
  Cycle wanted_ = kNever;
  bool responding_ = false;
};

class System final : public SimulatedSystem {
 public:
  // Throws std::invalid_argument when hardware or memories are inconsistent. Without `cvsram` that port stays
  // unbound.
  System(const HardwareParameters& hardware, const AcceleratorOptions& options,
         const memory::PortDescription& dbb, const std::optional<memory::PortDescription>& cvsram);
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  [[nodiscard]] Accelerator& accelerator() override { return accelerator_; }
  [[nodiscard]] const Accelerator& accelerator() const { return accelerator_; }
  [[nodiscard]] memory::SparseStore& contents() override { return contents_; }
  [[nodiscard]] const memory::SparseStore& contents() const { return contents_; }
  void on_refused(std::function<void(const Burst&)> listener) override { refused_ = std::move(listener); }

  // The next cycle in which something happens; kNever: nothing is pending.
  [[nodiscard]] Cycle next();
  [[nodiscard]] bool idle() override { return next() == kNever; }
  [[nodiscard]] Cycle quiet_before() override { return next(); }
  // Runs the next cycle in which something happens, as a whole. False, and nothing is done, when that lies
  // behind `until`.
  bool step(Cycle until = kNever);
  bool run_until(const std::function<bool()>& done, Cycle until) override;
  void advance_to_access(Cycle at) override;
  void advance(Cycle at) override;

 private:
  // `outside`: up to then nobody accesses the accelerator.
  void run_cycle(Cycle at, Cycle outside);
  // Hands over what the memory has answered up to `at`.
  void answer(MemorySpace space, PortMemory& memory, Cycle at);

  memory::SparseStore contents_;
  Accelerator accelerator_;
  PortMemory dbb_;
  std::optional<PortMemory> cvsram_;
  std::function<void(const Burst&)> refused_;
};

}  // namespace nvdla::engine
