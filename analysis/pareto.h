// SPDX-License-Identifier: Apache-2.0
// What remains of many designs: those that no other is better than in everything, and what each axis does.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/exploration.h"

namespace nvdla::analysis {

// Numbers of the evaluated points that no other point is at least as good as in every objective and better in
// one; of equal points the one with the lowest number. In the order of the first objective, best first.
// Throws std::invalid_argument for an objective that a point does not have.
[[nodiscard]] std::vector<std::uint64_t> pareto_front(const std::vector<ExplorationPoint>& points,
                                                      const std::vector<std::string>& objectives);

// How strongly an axis moves a metric: its mean over the points of each value of the axis.
struct Sensitivity {
  std::string axis;
  std::map<double, double> mean;  // by value of the axis
  double share = 0;               // of the variance of the metric that these means explain, 0 to 1
};
// Strongest first.
[[nodiscard]] std::vector<Sensitivity> sensitivities(const std::vector<ExplorationPoint>& points,
                                                     const std::vector<Axis>& axes,
                                                     const std::string& metric);

}  // namespace nvdla::analysis
