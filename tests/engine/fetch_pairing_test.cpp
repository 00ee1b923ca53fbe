// SPDX-License-Identifier: Apache-2.0
// Proves which activation of a read DMA feeds which operation when not every operation has one.
#include "engine/units/fetch_pairing.h"

#include <gtest/gtest.h>

namespace nvdla::engine {
namespace {

TEST(FetchPairing, TheKthActivationFeedsTheKthOperationThatTakesData) {
  FetchPairing pairing;
  pairing.enabled_operation(0, false);
  pairing.enabled_operation(1, true);
  pairing.enabled_operation(2, false);
  pairing.enabled_operation(3, true);
  EXPECT_EQ(pairing.fetch_of(0), std::nullopt);
  EXPECT_EQ(pairing.fetch_of(1), 0U);
  EXPECT_EQ(pairing.fetch_of(3), 1U);
  EXPECT_EQ(pairing.operation_of(0), 1U);
  EXPECT_EQ(pairing.operation_of(1), 3U);
  EXPECT_EQ(pairing.operation_of(2), std::nullopt);
  EXPECT_EQ(pairing.next_operation(), 4U);
}

TEST(FetchPairing, AnOperationEnabledBeforeTheOneThatRunsFirstWaitsForIt) {
  FetchPairing pairing;
  pairing.enabled_operation(1, true);  // group 1 before group 0
  EXPECT_EQ(pairing.fetch_of(1), std::nullopt);
  pairing.enabled_operation(0, true);
  EXPECT_EQ(pairing.fetch_of(0), 0U);
  EXPECT_EQ(pairing.fetch_of(1), 1U);
}

TEST(FetchPairing, ForgettingOneLeavesTheOthers) {
  FetchPairing pairing;
  for (std::uint32_t i = 0; i < 3; ++i) pairing.enabled_operation(i, true);
  pairing.forget(0);
  EXPECT_EQ(pairing.operation_of(0), std::nullopt);
  EXPECT_EQ(pairing.operation_of(1), 1U);
  EXPECT_EQ(pairing.fetch_of(2), 2U);
  pairing.reset();
  EXPECT_EQ(pairing.operation_of(1), std::nullopt);
  EXPECT_EQ(pairing.next_operation(), 0U);
}

}  // namespace
}  // namespace nvdla::engine
