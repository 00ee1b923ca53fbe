// SPDX-License-Identifier: Apache-2.0
// Proves that a convolution which is walked request by request is its estimate when it is alone, and what it
// waits for among others: operands, room in its banks and in CACC, SDP.
#include "amaix/shared_convolution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "amaix/shared_walk.h"
#include "hardware/convolution_timing.h"
#include "tests/amaix/convolution_test_layer.h"

namespace nvdla::amaix {
namespace {

using convolution_test::Layer;

// The layer, walked request by request. Fills the schedule of the context.
SharedConvolution shared(const Layer& layer, const ConvolutionContext& context) {
  const ConvolutionEstimate estimate = layer.estimate(context);
  return {layer.fetch,
          context,
          *context.schedule,
          estimate,
          sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory),
          sdp_work(layer.sdp, layer.hardware),
          layer.hardware};
}

ConvolutionContext fetches_nothing(ConvolutionSchedule& schedule) {
  ConvolutionContext context;
  context.fetch_data = context.fetch_weights = false;
  context.schedule = &schedule;
  return context;
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
    SharedConvolution unit = shared(layer, context);
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
  const ConvolutionContext context = fetches_nothing(schedule);
  const ConvolutionEstimate estimate = layer.estimate(context);
  SharedConvolution unit = shared(layer, context);
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

// The last group has fewer kernels: its packages, and the load of its weights, are shorter.
TEST(SharedConvolution, TheLastGroupHasItsOwnTime) {
  const Layer layer(sdp_test::nv_full(), 3, 40);
  ConvolutionSchedule schedule;
  ConvolutionContext context;
  context.schedule = &schedule;
  (void)layer.estimate(context);
  ASSERT_EQ(schedule.groups.size(), 2U);
  const ConvolutionSchedule::Group &full = schedule.groups.front(), &rest = schedule.groups.back();
  EXPECT_LT(rest.first, full.first);
  EXPECT_LT(rest.load, full.load);
}

// A port that takes a beat every 64 cycles: SDP takes no more than its path holds, and CACC waits.
TEST(SharedConvolution, OutputWaitsForTheWritePath) {
  Layer layer(sdp_test::nv_small(), 16, 8);
  ConvolutionSchedule schedule;
  const ConvolutionContext context = fetches_nothing(schedule);
  SharedConvolution unit = shared(layer, context);
  unit.restart(0, nullptr);
  unit.run(unit.due());
  std::size_t granted = 0;
  Cycle now = unit.writes();
  for (; unit.writes() != kNever; now += 64, ++granted) {
    now = std::max(now, unit.writes());
    if (granted == 100) {
      EXPECT_GT(unit.writes() + 16 * 64, now);  // not long ago
    }
    unit.write_granted(now);
  }
  EXPECT_EQ(granted, 256U);
  // The last one is taken when those before it have left but for what the path holds.
  const Cycle taken = unit.marks()[unit.marks().size() - 3];
  EXPECT_GT(taken, now - 18 * 64);
  EXPECT_LT(taken, now - 8 * 64);
}

// Operands for each element of which the FIFOs hold 172 of 256 beats: the output behind waits for the others,
// which are asked for when it has used up those before.
TEST(SharedConvolution, OutputWaitsForItsOperands) {
  Layer layer(sdp_test::nv_small(), 16, 8);
  sdp_test::add_cube(layer.sdp, false);
  ConvolutionSchedule schedule;
  ConvolutionContext context = fetches_nothing(schedule);
  context.operands_ahead = 2000;
  const SdpWork work = sdp_work(layer.sdp, layer.hardware);
  const auto places = static_cast<std::size_t>(work.fetch.streams.front().beats_ahead(256, layer.hardware));
  ASSERT_LT(places, 200U);
  SharedConvolution unit = shared(layer, context);
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
    SharedConvolution unit = shared(layer, context);
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
  SharedConvolution unit = shared(layer, context);
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
  ConvolutionContext context = fetches_nothing(schedule);
  context.sdp_start = 50000;
  SharedConvolution unit = shared(layer, context);
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
  const ConvolutionContext context = fetches_nothing(schedule);
  const SdpWork work = sdp_work(layer.sdp, layer.hardware);
  const SdpStream& stream = work.fetch.streams.front();
  const std::uint32_t fifo = layer.hardware.read_latency_fifo_beats[static_cast<std::size_t>(stream.client)];
  ASSERT_GT(stream.beats_ahead(256, layer.hardware), fifo + 4.0);
  SharedConvolution unit = shared(layer, context);
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
  ConvolutionContext context = fetches_nothing(schedule);
  context.sdp_start = 50000;
  SharedConvolution unit = shared(layer, context);
  const std::vector<Cycle> ready = output_times(unit, [](Cycle) {});
  ASSERT_EQ(ready.size(), 256U);
  ASSERT_EQ(schedule.groups.size(), 1U);
  const double pace = 256 * 8;  // of SDP
  ASSERT_GT(schedule.groups.front().time, 1.5 * pace);
  EXPECT_NEAR(static_cast<double>(ready.back() - 50000), schedule.groups.front().time,
              0.15 * schedule.groups.front().time);
}

}  // namespace
}  // namespace nvdla::amaix
