// SPDX-License-Identifier: Apache-2.0
// Proves the stripe rules, kernel groups and MAC cycles of the convolution sub-model against NVDLA's
// documented figures, and properties that hold for any layer.
#include "amaix/convolution_plan.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <numeric>
#include <vector>

namespace nvdla::amaix {
namespace {

// Any number of the range, from the first case on.
template <class T>
T any(T low, T high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, high));
}

ConvolutionSequence layer(std::uint32_t width, std::uint32_t height, std::uint32_t channels,
                          std::uint32_t kernels, std::uint32_t kernel_size) {
  ConvolutionSequence sequence;
  sequence.kernel_width = sequence.kernel_height = kernel_size;
  sequence.kernel_channels = channels;
  sequence.kernels = kernels;
  sequence.output = {width, height, kernels};
  sequence.atomics = width * height;
  return sequence;
}

const HardwareParameters& nv_full() { return preset("nv_full"); }
const HardwareParameters& nv_small() { return preset("nv_small"); }

// -- Stripes -------------------------------------------------------------------------------------

TEST(ConvolutionStripes, BatchesShareTheStripeAsDocumented) {
  // Stripe length of each batch, normal and longest: unit description of V1, multi-batch mode.
  const struct {
    std::uint32_t first, last, lower, upper;
  } rules[] = {{1, 1, 16, 32}, {2, 3, 8, 16}, {4, 7, 4, 8}, {8, 15, 2, 4}, {16, 32, 1, 1}};
  for (const auto& rule : rules) {
    for (std::uint32_t batches = rule.first; batches <= rule.last; ++batches) {
      ConvolutionSequence sequence = layer(28, 28, 64, 32, 3);
      sequence.batches = batches;
      const StripeRule got = stripe_rule(nv_full(), sequence);
      EXPECT_EQ(got.lower, rule.lower) << batches;
      EXPECT_EQ(got.upper, rule.upper) << batches;
    }
  }
}

TEST(ConvolutionStripes, WinogradIsLikeABatchOfOne) {
  ConvolutionSequence sequence = layer(28, 28, 64, 32, 3);
  sequence.mode = ConvolutionMode::kWinograd;
  EXPECT_EQ(stripe_rule(nv_full(), sequence).lower, 16U);
  EXPECT_EQ(stripe_rule(nv_full(), sequence).upper, 32U);
}

TEST(ConvolutionStripes, TheLastStripeTakesUpToTheLongestLength) {
  const auto stripes = [](std::uint32_t width) {
    return plan_sequence(layer(width, 1, 64, 32, 1), nv_full()).stripes;
  };
  using Lengths = std::vector<std::uint32_t>;
  EXPECT_EQ(stripes(1), Lengths({1}));
  EXPECT_EQ(stripes(16), Lengths({16}));
  EXPECT_EQ(stripes(32), Lengths({32}));
  EXPECT_EQ(stripes(33), Lengths({16, 17}));
  EXPECT_EQ(stripes(48), Lengths({16, 32}));
  EXPECT_EQ(stripes(49), Lengths({16, 16, 17}));
}

TEST(ConvolutionStripes, TheScalableGenerationPrefersLongStripes) {
  const auto stripes = [](std::uint32_t width) {
    return plan_sequence(layer(width, 1, 8, 8, 1), nv_small()).stripes;
  };
  using Lengths = std::vector<std::uint32_t>;
  EXPECT_EQ(stripes(16), Lengths({16}));
  EXPECT_EQ(stripes(17), Lengths({8, 9}));
  EXPECT_EQ(stripes(31), Lengths({8, 8, 15}));
  EXPECT_EQ(stripes(32), Lengths({16, 16}));
  EXPECT_EQ(stripes(40), Lengths({16, 8, 16}));
}

TEST(ConvolutionStripes, AnImageStripeNeverCrossesALine) {
  ConvolutionSequence sequence = layer(130, 5, 12, 32, 3);
  sequence.input_format = InputFormat::kPixel;
  const SequencePlan plan = plan_sequence(sequence, nv_full());
  EXPECT_EQ(plan.stripes, std::vector<std::uint32_t>({64, 64, 2}));
  EXPECT_EQ(plan.repeats, 5U);
  EXPECT_EQ(plan.positions(), 130U * 5U);
}

TEST(ConvolutionStripes, CoverThePlaneInLegalLengthsWhateverTheLayer) {
  EXPECT_TRUE(rc::check([] {
    const auto& all = presets();
    const HardwareParameters& hardware = all[any<std::size_t>(0, all.size())];
    ConvolutionSequence sequence = layer(any(1U, 300U), any(1U, 40U), 32, 16, 1);
    if (*rc::gen::arbitrary<bool>()) sequence.input_format = InputFormat::kPixel;
    if (hardware.batch && sequence.input_format == InputFormat::kFeature) sequence.batches = any(1U, 33U);
    const StripeRule rule = stripe_rule(hardware, sequence);
    const SequencePlan plan = plan_sequence(sequence, hardware);
    RC_ASSERT(plan.positions() == sequence.atomics);
    for (std::size_t i = 0; i < plan.stripes.size(); ++i) {
      RC_ASSERT(plan.stripes[i] > 0U);
      RC_ASSERT(plan.stripes[i] <= rule.upper);
      if (i + 1 < plan.stripes.size()) RC_ASSERT(plan.stripes[i] >= rule.lower);
    }
  }));
}

// -- Kernel groups and blocks ----------------------------------------------------------------------

TEST(ConvolutionGroups, V1HalvesTheKernelsOfAGroupFor16BitData) {
  EXPECT_EQ(atomic_k(nv_full(), Precision::kInt8), 32U);
  EXPECT_EQ(atomic_k(nv_full(), Precision::kInt16), 16U);
  EXPECT_EQ(atomic_k(nv_full(), Precision::kFp16), 16U);
  EXPECT_EQ(atomic_k(nv_small(), Precision::kInt8), 8U);
}

TEST(ConvolutionGroups, TheLastGroupHoldsTheRest) {
  const auto groups = [](const HardwareParameters& hardware, std::uint32_t kernels, Precision precision) {
    ConvolutionSequence sequence = layer(4, 4, 64, kernels, 1);
    sequence.processing_precision = precision;
    const SequencePlan plan = plan_sequence(sequence, hardware);
    std::vector<std::uint32_t> result;
    for (std::uint32_t g = 0; g < plan.groups; ++g) result.push_back(plan.kernels(g));
    return result;
  };
  using Sizes = std::vector<std::uint32_t>;
  EXPECT_EQ(groups(nv_full(), 17, Precision::kInt8), Sizes({17}));
  EXPECT_EQ(groups(nv_full(), 33, Precision::kInt8), Sizes({32, 1}));
  EXPECT_EQ(groups(nv_full(), 17, Precision::kFp16), Sizes({16, 1}));
  EXPECT_EQ(groups(nv_small(), 17, Precision::kInt8), Sizes({8, 8, 1}));
}

TEST(ConvolutionGroups, BlocksAreKernelPositionsTimesChannelSlices) {
  EXPECT_EQ(plan_sequence(layer(4, 4, 64, 32, 3), nv_full()).blocks, 9U);
  EXPECT_EQ(plan_sequence(layer(4, 4, 65, 32, 3), nv_full()).blocks, 18U);
  EXPECT_EQ(plan_sequence(layer(4, 4, 64, 8, 3), nv_small()).blocks, 72U);
}

TEST(ConvolutionGroups, AnImageFoldsTheKernelWidthIntoChannelsAndPostExtensionFoldsLines) {
  ConvolutionSequence sequence = layer(32, 32, 9, 32, 3);
  sequence.input_format = InputFormat::kPixel;
  const auto blocks = [&](std::uint32_t lines) {
    sequence.post_y_extension = lines;
    return plan_sequence(sequence, nv_full()).blocks;
  };
  EXPECT_EQ(blocks(1), 3U);
  EXPECT_EQ(blocks(2), 2U);  // 3 lines in pairs
  EXPECT_EQ(blocks(4), 1U);
}

TEST(ConvolutionGroups, TransfersToSdpCarryTheWholeKernelGroup) {
  const auto transfers = [](const HardwareParameters& hardware, Precision precision, ConvolutionMode mode) {
    ConvolutionSequence sequence = layer(4, 4, 64, 8, 3);
    sequence.processing_precision = precision;
    sequence.mode = mode;
    return plan_sequence(sequence, hardware).transfers_per_position;
  };
  EXPECT_EQ(transfers(nv_full(), Precision::kInt8, ConvolutionMode::kDirect), 2U);    // 32 / 16
  EXPECT_EQ(transfers(nv_full(), Precision::kFp16, ConvolutionMode::kDirect), 1U);    // 16 / 16
  EXPECT_EQ(transfers(nv_full(), Precision::kFp16, ConvolutionMode::kWinograd), 4U);  // 4 results each
  EXPECT_EQ(transfers(nv_small(), Precision::kInt8, ConvolutionMode::kDirect), 8U);   // 8 / 1
}

// -- MAC cycles -----------------------------------------------------------------------------------

// A fully connected layer has one position: every atomic operation waits for its weights, 16 cycles.
TEST(ConvolutionMacCycles, OnePositionHasOneSixteenthOfTheArray) {
  for (const Precision precision : {Precision::kInt8, Precision::kFp16}) {
    ConvolutionSequence sequence = layer(1, 1, 4096, 4096, 1);
    sequence.processing_precision = precision;
    const SequencePlan plan = plan_sequence(sequence, nv_full());
    EXPECT_EQ(plan.interval(1, 0), 16U);
    EXPECT_EQ(plan.mac_cycles(), std::uint64_t{16} * plan.groups * plan.blocks);
  }
}

TEST(ConvolutionMacCycles, WinogradNeeds225TimesFewerThanDirect) {
  // Both without idle slots: whole stripes and channel slices.
  const ConvolutionSequence direct = layer(32, 32, 64, 32, 3);
  ConvolutionSequence winograd = direct;
  winograd.mode = ConvolutionMode::kWinograd;
  EXPECT_EQ(plan_sequence(direct, nv_full()).mac_cycles() * 4,
            plan_sequence(winograd, nv_full()).mac_cycles() * 9);
}

TEST(ConvolutionMacCycles, FullStripesWasteNothing) {
  // 28 x 28 positions = 47 stripes of 16 and one of 32; 9 blocks; 2 groups of 32 kernels.
  EXPECT_EQ(plan_sequence(layer(28, 28, 64, 64, 3), nv_full()).mac_cycles(), 28U * 28 * 9 * 2);
}

TEST(ConvolutionMacCycles, AStripeLastsAtLeastTheWeightLoadAndTheIssueInterval) {
  // V1, one kernel: the load takes 2 cycles, the package counter of CSC_sg asks for 10.
  EXPECT_EQ(plan_sequence(layer(1, 1, 64, 1, 1), nv_full()).interval(1, 0), 10U);
  EXPECT_EQ(plan_sequence(layer(11, 1, 64, 1, 1), nv_full()).interval(11, 0), 11U);
  // nv_small loads one kernel a cycle.
  EXPECT_EQ(plan_sequence(layer(1, 1, 8, 8, 1), nv_small()).interval(1, 0), 8U);
  EXPECT_EQ(plan_sequence(layer(9, 1, 8, 8, 1), nv_small()).interval(9, 0), 9U);
}

TEST(ConvolutionMacCycles, AreNeverBelowTheMultiplicationsOverTheArray) {
  EXPECT_TRUE(rc::check([] {
    const auto& all = presets();
    const HardwareParameters& hardware = all[any<std::size_t>(0, all.size())];
    const std::uint32_t size = any(1U, 8U);
    ConvolutionSequence sequence = layer(any(1U, 100U), any(1U, 100U), any(1U, 1000U), any(1U, 300U), size);
    if (hardware.batch) sequence.batches = any(1U, 33U);
    const std::uint64_t macs = std::uint64_t{sequence.atomics} * sequence.batches * size * size *
                               sequence.kernel_channels * sequence.kernels;
    const std::uint64_t array = std::uint64_t{hardware.atomic_c} * hardware.atomic_k_int8;
    RC_ASSERT(plan_sequence(sequence, hardware).mac_cycles() >= (macs + array - 1) / array);
  }));
}

// -- Weights --------------------------------------------------------------------------------------

TEST(ConvolutionWeights, AGroupNeedsItsKernelsAndTheLastGroupTheWholeStream) {
  ConvolutionFetch fetch;
  fetch.kernels = 70;
  fetch.bytes_per_kernel = 576;
  fetch.weight_bytes = 40448;  // 70 * 576 = 40320, rounded up to a CBUF line of 128 bytes
  fetch.weight_banks = 3;
  const WeightPlan plan = plan_weights(fetch, nv_full());
  EXPECT_EQ(plan.groups, 3U);
  EXPECT_EQ(plan.last_group_kernels, 6U);
  EXPECT_EQ(plan.required(0), 32U * 576);
  EXPECT_EQ(plan.required(1), 64U * 576);
  EXPECT_EQ(plan.required(2), 40448U);
  EXPECT_EQ(plan.capacity, 3U * 32 * 1024);  // banks of 32 KiB
  EXPECT_EQ(plan.request_bytes, 256U);
}

// CDMA looks at what has come when a line of CBUF is whole: the first 160 bytes of nv_large's weights are
// seen with 192 (image_y_s40000_nv_large on the RTL), all of them when they are there.
TEST(ConvolutionWeights, AGroupIsSeenWithTheLineThatEndsIt) {
  ConvolutionFetch fetch;
  fetch.kernels = 48;
  fetch.bytes_per_kernel = 5;
  fetch.weight_bytes = 256;
  fetch.weight_banks = 1;
  const WeightPlan plan = plan_weights(fetch, preset("nv_large"));
  ASSERT_EQ(plan.line_bytes, 64U);
  ASSERT_EQ(plan.required(0), 160U);
  EXPECT_EQ(plan.seen(0), 192U);
  EXPECT_EQ(plan.seen(1), 256U);
}

TEST(ConvolutionWeights, RequirementsGrowAndEndWithTheStream) {
  EXPECT_TRUE(rc::check([] {
    ConvolutionFetch fetch;
    fetch.kernels = any(1U, 400U);
    fetch.bytes_per_kernel = any(1U, 5000U);
    fetch.weight_bytes = (std::uint64_t{fetch.kernels} * fetch.bytes_per_kernel + 127) / 128 * 128;
    fetch.processing_precision = *rc::gen::element(Precision::kInt8, Precision::kFp16);
    fetch.weight_compressed = *rc::gen::arbitrary<bool>();
    if (fetch.weight_compressed) {
      fetch.wmb_bytes = (fetch.weight_bytes / 8 + 127) / 128 * 128;
      fetch.weight_bytes = std::max<std::uint64_t>(128, fetch.weight_bytes / 256 * 128);
    }
    const WeightPlan plan = plan_weights(fetch, nv_full());
    std::uint64_t before = 0;
    for (std::uint32_t group = 0; group < plan.groups; ++group) {
      RC_ASSERT(plan.required(group) >= before);
      before = plan.required(group);
    }
    RC_ASSERT(before == fetch.weight_bytes);
    RC_ASSERT((plan.groups - 1) * plan.group_kernels + plan.last_group_kernels == fetch.kernels);
  }));
}

// A group needs its weights and its mask bits in whole CBUF lines; the last one everything.
TEST(ConvolutionWeights, CompressedGroupsNeedTheirOwnSizes) {
  ConvolutionFetch fetch;
  fetch.kernels = 70;
  fetch.bytes_per_kernel = 64;
  fetch.weight_bytes = 4480;
  fetch.weight_compressed = true;
  fetch.wmb_bytes = 640;
  fetch.group_bytes = {100, 1000, 50};
  const WeightPlan plan = plan_weights(fetch, nv_full());
  EXPECT_EQ(plan.required(0), 128U);
  EXPECT_EQ(plan.required(1), 1152U);
  EXPECT_EQ(plan.required(2), 4480U);
  EXPECT_EQ(plan.required_mask(0), 256U);  // 32 kernels of 64 bits
  EXPECT_EQ(plan.required_mask(1), 512U);
  EXPECT_EQ(plan.required_mask(2), 640U);
  EXPECT_EQ(plan.required_stream(2), 32U + 640 + 4480);
  fetch.group_bytes.clear();
  EXPECT_EQ(plan_weights(fetch, nv_full()).required(0), 1536U);  // a third, in lines
}

TEST(ConvolutionWeights, CompressionReadsMaskAndGroupSizesToo) {
  ConvolutionFetch fetch;
  fetch.input = {8, 8, 64};
  fetch.kernels = 64;
  fetch.bytes_per_kernel = 64;
  fetch.weight_bytes = 1024;
  fetch.weight_compressed = true;
  fetch.wmb_bytes = 512;
  fetch.wgs_address = 0x1000;
  fetch.wmb_address = 0x2000;
  fetch.weight_address = 0x3000;
  const Traffic traffic = convolution_traffic(fetch, nv_full(), false, true);
  // Two kernel groups: two sizes of four bytes, in one atom, which is one beat.
  EXPECT_EQ(traffic.read[static_cast<std::size_t>(Client::kCdmaWt)], 1024U + 512 + 64);
  EXPECT_EQ(traffic.total(), traffic.read[static_cast<std::size_t>(Client::kCdmaWt)]);
}

// conv_reuse_s4_nv_small: 13 lines of 34 entries beside 442 of the layer before in a bank of 512.
TEST(ConvolutionCbuf, AGrainIsAskedForWhenAllOfItHasRoom) {
  ConvolutionFetch fetch;
  fetch.input = {17, 13, 12};
  fetch.entries_per_slice = 34;
  fetch.fetch_grain = 3;
  fetch.line_packed = true;
  EXPECT_EQ(data_entries(fetch), 442U);
  EXPECT_EQ(data_entries_in(fetch, 70), 0) << "a grain has 102";
  EXPECT_EQ(data_entries_in(fetch, 441), 408);
  EXPECT_EQ(data_entries_in(fetch, 442), 442) << "the last grain is a line";
  EXPECT_EQ(data_entries_in(fetch, -10), 0);
  fetch.line_packed = false;
  EXPECT_EQ(data_entries_in(fetch, 70), 68) << "lines that are not packed come one by one";
  fetch.mode = ConvolutionMode::kWinograd;
  fetch.input_ext = {20, 13, 12};
  EXPECT_EQ(data_entries_in(fetch, 300), 272) << "four lines";
}

TEST(ConvolutionCbuf, ShapesKeepTheSizeOfTheBuffer) {
  for (const HardwareParameters& hardware : presets()) {
    const CbufShape shape = cbuf_shape(hardware);
    EXPECT_EQ(std::uint64_t{shape.entry_bytes} * shape.entries_per_bank * hardware.cbuf_banks,
              hardware.cbuf_bytes())
        << hardware.name;
  }
}

}  // namespace
}  // namespace nvdla::amaix
