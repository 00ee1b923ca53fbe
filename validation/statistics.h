// SPDX-License-Identifier: Apache-2.0
// Error figures of a set of operations.
#pragma once

#include <cstddef>
#include <vector>

namespace nvdla::validation {

// Percentages of the recorded value; all of absolute errors.
struct ErrorStatistics {
  std::size_t count = 0;
  double mean = 0;
  double median = 0;
  double p95 = 0;
  double worst = 0;
};

// Signed error in percent: 100 * (modelled - recorded) / recorded. Precondition: recorded > 0.
[[nodiscard]] double error_percent(double modelled, double recorded);

// The value below which the fraction `p` (0 to 1) of `sorted` lies, interpolated linearly between the two
// nearest ranks: position p * (n - 1). Precondition: sorted ascending, not empty.
[[nodiscard]] double percentile(const std::vector<double>& sorted, double p);

// Takes signed errors; all figures are 0 for an empty set.
[[nodiscard]] ErrorStatistics statistics(std::vector<double> errors);

}  // namespace nvdla::validation
