// SPDX-License-Identifier: Apache-2.0
// Proves which convolutions are walked alone, and that their dates are those of the walk.
#include "amaix/convolution_alone.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/amaix/convolution_test_layer.h"

namespace nvdla::amaix {
namespace {

using convolution_test::Layer;

std::optional<MemorySpace> port(const Layer& layer) {
  const ConvolutionDataWork data = convolution_data_work(layer.fetch, layer.hardware);
  ConvolutionContext context;
  context.data = &data;
  return short_on_one_port(layer.fetch, context, sdp_work(layer.sdp, layer.hardware),
                           layer.sdp.destination.space, layer.hardware, layer.memory);
}

TEST(ConvolutionAlone, ShortOnesOnOnePort) {
  Layer layer(sdp_test::nv_full(), 8, 16);
  EXPECT_EQ(port(layer), MemorySpace::kDbb);
  EXPECT_FALSE(port(Layer(sdp_test::nv_full(), 64, 16)));
  EXPECT_FALSE(port(Layer(sdp_test::nv_full(), 8, 1024)));
  layer.fetch.weight_space = MemorySpace::kCvsram;
  EXPECT_TRUE(port(layer));  // DBB as well
  layer.memory.cvsram = layer.memory.dbb;
  EXPECT_FALSE(port(layer));
  layer.fetch.weight_space = MemorySpace::kDbb;
  EXPECT_TRUE(port(layer));
  layer.fetch.mode = ConvolutionMode::kWinograd;
  EXPECT_FALSE(port(layer));
}

struct Walked {
  explicit Walked(const Layer& layer, double ahead = 0) {
    ConvolutionSchedule schedule;
    ConvolutionContext context;
    context.schedule = &schedule;
    context.operands_ahead = ahead;
    estimate = walked = layer.estimate(context);
    SharedConvolution unit(layer.fetch, context, schedule, estimate,
                           sdp_on_the_fly(layer.sdp, layer.hardware, layer.memory),
                           sdp_work(layer.sdp, layer.hardware), layer.hardware);
    take_walk(unit, context, layer.memory.dbb, layer.hardware, walked);
    begin = unit.ahead();
  }
  ConvolutionEstimate estimate, walked;
  Cycle begin = 0;
};

// Where memory is fast both are the same; CACC is done before what SDP's path holds is written.
TEST(ConvolutionAlone, IsTheEstimateWhereNothingLimits) {
  for (const char* name : {"nv_small", "nv_full", "nv_medium_512"}) {
    const Layer layer(preset(name), 8, 16);
    const Walked fast(layer);
    EXPECT_NEAR(fast.walked.cycles, fast.estimate.cycles, 0.01 * fast.estimate.cycles) << name;
    EXPECT_NEAR(fast.walked.data_done, fast.estimate.data_done, 10) << name;
    EXPECT_NEAR(fast.walked.weights_done, fast.estimate.weights_done, 4) << name;
    EXPECT_NEAR(fast.walked.accumulate_interrupt, fast.estimate.accumulate_interrupt, 8) << name;
    EXPECT_NEAR(fast.walked.last_transfer, fast.estimate.last_transfer, 8) << name;
  }
}

// Operands that SDP's reader asks for before CDMA begins are walked from there on: with one open burst few of
// them have come.
TEST(ConvolutionAlone, OperandsBeforeCdmaAreWalked) {
  Layer layer(sdp_test::nv_full(), 8, 16);
  sdp_test::add_cube(layer.sdp, false);
  layer.memory.dbb.max_outstanding = 1;
  const Walked at_once(layer), before(layer, 3000);
  EXPECT_EQ(at_once.begin, 0);
  EXPECT_NEAR(static_cast<double>(before.begin), 3000, 30);
  EXPECT_LT(before.walked.cycles + 1000, at_once.walked.cycles);
  double phases = 0;
  for (const Phase& phase : at_once.walked.phases) phases += phase.cycles;
  EXPECT_NEAR(phases, at_once.walked.cycles, 1);
  EXPECT_GT(std::abs(at_once.walked.cycles - at_once.estimate.cycles), 4);
}

}  // namespace
}  // namespace nvdla::amaix
