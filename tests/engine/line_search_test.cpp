// SPDX-License-Identifier: Apache-2.0
// Proves which line of an output a write belongs to, where lines lie apart, on each other, and in surfaces
// that are written in turn.
#include "engine/tensors/line_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace nvdla::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::FieldsAre;

// Batch, surface, line and offset of each write of `bytes`; addresses that no line holds end it.
std::vector<LineSearch::Place> places(LineSearch search, const std::vector<std::uint64_t>& addresses,
                                      std::uint64_t bytes) {
  std::vector<LineSearch::Place> found;
  for (const std::uint64_t address : addresses) {
    const auto place = search.find(address, bytes);
    if (!place) break;
    found.push_back(*place);
  }
  return found;
}

TEST(LineSearch, FindsTheLineAndTheOffsetInIt) {
  const LineSearch lines({MemorySpace::kDbb, 0x1000, 0x100, 0x800}, 2, 3, 64);
  EXPECT_THAT(places(lines, {0x1000, 0x1020, 0x1100, 0x1220, 0x1800, 0x1a20}, 32),
              ElementsAre(FieldsAre(0U, 0U, 0U, 0U), FieldsAre(0U, 0U, 0U, 32U), FieldsAre(0U, 0U, 1U, 0U),
                          FieldsAre(0U, 0U, 2U, 32U), FieldsAre(0U, 1U, 0U, 0U), FieldsAre(0U, 1U, 2U, 32U)));
  EXPECT_THAT(places(lines, {0x1040}, 32), ElementsAre());  // between two lines
  EXPECT_THAT(places(lines, {0x0fe0}, 32), ElementsAre());
}

// A line that has been written to its end, and not before, hands over to the next one.
TEST(LineSearch, LinesOnEachOtherFollowOneAnother) {
  const LineSearch lines({MemorySpace::kDbb, 0x1000, 0, 0}, 1, 3, 64);
  EXPECT_THAT(places(lines, {0x1000, 0x1020, 0x1000, 0x1020, 0x1000}, 32),
              ElementsAre(FieldsAre(0U, 0U, 0U, 0U), FieldsAre(0U, 0U, 0U, 32U), FieldsAre(0U, 0U, 1U, 0U),
                          FieldsAre(0U, 0U, 1U, 32U), FieldsAre(0U, 0U, 2U, 0U)));
}

TEST(LineSearch, SurfacesOrBatchesMayComeNext) {
  const LineSearch surfaces({MemorySpace::kDbb, 0x1000, 0, 0}, 2, 2, 32, LineSearch::Walk::kSurfaces);
  EXPECT_THAT(places(surfaces, {0x1000, 0x1000, 0x1000, 0x1000, 0x1000}, 32),
              ElementsAre(FieldsAre(0U, 0U, 0U, 0U), FieldsAre(0U, 1U, 0U, 0U), FieldsAre(0U, 0U, 1U, 0U),
                          FieldsAre(0U, 1U, 1U, 0U), FieldsAre(0U, 0U, 0U, 0U)));
  const LineSearch batches({MemorySpace::kDbb, 0x1000, 0, 0}, 1, 1, 32, LineSearch::Walk::kLines, 2, 0x40);
  EXPECT_THAT(places(batches, {0x1000, 0x1040, 0x1000}, 32),
              ElementsAre(FieldsAre(0U, 0U, 0U, 0U), FieldsAre(1U, 0U, 0U, 0U), FieldsAre(0U, 0U, 0U, 0U)));
}

}  // namespace
}  // namespace nvdla::engine
