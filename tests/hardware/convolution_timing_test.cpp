// SPDX-License-Identifier: Apache-2.0
// The rules of the convolution pipeline against what the RTL documents and what follows from its buffers. The
// depths are held against recordings in recorded_paths_test.cpp.
#include "hardware/convolution_timing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

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

// A recorded layer with one output position: every stripe is as short as can be, and the distance of channel
// operations is the larger of the shortest stripe and the load of the kernels.
struct OnePosition {
  const char* recording;
  const char* configuration;
  bool int8;
  std::uint32_t kernels;  // of a group
  std::int64_t distance;  // as found in the recording
};

// Cycles of CSC's first and last channel operation and their number, from the recording's row of CSC.
struct Active {
  std::int64_t count = 0, first = 0, last = 0;
};
Active active_of_csc(const std::string& recording) {
  std::ifstream file(std::string(NVDLA_SOURCE_DIR) + "/validation/recordings/" + recording + ".ops.csv");
  const auto cells = [](const std::string& line) {
    std::vector<std::string> result;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) {
      if (!cell.empty() && cell.back() == '\r') cell.pop_back();
      result.push_back(cell);
    }
    return result;
  };
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> columns = cells(line);
  while (std::getline(file, line)) {
    const std::vector<std::string> row = cells(line);
    if (row.front() != "CSC") continue;
    const auto number = [&](const char* column) {
      const auto at = std::find(columns.begin(), columns.end(), column) - columns.begin();
      return std::stol(row.at(static_cast<std::size_t>(at)));
    };
    return {number("active_cycles"), number("first_active"), number("last_active")};
  }
  return {};
}

// CSC_sg of nvdlav1 rounds a stripe up to ten cycles; CSC_wl loads two int8 kernels a cycle (the halves of a
// MAC cell) and one of 16 bits.
TEST(ConvolutionTiming, TheShortestStripeIsThatOfTheRecordings) {
  const OnePosition layers[] = {
      {"u_conv18_c16_5x5_k16_r5_s1_nv_full_int8__L50_B64", "nv_full", true, 16, 10},
      {"u_conv18_c16_5x5_k16_r5_s1_nv_full_fp16__L50_B64", "nv_full", false, 16, 16},
      {"u_conv18_c16_5x5_k16_r5_s1_nv_small_int8__L50_B8", "nv_small", true, 8, 8}};
  for (const OnePosition& layer : layers) {
    const Active active = active_of_csc(layer.recording);
    ASSERT_GT(active.count, 1) << layer.recording;
    EXPECT_EQ(active.last - active.first, (active.count - 1) * layer.distance) << layer.recording;
    const ConvolutionTiming timing = convolution_timing(preset(layer.configuration));
    const std::uint32_t rate = layer.int8 ? timing.kernels_per_cycle_int8 : timing.kernels_per_cycle_16;
    EXPECT_EQ(std::max(timing.minimum_stripe, layer.kernels / rate), layer.distance) << layer.recording;
  }
  // Where the load does not bind, its rate is the number of halves of a cell.
  EXPECT_EQ(convolution_timing(preset("nv_full")).kernels_per_cycle_int8, 2U);
}

}  // namespace
}  // namespace nvdla::amaix
