// SPDX-License-Identifier: Apache-2.0
// Proves when CSC issues: after the last of data, weights and its own start, at the pace of the plan, held by
// CACC's credits, and what it gives back when.
#include "engine/units/convolution/csc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/engine/convolution_test_bench.h"
#include "tests/engine/operation_account.h"
#include "tests/engine/recorded_convolutions.h"

namespace nvdla::engine {
namespace {

using convolution_test::layer;

struct Bench {
  explicit Bench(const char* configuration = "nv_full")
      : hardware(preset(configuration)),
        timing(convolution_timing(hardware)),
        csc(scheduler, hardware, {account.log, data_ledger, weight_ledger}) {
    csc.on_delivery([this](const Delivery& delivery) {
      deliveries.push_back(delivery);
      delivered_at.push_back(scheduler.now());
      if (sink_takes) csc.add_credits(delivery.transfers, delivery.ready + delivery.transfers - 1);
    });
    csc.on_data_release([this](std::uint64_t entries, Cycle at) { data.push_back({entries, at}); });
    csc.on_weight_release([this](std::uint32_t kernels, Cycle at) { weights.push_back({kernels, at}); });
    csc.on_last_atomic([this](Cycle at) { last_atomic.push_back(at); });
    csc.on_done([this](Cycle at) { done.push_back(at); });
  }
  // Everything is in the CBUF long before the start.
  void start_with_everything(const ConvolutionSequence& sequence, Cycle at) {
    csc.add_lines(sequence.input.height, -1000);
    csc.add_kernels(sequence.kernels, -1000);
    csc.start(account.id, sequence, at, false, false);
  }

  struct Release {
    std::uint64_t amount;
    Cycle at;
    bool operator==(const Release& other) const { return amount == other.amount && at == other.at; }
  };
  HardwareParameters hardware;
  ConvolutionTiming timing;
  Scheduler scheduler;
  OperationAccount account;
  FetchLedger data_ledger, weight_ledger;
  Csc csc;
  bool sink_takes = true;
  std::vector<Delivery> deliveries;
  std::vector<Cycle> delivered_at, last_atomic, done;
  std::vector<Release> data, weights;
};

// 16 positions, one kernel group, 4 blocks of 16 cycles; weights load in 16 cycles.
ConvolutionSequence small() { return layer(preset("nv_full"), 5, 5, 64, 32, 2).sequence; }

// -- The first package ---------------------------------------------------------------------------------

TEST(Csc, IssuesNothingUntilTheLastLineIsThere) {
  Bench b;
  const ConvolutionSequence sequence = small();
  b.csc.start(b.account.id, sequence, 0, false, false);
  b.csc.add_kernels(32, 0);
  b.csc.add_lines(sequence.input.height - 1, 100);
  b.scheduler.advance(10'000);
  EXPECT_TRUE(b.deliveries.empty());
  b.csc.add_lines(1, 10'000);
  // First atomic operation when the lines have come through and the weights are loaded; results are handed
  // over in the cycle of the fourth package's first atomic operation.
  const Cycle first = 10'000 + b.timing.data_to_sequence + 16;
  b.scheduler.advance(first + 3 * 16 - 1);
  EXPECT_TRUE(b.deliveries.empty());
  b.scheduler.advance(first + 3 * 16);
  ASSERT_EQ(b.deliveries.size(), 1U);
  EXPECT_EQ(b.deliveries[0].ready, first + 3 * 16 + b.timing.accumulate);
  // All of the time went to the lines, but for the load of the weights and three packages.
  const Account time = b.account.until(first + 3 * 16);
  EXPECT_EQ(of(time, Resource::kDataFetch), first - 16);
  EXPECT_EQ(of(time, Resource::kWeightLoad), 16);
  EXPECT_EQ(of(time, Resource::kMacArray), 3 * 16);
}

TEST(Csc, IssuesNothingUntilTheLastKernelOfTheGroupIsThere) {
  Bench b;
  const ConvolutionSequence sequence = small();
  b.csc.start(b.account.id, sequence, 0, false, false);
  b.csc.add_lines(sequence.input.height, 0);
  b.csc.add_kernels(31, 0);
  b.scheduler.advance(5'000);
  EXPECT_TRUE(b.deliveries.empty());
  b.csc.add_kernels(1, 5'000);
  const Cycle first = 5'000 + b.timing.weight_to_sequence + 16;
  b.scheduler.advance(first + 3 * 16 - 1);
  EXPECT_TRUE(b.deliveries.empty());
  b.scheduler.advance(first + 3 * 16);
  EXPECT_EQ(b.deliveries.size(), 1U);
  EXPECT_EQ(of(b.account.until(first), Resource::kWeightFetch), first - 16);
}

TEST(Csc, ItsOwnStartCountsWhenEverythingIsThere) {
  Bench b;
  b.start_with_everything(small(), 700);
  const Cycle first = 700 + b.timing.start_to_sequence + 16;
  b.scheduler.advance(first + 3 * 16 - 1);
  EXPECT_TRUE(b.deliveries.empty());
  b.scheduler.advance(first + 3 * 16);
  EXPECT_EQ(b.deliveries.size(), 1U);
}

// The recordings tell when CDMA was done and when CSC issued first. Layers of one kernel group only: a
// recording does not tell when the weights of the first of several groups were there.
TEST(Csc, FirstAtomicOperationOfEveryRecordedLayerOfOneKernelGroup) {
  int layers = 0;
  for (const std::string& name : recorded::names()) {
    const recorded::Recording recording = recorded::load(name);
    const ConvolutionSequence sequence =
        recorded::convolutions(recording.trace, recording.hardware()).at(0).sequence;
    const amaix::SequencePlan plan = amaix::plan_sequence(sequence, recording.hardware());
    if (plan.groups != 1) continue;
    const recorded::Row cdma = recording.of("CDMA").at(0), csc = recording.of("CSC").at(0);
    Bench b(recording.hardware().name.c_str());
    Cycle start = 0;
    for (const char* unit : {"CSC", "CMAC_A", "CMAC_B", "CACC"})
      start = std::max(start, Cycle{recorded::number(recording.of(unit).at(0), "start")});
    b.csc.add_lines(sequence.input.height, recorded::number(cdma, "interrupt"));
    b.csc.add_kernels(sequence.kernels,
                      recorded::number(cdma, "interrupt_weight") - Cycle{b.timing.weight_done});
    b.csc.start(b.account.id, sequence, start, false, false);
    b.scheduler.advance(2'000'000);
    ASSERT_FALSE(b.delivered_at.empty()) << name;
    // delivered_at is the last package's first atomic operation of the first channel operation.
    const Cycle first =
        b.delivered_at.front() - Cycle{plan.blocks - 1} * plan.interval(plan.stripes.front(), 0);
    EXPECT_EQ(first, recorded::number(csc, "first_active")) << name;
    ++layers;
  }
  EXPECT_GE(layers, 8);
}

TEST(Csc, EveryRecordedLayerIsDoneAFixedTimeAfterItsLastAtomicOperation) {
  for (const std::string& name : recorded::names()) {
    const recorded::Recording recording = recorded::load(name);
    const ConvolutionTiming timing = convolution_timing(recording.hardware());
    for (const recorded::Row& row : recording.of("CSC"))
      EXPECT_EQ(recorded::number(row, "last_active") + timing.sequence_done, recorded::number(row, "done"))
          << name;
  }
}

// -- Pace -----------------------------------------------------------------------------------------

TEST(Csc, ChannelOperationsFollowAtTheirIssueIntervals) {
  Bench b;
  // 12 x 12 positions: stripes of 16, seven of them, and one of 32; 9 blocks.
  const ConvolutionSequence sequence = layer(b.hardware, 14, 14, 64, 32, 3).sequence;
  b.start_with_everything(sequence, 0);
  b.scheduler.advance(100'000);
  ASSERT_EQ(b.deliveries.size(), 8U);
  for (std::size_t i = 1; i < 7; ++i) EXPECT_EQ(b.delivered_at[i] - b.delivered_at[i - 1], 9 * 16);
  EXPECT_EQ(b.delivered_at[7] - b.delivered_at[6], 16 + 8 * 32);
  std::uint32_t position = 0;
  for (const Delivery& delivery : b.deliveries) {
    EXPECT_EQ(delivery.first_position, position);
    EXPECT_EQ(delivery.transfers, delivery.positions * 2);
    EXPECT_EQ(delivery.last, &delivery == &b.deliveries.back());
    position += delivery.positions;
  }
  EXPECT_EQ(position, 144U);
  EXPECT_EQ(of(b.account.until(100'000), Resource::kMacArray), 144 * 9);
  // Last package: its 32 atomic operations, then the done counter.
  ASSERT_EQ(b.last_atomic.size(), 1U);
  EXPECT_EQ(b.last_atomic[0], b.delivered_at[7] + 31);
  EXPECT_EQ(b.done, std::vector<Cycle>({b.last_atomic[0] + b.timing.sequence_done}));
  EXPECT_FALSE(b.csc.busy());
}

TEST(Csc, ANextKernelGroupWaitsForItsOwnWeightsOnly) {
  Bench b;
  const ConvolutionSequence sequence = layer(b.hardware, 5, 5, 64, 64, 2).sequence;
  b.csc.add_lines(5, -1000);
  b.csc.add_kernels(32, -1000);
  b.csc.start(b.account.id, sequence, 0, false, false);
  b.scheduler.advance(3'000);
  EXPECT_EQ(b.deliveries.size(), 1U);
  b.csc.add_kernels(32, 3'000);
  const Cycle first = 3'000 + b.timing.weight_to_sequence + 16;
  b.scheduler.advance(first + 3 * 16 - 1);
  EXPECT_EQ(b.deliveries.size(), 1U);
  b.scheduler.advance(first + 3 * 16);
  ASSERT_EQ(b.deliveries.size(), 2U);
  EXPECT_EQ(b.deliveries[1].first_channel, 32U);
}

// -- Credits --------------------------------------------------------------------------------------

// 16 positions of 2 transfers: CACC's 256 places are full after 8 stripes.
TEST(Csc, TheLastPackageWaitsForRoomInTheDeliveryBuffer) {
  Bench b;
  b.sink_takes = false;
  const ConvolutionSequence sequence = layer(b.hardware, 17, 16, 64, 32, 1).sequence;
  b.start_with_everything(sequence, 0);
  b.scheduler.advance(10'000);
  EXPECT_EQ(b.deliveries.size(), 8U);
  b.csc.add_credits(31, 10'000);
  b.scheduler.advance(11'000);
  EXPECT_EQ(b.deliveries.size(), 8U);  // 32 are needed
  b.csc.add_credits(1, 11'000);
  b.scheduler.advance(11'000 + b.timing.credit_return - 1);
  EXPECT_EQ(b.deliveries.size(), 8U);
  b.scheduler.advance(11'000 + b.timing.credit_return);
  EXPECT_EQ(b.deliveries.size(), 9U);
  // The rest follows without a wait.
  b.sink_takes = true;
  b.csc.add_credits(9 * 32, b.scheduler.now());
  b.scheduler.advance(20'000);
  ASSERT_EQ(b.done.size(), 1U);
  const Account time = b.account.until(b.last_atomic.at(0) + 1);
  EXPECT_EQ(of(time, Resource::kMacArray), 272);
  EXPECT_GE(of(time, Resource::kDownstream), b.delivered_at[8] - b.delivered_at[7] - 16);
  EXPECT_EQ(bound_by(time), Resource::kDownstream);
}

TEST(Csc, CreditsAreNotLostBetweenLayers) {
  Bench b;
  for (int i = 0; i < 20; ++i) {
    b.start_with_everything(small(), b.scheduler.now());
    b.scheduler.advance(b.scheduler.now() + 10'000);
    ASSERT_EQ(b.done.size(), static_cast<std::size_t>(i + 1));
    EXPECT_EQ(of(b.account.until(b.scheduler.now()), Resource::kDownstream), 0);
  }
}

// -- Releases and reuse -----------------------------------------------------------------------------

TEST(Csc, GivesBackWhatTheLayerUsed) {
  Bench b;
  ConvolutionSequence sequence = small();
  sequence.release_slices = 3;
  b.start_with_everything(sequence, 0);
  b.scheduler.advance(10'000);
  ASSERT_EQ(b.data.size(), 1U);
  EXPECT_EQ(b.data[0],
            (Bench::Release{3 * sequence.entries_per_slice, b.last_atomic[0] + b.timing.data_release}));
  ASSERT_EQ(b.weights.size(), 1U);
  EXPECT_EQ(b.weights[0].amount, 32U);
  // Not before the last package has begun, and while it still runs.
  EXPECT_GE(b.weights[0].at, b.delivered_at.back());
  EXPECT_LE(b.weights[0].at, b.last_atomic[0] + b.timing.weight_release);
}

TEST(Csc, KeptDataAreUsedAgainWithoutAFetch) {
  Bench b;
  ConvolutionSequence first = small();
  first.skip_data_release = true;
  b.start_with_everything(first, 0);
  b.scheduler.advance(10'000);
  EXPECT_TRUE(b.data.empty());
  ConvolutionSequence second = small();
  second.data_reuse = true;
  b.csc.add_kernels(32, 10'000);
  b.csc.start(b.account.id, second, 10'000, false, false);
  b.scheduler.advance(20'000);
  EXPECT_EQ(b.done.size(), 2U);
  ASSERT_EQ(b.data.size(), 1U);
  EXPECT_EQ(b.data[0].amount, 5U * first.entries_per_slice);
}

TEST(Csc, KeptDataThatTheNextLayerDoesNotUseAreGivenBackAtItsStart) {
  Bench b;
  ConvolutionSequence first = small();
  first.skip_data_release = first.skip_weight_release = true;
  b.start_with_everything(first, 0);
  b.scheduler.advance(10'000);
  b.csc.start(b.account.id, small(), 10'000, false, false);
  ASSERT_EQ(b.data.size(), 1U);
  EXPECT_EQ(b.data[0], (Bench::Release{5 * first.entries_per_slice, 10'000 + b.timing.data_release}));
  ASSERT_EQ(b.weights.size(), 1U);
  EXPECT_EQ(b.weights[0].amount, 32U);
  b.scheduler.advance(20'000);
  EXPECT_EQ(b.done.size(), 1U);  // waits for lines and kernels of its own
}

TEST(Csc, KeptWeightsAreUsedAgainWithoutAFetch) {
  Bench b;
  ConvolutionSequence first = layer(b.hardware, 5, 5, 64, 64, 2).sequence;
  first.skip_weight_release = true;
  b.start_with_everything(first, 0);
  b.scheduler.advance(10'000);
  EXPECT_TRUE(b.weights.empty());
  ConvolutionSequence second = first;
  second.skip_weight_release = false;
  second.weight_reuse = true;
  b.csc.add_lines(5, 10'000);
  b.csc.start(b.account.id, second, 10'000, false, false);
  b.scheduler.advance(20'000);
  EXPECT_EQ(b.done.size(), 2U);
  std::uint64_t kernels = 0;
  for (const Bench::Release& release : b.weights) kernels += release.amount;
  EXPECT_EQ(kernels, 64U);
}

TEST(Csc, AChangeOfBanksLosesWhatWasKept) {
  Bench b;
  ConvolutionSequence first = small();
  first.skip_data_release = first.skip_weight_release = true;
  b.start_with_everything(first, 0);
  b.scheduler.advance(10'000);
  ConvolutionSequence second = small();
  second.data_reuse = second.weight_reuse = true;
  b.csc.start(b.account.id, second, 10'000, true, true);
  b.scheduler.advance(20'000);
  EXPECT_EQ(b.done.size(), 1U);
  b.csc.add_lines(5, 20'000);
  b.csc.add_kernels(32, 20'000);
  b.scheduler.advance(30'000);
  EXPECT_EQ(b.done.size(), 2U);
}

TEST(Csc, ResetForgetsTheLayerAndRestoresTheCredits) {
  Bench b;
  b.sink_takes = false;
  const ConvolutionSequence sequence = layer(b.hardware, 17, 16, 64, 32, 1).sequence;
  b.start_with_everything(sequence, 0);
  b.scheduler.advance(10'000);
  b.csc.reset();
  b.scheduler.clear();
  EXPECT_FALSE(b.csc.busy());
  b.scheduler.advance(20'000);
  EXPECT_EQ(b.deliveries.size(), 8U);
  b.csc.start(b.account.id, sequence, 20'000, true, true);
  b.scheduler.advance(30'000);
  EXPECT_EQ(b.deliveries.size(), 8U);  // lines and kernels are forgotten
  b.csc.add_lines(16, 30'000);
  b.csc.add_kernels(32, 30'000);
  b.scheduler.advance(40'000);
  EXPECT_EQ(b.deliveries.size(), 16U);
}

}  // namespace
}  // namespace nvdla::engine
