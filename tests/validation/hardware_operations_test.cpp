// SPDX-License-Identifier: Apache-2.0
// Chains of units and the latency definition.
#include "validation/hardware_operations.h"

#include <gmock/gmock.h>

#include "tests/support/temporary_directory.h"

namespace nvdla::validation {
namespace {

using engine::OperationRecord;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

OperationRecord activation(Engine unit, std::uint32_t sequence, Cycle enable, Cycle done,
                           bool flying = false) {
  OperationRecord record;
  record.unit = unit;
  record.sequence = sequence;
  record.enable = enable;
  record.start = enable;
  record.done = done;
  record.flying = flying;
  if (unit == Engine::kSdp) record.dbb.written[static_cast<std::size_t>(Client::kSdp)] = 64;
  return record;
}

OperationRecord without_write(OperationRecord record) {
  record.dbb = {};
  return record;
}

TEST(HardwareOperations, ConvolutionEndsWithItsSdpOnTheFly) {
  const auto operations = hardware_operations(
      {activation(Engine::kSdp, 0, 90, 560, true), activation(Engine::kConv, 0, 100, 500)});
  ASSERT_EQ(operations.size(), 1u);
  EXPECT_THAT(operations[0].chain, ElementsAre(Engine::kConv, Engine::kSdp));
  EXPECT_EQ(operations[0].latency(), 460);
}

TEST(HardwareOperations, PrefetchedConvolutionCountsFromThePreviousCaccInterrupt) {
  const auto operations = hardware_operations(
      {activation(Engine::kConv, 0, 100, 500), activation(Engine::kSdp, 0, 90, 560, true),
       activation(Engine::kConv, 1, 200, 900), activation(Engine::kSdp, 1, 190, 970, true)});
  ASSERT_EQ(operations.size(), 2u);
  EXPECT_EQ(operations[1].begin, 500);  // CACC's interrupt, not SDP's
  EXPECT_EQ(operations[1].latency(), 470);
}

TEST(HardwareOperations, PdpBehindSdpEndsTheChain) {
  const auto operations = hardware_operations({activation(Engine::kConv, 0, 100, 500),
                                               without_write(activation(Engine::kSdp, 0, 90, 560, true)),
                                               activation(Engine::kPdp, 0, 80, 700, true)});
  ASSERT_EQ(operations.size(), 1u);
  EXPECT_THAT(operations[0].chain, ElementsAre(Engine::kConv, Engine::kSdp, Engine::kPdp));
  EXPECT_EQ(operations[0].latency(), 600);
}

TEST(HardwareOperations, PdpFollowsTheSdpThatWritesNothing) {
  const auto operations = hardware_operations(
      {activation(Engine::kConv, 0, 100, 500), activation(Engine::kSdp, 0, 90, 560, true),
       activation(Engine::kConv, 1, 600, 900), without_write(activation(Engine::kSdp, 1, 590, 960, true)),
       activation(Engine::kPdp, 0, 580, 1000, true)});
  ASSERT_EQ(operations.size(), 2u);
  EXPECT_EQ(operations[0].end, 560);
  EXPECT_EQ(operations[1].end, 1000);
}

TEST(HardwareOperations, UnitFromMemoryCountsFromItsOwnPreviousInterrupt) {
  const auto operations =
      hardware_operations({activation(Engine::kConv, 0, 100, 500), activation(Engine::kSdp, 0, 90, 560, true),
                           activation(Engine::kSdp, 1, 300, 800), activation(Engine::kPdp, 0, 10, 60),
                           activation(Engine::kPdp, 1, 70, 100)});
  ASSERT_EQ(operations.size(), 4u);
  EXPECT_EQ(operations[1].unit, Engine::kSdp);
  EXPECT_EQ(operations[1].sequence, 1u);
  EXPECT_EQ(operations[1].latency(), 240);  // since 560, the interrupt of the SDP on the fly
  EXPECT_EQ(operations[2].latency(), 50);
  EXPECT_EQ(operations[3].latency(), 30);
}

TEST(HardwareOperations, BrokenChainsAreErrors) {
  EXPECT_THAT(test::thrown_text<MatchingError>(
                  [] { (void)hardware_operations({activation(Engine::kConv, 0, 1, 2)}); }),
              HasSubstr("CONV 0 has no SDP"));
  EXPECT_THAT(test::thrown_text<MatchingError>(
                  [] { (void)hardware_operations({activation(Engine::kSdp, 0, 1, 2, true)}); }),
              HasSubstr("SDP 0 works on the fly behind no convolution"));
  EXPECT_THAT(test::thrown_text<MatchingError>(
                  [] { (void)hardware_operations({activation(Engine::kPdp, 0, 1, 2, true)}); }),
              HasSubstr("PDP"));
}

}  // namespace
}  // namespace nvdla::validation
