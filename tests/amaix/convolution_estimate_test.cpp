// SPDX-License-Identifier: Apache-2.0
// Proves when a convolution's closed form lets its units go if SDP, or SDP's operands, come later than CACC's
// first result; how its data and weights share a port; that a slow port writes all of the output. Its totals
// are compared with recordings (validation, tests/rtl_cases).
#include "amaix/convolution_estimate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "hardware/convolution_timing.h"
#include "tests/amaix/convolution_test_layer.h"
#include "tests/amaix/sdp_test_operations.h"

namespace nvdla::amaix {
namespace {

using convolution_test::Layer;

// 16 positions, whose results CACC's buffer holds: CSC and CACC do not wait for SDP.
TEST(LateSdp, CscWorksAheadAsFarAsCaccHoldsItsResults) {
  const Layer layer(sdp_test::nv_small(), 4, 8);
  ASSERT_LE(layer.transfers(), convolution_timing(layer.hardware).credits);
  const ConvolutionEstimate early = layer.estimate({});
  ConvolutionContext context;
  constexpr double kLate = 5000;
  context.sdp_start = early.first_transfer + kLate;
  const ConvolutionEstimate late = layer.estimate(context);
  EXPECT_EQ(late.sequence_done, early.sequence_done);
  EXPECT_EQ(late.weights_done, early.weights_done);
  // CACC hands over a position's transfers one a cycle, and pauses between positions.
  const SdpOnTheFly sdp = sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory);
  const double pauses = layer.sequence.atomics * convolution_timing(layer.hardware).delivery_gap;
  EXPECT_EQ(late.first_transfer, context.sdp_start - sdp.entry);
  EXPECT_EQ(late.cycles, late.first_transfer + layer.transfers() + pauses - 1 + sdp.interrupt_tail);
}

// CACC holds one channel operation; the second ends when SDP has taken the first.
TEST(LateSdp, CscStopsWhenCaccIsFull) {
  const Layer layer(sdp_test::nv_small(), 16, 64);
  const ConvolutionTiming timing = convolution_timing(layer.hardware);
  const SequencePlan plan = plan_sequence(layer.sequence, layer.hardware);
  const std::uint32_t positions = plan.stripes.front(), transfers = plan.transfers_per_position;
  ASSERT_EQ(positions * transfers, timing.credits);
  const ConvolutionEstimate early = layer.estimate({});
  ConvolutionContext context;
  constexpr double kLate = 5000;
  context.sdp_start = early.first_transfer + kLate;
  const ConvolutionEstimate late = layer.estimate(context);
  const double taken = late.first_transfer + positions * (transfers + timing.delivery_gap);
  const double second = early.first_transfer - timing.accumulate + plan.blocks * plan.interval(positions, 0);
  const double lost = taken + timing.credit_return - second;
  EXPECT_LT(lost, kLate);
  EXPECT_NEAR(late.sequence_done - early.sequence_done, lost, 1);
  EXPECT_NEAR(late.cycles - early.cycles, lost, 1);
}

TEST(LateSdp, TheFirstResultWaitsForItsOperands) {
  Layer layer(sdp_test::nv_small(), 4, 8);
  sdp_test::add_bias(layer.sdp);
  const ConvolutionEstimate early = layer.estimate({});
  ConvolutionContext context;
  constexpr double kLate = 5000;
  context.operands_ahead = -kLate;
  const ConvolutionEstimate late = layer.estimate(context);
  const SdpOnTheFly sdp = sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory);
  EXPECT_GT(sdp.operands_ready, layer.memory.dbb.latency);
  EXPECT_EQ(late.first_transfer, kLate + sdp.operands_ready - sdp.entry);
  EXPECT_NEAR(late.sequence_done, early.sequence_done, 2);  // early, they pass the port before the data
}

TEST(LateSdp, OneThatIsThereInTimeChangesNothing) {
  const Layer layer(sdp_test::nv_small(), 16, 64);
  const ConvolutionEstimate early = layer.estimate({});
  ConvolutionContext context;
  context.sdp_start = early.first_transfer;
  EXPECT_EQ(layer.estimate(context).cycles, early.cycles);
  context.sdp_start = early.first_transfer + 10;
  EXPECT_GT(layer.estimate(context).first_transfer, early.first_transfer);
}

// Lines of three beats, one every three cycles: two chunks of weights leave between two of them.
TEST(DataAndWeights, WeightsTakeTheCyclesInWhichDataAreNotAskedFor) {
  const HardwareParameters& hardware = preset("nv_small_256_full");
  ASSERT_EQ(hardware.max_burst_beats, 4U);
  Layer layer(hardware, 3, 64);
  layer.fetch.input = layer.sequence.input = {3, 10, hardware.memory_atom_bytes};
  layer.fetch.data.line_stride = 32;
  const ConvolutionDataWork data = convolution_data_work(layer.fetch, hardware);
  ASSERT_EQ(data.chunks, 10);
  ASSERT_EQ(data.requests, 30);
  ASSERT_GT(layer.fetch.weight_bytes, 80U * 8);
  ConvolutionContext alone;
  alone.fetch_weights = false;
  layer.memory.dbb = {50, 8};
  // Alone, CDMA's buffer sets the pace; beside weights it still has the last beat to read.
  const double lost = layer.estimate({}).data_done - layer.estimate(alone).data_done;
  EXPECT_DOUBLE_EQ(lost, data.beats + 10 * 2 * 4 - 1 + data.path / data.beats - data.path);
}

// Once memory takes no more, reads that return make room for one chunk of each in turn.
TEST(DataAndWeights, TakeTurnsWhenAllThatMayBeOpenIs) {
  const HardwareParameters& hardware = preset("nv_small_256_full");
  Layer layer(hardware, 3, 64);
  layer.fetch.input = layer.sequence.input = {3, 10, hardware.memory_atom_bytes};
  layer.fetch.data.line_stride = 32;
  ConvolutionContext alone;
  alone.fetch_weights = false;
  layer.memory.dbb = {50, 2};
  layer.memory.dbb.max_outstanding = 6;  // bursts: two turns
  // The estimate takes bursts as whole ones: 24 beats open in place of 22.
  EXPECT_NEAR(layer.estimate({}).data_done - layer.estimate(alone).data_done, (2 * 2 + 8) * 4 * 4, 3);
}

// A burst of weights has four beats on CVSRAM, whatever those of the data have on DBB: one.
TEST(DataAndWeights, BurstsThatMayBeOpenAreAsLongAsTheClientsChunks) {
  const HardwareParameters& hardware = preset("nv_small_256_full");
  Layer layer(hardware, 1, 256);
  layer.memory.dbb.max_outstanding = 4;
  layer.memory.cvsram = layer.memory.dbb;
  layer.fetch.weight_space = MemorySpace::kCvsram;
  const double beats = static_cast<double>(layer.fetch.weight_bytes) / hardware.dbb_width_bytes;
  double open = 0;
  for (const Bound& bound : layer.estimate({}).bounds)
    if (bound.resource == Resource::kOutstanding) open = std::max(open, bound.cycles());
  EXPECT_NEAR(open, beats / (4 * 4) * (50 + 1 + 3), 1);
}

// New banks for the weights: CDMA waits for CSC, its data do not.
TEST(DataAndWeights, WeightsWaitForCscWhenTheirBanksChange) {
  const Layer layer(sdp_test::nv_small(), 8, 16);
  ConvolutionContext alone, together;
  alone.data_banks_change = together.data_banks_change = false;
  alone.fetch_data = false;
  together.sequence_start = 5000;
  const ConvolutionEstimate late = layer.estimate(together);
  EXPECT_EQ(late.weights_done - layer.estimate(alone).weights_done, 5000);
  ConvolutionContext data = together;
  data.fetch_weights = false;
  EXPECT_EQ(late.data_done, layer.estimate(data).data_done);
}

// Four bytes a cycle: the output takes longer than all before it.
TEST(ConvolutionOutput, IsWrittenBeatByBeatFromTheFirstResultOn) {
  Layer layer(sdp_test::nv_full(), 8, 32);
  layer.memory.dbb = {50, 4};
  layer.sequence.kernel_width = layer.sequence.kernel_height = 1;
  const ConvolutionEstimate estimate = layer.estimate({});
  const SdpOnTheFly sdp = sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory);
  constexpr double kBeats = 32, kBeat = 16;
  EXPECT_EQ(sdp.write_time, kBeats * kBeat);
  EXPECT_EQ(estimate.cycles,
            estimate.first_transfer + sdp.write_tail + (kBeats - 1) * kBeat + sdp.acknowledge);
  // Its buffers let SDP be done before.
  EXPECT_LT(estimate.accumulate_interrupt, estimate.cycles - sdp.interrupt_tail);
}

// The channel operations before it are over: what SDP writes of the last comes from when its first
// chunk is whole.
TEST(ConvolutionOutput, OfTheLastChannelOperationComesBehindItsFirstResult) {
  Layer layer(sdp_test::nv_full(), 8, 32);
  layer.memory.dbb = {50, 8};
  const SequencePlan plan = plan_sequence(layer.sequence, layer.hardware);
  ASSERT_EQ(plan.stripes, (std::vector<std::uint32_t>{16, 16, 32}));
  const ConvolutionEstimate estimate = layer.estimate({});
  const SdpOnTheFly sdp = sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory);
  const double last = estimate.first_transfer + plan.blocks * 32.0 + (plan.blocks - 1.0) * (32 - 16);
  constexpr double kBeats = 16, kBeat = 8, kChunk = 4, kPositionsInBeat = 2;
  EXPECT_EQ(sdp.write_unit, kChunk);
  const double whole = (kChunk * kPositionsInBeat - 1) * plan.transfers_per_position;
  EXPECT_EQ(estimate.cycles, last + whole + sdp.write_tail + (kBeats - 1) * kBeat + sdp.acknowledge);
}

// The second group's output comes behind the last group's few weights, the first group's before.
TEST(DataAndWeights, OutputTakesTurnsWithWeightsThatComeBesideIt) {
  Layer layer(sdp_test::nv_full(), 4, 65);
  layer.memory.dbb = {50, 4};
  layer.fetch.bytes_per_kernel = 256;
  layer.fetch.weight_bytes = std::uint64_t{65} * 256;
  const ConvolutionEstimate with = layer.estimate({});
  const ConvolutionEstimate without = estimate_convolution(layer.fetch, layer.sequence, {}, layer.hardware,
                                                           layer.memory, {}, Level::kRefined);
  constexpr double kGroupBeats = 16 * 32 / 64.0, kBeat = 16;
  EXPECT_EQ(with.weights_done - without.weights_done, kGroupBeats * kBeat);
}

// The last kernel's weights come while the output of the group before goes out: they are late by what has
// passed of that, from its first result on. When it goes out a layer of that group alone says.
TEST(DataAndWeights, WeightsAreLateByWhatHasPassedOfTheOutput) {
  constexpr double kBeats = 16 * 32 / 64.0, kBeat = 16, kChunk = 4, kPositionsInBeat = 2;
  for (const std::uint32_t bytes : {928U, 1024U}) {
    Layer layer(sdp_test::nv_full(), 4, 33), group(sdp_test::nv_full(), 4, 32);
    for (Layer* one : {&layer, &group}) {
      one->memory.dbb = {50, 4};
      one->fetch.bytes_per_kernel = bytes;
      one->fetch.weight_bytes = std::uint64_t{one->fetch.kernels} * bytes;
    }
    const SequencePlan plan = plan_sequence(group.sequence, group.hardware);
    const double acknowledge = sdp_on_the_fly(group.sdp, group.hardware, group.memory).acknowledge;
    const double result = group.estimate({}).cycles - acknowledge - (kBeats - 1) * kBeat -
                          (kChunk * kPositionsInBeat - 1) * plan.transfers_per_position;
    const double alone = estimate_convolution(layer.fetch, layer.sequence, {}, layer.hardware, layer.memory,
                                              {}, Level::kRefined)
                             .weights_done;
    const double passed = alone - convolution_timing(layer.hardware).weight_done - result;
    ASSERT_GT(passed, 10);
    ASSERT_LT(passed, kBeats * kBeat);
    EXPECT_NEAR(layer.estimate({}).weights_done - alone, passed, kBeat / 2);
  }
}

// Few open reads and a long latency: the port has time for the output between them, and the weights of all
// groups come in rounds of as many as may be open.
TEST(DataAndWeights, FewOpenReadsLeaveThePortToTheOutput) {
  Layer layer(sdp_test::nv_small(), 4, 64);
  layer.memory.dbb = {1000, 8, 16};
  ConvolutionContext context;
  context.fetch_data = false;
  const ConvolutionTiming timing = convolution_timing(layer.hardware);
  const double beats = static_cast<double>(layer.fetch.weight_bytes) / 8;
  const double rounds = std::floor((beats - 1) / 16);
  EXPECT_EQ(layer.estimate(context).weights_done, timing.weight_request + timing.bank_change + 1000 +
                                                      rounds * 1001 + (beats - 1 - rounds * 16) +
                                                      timing.weight_done);
}

// Groups of eight rounds and a half: the second half of a round is there with the first, and no group waits
// for its turn at the pace of all.
TEST(DataAndWeights, AGroupThatIsNotLateComesWithItsRound) {
  Layer layer(sdp_test::nv_small(), 4, 64);
  layer.memory.dbb = {1000, 8, 16};
  layer.fetch.bytes_per_kernel = 136;
  layer.fetch.weight_bytes = std::uint64_t{64} * 136;
  ConvolutionContext context;
  context.fetch_data = false;
  const ConvolutionTiming timing = convolution_timing(layer.hardware);
  constexpr double kBeats = 8 * 136, kRounds = kBeats / 16 - 1;
  EXPECT_EQ(layer.estimate(context).weights_done,
            timing.weight_request + timing.bank_change + 1000 + kRounds * 1001 + 15 + timing.weight_done);
}

// 40 cycles ahead of CDMA, SDP's reader has asked for 40 beats; ten of them have passed when CDMA's come.
TEST(DataAndWeights, OperandsThatWereAskedForBeforePassBefore) {
  Layer layer(sdp_test::nv_full(), 16, 64);
  layer.memory.dbb = {128, 16};
  ConvolutionContext context;
  context.fetch_weights = false;
  const double without = layer.estimate(context).data_done;
  sdp_test::add_cube(layer.sdp, false);
  context.operands_ahead = 40;
  const SdpOnTheFly sdp = sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory);
  const double early = sdp.early_operands[static_cast<std::size_t>(MemorySpace::kDbb)];
  ASSERT_GT(early, 80);
  const double chunks = convolution_data_work(layer.fetch, layer.hardware).chunks;
  const double in_turn = std::min(early - 40, chunks * sdp.operand_chunk);
  EXPECT_EQ(layer.estimate(context).data_done - without, (40 - 10 + in_turn) * 4);
}

// A delivery of 16 cycles a position is slower than the MAC array, which takes 9. CACC's buffer holds 128 of
// them: so far CSC does not wait at all, and the last result leaves behind all others.
TEST(SlowDelivery, CscWorksAheadAsFarAsCaccHoldsItsResults) {
  for (const std::uint32_t kernels : {64U, 256U}) {
    const Layer layer(preset("nv_full"), 8, kernels);
    SdpOnTheFly sdp = sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory);
    const auto estimate = [&](double pace) {
      sdp.cycles_per_transfer = pace;
      return estimate_convolution(layer.fetch, layer.sequence, sdp, layer.hardware, layer.memory, {},
                                  Level::kRefined);
    };
    const ConvolutionEstimate fast = estimate(1), slow = estimate(8);
    EXPECT_NEAR(slow.cycles, slow.first_transfer + 8 * layer.transfers() + sdp.interrupt_tail, 4);
    const double held = convolution_timing(layer.hardware).credits;
    ASSERT_EQ(held, 256);
    if (layer.transfers() <= held) {
      EXPECT_EQ(slow.sequence_done, fast.sequence_done);
    } else {
      EXPECT_NEAR(slow.sequence_done, slow.cycles - 8 * held, 0.05 * slow.cycles);
    }
  }
}

// The weights of the last group come late; from its first result on the port has to write all of it, not only
// its last channel operation.
TEST(ConvolutionOutput, OfALastGroupThatComesLateIsWrittenBehindIt) {
  Layer layer(sdp_test::nv_small(), 8, 16);
  layer.memory.dbb.bytes_per_cycle = 0.25;
  const SequencePlan plan = plan_sequence(layer.sequence, layer.hardware);
  ASSERT_EQ(plan.stripes.size(), 4U);
  const ConvolutionEstimate estimate = layer.estimate({});
  const double first = (plan.blocks - 1.0) * plan.interval(plan.stripes.front(), 0);
  EXPECT_GT(estimate.cycles, estimate.weights_done + first + 8 * 8 * 8 / 0.25);
  EXPECT_LT(estimate.cycles, estimate.weights_done + first + 8 * 8 * 8 / 0.25 + 300);
}

// What the FIFOs hold of SDP's operands is there at the first result. The others are asked for from then on,
// and the output that needs them shares the port with them, a memory's turn later.
TEST(ConvolutionOutput, ComesBehindTheOperandsThatFoundNoPlace) {
  Layer layer(sdp_test::nv_small(), 16, 8);
  layer.memory.dbb = {1000, 1};
  layer.sequence.kernel_width = layer.sequence.kernel_height = 1;
  layer.fetch.bytes_per_kernel = 16;
  layer.fetch.weight_bytes = layer.sequence.weight_bytes = 128;
  sdp_test::add_cube(layer.sdp, true);
  ConvolutionContext context;
  context.operands_ahead = 8000;
  SdpOnTheFly sdp = sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory);
  sdp.cycles_per_transfer = 1;  // as if the latency FIFO did not limit them as well
  sdp.operands_end = 0;
  const ConvolutionEstimate estimate = estimate_convolution(layer.fetch, layer.sequence, sdp, layer.hardware,
                                                            layer.memory, context, Level::kRefined);
  constexpr double kBeats = 16 * 16 * 2;
  const double late = kBeats - sdp.early_operands[static_cast<std::size_t>(MemorySpace::kDbb)];
  ASSERT_GT(late, 300);
  const double written = estimate.first_transfer + sdp.late_turn + 1.5 * late * 8;
  EXPECT_NEAR(estimate.cycles, written - 8 + sdp.write_tail + sdp.acknowledge, 1);
}

// SDP_RDMA starts with the first result: the last transfer waits for all its operands, few at a time.
TEST(LateOperands, OfWhichFewAreOpenAreWaitedForFromTheirOwnStart) {
  Layer layer(sdp_test::nv_small(), 16, 16);
  layer.memory.dbb = {600, 8, 8};
  sdp_test::add_cube(layer.sdp, false);
  const SdpOnTheFly sdp = sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory);
  EXPECT_GT(sdp.operands_end, 16 * 16 * 2 / 8 * 600);
  ConvolutionContext context;
  context.operands_ahead = -20000;
  EXPECT_GE(layer.estimate(context).cycles, 20000 + sdp.operands_end + sdp.interrupt_tail - sdp.entry - 1);
}

// Registers in front of a stage of SDP that sets the pace take transfers before it does.
TEST(ConvolutionOutput, CaccIsDoneBeforeASlowStageOfSdpIs) {
  Layer layer(sdp_test::nv_small(), 16, 8);
  SdpOnTheFly behind = sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory);
  behind.cycles_per_transfer = behind.cycles_with_operands = 8;
  const ConvolutionTiming timing = convolution_timing(layer.hardware);
  for (const double ahead : {0.0, 20.0}) {
    behind.ahead = ahead;
    behind.ahead_depth = ahead > 0 ? 30 : 0;
    const ConvolutionEstimate estimate = estimate_convolution(
        layer.fetch, layer.sequence, behind, layer.hardware, layer.memory, {}, Level::kRefined);
    EXPECT_DOUBLE_EQ(estimate.last_transfer + timing.interrupt - estimate.accumulate_interrupt,
                     ahead > 0 ? 20 * 8 - 30 : 0);
  }
}

}  // namespace
}  // namespace nvdla::amaix
