// SPDX-License-Identifier: Apache-2.0
// Units that share a port, walked together: turns of the arbiters and the queue in front of memory against
// times worked out by hand; PDP and CDP alone against their own walk, a convolution alone against its
// estimate.
#include "amaix/shared_walk.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

#include "amaix/shared_convolution.h"
#include "amaix/shared_stream.h"
#include "amaix/stream_walk.h"
#include "hardware/paths/csb.h"

namespace nvdla::amaix {
namespace {

// Asks for chunks of so many beats as fast as it may, so many open at most; marks are their returns.
class Reader : public SharedUnit {
 public:
  Reader(Client client, std::uint32_t chunks, std::uint32_t beats, std::uint32_t open)
      : clients_({client}), marks_(chunks, kNever), beats_(beats), open_(open) {}

  [[nodiscard]] const std::vector<Client>& readers() const override { return clients_; }
  [[nodiscard]] Client writer() const override { return clients_.front(); }
  [[nodiscard]] bool whole() const override { return true; }
  void restart(Cycle begin, const SharedUnit* /*before*/) override { next_ = begin; }
  [[nodiscard]] Cycle asks(std::size_t /*reader*/) override {
    return asked_ == marks_.size() || asked_ - come_ >= open_ ? kNever : next_;
  }
  [[nodiscard]] std::uint32_t beats(std::size_t /*reader*/) const override { return beats_; }
  void granted(std::size_t /*reader*/, Cycle at) override {
    ++asked_;
    granted_.push_back(at);
  }
  void came(std::size_t /*reader*/, Cycle first, Cycle last, std::uint32_t beats) override {
    EXPECT_EQ(beats, beats_);
    EXPECT_LE(first + beats - 1, last);
    marks_[come_++] = last;
    next_ = last + 1;
  }
  [[nodiscard]] Cycle writes() const override { return output_.empty() ? kNever : output_.front(); }
  [[nodiscard]] std::uint32_t write_beats() const override { return beats_; }
  void write_granted(Cycle at) override {
    output_.pop_front();
    written_.push_back(at);
  }
  void acknowledged(Cycle at) override { acknowledged_ = at; }
  [[nodiscard]] Cycle due() const override { return kNever; }
  void run(Cycle /*now*/) override {}
  [[nodiscard]] const std::vector<Cycle>& marks() const override { return marks_; }

  std::deque<Cycle> output_;
  std::vector<Cycle> granted_, written_;
  Cycle acknowledged_ = 0;

 private:
  const std::vector<Client> clients_;
  std::vector<Cycle> marks_;
  const std::uint32_t beats_, open_;
  std::size_t asked_ = 0, come_ = 0;
  Cycle next_ = 0;
};

// Takes its chunks `slower` cycles apart.
class SlowReader : public Reader {
 public:
  SlowReader(std::uint32_t chunks, Cycle slower)
      : Reader(Client::kCdmaDat, chunks, 4, chunks), slower_(slower) {}
  void came(std::size_t reader, Cycle first, Cycle last, std::uint32_t beats) override {
    Reader::came(reader, first, last, beats);
    free_ = last + 1 + slower_;
  }
  [[nodiscard]] Cycle bus_free() const override { return free_; }

 private:
  Cycle slower_, free_ = 0;
};

constexpr memory::MemoryDescription kMemory{50, 8, 256};

// A chunk of four beats is one burst: an address a cycle, by turns, though memory returns a beat a cycle.
TEST(SharedWalk, ReadersTakeTurnsAndMemoryAnswersInOrder) {
  const HardwareParameters& hardware = preset("nv_small_256_full");
  Reader pdp(Client::kPdp, 8, 4, 8), cdp(Client::kCdp, 8, 4, 8);
  walk_together({&pdp, &cdp}, kMemory, hardware);
  EXPECT_EQ(pdp.granted_, (std::vector<Cycle>{0, 2, 4, 6, 8, 10, 12, 14}));
  EXPECT_EQ(cdp.granted_, (std::vector<Cycle>{1, 3, 5, 7, 9, 11, 13, 15}));
  EXPECT_EQ(pdp.marks().back(), 50 + 15 * 4 - 1);
  EXPECT_EQ(cdp.marks().back(), 50 + 16 * 4 - 1);
}

// Who may have one chunk open waits for all that the other has asked for before it.
TEST(SharedWalk, AShortFifoWaitsForWhatStandsInFront) {
  const HardwareParameters& hardware = preset("nv_small_256_full");
  Reader alone(Client::kPdp, 3, 4, 1);
  walk_together({&alone}, kMemory, hardware);
  EXPECT_EQ(alone.marks().back(), 3 * (50 + 4) - 1);
  Reader pdp(Client::kPdp, 3, 4, 1), data(Client::kCdmaDat, 300, 4, 300);
  walk_together({&pdp, &data}, kMemory, hardware);
  // MCIF has 64 chunks open: each of PDP's comes behind 63 of the other's.
  EXPECT_NEAR(static_cast<double>(pdp.marks()[2] - pdp.marks()[1]), 64 * 4, 8);
}

// Beats that CDMA does not take in time stand on the bus, and those of others behind them.
TEST(SharedWalk, WhatStandsBehindCdmasDataWaits) {
  const HardwareParameters& hardware = preset("nv_small_256_full");
  SlowReader quick(4, 0), slow(4, 6);
  Reader before(Client::kPdp, 4, 4, 4), behind(Client::kPdp, 4, 4, 4);
  walk_together({&quick, &before}, kMemory, hardware);
  walk_together({&slow, &behind}, kMemory, hardware);
  for (Cycle chunk = 0; chunk < 4; ++chunk) {
    const auto i = static_cast<std::size_t>(chunk);
    const Cycle turn = quick.marks()[i] < before.marks()[i] ? 0 : 1;  // who comes first
    EXPECT_EQ(slow.marks()[i] - quick.marks()[i], 6 * chunk);
    EXPECT_EQ(behind.marks()[i] - before.marks()[i], 6 * (chunk + 1 - turn));
  }
}

// Two reads open, one in front of the bus, three between arbiter and counter: so many have won their turn
// before the first returns. Who comes then is behind all of them.
TEST(SharedWalk, AFullMemoryStopsTheArbiter) {
  const HardwareParameters& hardware = preset("nv_small");
  Reader pdp(Client::kPdp, 6, 1, 6), cdp(Client::kCdp, 6, 1, 6);
  walk_together({&pdp, &cdp}, {50, 8, 2}, hardware);
  EXPECT_LT(pdp.granted_[2], 50);
  EXPECT_GE(pdp.granted_[3], 50);
  EXPECT_GE(pdp.marks().back(), 5 * 51);
  Reader first(Client::kPdp, 12, 1, 12), late(Client::kCdp, 1, 1, 1);
  late.restart(20, nullptr);
  walk_together({&first, &late}, {50, 8, 2}, hardware);
  EXPECT_GT(late.marks()[0], first.marks()[5]);
  EXPECT_LT(late.marks()[0], first.marks()[7]);
}

// On a port of half a beat a cycle reads and writes take turns; writes of two units do, too.
TEST(SharedWalk, WritesTakeTheirTurns) {
  const HardwareParameters& hardware = preset("nv_small");
  Reader pdp(Client::kPdp, 40, 1, 40), cdp(Client::kCdp, 0, 1, 1);
  pdp.output_.assign(10, 60);
  cdp.output_.assign(10, 60);
  walk_together({&pdp, &cdp}, {50, 4, 256}, hardware);
  // Before: ten reads. Then 20 of either, and the rest of the reads.
  EXPECT_NEAR(static_cast<double>(cdp.acknowledged_), 60 + 2 * 40 + 50, 12);
  EXPECT_NEAR(static_cast<double>(pdp.marks().back()), 50 + 2 * 60, 4);
  for (std::size_t i = 1; i < 10; ++i) {
    EXPECT_GT(pdp.written_[i], cdp.written_[i - 1]);
    EXPECT_GT(cdp.written_[i], pdp.written_[i - 1]);
  }
}

TEST(SharedDelay, GoesOnAsLateAsItWas) {
  //                       alone       with others that began 1000 cycles before
  const SharedDelay delay({100, 200, kNever, 300}, {1100, 1250, kNever, 1350}, 1000);
  EXPECT_DOUBLE_EQ(delay.passed(50), 50);
  EXPECT_DOUBLE_EQ(delay.passed(100), 100);
  EXPECT_DOUBLE_EQ(delay.passed(150), 175);
  EXPECT_DOUBLE_EQ(delay.passed(250), 300);
  EXPECT_DOUBLE_EQ(delay.passed(400), 450);
  for (const double own : {0.0, 30.0, 100.0, 120.0, 300.0, 777.0})
    EXPECT_DOUBLE_EQ(delay.own(delay.passed(own)), own);
}

// What comes early with others, because the rest is late, is not over before it.
TEST(SharedDelay, TimeGoesOneWay) {
  const SharedDelay delay({100, 200, 300}, {500, 250, 600}, 0);
  EXPECT_DOUBLE_EQ(delay.passed(200), 500);
  EXPECT_DOUBLE_EQ(delay.own(500), 200);
  EXPECT_DOUBLE_EQ(delay.passed(250), 550);
}

// The layer's own time has dates of its own; what it loses is the difference of the walks.
TEST(SharedDelay, IsThatOfTheWalksAtTheLayersOwnDates) {
  const SharedDelay delay({100, 200, 300}, {100, 260, 360}, 0, {-1, 240});
  EXPECT_DOUBLE_EQ(delay.passed(100), 100);
  EXPECT_DOUBLE_EQ(delay.passed(240), 300);
  EXPECT_DOUBLE_EQ(delay.passed(300), 360);
}

// The output of a client's second layer stands behind that of its first.
TEST(SharedWalk, WritesOfAClientGoInTheOrderOfItsLayers) {
  const HardwareParameters& hardware = preset("nv_small");
  Reader first(Client::kPdp, 0, 1, 1), second(Client::kPdp, 0, 1, 1);
  first.output_.assign(10, 60);
  second.output_.assign(10, 60);
  walk_together({&first, &second}, {50, 4, 256}, hardware);
  EXPECT_GT(second.written_.front(), first.written_.back());
}

StreamChunks lines(std::uint32_t count, std::uint32_t written, const HardwareParameters& hardware) {
  StreamChunks chunks;
  StreamPortion portion;
  portion.cycles = 2;
  portion.written = written;
  for (std::uint64_t i = 0; i < count; ++i)
    chunks.add({MemorySpace::kDbb, 0x1000 + 40 * i, 40}, 8, portion, hardware);
  return chunks;
}

TEST(SharedStream, AloneIsTheWalkOfItsReads) {
  for (const char* const name : {"nv_small", "nv_small_256", "nv_small_256_full"}) {
    const HardwareParameters& hardware = preset(name);
    StreamTiming timing;
    timing.request = 7;
    timing.read = 3;
    timing.credit_open = timing.credit = 6;
    timing.reorder_beats = 2;
    const StreamChunks chunks = lines(30, 0, hardware);
    StreamWalk walk{timing};
    walk.read = 150;
    const double end = walk_stream(chunks, walk, kMemory, hardware).end;
    SharedStream unit(chunks, timing, Client::kPdp, hardware, 0);
    ASSERT_TRUE(unit.whole());
    for (const Cycle begin : {0, 1000}) {
      unit.restart(begin, nullptr);
      walk_together({&unit}, kMemory, hardware);
      EXPECT_EQ(unit.marks()[unit.marks().size() - 2], begin + 7 + static_cast<Cycle>(end)) << name;
    }
  }
}

// More output than the port takes, 2 cycles a beat: the core stops when the places behind it are full, so its
// end comes before that of the writes by what they hold.
TEST(SharedStream, OutputThatWaitsStopsTheCore) {
  const HardwareParameters& hardware = preset("nv_small");
  const StreamTiming timing;
  SharedStream unit(lines(20, 20, hardware), timing, Client::kPdp, hardware, 0);
  unit.restart(0, nullptr);
  walk_together({&unit}, {50, 4, 256}, hardware);
  // 20 requests' output of 20 beats, 2 cycles each, shares the port with 100 reads.
  EXPECT_NEAR(static_cast<double>(unit.marks().back()), 50 + 2 * 500 + 50, 30);
  const paths::WriteChainPlaces& places = paths::kPdpWriteChainScalable;
  const Cycle held = places.arbiter.sum() + places.fifo.sum() + places.pipes.sum() + places.unpack.sum();
  const Cycle core = unit.marks()[unit.marks().size() - 2];
  EXPECT_GE(unit.marks().back() - 50 - core, 2 * 19);               // between the last portion's
  EXPECT_LE(unit.marks().back() - 50 - core, 2 * (held + 20 + 5));  // and the pieces of the one before
}

// The second layer of a unit has its data before the core has worked through the first: it begins when the
// unit is done with that, and is as much later as it would have been alone.
TEST(SharedStream, ASecondLayerWaitsForTheUnit) {
  const HardwareParameters& hardware = preset("nv_small");
  StreamTiming timing;
  timing.depth = 11;
  constexpr std::uint32_t kRelease = 300;
  SharedStream first(lines(20, 0, hardware), timing, Client::kPdp, hardware, kRelease);
  SharedStream second(lines(5, 0, hardware), timing, Client::kPdp, hardware, 0);
  const auto ends = [](const SharedStream& unit) { return unit.marks()[unit.marks().size() - 2]; };
  second.restart(0, nullptr);
  walk_together({&second}, kMemory, hardware);
  const Cycle alone = ends(second) - second.marks().front();
  first.restart(0, nullptr);
  second.restart(100, &first);
  walk_together({&first, &second}, kMemory, hardware);
  const Cycle done = ends(first) + kRelease + 11 + paths::kCsbV1.group_switch.sum();
  EXPECT_GE(second.marks().front(), done);
  EXPECT_LE(second.marks().front(), done + 10);
  EXPECT_NEAR(static_cast<double>(ends(second) - second.marks().front()), static_cast<double>(alone), 50);
}

TEST(SharedStream, WhoHasTooManyRequestsIsNotWalked) {
  const HardwareParameters& hardware = preset("nv_small");
  StreamChunks chunks;
  while (!chunks.full()) chunks.add_whole({MemorySpace::kDbb, 0, 8}, {}, hardware);
  EXPECT_FALSE(SharedStream(std::move(chunks), {}, Client::kPdp, hardware, 0).whole());
}

}  // namespace
}  // namespace nvdla::amaix
