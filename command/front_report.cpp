// SPDX-License-Identifier: Apache-2.0
#include "command/front_report.h"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace nvdla::command {

using analysis::ExplorationPoint;
using nlohmann::ordered_json;
using State = ExplorationPoint::State;

namespace {

constexpr std::size_t kShown = 25;  // points of the front on the console

const ExplorationPoint& numbered(const FrontReport& report, std::uint64_t number) {
  return *std::lower_bound(
      report.points.begin(), report.points.end(), number,
      [](const ExplorationPoint& point, std::uint64_t value) { return point.number < value; });
}

std::size_t count(const FrontReport& report, State state) {
  return static_cast<std::size_t>(
      std::count_if(report.points.begin(), report.points.end(),
                    [&](const ExplorationPoint& point) { return point.state == state; }));
}

std::string number(double value) {
  std::ostringstream text;
  text << std::setprecision(10) << value;
  return text.str();
}

ordered_json point_json(const FrontReport& report, const ExplorationPoint& point) {
  ordered_json json = {{"point", point.number}};
  for (std::size_t i = 0; i < report.axes.size(); ++i) json["values"][report.axes[i].key] = point.values[i];
  json["metrics"] = point.metrics;
  return json;
}

// The reasons why points were not evaluated, the most frequent first.
std::vector<std::pair<std::string, std::size_t>> reasons(const FrontReport& report, State state) {
  std::map<std::string, std::size_t> by_text;
  for (const ExplorationPoint& point : report.points)
    if (point.state == state) ++by_text[point.reason];
  std::vector<std::pair<std::string, std::size_t>> result(by_text.begin(), by_text.end());
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return result;
}

}  // namespace

FrontReport front_report(const ordered_json& specification, std::vector<ExplorationPoint> points) {
  FrontReport report;
  report.specification = specification;
  for (const auto& [key, values] : specification.at("axes").items())
    report.axes.push_back({key, values.get<std::vector<double>>()});
  report.objectives = specification.at("objectives").get<std::vector<std::string>>();
  report.points = std::move(points);
  std::sort(report.points.begin(), report.points.end(),
            [](const ExplorationPoint& a, const ExplorationPoint& b) { return a.number < b.number; });
  report.front = analysis::pareto_front(report.points, report.objectives);
  report.sensitivities = analysis::sensitivities(report.points, report.axes, report.objectives.front());
  return report;
}

void write_front(std::ostream& stream, const FrontReport& report) {
  std::ostringstream out;
  const std::uint64_t size = report.specification.at("sampling").at("points").get<std::uint64_t>();
  out << report.points.size() << " of " << size << " points: " << count(report, State::kEvaluated)
      << " evaluated, " << count(report, State::kExcluded) << " excluded, "
      << count(report, State::kInfeasible) << " not possible\n";
  for (const State state : {State::kExcluded, State::kInfeasible}) {
    const auto why = reasons(report, state);
    for (std::size_t i = 0; i < std::min<std::size_t>(3, why.size()); ++i)
      out << "  " << why[i].second << " times: " << why[i].first << '\n';
  }
  out << "\nPareto front, " << report.front.size() << " points:\n";
  for (const std::string& objective : report.objectives) out << std::setw(15) << objective;
  out << "  design\n";
  for (std::size_t i = 0; i < std::min(kShown, report.front.size()); ++i) {
    const ExplorationPoint& point = numbered(report, report.front[i]);
    for (const std::string& objective : report.objectives)
      out << std::setw(15) << std::setprecision(7) << point.metrics.at(objective);
    out << "  #" << point.number;
    for (std::size_t axis = 0; axis < report.axes.size(); ++axis)
      out << ' ' << report.axes[axis].key << '=' << number(point.values[axis]);
    out << '\n';
  }
  if (report.front.size() > kShown) out << "  ... " << report.front.size() - kShown << " more\n";
  if (!report.sensitivities.empty()) {
    out << "\nWhat moves " << report.objectives.front() << " (mean by value; share of the variance):\n";
    for (const analysis::Sensitivity& each : report.sensitivities) {
      out << "  " << std::left << std::setw(24) << each.axis << std::right << std::fixed
          << std::setprecision(1) << std::setw(6) << 100 * each.share << " % " << std::defaultfloat
          << std::setprecision(5);
      std::size_t shown = 0;
      for (const auto& [value, mean] : each.mean) {
        if (++shown > 8) {
          out << " ...";
          break;
        }
        out << ' ' << value << ": " << mean;
      }
      out << '\n';
    }
  }
  stream << out.str();
}

ordered_json front_json(const FrontReport& report) {
  ordered_json json;
  json["schema"] = "nvdla-front/1";
  json["specification"] = report.specification;
  json["points"] = {{"evaluated", count(report, State::kEvaluated)},
                    {"excluded", count(report, State::kExcluded)},
                    {"infeasible", count(report, State::kInfeasible)}};
  json["front"] = ordered_json::array();
  for (const std::uint64_t each : report.front)
    json["front"].push_back(point_json(report, numbered(report, each)));
  json["sensitivities"] = ordered_json::array();
  for (const analysis::Sensitivity& each : report.sensitivities) {
    ordered_json means = ordered_json::array();
    for (const auto& [value, mean] : each.mean) means.push_back({value, mean});
    json["sensitivities"].push_back({{"axis", each.axis}, {"share", each.share}, {"mean", means}});
  }
  return json;
}

ordered_json drawn_json(const FrontReport& report, std::size_t most) {
  ordered_json json = front_json(report);
  std::vector<const ExplorationPoint*> evaluated;
  for (const ExplorationPoint& point : report.points)
    if (point.state == State::kEvaluated) evaluated.push_back(&point);
  const std::size_t step = std::max<std::size_t>(1, (evaluated.size() + most - 1) / most);
  json["drawn"] = ordered_json::array();
  for (std::size_t i = 0; i < evaluated.size(); i += step)
    json["drawn"].push_back(point_json(report, *evaluated[i]));
  return json;
}

void write_points_csv(std::ostream& out, const FrontReport& report) {
  static const std::vector<std::string> kMetrics = {"cycles",       "milliseconds", "per_second",
                                                    "macs",         "cbuf_bytes",   "dbb_bytes",
                                                    "cvsram_bytes", "peak_gbytes"};
  out << "point";
  for (const analysis::Axis& axis : report.axes) out << ',' << axis.key;
  out << ",state";
  for (const std::string& metric : kMetrics) out << ',' << metric;
  out << ",front\n";
  for (const ExplorationPoint& point : report.points) {
    out << point.number;
    for (const double value : point.values) out << ',' << number(value);
    out << ','
        << (point.state == State::kEvaluated  ? "evaluated"
            : point.state == State::kExcluded ? "excluded"
                                              : "infeasible");
    for (const std::string& metric : kMetrics) {
      const auto found = point.metrics.find(metric);
      out << ',';
      if (found != point.metrics.end()) out << number(found->second);
    }
    out << ',' << std::count(report.front.begin(), report.front.end(), point.number) << '\n';
  }
}

}  // namespace nvdla::command
