// SPDX-License-Identifier: Apache-2.0
// Axes put values where they belong and SVG text is well formed.
#include "validation/svg.h"

#include <gmock/gmock.h>

namespace nvdla::validation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Axis, LinearLogarithmicAndSignedEndsAndMiddle) {
  const Axis linear(Axis::Kind::kLinear, 0, 10, 100, 200);
  EXPECT_DOUBLE_EQ(linear.at(5), 150);
  const Axis logarithmic(Axis::Kind::kLogarithmic, 1, 10000, 100, 200);
  EXPECT_DOUBLE_EQ(logarithmic.at(100), 150);
  EXPECT_THAT(logarithmic.ticks(), ElementsAre(1, 10, 100, 1000, 10000));
  const Axis error(Axis::Kind::kSigned, -100, 100, 100, 200);
  EXPECT_DOUBLE_EQ(error.at(0), 150);
  EXPECT_DOUBLE_EQ(error.at(-100), 100);
  EXPECT_DOUBLE_EQ(error.at(1) - 150, 150 - error.at(-1));
}

TEST(Axis, ValuesBeyondTheEndsAreAtTheEnds) {
  const Axis axis(Axis::Kind::kLinear, 0, 10, 100, 200);
  EXPECT_DOUBLE_EQ(axis.at(-3), 100);
  EXPECT_DOUBLE_EQ(axis.at(11), 200);
}

TEST(Axis, LabelsAreShort) {
  EXPECT_EQ(tick_text(10000), "10k");
  EXPECT_EQ(tick_text(2.5), "2.5");
  EXPECT_EQ(tick_text(1, true), "+1");
  EXPECT_EQ(tick_text(0, true), "0");
}

TEST(Svg, TextIsEscaped) {
  Svg svg(10, 10);
  svg.text(1, 2, "a<b & c>d");
  EXPECT_THAT(svg.str(), HasSubstr("a&lt;b &amp; c&gt;d"));
  EXPECT_THAT(svg.str(), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace nvdla::validation
