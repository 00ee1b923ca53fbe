// SPDX-License-Identifier: Apache-2.0
#include "validation/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nvdla::validation {

double error_percent(double modelled, double recorded) { return 100.0 * (modelled - recorded) / recorded; }

double percentile(const std::vector<double>& sorted, double p) {
  const double position = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double fraction = position - static_cast<double>(below);
  return sorted[below] + fraction * (sorted[below + 1] - sorted[below]);
}

ErrorStatistics statistics(std::vector<double> errors) {
  ErrorStatistics result;
  if (errors.empty()) return result;
  for (double& error : errors) error = std::abs(error);
  std::sort(errors.begin(), errors.end());
  result.count = errors.size();
  result.mean = std::accumulate(errors.begin(), errors.end(), 0.0) / static_cast<double>(errors.size());
  result.median = percentile(errors, 0.5);
  result.p95 = percentile(errors, 0.95);
  result.worst = errors.back();
  return result;
}

}  // namespace nvdla::validation
