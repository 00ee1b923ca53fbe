// SPDX-License-Identifier: Apache-2.0
// Proves that the pipeline depths depend on the generation and the precision only as the hardware does.
#include "hardware/convolution_timing.h"

#include <gtest/gtest.h>

#include "amaix/convolution_plan.h"

namespace nvdla::amaix {
namespace {

TEST(ConvolutionTiming, SixteenBitAddersOfV1TakeTwoCyclesMore) {
  const HardwareParameters& full = preset("nv_full");
  const ConvolutionTiming int8 = convolution_timing(full, Precision::kInt8);
  for (const Precision precision : {Precision::kInt16, Precision::kFp16}) {
    const ConvolutionTiming wide = convolution_timing(full, precision);
    EXPECT_EQ(wide.accumulate, int8.accumulate + 2);
    EXPECT_EQ(wide.accumulate_done, int8.accumulate_done + 2);
    EXPECT_EQ(wide.interrupt, int8.interrupt);
  }
}

// An image stripe is the longest that CSC hands over; the delivery buffer has to hold its results.
TEST(ConvolutionTiming, TheDeliveryBufferHoldsTheLongestStripe) {
  for (const HardwareParameters& hardware : presets()) {
    ConvolutionSequence sequence;
    sequence.output = {1000, 1, 8};
    sequence.atomics = 1000;
    sequence.kernels = 64;
    for (const InputFormat format : {InputFormat::kFeature, InputFormat::kPixel}) {
      sequence.input_format = format;
      const SequencePlan plan = plan_sequence(sequence, hardware);
      EXPECT_GE(convolution_timing(hardware).credits, plan.stripes.front() * plan.transfers_per_position)
          << hardware.name;
    }
  }
}

TEST(ConvolutionTiming, TheScalableGenerationLoadsOneKernelACycle) {
  for (const HardwareParameters& hardware : presets()) {
    if (hardware.generation != Generation::kScalable) continue;
    const ConvolutionTiming timing = convolution_timing(hardware);
    EXPECT_EQ(timing.kernels_per_cycle_int8, 1U) << hardware.name;
    // A stripe lasts as long as the weights of a full kernel group need.
    EXPECT_EQ(timing.minimum_stripe, hardware.atomic_k_int8) << hardware.name;
  }
}

}  // namespace
}  // namespace nvdla::amaix
