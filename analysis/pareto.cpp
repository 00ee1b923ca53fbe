// SPDX-License-Identifier: Apache-2.0
#include "analysis/pareto.h"

#include <algorithm>
#include <stdexcept>

namespace nvdla::analysis {

namespace {

using State = ExplorationPoint::State;

struct Candidate {
  std::uint64_t number;
  std::vector<double> costs;  // smaller is better
};

bool dominates(const Candidate& a, const Candidate& b) {
  bool better = false;
  for (std::size_t i = 0; i < a.costs.size(); ++i) {
    if (a.costs[i] > b.costs[i]) return false;
    better = better || a.costs[i] < b.costs[i];
  }
  return better || a.number < b.number;
}

}  // namespace

std::vector<std::uint64_t> pareto_front(const std::vector<ExplorationPoint>& points,
                                        const std::vector<std::string>& objectives) {
  if (objectives.empty()) throw std::invalid_argument("a front needs an objective");
  std::vector<Candidate> candidates;
  for (const ExplorationPoint& point : points) {
    if (point.state != State::kEvaluated) continue;
    Candidate candidate{point.number, {}};
    for (const std::string& objective : objectives) {
      const auto found = point.metrics.find(objective);
      if (found == point.metrics.end())
        throw std::invalid_argument("unknown objective \"" + objective + "\"");
      candidate.costs.push_back(larger_is_better(objective) ? -found->second : found->second);
    }
    candidates.push_back(std::move(candidate));
  }
  // Whoever dominates a point comes before it in this order, so that only the front so far need be asked.
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.costs != b.costs ? a.costs < b.costs : a.number < b.number;
  });
  std::vector<Candidate> front;
  for (const Candidate& candidate : candidates)
    if (std::none_of(front.begin(), front.end(),
                     [&](const Candidate& other) { return dominates(other, candidate); }))
      front.push_back(candidate);
  std::vector<std::uint64_t> numbers;
  numbers.reserve(front.size());
  for (const Candidate& candidate : front) numbers.push_back(candidate.number);
  return numbers;
}

std::vector<Sensitivity> sensitivities(const std::vector<ExplorationPoint>& points,
                                       const std::vector<Axis>& axes, const std::string& metric) {
  std::vector<std::pair<const ExplorationPoint*, double>> known;
  double mean = 0;
  for (const ExplorationPoint& point : points) {
    const auto found = point.metrics.find(metric);
    if (point.state != State::kEvaluated || found == point.metrics.end()) continue;
    known.emplace_back(&point, found->second);
    mean += found->second;
  }
  std::vector<Sensitivity> result;
  if (known.empty()) return result;
  mean /= static_cast<double>(known.size());
  double variance = 0;
  for (const auto& [point, value] : known) variance += (value - mean) * (value - mean);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    Sensitivity sensitivity;
    sensitivity.axis = axes[i].key;
    std::map<double, std::size_t> count;
    for (const auto& [point, value] : known) {
      sensitivity.mean[point->values[i]] += value;
      ++count[point->values[i]];
    }
    double explained = 0;
    for (auto& [at, sum] : sensitivity.mean) {
      sum /= static_cast<double>(count[at]);
      explained += static_cast<double>(count[at]) * (sum - mean) * (sum - mean);
    }
    sensitivity.share = variance > 0 ? explained / variance : 0;
    result.push_back(std::move(sensitivity));
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const Sensitivity& a, const Sensitivity& b) { return a.share > b.share; });
  return result;
}

}  // namespace nvdla::analysis
