// SPDX-License-Identifier: Apache-2.0
// Definitions of the error figures.
#include "validation/statistics.h"

#include <gtest/gtest.h>

namespace nvdla::validation {
namespace {

TEST(Statistics, ErrorIsSignedAndRelativeToTheRecording) {
  EXPECT_DOUBLE_EQ(error_percent(110, 100), 10.0);
  EXPECT_DOUBLE_EQ(error_percent(95, 100), -5.0);
}

TEST(Statistics, PercentileInterpolatesBetweenRanks) {
  const std::vector<double> values{10, 20, 30, 40, 50};
  EXPECT_DOUBLE_EQ(percentile(values, 0.0), 10.0);
  EXPECT_DOUBLE_EQ(percentile(values, 0.5), 30.0);
  EXPECT_DOUBLE_EQ(percentile(values, 0.95), 48.0);  // position 3.8
  EXPECT_DOUBLE_EQ(percentile(values, 1.0), 50.0);
  EXPECT_DOUBLE_EQ(percentile({7}, 0.95), 7.0);
  EXPECT_DOUBLE_EQ(percentile({1, 2}, 0.5), 1.5);
}

TEST(Statistics, FiguresAreOfAbsoluteErrors) {
  const ErrorStatistics result = statistics({-10, 2, 6});
  EXPECT_EQ(result.count, 3u);
  EXPECT_DOUBLE_EQ(result.mean, 6.0);
  EXPECT_DOUBLE_EQ(result.median, 6.0);
  EXPECT_DOUBLE_EQ(result.worst, 10.0);
  EXPECT_DOUBLE_EQ(result.p95, 9.6);
}

TEST(Statistics, NoOperationsNoError) {
  const ErrorStatistics result = statistics({});
  EXPECT_EQ(result.count, 0u);
  EXPECT_DOUBLE_EQ(result.worst, 0.0);
}

}  // namespace
}  // namespace nvdla::validation
