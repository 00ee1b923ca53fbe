// SPDX-License-Identifier: Apache-2.0
// The accelerator without SystemC on memories that answer at random times, as a RegisterBus: what
// host/system_bus.h is with the recordings' memory.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "engine/accelerator.h"
#include "engine/csb_poll.h"
#include "engine/csb_timing.h"
#include "engine/events.h"
#include "host/register_bus.h"
#include "memory/sparse_store.h"
#include "tests/torture/answer_times.h"

namespace nvdla::torture {

class Memory : public engine::BusPort {
 public:
  Memory(const Latencies& latencies, std::uint32_t bus_bytes, memory::SparseStore& contents)
      : times_(latencies), bus_bytes_(bus_bytes), contents_(contents) {}

  void issue(const engine::Burst& burst) override {
    if (burst.data != nullptr)
      contents_.write(burst.address + burst.offset, burst.data + burst.offset, burst.bytes);
    answers_.emplace(times_.next(burst.issued + burst.beats - 1), burst);
  }
  void forget() { answers_.clear(); }
  bool peek(std::uint64_t address, unsigned char* data, std::size_t length) override {
    contents_.read(address, data, length);
    return true;
  }
  bool poke(std::uint64_t address, const unsigned char* data, std::size_t length) override {
    contents_.write(address, data, length);
    return true;
  }
  [[nodiscard]] Cycle next() const { return answers_.empty() ? kNever : answers_.begin()->first; }
  void respond(engine::Accelerator& accelerator, MemorySpace space, Cycle now) {
    while (next() <= now) {
      const engine::Burst burst = answers_.begin()->second;
      answers_.erase(answers_.begin());
      std::vector<unsigned char> data(burst.write ? 0 : std::size_t{burst.beats} * bus_bytes_);
      if (!burst.write) contents_.read(burst.address, data.data(), data.size());
      accelerator.complete(space, {burst.id, now, 0, 0, burst.write ? nullptr : data.data()});
    }
  }

 private:
  AnswerTimes times_;
  std::uint32_t bus_bytes_;
  memory::SparseStore& contents_;
  std::multimap<Cycle, engine::Burst> answers_;  // by the cycle of the answer
};

class Bus final : public host::RegisterBus, private engine::PollTarget, private engine::Listener {
 public:
  Bus(const HardwareParameters& hardware, const engine::AcceleratorOptions& options,
      const Latencies& latencies, memory::SparseStore& contents)
      : accelerator_(hardware, options),
        dbb_(latencies, hardware.dbb_width_bytes, contents),
        cvsram_(latencies, hardware.dbb_width_bytes, contents),
        timing_(hardware.generation) {
    accelerator_.bind_dbb(dbb_);
    if (hardware.cvsram) accelerator_.bind_cvsram(cvsram_);
    accelerator_.add_listener(*this);
  }

  [[nodiscard]] engine::Accelerator& accelerator() { return accelerator_; }

  registers::AccessStatus write(std::uint32_t offset, std::uint32_t value) override {
    const engine::CsbTiming::Access access = timing_.write(offset, next_);
    next_ = access.finished;
    advance_to_access(access.effective);
    return accelerator_.write(offset, value, access.effective, access.entered);
  }
  registers::AccessStatus read(std::uint32_t offset, std::uint32_t& value) override {
    const engine::CsbTiming::Access access = timing_.read(offset, next_);
    next_ = access.finished;
    return sample(offset, value, access.effective);
  }
  engine::PollOutcome poll(const engine::PollRequest& request) override {
    const engine::PollOutcome outcome =
        engine::poll(timing_, accelerator_.hardware().generation, *this, request, next_);
    next_ = outcome.finished;
    return outcome;
  }
  host::WaitEnd wait_for_interrupt(Cycle limit) override {
    const Cycle until = limit > kNever - 1 - next_ ? kNever - 1 : next_ + limit;
    advance_to_access(next_);
    while (!stopped_ && !accelerator_.interrupt())
      if (!step(until)) return idle() ? host::WaitEnd::kIdle : host::WaitEnd::kLimit;
    next_ = std::max(next_, accelerator_.now());
    return stopped_ ? host::WaitEnd::kStopped : host::WaitEnd::kRaised;
  }
  void stop() override { stopped_ = true; }
  [[nodiscard]] bool idle() override { return next() == kNever; }
  [[nodiscard]] Cycle now() const override { return next_; }
  // No contents: traces that load memory are not for this bus.
  [[nodiscard]] bool load_memory(std::uint64_t, const unsigned char*, std::size_t) override { return false; }
  [[nodiscard]] bool store_memory(std::uint64_t, unsigned char*, std::size_t) override { return false; }
  [[nodiscard]] bool holds(std::uint64_t, std::uint64_t) const override { return false; }

  // Nothing is accessed for so long.
  void pass(Cycle cycles) { next_ += cycles; }
  // As a pulse of the reset pin in the cycle of the next access: answers that are under way are dropped.
  void reset() {
    advance_to_access(next_);
    accelerator_.reset();
    dbb_.forget();
    cvsram_.forget();
    timing_.reset();
  }
  void drain() {
    while (step(kNever - 1)) {
    }
  }

 private:
  [[nodiscard]] Cycle next() { return std::min({accelerator_.next_event(), dbb_.next(), cvsram_.next()}); }
  bool step(Cycle until) {
    const Cycle at = next();
    if (at > until) return false;
    accelerator_.advance(at);
    dbb_.respond(accelerator_, MemorySpace::kDbb, at);
    cvsram_.respond(accelerator_, MemorySpace::kCvsram, at);
    accelerator_.advance(at);
    return true;
  }
  void advance_to_access(Cycle at) {
    while (step(at - 1)) {
    }
    accelerator_.advance(at);
  }
  registers::AccessStatus sample(std::uint32_t offset, std::uint32_t& value, Cycle at) override {
    advance_to_access(at);
    return accelerator_.read(offset, value, at);
  }
  Cycle wait_for_change(Cycle until) override {
    changed_ = false;
    while (!changed_ && !stopped_)
      if (!step(until)) return idle() ? accelerator_.now() : until;
    return accelerator_.now();
  }
  [[nodiscard]] bool stopped() const override { return stopped_; }
  void on_interrupt(std::uint32_t /*status*/, Cycle /*at*/) override { changed_ = true; }

  engine::Accelerator accelerator_;
  Memory dbb_, cvsram_;
  engine::CsbTiming timing_;
  Cycle next_ = 1;
  bool changed_ = false, stopped_ = false;
};

}  // namespace nvdla::torture
