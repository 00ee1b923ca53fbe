// SPDX-License-Identifier: Apache-2.0
// The rules of the convolution pipeline against what the RTL documents and what follows from its buffers. The
// depths are held against recordings in recorded_paths_test.cpp.
#include "hardware/convolution_timing.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "amaix/convolution_plan.h"

namespace nvdla::amaix {
namespace {

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

// CSC_wl of the scalable generation loads one kernel a cycle while the stripe before computes: a stripe lasts
// Atomic-K cycles at least. The Atomic-K of the published configurations.
TEST(ConvolutionTiming, AStripeOfTheScalableGenerationCoversTheLoadOfAKernelGroup) {
  const std::map<std::string, std::uint32_t> kernels = {
      {"nv_small", 8}, {"nv_small_256", 8}, {"nv_medium_512", 16}, {"nv_large", 32}};
  for (const auto& [name, atomic_k] : kernels) {
    const ConvolutionTiming timing = convolution_timing(preset(name));
    EXPECT_EQ(timing.minimum_stripe, atomic_k) << name;
    EXPECT_EQ(timing.kernels_per_cycle_int8 * timing.minimum_stripe, atomic_k) << name;
  }
}

// nvdlav1: CSC_sg rounds a stripe up to ten cycles, CSC_wl loads two int8 kernels a cycle (the halves of a
// MAC cell) and one of 16 bits. tests/engine holds both against recorded spans of CSC.
TEST(ConvolutionTiming, V1RoundsAStripeUpToTenCycles) {
  const ConvolutionTiming timing = convolution_timing(preset("nv_full"));
  EXPECT_EQ(timing.minimum_stripe, 10U);
  EXPECT_EQ(timing.kernels_per_cycle_int8, 2U);
  EXPECT_EQ(timing.kernels_per_cycle_16, 1U);
}

}  // namespace
}  // namespace nvdla::amaix
