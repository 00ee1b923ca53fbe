// SPDX-License-Identifier: Apache-2.0
// Proves the whole convolution pipeline with SDP against recorded RTL: every convolution of every recording
// but those of AlexNet (validated by nvdla-vp validate) takes the recorded cycles.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/accelerator_test_bench.h"

namespace nvdla::engine {
namespace {

using accelerator_test::Bench;
using recorded::number;

std::vector<std::string> recordings() {
  std::vector<std::string> result;
  for (const std::string& name : recorded::names()) {
    if (name.rfind("alexnet", 0) != 0) result.push_back(name);
  }
  return result;
}

bool full_rate(const recorded::Recording& recording) {
  return recording.bytes_per_cycle >= recording.hardware().dbb_width_bytes;
}

class AcceleratorRecordings : public testing::TestWithParam<std::string> {};

// A convolution's latency, from CDMA's OP_ENABLE to the interrupt of its SDP, is neither shorter nor longer
// than recorded, to half a percent or four cycles: with less than full bandwidth clients meet in an order
// that depends on single cycles.
TEST_P(AcceleratorRecordings, ConvolutionsTakeAsLongAsInTheRtl) {
  const recorded::Recording recording = recorded::load(GetParam());
  Bench b(recording.hardware().name, {recording.latency, recording.bytes_per_cycle});
  b.play(recorded::accesses(recording.trace));
  EXPECT_TRUE(b.faults.empty());
  EXPECT_TRUE(b.warnings.empty());
  EXPECT_TRUE(b.accelerator.unfinished().empty());
  const auto cdma = recording.of("CDMA"), cacc = recording.of("CACC"), sdp = recording.of("SDP");
  const std::vector<OperationRecord> convolutions = b.of(Engine::kConv);
  std::vector<OperationRecord> flying = b.of(Engine::kSdp);
  ASSERT_EQ(convolutions.size(), cdma.size());
  ASSERT_EQ(flying.size(), sdp.size());
  for (std::size_t i = 0, s = 0; i < convolutions.size(); ++i, ++s) {
    while (!flying[s].links.takes) ++s;
    const Cycle latency = number(sdp[s], "interrupt") - number(cdma[i], "enable");
    const double tolerance = std::max(4.0, 0.005 * static_cast<double>(latency));
    EXPECT_NEAR(static_cast<double>(flying[s].done - convolutions[i].enable), static_cast<double>(latency),
                tolerance)
        << "operation " << i;
    EXPECT_EQ(convolutions[i].group, static_cast<std::uint32_t>(number(cdma[i], "group")));
    EXPECT_NEAR(static_cast<double>(convolutions[i].done - convolutions[i].enable),
                static_cast<double>(number(cacc[i], "interrupt") - number(cdma[i], "enable")), tolerance)
        << "operation " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(All, AcceleratorRecordings, testing::ValuesIn(recordings()),
                         [](const auto& info) { return info.param; });

// A single convolution behind a memory at full rate: CACC interrupts in the recorded cycle, in most cases
// exactly, at worst three cycles or half a thousandth off.
TEST(AcceleratorRecordings, SingleConvolutionsAreExactInMostCases) {
  int exact = 0, all = 0;
  for (const std::string& name : recorded::names(true)) {
    const recorded::Recording recording = recorded::load(name);
    if (recording.of("CDMA").size() != 1 || !full_rate(recording)) continue;
    Bench b(recording.hardware().name, {recording.latency, recording.bytes_per_cycle});
    b.play(recorded::accesses(recording.trace));
    const Cycle expected = number(recording.of("CACC").at(0), "interrupt");
    const Cycle got = b.of(Engine::kConv).at(0).done;
    const Cycle tolerance = std::max<Cycle>(3, expected / 2000);
    EXPECT_GE(got, expected - tolerance) << name;
    EXPECT_LE(got, expected + tolerance) << name;
    ++all;
    exact += got == expected ? 1 : 0;
  }
  EXPECT_GE(all, 60);
  EXPECT_GE(exact * 100, all * 85);
}

}  // namespace
}  // namespace nvdla::engine
