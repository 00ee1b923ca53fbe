// SPDX-License-Identifier: Apache-2.0
// A memory interface with a port that notes bursts and a client that notes what it is told.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/memory_interface.h"

namespace nvdla::engine::interface_test {

struct Port : BusPort {
  void issue(const Burst& burst) override { bursts.push_back(burst); }
  [[nodiscard]] Cycle write_room(std::uint32_t ahead, Cycle now) override {
    asked_ahead = ahead;
    return says_now ? now : room_at;
  }
  bool says_now = false;
  std::uint32_t asked_ahead = 0;
  Cycle room_at = 0;  // writes are taken from then on
  std::vector<Burst> bursts;
};

struct Owner : MemoryClient {
  void on_read(const ReadReturn& data) override { reads.push_back(data); }
  void on_write_acknowledged(const WriteReturn& write) override {
    acknowledged.push_back({write.tag, write.at});
  }
  void on_room(Client client, Cycle at) override {
    rooms.push_back(at);
    if (refill) refill(client, at);
  }
  std::vector<ReadReturn> reads;
  std::vector<std::pair<std::uint64_t, Cycle>> acknowledged;
  std::vector<Cycle> rooms;
  std::function<void(Client, Cycle)> refill;
};

struct Bench {
  explicit Bench(const std::string& configuration = "nv_full")
      : hardware(preset(configuration)), memory(scheduler, hardware, MemorySpace::kDbb) {
    memory.bind(port);
    for (const Client client : {Client::kSdp, Client::kPdp, Client::kCdmaDat, Client::kCdmaWt})
      memory.connect(client, owner, 0);
    memory.reset();
  }
  [[nodiscard]] std::vector<Cycle> issued() const {
    std::vector<Cycle> result;
    for (const Burst& burst : port.bursts) result.push_back(burst.issued);
    return result;
  }
  // Each client as a letter, in the order of grants.
  [[nodiscard]] std::string order() const {
    std::string result;
    for (const Burst& burst : port.bursts)
      result += burst.client == Client::kSdp       ? 's'
                : burst.client == Client::kPdp     ? 'p'
                : burst.client == Client::kCdmaDat ? 'd'
                                                   : 'w';
    return result;
  }
  // The client asks for four beats, again and again.
  void saturate(Client client) {
    const auto ask = [this](Client who, Cycle at) {
      while (memory.read_ready(who)) memory.read(who, {}, 0x1000, 256, 0, at);
    };
    owner.refill = ask;
    ask(client, scheduler.now());
  }

  HardwareParameters hardware;
  Scheduler scheduler;
  MemoryInterface memory;
  Port port;
  Owner owner;
};

}  // namespace nvdla::engine::interface_test
