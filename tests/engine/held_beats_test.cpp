// SPDX-License-Identifier: Apache-2.0
// Proves that beats wait on the bus while CDMA does not take the one in front (RREADY is low), whoever they
// are for: recorded cases with other units beside such a convolution are in tests/rtl_cases/seen
// (mixed_s5001_*).
#include <gtest/gtest.h>

#include <vector>

#include "tests/engine/interface_bench.h"

namespace nvdla::engine {
namespace {

using interface_test::Bench;

// CDMA that takes a beat `slower` cycles after it has come.
struct SlowOwner : interface_test::Owner {
  void on_read(const ReadReturn& data) override {
    Owner::on_read(data);
    free = data.last_beat + 1 + slower;
  }
  [[nodiscard]] Cycle bus_free(std::int32_t /*left*/) const override { return free; }
  Cycle slower = 0, free = 0;
};

struct HeldBench : Bench {
  explicit HeldBench(Cycle slower) {
    cdma.slower = slower;
    memory.connect(Client::kCdmaDat, cdma, 0);
    memory.read(Client::kCdmaDat, {}, 0x1000, 64, 1, 0);
    memory.read(Client::kPdp, {}, 0x2000, 128, 2, 5);
    memory.read(Client::kCdmaDat, {}, 0x3000, 64, 3, 10);
    scheduler.advance(20);
  }
  // Memory answers in the order of the bus, a beat a cycle from 50 on.
  void answer() {
    Cycle at = 49;
    for (const Burst& burst : port.bursts) {
      at += burst.beats;
      scheduler.advance(at);
      memory.complete(burst.id, at);
    }
    scheduler.advance(200);
  }
  SlowOwner cdma;
};

TEST(HeldBeats, NobodyWaitsWhereEveryBeatIsTakenAtOnce) {
  HeldBench b(0);
  ASSERT_EQ(b.port.bursts.size(), 3U);
  b.answer();
  ASSERT_EQ(b.cdma.reads.size(), 2U);
  ASSERT_EQ(b.owner.reads.size(), 1U);
  EXPECT_EQ(b.cdma.reads[0].last_beat, 50);
  EXPECT_EQ(b.owner.reads[0].last_beat, 52);
  EXPECT_EQ(b.cdma.reads[1].last_beat, 53);
}

TEST(HeldBeats, TheBeatsBehindOneThatIsNotTakenWait) {
  HeldBench quick(0), slow(7);
  quick.answer();
  slow.answer();
  ASSERT_EQ(slow.cdma.reads.size(), 2U);
  ASSERT_EQ(slow.owner.reads.size(), 1U);
  EXPECT_EQ(slow.owner.reads[0].first_beat, quick.owner.reads[0].first_beat + 7);
  EXPECT_EQ(slow.owner.reads[0].last_beat, quick.owner.reads[0].last_beat + 7);
  // So do CDMA's own: what passes between them is not hidden by what its buffer would still have taken.
  EXPECT_EQ(slow.cdma.reads[1].first_beat, quick.cdma.reads[1].first_beat + 7);
  EXPECT_EQ(slow.cdma.reads[1].last_beat, quick.cdma.reads[1].last_beat + 7);
}

TEST(HeldBeats, AGapOnTheBusTakesTheWaitIn) {
  HeldBench b(7);
  Cycle at = 50;
  for (const Burst& burst : b.port.bursts) {
    b.scheduler.advance(at);
    b.memory.complete(burst.id, at);
    at += 20;
  }
  b.scheduler.advance(300);
  for (const ReadReturn& data : b.cdma.reads) EXPECT_EQ((data.last_beat - 50) % 20, 0);
  ASSERT_EQ(b.owner.reads.size(), 1U);
  EXPECT_EQ((b.owner.reads[0].last_beat - 50) % 20, 0);
}

// The counter of open reads has them as long: of the limit's four beats, the two of PDP pass seven cycles
// later, and so does what waits for their places.
TEST(HeldBeats, TheyAreOpenAsLongAsTheyWait) {
  HeldBench quick(0), slow(7);
  for (HeldBench* b : {&quick, &slow}) {
    b->memory.set_outstanding_limits(4, 4);
    b->memory.read(Client::kPdp, {}, 0x4000, 128, 4, 21);
    b->answer();
    ASSERT_EQ(b->port.bursts.size(), 5U);
  }
  EXPECT_EQ(slow.port.bursts[4].issued, quick.port.bursts[4].issued + 7);
}

TEST(HeldBeats, AResetForgetsThem) {
  HeldBench b(1000);
  b.scheduler.advance(50);
  b.memory.complete(b.port.bursts[0].id, 50);
  b.memory.reset();
  b.port.bursts.clear();
  b.memory.read(Client::kPdp, {}, 0x2000, 64, 2, 60);
  b.scheduler.advance(100);
  ASSERT_EQ(b.port.bursts.size(), 1U);
  b.memory.complete(b.port.bursts[0].id, 100);
  ASSERT_EQ(b.owner.reads.size(), 1U);
  EXPECT_EQ(b.owner.reads[0].last_beat, 100);
}

}  // namespace
}  // namespace nvdla::engine
