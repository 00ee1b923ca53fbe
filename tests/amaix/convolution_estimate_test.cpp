// SPDX-License-Identifier: Apache-2.0
// Proves when a convolution's closed form lets its units go if SDP, or SDP's operands, come later than CACC's
// first result; how its data and weights share a port; that a slow port writes all of the output. Its totals
// are compared with recordings (validation, tests/rtl_cases).
#include "amaix/convolution_estimate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "amaix/shared_convolution.h"
#include "hardware/convolution_timing.h"
#include "tests/amaix/sdp_test_operations.h"

namespace nvdla::amaix {
namespace {

// 3x3 kernels over a cube of two surfaces, output as large as the input.
struct Layer {
  explicit Layer(const HardwareParameters& layer_hardware, std::uint32_t side, std::uint32_t kernels)
      : hardware(layer_hardware),
        sdp(sdp_test::square(layer_hardware, Precision::kInt8, side, kernels, true)) {
    const std::uint32_t channels = 2 * hardware.memory_atom_bytes;
    fetch.input = {side, side, channels};
    fetch.data.address = 0x80000000;
    fetch.data.line_stride = side * hardware.memory_atom_bytes;
    fetch.data.surface_stride = fetch.data.line_stride * side;
    fetch.entries_per_slice = side;
    fetch.kernels = sequence.kernels = kernels;
    fetch.bytes_per_kernel = 9 * channels;
    fetch.weight_bytes = sequence.weight_bytes = (std::uint64_t{kernels} * 9 * channels + 127) / 128 * 128;
    fetch.weight_address = 0x81000000;
    fetch.data_banks = sequence.data_banks = 8;
    fetch.weight_banks = sequence.weight_banks = 8;
    fetch.padding = sequence.padding = {1, 1, 1, 1, 0};
    sequence.input = fetch.input;
    sequence.entries_per_slice = side;
    sequence.kernel_width = sequence.kernel_height = 3;
    sequence.kernel_channels = channels;
    sequence.output = {side, side, kernels};
    sequence.atomics = side * side;
    sequence.release_slices = side;
  }
  [[nodiscard]] ConvolutionEstimate estimate(const ConvolutionContext& context) const {
    return estimate_convolution(fetch, sequence, sdp_on_the_fly(sdp, hardware, memory), hardware, memory,
                                context, Level::kRefined);
  }
  [[nodiscard]] double transfers() const {
    const SequencePlan plan = plan_sequence(sequence, hardware);
    return static_cast<double>(sequence.atomics) * plan.groups * plan.transfers_per_position;
  }

  const HardwareParameters& hardware;
  memory::MemorySystem memory{{50, 64}, {}};
  ConvolutionFetch fetch;
  ConvolutionSequence sequence;
  SdpOperation sdp;
};

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
  constexpr double kGroupBeats = 16 * 32 / 64, kBeat = 16;
  EXPECT_EQ(with.weights_done - without.weights_done, kGroupBeats * kBeat);
}

// The last kernel's weights come while the output of the group before goes out: they are late by what has
// passed of that, from its first result on. When it goes out a layer of that group alone says.
TEST(DataAndWeights, WeightsAreLateByWhatHasPassedOfTheOutput) {
  constexpr double kBeats = 16 * 32 / 64, kBeat = 16, kChunk = 4, kPositionsInBeat = 2;
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

// Walked request by request, and alone, it does what the estimate says.
TEST(SharedConvolution, AloneIsTheEstimate) {
  for (const double bytes : {8.0, 4.0}) {
    Layer layer(sdp_test::nv_small(), 16, 64);
    layer.memory.dbb.bytes_per_cycle = bytes;
    ConvolutionSchedule schedule;
    ConvolutionContext context;
    context.schedule = &schedule;
    const ConvolutionEstimate estimate = layer.estimate(context);
    SharedConvolution unit(layer.fetch, context, schedule, estimate,
                           sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory),
                           sdp_work(layer.sdp, layer.hardware), layer.hardware);
    ASSERT_TRUE(unit.whole());
    unit.restart(500, nullptr);
    walk_together({&unit}, layer.memory.dbb, layer.hardware);
    const std::vector<Cycle>& marks = unit.marks();
    const ConvolutionTiming timing = convolution_timing(layer.hardware);
    const auto near = [&](std::size_t mark, double expected) {
      EXPECT_NEAR(static_cast<double>(marks[mark] - 500), expected, 0.04 * expected)
          << "mark " << mark << ", " << bytes << " bytes";
    };
    near(0, estimate.data_done);
    near(1, estimate.weights_done - timing.weight_done);
    near(2, schedule.begin);
    near(marks.size() - 1, estimate.cycles);
  }
}

// A convolution that fetches nothing, in front of its first group: its output as it gets ready.
std::vector<Cycle> output_times(SharedConvolution& unit, const std::function<void(Cycle)>& then) {
  unit.restart(0, nullptr);
  std::vector<Cycle> ready;
  for (Cycle now = 0; unit.due() != kNever || unit.writes() != kNever;) {
    now = std::min(unit.due(), unit.writes());
    if (unit.writes() == now) {
      ready.push_back(now);
      unit.write_granted(now);
      then(now);
    } else {
      unit.run(now);
    }
  }
  return ready;
}

// Of each channel operation all results come in its last package, of two surfaces and nine places.
TEST(SharedConvolution, ResultsComeWithTheLastPackages) {
  Layer layer(sdp_test::nv_small(), 16, 8);
  ConvolutionSchedule schedule;
  ConvolutionContext context;
  context.fetch_data = context.fetch_weights = false;
  context.schedule = &schedule;
  const ConvolutionEstimate estimate = layer.estimate(context);
  SharedConvolution unit(layer.fetch, context, schedule, estimate,
                         sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory),
                         sdp_work(layer.sdp, layer.hardware), layer.hardware);
  const std::vector<Cycle> ready = output_times(unit, [](Cycle) {});
  ASSERT_EQ(ready.size(), 256U);
  const double operations = static_cast<double>(schedule.stripes.size()) * schedule.repeats;
  const double each = schedule.groups.front().time / operations;
  const auto of_each = static_cast<std::size_t>(256 / operations);
  const double burst = schedule.burst * schedule.stripes.front();
  ASSERT_GT(each, 1.5 * burst);
  EXPECT_NEAR(static_cast<double>(ready[of_each - 1] - ready.front()), burst, 0.1 * burst);
  EXPECT_NEAR(static_cast<double>(ready[of_each] - ready.front()), each, 0.05 * each);
}

// Operands for each element of which the FIFOs hold 172 of 256 beats: the output behind waits for the others,
// which are asked for when it has used up those before.
TEST(SharedConvolution, OutputWaitsForItsOperands) {
  Layer layer(sdp_test::nv_small(), 16, 8);
  sdp_test::add_cube(layer.sdp, false);
  ConvolutionSchedule schedule;
  ConvolutionContext context;
  context.fetch_data = context.fetch_weights = false;
  context.operands_ahead = 2000;
  context.schedule = &schedule;
  const SdpWork work = sdp_work(layer.sdp, layer.hardware);
  const auto places = static_cast<std::size_t>(work.fetch.streams.front().beats_ahead(256, layer.hardware));
  ASSERT_LT(places, 200U);
  SharedConvolution unit(layer.fetch, context, schedule, layer.estimate(context),
                         sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory), work, layer.hardware);
  std::size_t asked = 0;
  Cycle first = kNever;
  const std::vector<Cycle> ready = output_times(unit, [&](Cycle now) {
    for (; unit.asks(2) <= now; ++asked) {
      first = std::min(first, now);
      unit.granted(2, now);
    }
  });
  EXPECT_EQ(ready.size(), places);  // nothing has come
  EXPECT_EQ(asked, 256 - places);
  EXPECT_NEAR(static_cast<double>(first), static_cast<double>(ready.front()), 40);
  unit.came(2, 90000, 90000, 1);
  EXPECT_GT(unit.writes(), 90000);
}

// The weights of the last groups wait until the first ones are released.
TEST(SharedConvolution, WeightsWaitForRoomInTheirBanks) {
  Layer layer(sdp_test::nv_small(), 16, 64);
  const auto walked = [&](std::uint32_t banks) {
    layer.fetch.weight_banks = banks;
    ConvolutionSchedule schedule;
    ConvolutionContext context;
    context.schedule = &schedule;
    const ConvolutionEstimate estimate = layer.estimate(context);
    // Four kernels of 1152 bytes fit the bank of 4096, and the overshoot.
    SharedConvolution unit(layer.fetch, context, schedule, estimate,
                           sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory),
                           sdp_work(layer.sdp, layer.hardware), layer.hardware);
    unit.restart(0, nullptr);
    walk_together({&unit}, layer.memory.dbb, layer.hardware);
    return std::pair{static_cast<double>(unit.marks()[1]), estimate.weights_done};
  };
  EXPECT_LT(walked(8).first, 2000);
  const auto [late, expected] = walked(1);
  EXPECT_GT(late, 10000);
  EXPECT_NEAR(late, expected, 0.02 * expected);
}

// A layer that only CDMA has taken: what finds room beside the layer before comes, and no group begins.
TEST(SharedConvolution, FetchesWhatFindsRoomBesideTheLayerBefore) {
  Layer layer(sdp_test::nv_small(), 16, 64);
  layer.fetch.weight_banks = 1;
  ConvolutionContext context;
  const auto walked = [&] {
    SharedConvolution unit(layer.fetch, context, layer.hardware);
    unit.restart(0, nullptr);
    walk_together({&unit}, layer.memory.dbb, layer.hardware);
    return unit.marks();
  };
  std::vector<Cycle> marks = walked();
  EXPECT_LT(marks[0], kNever);
  EXPECT_EQ(marks[1], kNever);  // one bank does not hold all weights
  EXPECT_EQ(marks[2], kNever);
  context.held_entries =
      layer.fetch.data_banks * static_cast<double>(cbuf_shape(layer.hardware).entries_per_bank) - 1;
  marks = walked();
  EXPECT_EQ(marks[0], kNever);
}

// The whole layer asks for the rest when the one before has released its data.
TEST(SharedConvolution, TheRestOfTheDataWaitsForTheLayerBefore) {
  Layer layer(sdp_test::nv_small(), 16, 8);
  ConvolutionSchedule schedule;
  ConvolutionContext context;
  context.schedule = &schedule;
  context.held_entries =
      layer.fetch.data_banks * static_cast<double>(cbuf_shape(layer.hardware).entries_per_bank) - 1;
  context.data_released = 3000;
  const ConvolutionEstimate estimate = layer.estimate(context);
  SharedConvolution unit(layer.fetch, context, schedule, estimate,
                         sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory),
                         sdp_work(layer.sdp, layer.hardware), layer.hardware);
  unit.restart(100, nullptr);
  walk_together({&unit}, layer.memory.dbb, layer.hardware);
  EXPECT_GT(unit.marks()[0], 3100);
  EXPECT_NEAR(static_cast<double>(unit.marks()[0] - 100), estimate.data_done, 0.02 * estimate.data_done);
}

// Before SDP takes the layer nothing is output, and groups begin as long as CACC has room. SDP takes what
// waits at its own pace.
TEST(SharedConvolution, WaitsForSdp) {
  Layer layer(sdp_test::nv_small(), 16, 64);
  ConvolutionSchedule schedule;
  ConvolutionContext context;
  context.fetch_data = context.fetch_weights = false;
  context.sdp_start = 50000;
  context.schedule = &schedule;
  SharedConvolution unit(layer.fetch, context, schedule, layer.estimate(context),
                         sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory),
                         sdp_work(layer.sdp, layer.hardware), layer.hardware);
  const std::vector<Cycle> ready = output_times(unit, [](Cycle) {});
  ASSERT_FALSE(ready.empty());
  EXPECT_GT(ready.front(), 50000);
  EXPECT_GE(ready[20] - ready.front(), 20 * 8 / 2);  // a beat of eight elements, one a cycle; not all at once
  unit.wait_for_sdp(true);
  EXPECT_TRUE(output_times(unit, [](Cycle) {}).empty());
  EXPECT_NE(unit.marks()[2], kNever);
  EXPECT_EQ(unit.marks()[2 + schedule.groups.size() - 1], kNever);
}

// No more operands are on their way than the latency FIFO holds, though those behind it hold more.
TEST(SharedConvolution, FewOperandsAreOnTheirWay) {
  Layer layer(preset("nv_small_256_full"), 16, 8);
  sdp_test::add_cube(layer.sdp, false);
  ConvolutionSchedule schedule;
  ConvolutionContext context;
  context.fetch_data = context.fetch_weights = false;
  context.schedule = &schedule;
  const SdpWork work = sdp_work(layer.sdp, layer.hardware);
  const SdpStream& stream = work.fetch.streams.front();
  const std::uint32_t fifo = layer.hardware.read_latency_fifo_beats[static_cast<std::size_t>(stream.client)];
  ASSERT_GT(stream.beats_ahead(256, layer.hardware), fifo + 4.0);
  SharedConvolution unit(layer.fetch, context, schedule, layer.estimate(context),
                         sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory), work, layer.hardware);
  unit.restart(0, nullptr);
  std::uint32_t asked = 0;
  for (; unit.asks(2) != kNever; unit.granted(2, 100)) asked += unit.beats(2);
  EXPECT_LE(asked, fifo);
  EXPECT_GT(asked + layer.hardware.mcif_chunk_beats, fifo);
  unit.came(2, 1000, 1000, 4);
  EXPECT_GE(unit.asks(2), 1000);
  EXPECT_NE(unit.asks(2), kNever);
}

// While SDP has not taken the layer CSC does what CACC has room for; it has the rest still to do then.
TEST(SharedConvolution, CscWaitsForRoomInCacc) {
  Layer layer(sdp_test::nv_small(), 16, 8);
  ConvolutionSchedule schedule;
  ConvolutionContext context;
  context.fetch_data = context.fetch_weights = false;
  context.sdp_start = 50000;
  context.schedule = &schedule;
  SharedConvolution unit(layer.fetch, context, schedule, layer.estimate(context),
                         sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory),
                         sdp_work(layer.sdp, layer.hardware), layer.hardware);
  const std::vector<Cycle> ready = output_times(unit, [](Cycle) {});
  ASSERT_EQ(ready.size(), 256U);
  ASSERT_EQ(schedule.groups.size(), 1U);
  const double pace = 256 * 8;  // of SDP
  ASSERT_GT(schedule.groups.front().time, 1.5 * pace);
  EXPECT_NEAR(static_cast<double>(ready.back() - 50000), schedule.groups.front().time,
              0.15 * schedule.groups.front().time);
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
