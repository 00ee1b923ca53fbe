// SPDX-License-Identifier: Apache-2.0
// Properties of the memory interface for any requests, limits and memory: every byte that is asked for comes
// back once, in the order of requests of its client; limits hold; nothing is left over.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <vector>

#include "engine/memory_interface.h"

namespace nvdla::engine {
namespace {

struct Ask {
  bool write;
  Client client;
  std::uint64_t address;
  std::uint32_t bytes;
  Cycle delay;
};

// A memory that answers every burst after a delay that changes from burst to burst, in any order.
class Memory : public Process, public BusPort {
 public:
  Memory(Scheduler& scheduler, MemoryInterface& interface, std::vector<Cycle> delays)
      : Process(scheduler), interface_(interface), delays_(std::move(delays)) {}
  void issue(const Burst& burst) override {
    const Cycle delay = delays_[count_++ % delays_.size()];
    const Cycle at = burst.issued + burst.beats - 1 + delay;
    bursts.push_back(burst);
    open_.push_back({at, burst});
    auto& beats = burst.write ? open_writes : open_reads;
    beats += burst.beats;
    most_open = std::max(most_open, beats);
    wake(at);
  }
  std::vector<Burst> bursts;
  std::uint32_t open_reads = 0, open_writes = 0, most_open = 0;

 protected:
  void run(Cycle now) override {
    for (std::size_t i = 0; i < open_.size();) {
      if (open_[i].at > now) {
        wake(open_[i++].at);
        continue;
      }
      const Burst burst = open_[i].burst;
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
      (burst.write ? open_writes : open_reads) -= burst.beats;
      interface_.complete(burst.id, now);
    }
  }

 private:
  struct Open {
    Cycle at;
    Burst burst;
  };
  MemoryInterface& interface_;
  std::vector<Cycle> delays_;
  std::size_t count_ = 0;
  std::vector<Open> open_;
};

// Feeds one list of requests in order, as fast as the queues take them, and drains its FIFO late.
class Driver : public Process, public MemoryClient {
 public:
  Driver(Scheduler& scheduler, MemoryInterface& interface, std::vector<Ask> asks)
      : Process(scheduler), interface_(interface), asks_(std::move(asks)) {}
  void on_read(const ReadReturn& data) override {
    reads.push_back(data);
    fifo_.push_back({now() + 3, data});
    wake(now() + 3);
  }
  void on_write_acknowledged(const WriteReturn& write) override { acknowledged.push_back(write.tag); }
  void on_room(Client, Cycle at) override { wake(at); }
  std::vector<ReadReturn> reads;
  std::vector<std::uint64_t> acknowledged;
  [[nodiscard]] bool all_asked() const { return next_ == asks_.size(); }

 protected:
  void run(Cycle now) override {
    while (!fifo_.empty() && fifo_.front().at <= now) {
      interface_.release(fifo_.front().data.client, fifo_.front().data.places);
      fifo_.pop_front();
    }
    if (!fifo_.empty()) wake(fifo_.front().at);
    for (; next_ < asks_.size(); ++next_) {
      const Ask& ask = asks_[next_];
      if (!(ask.write ? interface_.write_ready(ask.client) : interface_.read_ready(ask.client))) return;
      if (ask.write) {
        interface_.write(ask.client, {}, ask.address, ask.bytes, next_, now + ask.delay);
      } else {
        interface_.read(ask.client, {}, ask.address, ask.bytes, next_, now + ask.delay);
      }
    }
  }

 private:
  struct Held {
    Cycle at;
    ReadReturn data;
  };
  MemoryInterface& interface_;
  std::vector<Ask> asks_;
  std::size_t next_ = 0;
  std::deque<Held> fifo_;
};

constexpr std::array<Client, 3> kSome = {Client::kSdp, Client::kPdp, Client::kCdmaWt};

TEST(MemoryInterfaceProperties, BytesAreConservedInOrderUnderEveryLimitAndNothingHangs) {
  EXPECT_TRUE(rc::check([] {
    const auto& all = presets();
    const HardwareParameters& hardware =
        all[*rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::size_t>(0, all.size()))];
    Scheduler scheduler;
    MemoryInterface interface(scheduler, hardware, MemorySpace::kDbb);
    const auto delays =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<Cycle>>(rc::gen::inRange<Cycle>(0, 90)));
    Memory memory(scheduler, interface, delays);
    interface.bind(memory);
    interface.reset();

    // One driver a client: the order of its own requests is what has to be kept.
    std::vector<std::vector<Ask>> asks;
    std::vector<std::unique_ptr<Driver>> drivers;
    for (const Client client : kSome) {
      asks.push_back(*rc::gen::container<std::vector<Ask>>(rc::gen::construct<Ask>(
          rc::gen::arbitrary<bool>(), rc::gen::just(client), rc::gen::inRange<std::uint64_t>(0x1000, 0x3000),
          rc::gen::inRange<std::uint32_t>(1, 1500), rc::gen::inRange<Cycle>(0, 10))));
      drivers.push_back(std::make_unique<Driver>(scheduler, interface, asks.back()));
      interface.connect(client, *drivers.back(), *rc::gen::element(0U, 1U, 4U, 61U));
      interface.set_read_weight(client, *rc::gen::inRange(1U, 5U));
    }
    const std::uint32_t limit = *rc::gen::element(1U, 4U, 7U, 32U, 256U);
    interface.set_outstanding_limits(limit, limit);
    for (auto& driver : drivers) driver->wake(0);
    scheduler.advance(10'000'000);
    RC_ASSERT(scheduler.next() == kNever);
    RC_ASSERT(interface.idle());
    RC_ASSERT(memory.most_open <= std::max(limit, hardware.mcif_chunk_beats));

    const std::uint64_t width = hardware.dbb_width_bytes;
    std::uint64_t bus_bytes = 0;
    for (const Burst& burst : memory.bursts) {
      RC_ASSERT(burst.beats >= 1U && burst.beats <= hardware.mcif_chunk_beats);
      RC_ASSERT(burst.address % width == 0U);
      bus_bytes += burst.beats * width;
    }
    RC_ASSERT(bus_bytes == interface.traffic().total());

    for (std::size_t d = 0; d < drivers.size(); ++d) {
      RC_ASSERT(drivers[d]->all_asked());
      std::size_t at = 0;
      std::vector<std::uint64_t> writes;
      for (std::size_t i = 0; i < asks[d].size(); ++i) {
        const Ask& ask = asks[d][i];
        if (ask.write) {
          writes.push_back(i);
          continue;
        }
        std::uint64_t address = ask.address;
        for (bool last = false; !last; ++at) {
          RC_ASSERT(at < drivers[d]->reads.size());
          const ReadReturn& data = drivers[d]->reads[at];
          RC_ASSERT(data.client == kSome[d]);
          RC_ASSERT(data.tag == i);
          RC_ASSERT(data.address == address);
          address += data.bytes;
          last = data.last_of_request;
        }
        RC_ASSERT(address == ask.address + ask.bytes);
      }
      RC_ASSERT(at == drivers[d]->reads.size());
      std::vector<std::uint64_t> acknowledged = drivers[d]->acknowledged;
      std::sort(acknowledged.begin(), acknowledged.end());
      RC_ASSERT(acknowledged == writes);
    }
  }));
}

// The address channel carries one beat a cycle: bursts of one direction never overlap.
TEST(MemoryInterfaceProperties, OneBeatOfAddressACycle) {
  EXPECT_TRUE(rc::check([] {
    const HardwareParameters& hardware = preset("nv_full");
    Scheduler scheduler;
    MemoryInterface interface(scheduler, hardware, MemorySpace::kDbb);
    Memory memory(scheduler, interface, {50});
    interface.bind(memory);
    interface.reset();
    std::vector<std::unique_ptr<Driver>> drivers;
    for (const Client client : kSome) {
      drivers.push_back(std::make_unique<Driver>(
          scheduler, interface,
          *rc::gen::container<std::vector<Ask>>(rc::gen::construct<Ask>(
              rc::gen::arbitrary<bool>(), rc::gen::just(client),
              rc::gen::inRange<std::uint64_t>(0x1000, 0x3000), rc::gen::inRange<std::uint32_t>(1, 1500),
              rc::gen::inRange<Cycle>(0, 10)))));
      interface.connect(client, *drivers.back(), 0);
      drivers.back()->wake(0);
    }
    scheduler.advance(1'000'000);
    for (const bool write : {false, true}) {
      Cycle free = 0;
      for (const Burst& burst : memory.bursts) {
        if (burst.write != write) continue;
        RC_ASSERT(burst.issued >= free);
        free = burst.issued + burst.beats;
      }
    }
  }));
}

}  // namespace
}  // namespace nvdla::engine
