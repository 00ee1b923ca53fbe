// SPDX-License-Identifier: Apache-2.0
// Proves that SdpEngine reproduces the recorded cycles of SDP on the fly, to the cycle, that operations in
// both groups overlap, and that it neither hangs nor loses anything in the cases that no recording has. From
// memory: sdp_from_memory_test.cpp.
#include "engine/units/sdp/sdp_engine.h"

#include <gtest/gtest.h>

#include "tests/engine/sdp_test_bench.h"

namespace nvdla::engine {
namespace {

using namespace sdp_test;

constexpr Cycle kLong = 1'000'000;

// -- On the fly ------------------------------------------------------------------------------------

Delivery transfers(std::uint32_t count, Cycle ready, bool last) {
  Delivery delivery;
  delivery.transfers = count;
  delivery.ready = ready;
  delivery.last = last;
  return delivery;
}

// lenet_nv_full_fp16__L50_B64, last layer: one transfer. Its bias waits for the previous operation.
TEST(SdpOnTheFly, OneTransferOfLenet) {
  Bench bench(nv_full(), {50, 64});
  SdpOperation operation = square(nv_full(), Precision::kFp16, 1, 10, true);
  add_bias(operation);
  bench.fetch_start(operation.fetch, 56972);
  bench.start(operation, 57149);
  bench.scheduler.advance(57000);
  bench.engine.deliver(transfers(1, 57706, true));
  bench.scheduler.advance(kLong);
  EXPECT_EQ(bench.released.at(0), 57729);
  EXPECT_EQ(bench.memory.last_write, 57738);
  EXPECT_EQ(bench.completions.at(0).interrupt, 57794);
  EXPECT_EQ(bench.taken, 1U);
  EXPECT_EQ(bench.last_taken, 57706);
}

// u_elt_64x28_nv_full_fp16__L50_B64, both convolutions: 3136 transfers without a gap; the second one adds
// the first one's result on X2.
TEST(SdpOnTheFly, BiasAndElementWiseAddition) {
  Bench bench(nv_full(), {50, 64});
  SdpOperation operation = square(nv_full(), Precision::kFp16, 28, 64, true);
  add_bias(operation);
  bench.fetch_start(operation.fetch, 738);
  bench.start(operation, 739);
  bench.scheduler.advance(3300);
  bench.engine.deliver(transfers(3136, 3358, true));
  bench.scheduler.advance(6583);
  EXPECT_TRUE(bench.completions.empty());
  bench.scheduler.advance(6584);
  ASSERT_EQ(bench.completions.size(), 1U);
  EXPECT_EQ(bench.fetch_done.at(0), 6498);
  EXPECT_EQ(bench.released.at(0), 6516);
  EXPECT_EQ(bench.memory.first_write, 3397);
  EXPECT_EQ(bench.memory.last_write, 6528);
  EXPECT_EQ(bench.completions[0].bound_by, Resource::kSdpCore);

  SdpOperation addition = operation;
  addition.x2 = addition.x1;
  addition.fetch.x2.enabled = addition.fetch.x2.per_element = true;
  addition.fetch.x2.use = SdpDataUse::kAlu;
  addition.fetch.x2.two_bytes = true;
  addition.fetch.x2.source = operation.destination;
  bench.memory.measure_anew();
  bench.scheduler.advance(6650);
  bench.fetch_start(addition.fetch, 6650);
  bench.start(addition, 6651);
  bench.scheduler.advance(9300);
  bench.engine.deliver(transfers(3136, 9383, true));
  bench.scheduler.advance(kLong);
  EXPECT_EQ(bench.fetch_done.at(1), 12536);
  EXPECT_EQ(bench.released.at(1), 12554);
  EXPECT_NEAR(bench.memory.first_write.value(), 9435, 1);
  EXPECT_NEAR(bench.memory.last_write.value(), 12566, 3);
  EXPECT_NEAR(bench.completions.at(1).interrupt, 12622, 3);
  EXPECT_EQ(bench.interface.traffic().read[static_cast<std::size_t>(Client::kSdpN)], 100352U);
}

// lenet_nv_small_int8__L50_B8, last layer: two atoms of eight transfers, the operands run one atom ahead.
TEST(SdpOnTheFly, TwoAtomsOfLenetOnNvSmall) {
  Bench bench(nv_small(), {50, 8});
  SdpOperation operation = square(nv_small(), Precision::kInt8, 1, 10, true);
  add_bias(operation);
  bench.fetch_start(operation.fetch, 158677);
  bench.start(operation, 159583);
  bench.scheduler.advance(160000);
  bench.engine.deliver(transfers(8, 160931, false));
  bench.engine.deliver(transfers(8, 161435, true));
  bench.scheduler.advance(kLong);
  EXPECT_EQ(bench.fetch_done.at(0), 160943);
  EXPECT_EQ(bench.released.at(0), 161457);
  EXPECT_EQ(bench.memory.first_read, 158735);
  EXPECT_EQ(bench.memory.first_write, 160961);
  EXPECT_EQ(bench.memory.last_write, 161465);
  EXPECT_EQ(bench.completions.at(0).interrupt, 161520);
}

// A delivery before SDP's start, or before its operands, waits; its source is told when it is taken.
TEST(SdpOnTheFly, WaitsForStartAndOperands) {
  Bench bench(nv_full(), {500, 64});
  SdpOperation operation = square(nv_full(), Precision::kFp16, 4, 16, true);
  add_bias(operation);
  bench.engine.deliver(transfers(16, 10, true));
  bench.scheduler.advance(100);
  EXPECT_EQ(bench.taken, 0U);
  bench.start(operation, 100);
  bench.scheduler.advance(200);
  EXPECT_EQ(bench.taken, 0U);
  bench.fetch_start(operation.fetch, 200);
  bench.scheduler.advance(200 + 500);
  EXPECT_EQ(bench.taken, 0U) << "operands are one latency away";
  bench.scheduler.advance(kLong);
  EXPECT_EQ(bench.taken, 16U);
  EXPECT_EQ(bench.completions.size(), 1U);
}

// tests/golden/fly_lut_conv (9x7x40 int8, a bias in X1, a LUT in Y): CACC hands its last transfer over in
// cycle 2713, SDP is done in 2850, the interrupt comes in 2917.
TEST(SdpOnTheFly, TheWayThroughXAndLutIsThatOfTheRtl) {
  Bench bench(nv_full(), {50, 64});
  SdpOperation operation = square(nv_full(), Precision::kInt8, 7, 40, true);
  operation.cube.width = operation.fetch.cube.width = 9;
  operation.destination = surface(0x80004600, 288, 2016);
  add_bias(operation);
  add_lut(operation);
  bench.fetch_start(operation.fetch, 10);
  bench.start(operation, 11);
  bench.engine.deliver(transfers(252, 400, true));
  bench.scheduler.advance(kLong);
  ASSERT_EQ(bench.released.size(), 1U);
  EXPECT_EQ(bench.taken, 252U);
  EXPECT_EQ(bench.released[0] - bench.last_taken, 2850 - 2713);
  EXPECT_EQ(bench.completions.at(0).interrupt - bench.last_taken, 2917 - 2713);
}

// CORE_Y takes a transfer every four cycles; four wait in front of it and are taken from CACC as they come,
// those behind them when one has passed on.
TEST(SdpOnTheFly, LutTakesATransferEveryFourCycles) {
  constexpr std::uint32_t kAhead = 4;
  Bench bench(nv_full(), {50, 64});
  SdpOperation operation = square(nv_full(), Precision::kFp16, 8, 16, true);
  operation.has_fetch = false;
  add_lut(operation);
  bench.start(operation, 10);
  bench.engine.deliver(transfers(kAhead, 100, false));
  bench.scheduler.advance(101);
  EXPECT_EQ(bench.taken, kAhead);
  EXPECT_EQ(bench.last_taken, 100 + static_cast<Cycle>(kAhead) - 1);
  bench.engine.deliver(transfers(64 - kAhead, 100 + static_cast<Cycle>(kAhead), true));
  bench.scheduler.advance(kLong);
  EXPECT_EQ(bench.taken, 64U);
  EXPECT_EQ(bench.last_taken, 100 + static_cast<Cycle>(kAhead) + (63 - static_cast<Cycle>(kAhead)) * 4);
  EXPECT_EQ(bench.completions.at(0).bound_by, Resource::kSdpY);
}

// tests/rtl_cases/seen/conv_two_s2_nv_large: CACC's interrupt comes 12 cycles before it would if the
// transfers that wait were not taken: 4 of them. With an X, whose pipes hold two each but for the first and
// the last register, there are 12 more.
TEST(SdpOnTheFly, BranchMastersPipesHoldTransfersInFrontOfASlowY) {
  for (const bool x1 : {false, true}) {
    const Cycle ahead = x1 ? 16 : 4;
    Bench bench(preset("nv_large"), {50, 32});
    SdpOperation operation = square(bench.hardware, Precision::kInt8, 8, 32, true);
    operation.has_fetch = false;
    add_lut(operation);
    if (x1) {
      operation.x1.bypass = operation.x1.alu_bypass = operation.x1.mul_bypass = false;
    }
    bench.start(operation, 10);
    bench.engine.deliver(transfers(128, 100, true));
    bench.scheduler.advance(kLong);
    EXPECT_EQ(bench.taken, 128U);
    // The last but one of them is there when Y has room for the first.
    EXPECT_EQ(bench.last_taken, 100 + ahead + (127 - ahead) * 4);
  }
}

// A pack of operands of X1 serves 16 transfers of nv_medium_512 and comes every 64 cycles: CACC has handed
// over four transfers more than have met theirs (tests/rtl_cases/seen/conv_reuse_s43001_nv_medium_512, for
// X2).
TEST(SdpOnTheFly, PipesHoldTransfersInFrontOfALateOperand) {
  Bench bench(preset("nv_medium_512"), {400, 1});
  SdpOperation operation = square(bench.hardware, Precision::kInt8, 4, 16, true);
  add_cube(operation, false);
  bench.fetch_start(operation.fetch, 10);
  bench.start(operation, 10);
  bench.engine.deliver(transfers(64, 100, true));
  bench.scheduler.advance(400);
  EXPECT_EQ(bench.taken, 4U);
  EXPECT_EQ(bench.last_taken, 103);
  bench.scheduler.advance(780);
  EXPECT_EQ(bench.taken, 3 * 16 + 4U);
}

// Where Y sets the pace no more of them: of nv_large 16 could wait for Y behind an X.
TEST(SdpOnTheFly, PipesHoldNoMoreInFrontOfALateOperandWhereYIsSlow) {
  Bench bench(preset("nv_large"), {1000, 32});
  SdpOperation operation = square(bench.hardware, Precision::kInt8, 8, 32, true);
  add_cube(operation, false);
  add_lut(operation);
  bench.fetch_start(operation.fetch, 10);
  bench.start(operation, 10);
  bench.engine.deliver(transfers(128, 100, true));
  bench.scheduler.advance(900);
  EXPECT_EQ(bench.taken, 4U);
  bench.scheduler.advance(kLong);
  EXPECT_EQ(bench.taken, 128U);
}

// -- Both groups -----------------------------------------------------------------------------------

// The next operation starts when the previous one is released, while its writes are under way, and its
// operands are fetched from SDP_RDMA's release on: two operations take less than twice one.
class PingPong : public Bench {
 public:
  using Bench::Bench;
  void on_sdp_fetch_done(Cycle at) override {
    Bench::on_sdp_fetch_done(at);
    if (fetch_done.size() < 4) fetch_start(operation.fetch, at + 4);
  }
  void on_sdp_released(Cycle at) override {
    Bench::on_sdp_released(at);
    if (released.size() < 4) start(operation, at + 4);
  }
  SdpOperation operation;
};

TEST(SdpPingPong, OperationsOverlapInOrder) {
  PingPong bench(nv_full(), {200, 64});
  bench.operation = square(nv_full(), Precision::kFp16, 8, 64, false);
  add_batch_norm(bench.operation);
  bench.fetch_start(bench.operation.fetch, 0);
  bench.start(bench.operation, 1);
  bench.scheduler.advance(kLong);
  ASSERT_EQ(bench.completions.size(), 4U);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_GT(bench.completions[i].interrupt, bench.completions[i - 1].interrupt);
    EXPECT_LT(bench.completions[i].start, bench.completions[i - 1].interrupt);
    EXPECT_LT(bench.completions[i].interrupt - bench.completions[i - 1].interrupt,
              bench.completions[0].interrupt);
  }
  EXPECT_TRUE(bench.engine.idle());
  EXPECT_EQ(bench.interface.traffic().written[static_cast<std::size_t>(Client::kSdp)], 4U * 8192U);
}

// -- Towards PDP -----------------------------------------------------------------------------------

class Sink : public DeliverySink {
 public:
  void deliver(const Delivery& delivery) override {
    total += delivery.transfers;
    positions += delivery.positions;
    last_seen = last_seen || delivery.last;
    if (first_ready == kNever) first_ready = delivery.ready;
  }
  std::uint64_t total = 0, positions = 0;
  bool last_seen = false;
  Cycle first_ready = kNever;
};

TEST(SdpToPdp, StopsWhenPdpDoesNotTakeAndGoesOnWhenItDoes) {
  Bench bench(nv_full(), {50, 64});
  Sink sink;
  bench.engine.connect_pdp(sink);
  SdpOperation operation = square(nv_full(), Precision::kInt8, 16, 64, true);
  operation.has_fetch = false;
  operation.output_to_pdp = true;
  bench.start(operation, 0);
  bench.engine.deliver(transfers(1024, 10, true));
  bench.scheduler.advance(5000);
  EXPECT_GT(sink.total, 0U);
  EXPECT_LT(sink.total, 64U) << "the pipeline holds only so much";
  EXPECT_TRUE(bench.released.empty());
  for (Cycle now = 5000; now < 5000 + 2000; ++now) {
    bench.scheduler.advance(now);
    bench.engine.on_taken(1, now);
  }
  bench.scheduler.advance(kLong);
  EXPECT_EQ(sink.total, 1024U);
  EXPECT_EQ(sink.positions, 2U * 256U);
  EXPECT_TRUE(sink.last_seen);
  EXPECT_EQ(sink.first_ready, 11 + 9);
  EXPECT_EQ(bench.completions.size(), 1U);
  EXPECT_TRUE(bench.memory.bursts.empty());
}

// tests/rtl_cases/seen/conv_pdp_s2_nv_medium_512: PDP takes half of what SDP gives, 21 transfers fit between
// CACC and PDP's input. CACC hands the next over 15 cycles behind the last cycle of the first at PDP's entry.
TEST(SdpToPdp, BranchMastersPipesHoldTransfersInFrontOfPdp) {
  constexpr std::uint32_t kHeld = 21;
  Bench bench(preset("nv_medium_512"), {50, 16});
  Sink sink;
  bench.engine.connect_pdp(sink);
  SdpOperation operation = square(bench.hardware, Precision::kInt8, 4, 16, true);
  operation.has_fetch = false;
  operation.output_to_pdp = true;
  bench.start(operation, 10);
  bench.engine.deliver(transfers(64, 100, true));
  bench.scheduler.advance(499);
  EXPECT_EQ(bench.taken, kHeld);
  EXPECT_EQ(bench.last_taken, 100 + static_cast<Cycle>(kHeld) - 1);
  bench.engine.on_taken(2, 500);
  EXPECT_EQ(bench.taken, kHeld + 2);
  EXPECT_EQ(bench.last_taken, 499 + 15);
}

// The first operand is a thousand cycles away: what waits stands in front of X.
TEST(SdpToPdp, TransfersWithoutOperandsStayInFrontOfTheDatapath) {
  constexpr std::uint32_t kFront = 4;
  Bench bench(preset("nv_medium_512"), {1000, 16});
  Sink sink;
  bench.engine.connect_pdp(sink);
  SdpOperation operation = square(bench.hardware, Precision::kInt8, 4, 16, true);
  add_cube(operation, false);
  operation.output_to_pdp = true;
  bench.fetch_start(operation.fetch, 10);
  bench.start(operation, 10);
  bench.engine.deliver(transfers(64, 100, true));
  bench.scheduler.advance(900);
  EXPECT_EQ(bench.taken, kFront);
}

// -- Misuse ----------------------------------------------------------------------------------------

TEST(SdpMisuse, SmallerCubeThanTheConvolutionsDropsTheRest) {
  Bench bench(nv_full(), {50, 64});
  SdpOperation operation = square(nv_full(), Precision::kFp16, 4, 16, true);
  operation.has_fetch = false;
  bench.start(operation, 0);
  bench.engine.deliver(transfers(20, 10, false));
  bench.engine.deliver(transfers(4, 40, true));
  bench.scheduler.advance(200);
  EXPECT_EQ(bench.completions.size(), 1U);
  EXPECT_EQ(bench.warnings.size(), 1U);
  EXPECT_EQ(bench.taken, 24U) << "the convolution gets its credits back";
  bench.start(operation, 200);
  bench.engine.deliver(transfers(16, 210, true));
  bench.scheduler.advance(kLong);
  EXPECT_EQ(bench.completions.size(), 2U);
  EXPECT_EQ(bench.taken, 24U + 16U);
  EXPECT_EQ(bench.warnings.size(), 1U);
}

TEST(SdpMisuse, LargerCubeThanTheConvolutionsEndsWithAWarning) {
  Bench bench(nv_full(), {50, 64});
  SdpOperation operation = square(nv_full(), Precision::kFp16, 4, 16, true);
  add_bias(operation);
  bench.fetch_start(operation.fetch, 0);
  bench.start(operation, 0);
  bench.engine.deliver(transfers(11, 100, true));
  bench.scheduler.advance(kLong);
  EXPECT_EQ(bench.completions.size(), 1U);
  EXPECT_EQ(bench.fetch_done.size(), 1U);
  EXPECT_EQ(bench.warnings.size(), 1U);
  EXPECT_TRUE(bench.engine.idle());
}

TEST(SdpMisuse, FetchAndOperationOfDifferentSizesEnd) {
  for (const std::uint32_t fetched : {8U, 32U}) {
    Bench bench(nv_full(), {50, 64});
    SdpOperation operation = square(nv_full(), Precision::kFp16, 16, 64, false);
    operation.fetch.cube.height = fetched;
    bench.fetch_start(operation.fetch, 0);
    bench.start(operation, 1);
    bench.scheduler.advance(kLong);
    EXPECT_EQ(bench.completions.size(), 1U) << fetched;
    EXPECT_EQ(bench.fetch_done.size(), 1U) << fetched;
    EXPECT_EQ(bench.warnings.size(), 1U) << fetched;
    EXPECT_TRUE(bench.engine.idle());
  }
}

TEST(SdpReset, ForgetsWhatWasInFlight) {
  Bench bench(nv_full(), {50, 64});
  SdpOperation operation = square(nv_full(), Precision::kFp16, 28, 64, false);
  bench.fetch_start(operation.fetch, 0);
  bench.start(operation, 1);
  bench.scheduler.advance(1000);
  bench.engine.reset();
  bench.interface.reset();
  EXPECT_TRUE(bench.engine.idle());
  bench.scheduler.advance(3000);
  EXPECT_TRUE(bench.completions.empty());
  bench.fetch_start(operation.fetch, 3000);
  bench.start(operation, 3001);
  bench.scheduler.advance(kLong);
  EXPECT_EQ(bench.completions.size(), 1U);
}

}  // namespace
}  // namespace nvdla::engine
