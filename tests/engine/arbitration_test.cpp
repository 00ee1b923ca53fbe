// SPDX-License-Identifier: Apache-2.0
// Proves how much of their time clients spend waiting for each other: two that want the whole port and share
// it by weight. What one moves, the other waits for; the sum is fixed.
#include <gtest/gtest.h>

#include "engine/fetch_ledger.h"
#include "tests/engine/bench_memory.h"
#include "tests/engine/operation_account.h"

namespace nvdla::engine {
namespace {

constexpr Cycle kBegin = 1'000, kEnd = 9'000;  // the measured part, in the steady state

// A client that always asks for four beats more and takes them at once: what its time goes to.
class Hungry : public MemoryClient {
 public:
  Hungry(MemoryInterface& memory, Client client) : memory_(memory), client_(client) {
    memory.connect(client, *this, 0);
  }
  void ask(Cycle at) {
    while (memory_.read_ready(client_)) memory_.read(client_, account_.id, 0x1000, 256, 0, at);
  }
  void on_read(const ReadReturn& data) override { ledger_.add(data, Resource::kDataFetch); }
  void on_write_acknowledged(const WriteReturn&) override {}
  void on_room(Client, Cycle at) override { ask(at); }
  // Of [from, until).
  Account spent(Cycle from, Cycle until) {
    account_.until(from);
    ledger_.explain(account_.log, account_.id, until, Resource::kDataFetch);
    return account_.until(until);
  }

 private:
  MemoryInterface& memory_;
  Client client_;
  OperationAccount account_;
  FetchLedger ledger_;
};

struct Bench {
  Bench() { first.ask(0); }
  Scheduler scheduler;
  HardwareParameters hardware = preset("nv_full");
  MemoryInterface interface { scheduler, hardware, MemorySpace::kDbb };
  BenchMemory memory{scheduler, interface, hardware.dbb_width_bytes, {50, 64}};
  Hungry first{interface, Client::kSdp}, second{interface, Client::kPdp};
};

TEST(Arbitration, AloneAClientWaitsForNobody) {
  Bench b;
  b.scheduler.advance(kEnd + 100);
  const Account time = b.first.spent(kBegin, kEnd);
  EXPECT_EQ(of(time, Resource::kArbitration), 0);
  EXPECT_EQ(of(time, Resource::kDbbBandwidth), kEnd - kBegin);
}

TEST(Arbitration, TwoEqualClientsEachWaitHalfOfTheTime) {
  Bench b;
  b.second.ask(0);
  b.scheduler.advance(kEnd + 100);
  for (Hungry* client : {&b.first, &b.second}) {
    const Account time = client->spent(kBegin, kEnd);
    EXPECT_NEAR(of(time, Resource::kArbitration), (kEnd - kBegin) / 2, 8);
    EXPECT_NEAR(of(time, Resource::kDbbBandwidth), (kEnd - kBegin) / 2, 8);
  }
}

TEST(Arbitration, WeightsDivideThePort) {
  Bench b;
  b.interface.set_read_weight(Client::kSdp, 3);
  b.second.ask(0);
  b.scheduler.advance(kEnd + 100);
  EXPECT_NEAR(of(b.first.spent(kBegin, kEnd), Resource::kArbitration), (kEnd - kBegin) / 4, 16);
  EXPECT_NEAR(of(b.second.spent(kBegin, kEnd), Resource::kArbitration), (kEnd - kBegin) * 3 / 4, 16);
}

}  // namespace
}  // namespace nvdla::engine
