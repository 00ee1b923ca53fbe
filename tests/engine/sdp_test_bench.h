// SPDX-License-Identifier: Apache-2.0
// A bench around SdpEngine alone: a memory with the meaning of the recordings' memory (latency, a bandwidth
// bucket that reads and writes share, in-order data), a stand-in for CACC and a log of what the owner is
// told. Cycles are those of the recordings: SDP_RDMA and SDP start when the recording says they did.
#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/memory_interface.h"
#include "engine/scheduler.h"
#include "engine/units/sdp/sdp_engine.h"
#include "tests/amaix/sdp_test_operations.h"

namespace nvdla::engine::sdp_test {

struct MemorySettings {
  Cycle latency = 50;
  double bytes_per_cycle = 64;
};

// One beat a cycle each way at most; stepped every cycle while it has work, which is good enough for tests.
class TestMemory : public Process, public BusPort {
 public:
  TestMemory(Scheduler& scheduler, std::uint32_t width, const MemorySettings& settings)
      : Process(scheduler), width_(width), settings_(settings) {}
  void attach(MemoryInterface& interface) { interface_ = &interface; }

  void issue(const Burst& burst) override {
    bursts.push_back(burst);
    auto& queue = burst.write ? writes_ : reads_;
    for (std::uint32_t i = 0; i < burst.beats; ++i)
      queue.push_back({burst.issued + i + (burst.write ? 0 : settings_.latency), burst.id,
                       i + 1 == burst.beats, burst.client});
    wake(now());
  }

  std::vector<Burst> bursts;
  std::optional<Cycle> first_write, last_write, first_read, last_read;

 protected:
  void run(Cycle now) override {
    const double cap = 2.0 * width_ + settings_.bytes_per_cycle;
    tokens_ = std::min(cap, tokens_ + settings_.bytes_per_cycle * static_cast<double>(now - last_));
    last_ = now;
    // Acknowledges and data first: they belong to beats of earlier cycles or of this one.
    bool read = !reads_.empty() && reads_.front().ready <= now;
    bool write = !writes_.empty() && writes_.front().ready <= now;
    if (read && write && tokens_ < 2.0 * width_) {
      (read_turn_ ? write : read) = false;
      if (tokens_ >= width_) read_turn_ = !read_turn_;
    }
    if (read && tokens_ >= width_) {
      tokens_ -= width_;
      const Beat beat = take(reads_, first_read, last_read, now);
      if (beat.last) done_.push_back({now, beat.id});
    }
    if (write && tokens_ >= width_) {
      tokens_ -= width_;
      const Beat beat = take(writes_, first_write, last_write, now);
      if (beat.last) done_.push_back({now + settings_.latency, beat.id});
    }
    for (std::size_t i = 0; i < done_.size();) {
      if (done_[i].at <= now) {
        const Done done = done_[i];
        done_.erase(done_.begin() + static_cast<std::ptrdiff_t>(i));
        interface_->complete(done.id, done.at);
      } else {
        ++i;
      }
    }
    if (!reads_.empty() || !writes_.empty() || !done_.empty()) wake(now + 1);
  }

 private:
  struct Beat {
    Cycle ready;
    std::uint64_t id;
    bool last;
    Client client;
  };
  struct Done {
    Cycle at;
    std::uint64_t id;
  };
  static Beat take(std::deque<Beat>& queue, std::optional<Cycle>& first, std::optional<Cycle>& last,
                   Cycle now) {
    const Beat beat = queue.front();
    queue.pop_front();
    if (!first) first = now;
    last = now;
    return beat;
  }
  std::uint32_t width_;
  MemorySettings settings_;
  MemoryInterface* interface_ = nullptr;
  std::deque<Beat> reads_, writes_;
  std::vector<Done> done_;
  double tokens_ = 0;
  Cycle last_ = 0;
  bool read_turn_ = true;
};

class Bench : public SdpOwner, public DeliverySource {
 public:
  Bench(const HardwareParameters& parameters, const MemorySettings& settings)
      : hardware(parameters),
        interface(scheduler, hardware, MemorySpace::kDbb),
        memory(scheduler, hardware.dbb_width_bytes, settings),
        engine(scheduler, hardware, interface, nullptr, *this) {
    interface.bind(memory);
    interface.reset();
    memory.attach(interface);
    engine.connect_source(*this);
  }

  void on_sdp_fetch_done(Cycle at) override { fetch_done.push_back(at); }
  void on_sdp_released(Cycle at) override { released.push_back(at); }
  void on_sdp_done(const SdpCompletion& completion) override { completions.push_back(completion); }
  void on_sdp_warning(const std::string& text, Cycle) override { warnings.push_back(text); }
  void on_taken(std::uint32_t transfers, Cycle at) override {
    taken += transfers;
    last_taken = at;
  }

  const HardwareParameters hardware;
  Scheduler scheduler;
  MemoryInterface interface;
  TestMemory memory;
  SdpEngine engine;
  std::vector<Cycle> fetch_done, released;
  std::vector<SdpCompletion> completions;
  std::vector<std::string> warnings;
  std::uint64_t taken = 0;
  Cycle last_taken = 0;
};

using namespace amaix::sdp_test;  // configurations and operations

}  // namespace nvdla::engine::sdp_test
