// SPDX-License-Identifier: Apache-2.0
// Chains of units and the latency definition.
#include "validation/hardware_operations.h"

#include <gmock/gmock.h>

#include <optional>

#include "tests/support/temporary_directory.h"

namespace nvdla::validation {
namespace {

using engine::OperationRecord;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// `layer`: the operation at the head; none: the activation itself.
OperationRecord activation(Engine unit, std::uint32_t sequence, Cycle enable, Cycle done,
                           std::optional<OperationId> layer = std::nullopt) {
  OperationRecord record;
  record.id = {unit, sequence};
  record.layer = layer.value_or(record.id);
  record.enable = enable;
  record.start = enable;
  record.done = done;
  return record;
}

constexpr OperationId kConv0{Engine::kConv, 0}, kConv1{Engine::kConv, 1};

TEST(HardwareOperations, ConvolutionEndsWithItsSdpOnTheFly) {
  const auto operations = hardware_operations(
      {activation(Engine::kSdp, 0, 90, 560, kConv0), activation(Engine::kConv, 0, 100, 500)});
  ASSERT_EQ(operations.size(), 1u);
  EXPECT_THAT(operations[0].chain, ElementsAre(Engine::kConv, Engine::kSdp));
  EXPECT_EQ(operations[0].latency(), 460);
}

TEST(HardwareOperations, PrefetchedConvolutionCountsFromThePreviousCaccInterrupt) {
  const auto operations = hardware_operations(
      {activation(Engine::kConv, 0, 100, 500), activation(Engine::kSdp, 0, 90, 560, kConv0),
       activation(Engine::kConv, 1, 200, 900), activation(Engine::kSdp, 1, 190, 970, kConv1)});
  ASSERT_EQ(operations.size(), 2u);
  EXPECT_EQ(operations[1].begin, 500);  // CACC's interrupt, not SDP's
  EXPECT_EQ(operations[1].latency(), 470);
}

TEST(HardwareOperations, PdpBehindSdpEndsTheChain) {
  const auto operations = hardware_operations({activation(Engine::kConv, 0, 100, 500),
                                               activation(Engine::kSdp, 0, 90, 560, kConv0),
                                               activation(Engine::kPdp, 0, 80, 700, kConv0)});
  ASSERT_EQ(operations.size(), 1u);
  EXPECT_THAT(operations[0].chain, ElementsAre(Engine::kConv, Engine::kSdp, Engine::kPdp));
  EXPECT_EQ(operations[0].latency(), 600);
}

TEST(HardwareOperations, PdpEndsTheLayerThatItBelongsTo) {
  const auto operations = hardware_operations(
      {activation(Engine::kConv, 0, 100, 500), activation(Engine::kSdp, 0, 90, 560, kConv0),
       activation(Engine::kConv, 1, 600, 900), activation(Engine::kSdp, 1, 590, 960, kConv1),
       activation(Engine::kPdp, 0, 580, 1000, kConv1)});
  ASSERT_EQ(operations.size(), 2u);
  EXPECT_EQ(operations[0].end, 560);
  EXPECT_EQ(operations[1].end, 1000);
}

TEST(HardwareOperations, UnitFromMemoryCountsFromItsOwnPreviousInterrupt) {
  const auto operations = hardware_operations(
      {activation(Engine::kConv, 0, 100, 500), activation(Engine::kSdp, 0, 90, 560, kConv0),
       activation(Engine::kSdp, 1, 300, 800), activation(Engine::kPdp, 0, 10, 60),
       activation(Engine::kPdp, 1, 70, 100)});
  ASSERT_EQ(operations.size(), 4u);
  EXPECT_EQ(operations[1].unit, Engine::kSdp);
  EXPECT_EQ(operations[1].sequence, 1u);
  EXPECT_EQ(operations[1].latency(), 240);  // since 560, the interrupt of the SDP on the fly
  EXPECT_EQ(operations[2].latency(), 50);
  EXPECT_EQ(operations[3].latency(), 30);
}

TEST(HardwareOperations, ALayerWithoutItsHeadIsAnError) {
  EXPECT_THAT(test::thrown_text<MatchingError>(
                  [] { (void)hardware_operations({activation(Engine::kSdp, 0, 1, 2, kConv0)}); }),
              HasSubstr("SDP 0 works behind CONV 0, which is not there"));
}

TEST(HardwareOperations, ARecordingTakesTheLayersOfTheReplay) {
  std::vector<OperationId> missing;
  const auto recorded =
      with_layers({activation(Engine::kConv, 0, 100, 500), activation(Engine::kSdp, 0, 90, 560),
                   activation(Engine::kPdp, 3, 1, 2)},
                  {activation(Engine::kSdp, 0, 5, 6, kConv0), activation(Engine::kConv, 0, 3, 4)}, missing);
  const auto operations = hardware_operations(recorded);
  ASSERT_EQ(operations.size(), 1u);
  EXPECT_EQ(operations[0].latency(), 460);
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(missing[0], (OperationId{Engine::kPdp, 3}));
}

}  // namespace
}  // namespace nvdla::validation
