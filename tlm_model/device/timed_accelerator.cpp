// SPDX-License-Identifier: Apache-2.0
#include "device/timed_accelerator.h"

#include <algorithm>
#include <string>

#include "registers/register_rules.h"

namespace nvdla::device {

using registers::AccessStatus;
using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;

namespace {

// Cycles that reads may leave ahead of their time.
constexpr Cycle kAhead = 256;

}  // namespace

TimedAccelerator::TimedAccelerator(const HardwareParameters& hardware,
                                   const engine::AcceleratorOptions& options, const Clock& clock,
                                   AcceleratorOwner& owner)
    : clock_(clock), owner_(owner), accelerator_(hardware, options), access_rules_(hardware) {
  accelerator_.add_listener(*this, false);
}

AccessStatus TimedAccelerator::write(std::uint32_t offset, std::uint32_t value, Cycle at, Cycle entered) {
  if (silent_ > 0) apply_writes(cycle());
  if (at > cycle() || !writes_.empty()) {
    // What it would be answered with, before its time has come. Writing zero enables nothing.
    const AccessStatus status = accelerator_.answer(access_rules_.write(offset, 0), true);
    if (status == AccessStatus::kOk || status == AccessStatus::kIgnored) {
      const PendingWrite write{at, entered, offset, value};
      if (silent(write)) ++silent_;
      writes_.push_back(write);
      arm();
    }
    return status;
  }
  const Cycle effective = std::max(at, accelerator_.now());
  advance_to(effective);
  running_ = true;
  const AccessStatus status = accelerator_.write(offset, value, effective, entered);
  running_ = false;
  interrupt_changes_ = true;
  note_change();
  run(effective);
  return status;
}

AccessStatus TimedAccelerator::read(std::uint32_t offset, std::uint32_t& value, Cycle at) {
  apply_writes(at);
  const Cycle effective = std::max(at, accelerator_.now());
  advance_to(effective);
  running_ = true;
  const AccessStatus status = accelerator_.read(offset, value, effective);
  running_ = false;
  run(effective);
  return status;
}

AccessStatus TimedAccelerator::peek(std::uint32_t offset, std::uint32_t& value) {
  if (silent_ > 0) apply_writes(cycle());
  return accelerator_.peek(offset, value);
}

bool TimedAccelerator::silent(const PendingWrite& write) {
  return silent_ == writes_.size() && (writes_.empty() || writes_.back().at <= write.at) &&
         completions_.empty() && accelerator_.next_event() == kNever && !owner_.dma_open() &&
         registers::RegisterRules::of(accelerator_.hardware().generation)
                 .storing(write.offset, write.value) != registers::RegisterMap::kNone;
}

bool TimedAccelerator::settle_until(Cycle at) {
  bool settled = false;
  while (!settled && !owner_.dma_open() && completions_.empty() && accelerator_.next_event() > at) {
    settled = writes_.empty() || writes_.front().at > at;
    if (!settled) apply_first_write();
  }
  arm();
  return settled;
}

void TimedAccelerator::Completion::move() {
  if (memory == nullptr) return;
  if (reads > 0) {
    data.assign(memory, memory + reads);
  } else {
    std::copy(data.begin(), data.end(), memory);
  }
  memory = nullptr;
}

inline void TimedAccelerator::advance_inside(Cycle at) {
  Cycle outside = std::min(no_access_until_, at + kAhead);
  if (!writes_.empty()) outside = std::min(outside, writes_.front().at - 1);
  accelerator_.advance(at, std::max(at, outside));
}

inline void TimedAccelerator::answer(MemorySpace space, engine::BusCompletion completion, bool beat) {
  const engine::BusCompletion::Row only{completion.at, completion.held, 1};
  if (beat) {
    completion.rows = &only;
    completion.row_count = completion.beat_count = 1;
  }
  advance_inside(completion.at);
  accelerator_.complete(space, completion);
}

void TimedAccelerator::complete(const engine::Burst& burst, Cycle at, unsigned char* memory) {
  const Cycle present = running_ || memory != nullptr ? 0 : cycle();
  if (!running_ && memory == nullptr && at <= present) {
    running_ = true;
    answer(burst.space, {burst.id, std::max(at, accelerator_.now()), burst.span, burst.held, burst.data},
           burst.beat_by_beat);
    running_ = false;
    run(present);
    return;
  }
  const std::size_t bytes = std::size_t{burst.beats} * accelerator_.hardware().dbb_width_bytes;
  Completion completion{at, completion_order_++, burst.space, burst.id, burst.span, burst.held, {}, nullptr,
                        0,  burst.beat_by_beat};
  if (memory == nullptr) {
    if (burst.data != nullptr) completion.data.assign(burst.data, burst.data + bytes);
  } else if (burst.write) {
    completion.memory = memory + burst.offset;
    completion.data.assign(burst.data + burst.offset, burst.data + burst.offset + burst.bytes);
  } else {
    completion.memory = memory;
    completion.reads = bytes;
  }
  completions_.push_back(std::move(completion));
  std::push_heap(completions_.begin(), completions_.end(), std::greater<>());
  if (!running_) arm();
}

void TimedAccelerator::settle_direct() {
  for (Completion& completion : completions_) completion.move();
}

bool TimedAccelerator::quiescent() {
  return accelerator_.next_event() == kNever && writes_.empty() && completions_.empty() && !owner_.dma_open();
}

void TimedAccelerator::apply_first_write() {
  const PendingWrite write = writes_.front();
  writes_.pop_front();
  if (silent_ > 0) {
    --silent_;
    const registers::RegisterWrite stored{write.offset, write.value};
    if (accelerator_.store(&stored, 1) == 1) return;  // else a group drops it
  }
  const Cycle at = std::max(write.at, accelerator_.now());
  advance_to(at);
  running_ = true;
  accelerator_.write(write.offset, write.value, at, write.entered);
  running_ = false;
  interrupt_changes_ = true;
  note_change();
  note_interrupt();
}

void TimedAccelerator::apply_writes(Cycle until) {
  while (!writes_.empty() && writes_.front().at <= until) apply_first_write();
}

void TimedAccelerator::run_due() {
  armed_ = kNever;
  run(cycle());
}

// Event by event, so that the interrupt's changes keep their times.
void TimedAccelerator::advance_to(Cycle at) {
  running_ = true;
  for (Cycle next = accelerator_.next_event(); next <= at; next = accelerator_.next_event()) {
    advance_inside(next);
    note_interrupt();
  }
  if (accelerator_.now() < at) advance_inside(at);
  running_ = false;
}

void TimedAccelerator::run(Cycle now) {
  if (writes_.empty() && completions_.empty()) {  // as most answers leave it
    const Cycle next = accelerator_.next_event();
    if (next > now) {
      note_interrupt();
      if (next < armed_ || next == kNever) arm();
      return;
    }
  }
  // A completion can enable work of the same cycle and work can complete at once: until both are done.
  do {
    apply_writes(now);
    running_ = true;
    while (!completions_.empty() && completions_.front().at <= now) {
      std::pop_heap(completions_.begin(), completions_.end(), std::greater<>());
      Completion completion = std::move(completions_.back());
      completions_.pop_back();
      completion.move();
      answer(completion.space,
             {completion.id, std::max(completion.at, accelerator_.now()), completion.span, completion.held,
              completion.data.empty() ? nullptr : completion.data.data()},
             completion.beat);
    }
    running_ = false;
    if (accelerator_.now() <= now) advance_to(now);
  } while (!completions_.empty() && completions_.front().at <= now);
  note_interrupt();
  arm();
}

void TimedAccelerator::arm() {
  Cycle next = accelerator_.next_event();
  if (!writes_.empty()) next = std::min(next, writes_[silent_ > 0 ? silent_ - 1 : 0].at);
  if (!completions_.empty()) next = std::min(next, completions_.front().at);
  if (next == kNever && watched_ && !owner_.dma_open()) note_change();
  if (next == kNever || next >= armed_) return;
  armed_ = next;
  const sc_time at = clock_.time_of(next);
  if (at == end_of_time()) {
    SC_REPORT_ERROR("nvdla", ("cycle " + std::to_string(next) +
                              " lies beyond the end of SystemC's time: take a coarser time resolution")
                                 .c_str());
    return;
  }
  // A later notification that is pending already is replaced by this earlier one.
  const sc_time& present = sc_time_stamp();
  run_event_.notify(at > present ? at - present : SC_ZERO_TIME);
}

void TimedAccelerator::follow_clock() {
  run_event_.cancel();
  armed_ = kNever;
  arm();
}

void TimedAccelerator::reset() {
  writes_.clear();
  silent_ = 0;
  settle_direct();  // writes that have left arrive
  completions_.clear();
  if (accelerator_.now() < cycle()) accelerator_.advance(cycle());
  accelerator_.reset();
  no_access_until_ = 0;
  interrupt_level_ = false;
  interrupt_changes_ = true;
  note_change();
  run(cycle());
}

void TimedAccelerator::on_interrupt(std::uint32_t /*status*/, Cycle /*at*/) {
  interrupt_changes_ = true;
  note_change();
}

void TimedAccelerator::note_change() {
  if (!watched_) return;
  watched_ = false;
  changed_event_.notify(SC_ZERO_TIME);
}

void TimedAccelerator::note_interrupt() {
  if (!interrupt_changes_) return;
  interrupt_changes_ = false;
  if (accelerator_.interrupt() == interrupt_level_) return;
  interrupt_level_ = !interrupt_level_;
  owner_.on_interrupt_line(interrupt_level_, accelerator_.now());
}

}  // namespace nvdla::device
