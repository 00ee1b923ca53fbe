// SPDX-License-Identifier: Apache-2.0
// Proves how CACC hands results over and when it releases its group and interrupts, for both generations.
#include "engine/units/convolution/cacc.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/engine/recorded_convolutions.h"

namespace nvdla::engine {
namespace {

struct Sink : DeliverySink {
  void deliver(const Delivery& delivery) override { got.push_back(delivery); }
  std::vector<Delivery> got;
};

struct Bench {
  explicit Bench(const char* configuration)
      : timing(convolution_timing(preset(configuration))), cacc(scheduler, preset(configuration)) {
    cacc.bind(sink);
    cacc.on_credits([this](std::uint32_t transfers, Cycle at) {
      credits += transfers;
      last_credit = at;
    });
    cacc.on_done([this](Cycle at) { done.push_back(at); });
    cacc.on_interrupt([this](Cycle at) { interrupts.push_back(at); });
  }
  ConvolutionTiming timing;
  Scheduler scheduler;
  Cacc cacc;
  Sink sink;
  std::uint32_t credits = 0;
  Cycle last_credit = -1;
  std::vector<Cycle> done, interrupts;
};

Delivery stripe(std::uint32_t positions, std::uint32_t transfers, Cycle ready, bool last) {
  Delivery delivery;
  delivery.channels = 8;
  delivery.positions = positions;
  delivery.transfers = transfers;
  delivery.ready = ready;
  delivery.last = last;
  return delivery;
}

TEST(Cacc, V1OffersAStripeAtOnce) {
  Bench b("nv_full");
  b.cacc.deliver(stripe(16, 32, 100, false));
  b.cacc.deliver(stripe(16, 32, 116, true));
  ASSERT_EQ(b.sink.got.size(), 2U);
  EXPECT_EQ(b.sink.got[1].ready, 116);
  EXPECT_EQ(b.sink.got[1].transfers, 32U);
}

// Three batches, lines of three columns, two transfers a position. The first column of a pair waits for the
// second, also across stripes; the last column of an odd line is alone.
TEST(Cacc, BatchesPassInPairsOfColumns) {
  Bench b("nv_full");
  b.cacc.start(3, 3);
  Delivery first = stripe(2 * 3, 12, 100, false), second = stripe(2 * 3, 12, 106, false),
           third = stripe(2 * 3, 12, 112, true);
  second.first_position = 2;
  third.first_position = 4;
  for (const Delivery& delivery : {first, second, third}) b.cacc.deliver(delivery);
  std::vector<std::pair<Cycle, std::uint32_t>> got;
  for (const Delivery& delivery : b.sink.got) got.emplace_back(delivery.ready, delivery.transfers);
  const std::vector<std::pair<Cycle, std::uint32_t>> pairs = {{103, 12}, {106, 6}, {112, 12}, {115, 6}};
  EXPECT_EQ(got, pairs);
  EXPECT_TRUE(b.sink.got.back().last);
  EXPECT_FALSE(b.sink.got.front().last);
}

TEST(Cacc, InterruptsAfterTheLastTransferAndNotBefore) {
  // As recorded (SDP's last transfer to CACC's interrupt): done register and two retiming stages in V1.
  const std::pair<const char*, Cycle> recorded[] = {{"nv_full", 3}, {"nv_small", 1}};
  for (const auto& [configuration, interrupt] : recorded) {
    Bench b(configuration);
    b.cacc.deliver(stripe(1, 8, 100, false));
    b.cacc.deliver(stripe(1, 8, 110, true));
    b.cacc.on_taken(8, 107);
    b.cacc.on_taken(7, 200);
    b.scheduler.advance(1000);
    EXPECT_TRUE(b.interrupts.empty()) << configuration;
    b.cacc.on_taken(1, 1000);
    b.scheduler.advance(1000 + interrupt - 1);
    EXPECT_TRUE(b.interrupts.empty()) << configuration;
    b.scheduler.advance(1000 + interrupt);
    EXPECT_EQ(b.interrupts, std::vector<Cycle>({1000 + interrupt})) << configuration;
    EXPECT_EQ(b.credits, 16U);
    EXPECT_EQ(b.last_credit, 1000);
  }
}

// A short operation behind another: its results come, and its group is released, before the interrupt of the
// first. Each has its own (tests/fuzz found the second one waiting for ever).
TEST(Cacc, EndsOfOperationsThatFollowCloselyAreKeptApart) {
  for (const char* configuration : {"nv_full", "nv_small"}) {
    Bench b(configuration);
    const Cycle interrupt = b.timing.interrupt;
    b.cacc.deliver(stripe(1, 8, 100, true));
    b.cacc.release(120);
    b.cacc.release(121);
    b.cacc.on_taken(8, 110);
    b.cacc.deliver(stripe(1, 4, 110, false));  // of the next one, before the interrupt
    b.cacc.deliver(stripe(1, 4, 111, true));
    b.scheduler.advance(115);
    EXPECT_EQ(b.interrupts, std::vector<Cycle>({110 + interrupt})) << configuration;
    b.cacc.on_taken(4, 116);
    b.scheduler.advance(130);
    EXPECT_EQ(b.interrupts.size(), 1U) << configuration;
    b.cacc.on_taken(4, 131);
    b.scheduler.advance(200);
    EXPECT_EQ(b.interrupts, std::vector<Cycle>({110 + interrupt, 131 + interrupt})) << configuration;
    EXPECT_EQ(b.done, std::vector<Cycle>({120, 121})) << configuration;
  }
}

// The end of an operation is the last of its own transfers, whatever of the next one waits by then.
TEST(Cacc, AnEndDoesNotWaitForWhatIsOfferedBehindIt) {
  for (const char* configuration : {"nv_full", "nv_small"}) {
    Bench b(configuration);
    b.cacc.deliver(stripe(1, 8, 100, true));
    b.cacc.deliver(stripe(1, 4, 101, true));
    b.cacc.on_taken(8, 110);
    b.scheduler.advance(150);
    EXPECT_EQ(b.interrupts, std::vector<Cycle>({110 + b.timing.interrupt})) << configuration;
  }
}

TEST(Cacc, ReleasesItsGroupWhenToldWhetherOrNotSdpIsThrough) {
  Bench b("nv_full");
  b.cacc.deliver(stripe(16, 32, 100, true));
  b.cacc.release(150);
  b.scheduler.advance(149);
  EXPECT_TRUE(b.done.empty());
  b.scheduler.advance(150);
  EXPECT_EQ(b.done, std::vector<Cycle>({150}));
  EXPECT_TRUE(b.interrupts.empty());
  b.cacc.on_taken(32, 300);
  b.scheduler.advance(400);
  EXPECT_EQ(b.interrupts.size(), 1U);
  EXPECT_EQ(b.done.size(), 1U);
}

TEST(Cacc, TheScalableGenerationOffersPositionByPositionWithAGap) {
  Bench b("nv_small");
  b.cacc.deliver(stripe(3, 24, 100, true));
  ASSERT_EQ(b.sink.got.size(), 1U);
  EXPECT_EQ(b.sink.got[0].transfers, 8U);
  EXPECT_EQ(b.sink.got[0].ready, 100);
  b.cacc.on_taken(7, 106);
  EXPECT_EQ(b.sink.got.size(), 1U);
  b.cacc.on_taken(1, 107);
  ASSERT_EQ(b.sink.got.size(), 2U);
  EXPECT_EQ(b.sink.got[1].ready, 109);  // handed over in 107: the read of the next word costs a cycle
  EXPECT_EQ(b.sink.got[1].first_position, 1U);
  EXPECT_FALSE(b.sink.got[1].last);
  b.cacc.on_taken(8, 120);
  ASSERT_EQ(b.sink.got.size(), 3U);
  EXPECT_TRUE(b.sink.got[2].last);
  // A stripe that is ready late is not offered early.
  b.cacc.deliver(stripe(1, 8, 500, true));
  b.cacc.on_taken(8, 140);
  ASSERT_EQ(b.sink.got.size(), 4U);
  EXPECT_EQ(b.sink.got[3].ready, 500);
}

TEST(Cacc, ResetForgetsWhatSdpHasNotTaken) {
  Bench b("nv_small");
  b.cacc.deliver(stripe(3, 24, 100, true));
  b.cacc.release(150);
  b.cacc.reset();
  b.scheduler.clear();
  b.scheduler.advance(1000);
  EXPECT_TRUE(b.done.empty());
  b.cacc.deliver(stripe(1, 8, 1100, true));
  b.cacc.on_taken(8, 1200);
  b.scheduler.advance(1300);
  EXPECT_EQ(b.interrupts.size(), 1U);
}

TEST(Cacc, EveryRecordedGroupIsReleasedAFixedTimeAfterCscsLastAtomicOperation) {
  for (const std::string& name : recorded::names()) {
    const recorded::Recording recording = recorded::load(name);
    const auto operations = recorded::convolutions(recording.trace, recording.hardware());
    const auto csc = recording.of("CSC"), cacc = recording.of("CACC");
    ASSERT_EQ(csc.size(), cacc.size()) << name;
    for (std::size_t i = 0; i < csc.size(); ++i) {
      const ConvolutionTiming timing =
          convolution_timing(recording.hardware(), operations[i].sequence.processing_precision);
      EXPECT_EQ(recorded::number(csc[i], "last_active") + timing.accumulate_done,
                recorded::number(cacc[i], "done"))
          << name << " operation " << i;
    }
  }
}

}  // namespace
}  // namespace nvdla::engine
