// SPDX-License-Identifier: Apache-2.0
// A bench around one of the streaming engines (PDP, CDP, BDMA, Rubik): memories with the meaning of the
// recordings' memory (latency, a bandwidth bucket shared by reads and writes, data in order) and a log of
// what the owner is told. Cycles are those of the recordings.
#pragma once

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/memory_interface.h"
#include "engine/scheduler.h"
#include "engine/units/stream/stream_engine.h"
#include "hardware/parameters.h"
#include "hardware/types.h"

namespace nvdla::engine::stream_test {

struct MemorySettings {
  Cycle latency = 50;
  double bytes_per_cycle = 64;
};

// Stepped every cycle while a beat or an acknowledge is due.
class TestMemory : public Process, public BusPort {
 public:
  TestMemory(Scheduler& scheduler, std::uint32_t width, const MemorySettings& settings)
      : Process(scheduler), width_(width), settings_(settings) {}
  void attach(MemoryInterface& interface) { interface_ = &interface; }

  void issue(const Burst& burst) override {
    bursts.push_back(burst);
    for (std::uint32_t i = 0; i < burst.beats; ++i)
      (burst.write ? writes_ : reads_)
          .push_back(
              {burst.issued + i + (burst.write ? 0 : settings_.latency), burst.id, i + 1 == burst.beats});
    wake(now());
  }

  std::vector<Burst> bursts;
  std::optional<Cycle> first_write, last_write, last_read;
  std::uint64_t read_beats = 0, write_beats = 0;

 protected:
  void run(Cycle now) override {
    const double cap = 2.0 * width_ + settings_.bytes_per_cycle;
    tokens_ = std::min(cap, tokens_ + settings_.bytes_per_cycle * static_cast<double>(now - last_));
    last_ = now;
    bool read = !reads_.empty() && reads_.front().ready <= now;
    bool write = !writes_.empty() && writes_.front().ready <= now;
    if (read && write && tokens_ < 2.0 * width_) {
      (read_turn_ ? write : read) = false;
      if (tokens_ >= width_) read_turn_ = !read_turn_;
    }
    if (read && tokens_ >= width_) {
      tokens_ -= width_;
      ++read_beats;
      last_read = now;
      if (reads_.front().last) done_.push_back({now, reads_.front().id, true});
      reads_.pop_front();
    }
    if (write && tokens_ >= width_) {
      tokens_ -= width_;
      ++write_beats;
      if (!first_write) first_write = now;
      last_write = now;
      if (writes_.front().last) done_.push_back({now + settings_.latency, writes_.front().id, true});
      writes_.pop_front();
    }
    for (std::size_t i = 0; i < done_.size();) {
      if (done_[i].ready <= now) {
        const Beat done = done_[i];
        done_.erase(done_.begin() + static_cast<std::ptrdiff_t>(i));
        interface_->complete(done.id, done.ready);
      } else {
        ++i;
      }
    }
    Cycle next = kNever;
    for (const auto* queue : {&reads_, &writes_, &done_})
      if (!queue->empty()) next = std::min(next, std::max(now + 1, queue->front().ready));
    for (const Beat& beat : done_) next = std::min(next, std::max(now + 1, beat.ready));
    if (next != kNever) wake(next);
  }

 private:
  struct Beat {
    Cycle ready;
    std::uint64_t id;
    bool last;
  };
  std::uint32_t width_;
  MemorySettings settings_;
  MemoryInterface* interface_ = nullptr;
  std::deque<Beat> reads_, writes_, done_;
  double tokens_ = 0;
  Cycle last_ = 0;
  bool read_turn_ = true;
};

template <class Engine>
class Bench : public StreamOwner, public DeliverySource {
 public:
  Bench(const HardwareParameters& parameters, const MemorySettings& settings)
      : hardware(parameters),
        dbb(scheduler, hardware, MemorySpace::kDbb),
        cvsram(scheduler, hardware, MemorySpace::kCvsram),
        memory(scheduler, hardware.dbb_width_bytes, settings),
        sram(scheduler, hardware.dbb_width_bytes, settings),
        engine(scheduler, hardware, dbb, hardware.cvsram ? &cvsram : nullptr, *this) {
    dbb.bind(memory);
    cvsram.bind(sram);
    dbb.reset();
    cvsram.reset();
    memory.attach(dbb);
    sram.attach(cvsram);
  }

  void on_stream_fetch_done(Client, Cycle at) override { fetch_done.push_back(at); }
  void on_stream_released(Client, Cycle at) override { released.push_back(at); }
  void on_stream_done(Client, const StreamCompletion& completion) override {
    completions.push_back(completion);
  }
  void on_stream_warning(Client, const std::string& text, Cycle) override { warnings.push_back(text); }
  void on_taken(std::uint32_t transfers, Cycle at) override {
    taken += transfers;
    last_taken = at;
  }

  const HardwareParameters hardware;
  Scheduler scheduler;
  MemoryInterface dbb, cvsram;
  TestMemory memory, sram;
  Engine engine;
  std::vector<Cycle> fetch_done, released;
  std::vector<StreamCompletion> completions;
  std::vector<std::string> warnings;
  std::uint64_t taken = 0;
  Cycle last_taken = 0;
};

// |modelled - recorded| latency within 1 %, or 25 cycles for short operations.
inline bool close(Cycle modelled, Cycle recorded, Cycle start) {
  const double tolerance = std::max(25.0, 0.01 * static_cast<double>(recorded - start));
  return std::abs(static_cast<double>(modelled - recorded)) <= tolerance;
}

}  // namespace nvdla::engine::stream_test
