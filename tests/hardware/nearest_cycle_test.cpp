// SPDX-License-Identifier: Apache-2.0
// Proves that times are rounded as std::llround() does.
#include "hardware/nearest_cycle.h"

#include <gtest/gtest.h>

#include <cmath>

namespace nvdla {
namespace {

TEST(NearestCycle, IsThatOfLlround) {
  for (const double base : {0.0, 1.0, 7.0, 4096.0, 1e9, 3e15})
    for (const double part : {0.0, 0.25, 0.49, 0.5, 0.51, 0.75})
      EXPECT_EQ(nearest_cycle(base + part), std::llround(base + part)) << base << ' ' << part;
  const double below_half = std::nextafter(0.5, 0.0);  // plus 0.5 it would be 1
  EXPECT_EQ(nearest_cycle(below_half), std::llround(below_half));
}

}  // namespace
}  // namespace nvdla
