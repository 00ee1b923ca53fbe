// SPDX-License-Identifier: Apache-2.0
// The result of an exploration: counts, Pareto front and sensitivities, as text, JSON (nvdla-front/1) and
// CSV.
#pragma once

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "analysis/exploration.h"
#include "analysis/pareto.h"

namespace nvdla::command {

struct FrontReport {
  nlohmann::ordered_json specification;
  std::vector<analysis::Axis> axes;
  std::vector<std::string> objectives;
  std::vector<analysis::ExplorationPoint> points;  // by number
  std::vector<std::uint64_t> front;
  std::vector<analysis::Sensitivity> sensitivities;  // of the first objective
};

// Sorts the points. The specification is that of ExploreRequest::complete.
[[nodiscard]] FrontReport front_report(const nlohmann::ordered_json& specification,
                                       std::vector<analysis::ExplorationPoint> points);

void write_front(std::ostream& out, const FrontReport& report);
[[nodiscard]] nlohmann::ordered_json front_json(const FrontReport& report);
// With the points, evenly thinned out to `most`: what the page draws.
[[nodiscard]] nlohmann::ordered_json drawn_json(const FrontReport& report, std::size_t most = 8000);
// All points, one a row.
void write_points_csv(std::ostream& out, const FrontReport& report);

}  // namespace nvdla::command
