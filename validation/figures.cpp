// SPDX-License-Identifier: Apache-2.0
#include "validation/figures.h"

#include <algorithm>
#include <cmath>

#include "validation/svg.h"

namespace nvdla::validation {
namespace {

using amaix::Level;
using Anchor = Svg::Anchor;

constexpr double kRow = 20;     // height of a row
constexpr double kTop = 50;     // title and legend
constexpr double kBottom = 40;  // axis labels
constexpr const char* kBlack = "#202020";
constexpr const char* kGrid = "#d8d8d8";

struct Style {
  Level level;
  const char* colour;
  Svg::Marker marker;
};
constexpr Style kStyles[] = {{Level::kRoofline, "#c9772f", Svg::Marker::kSquare},
                             {Level::kRefined, "#3a78b8", Svg::Marker::kDiamond},
                             {Level::kDynamic, "#23803f", Svg::Marker::kCircle}};

void legend(Svg& svg, double x, bool recorded) {
  constexpr double kY = 34;
  x += 10;
  if (recorded) {
    svg.marker(Svg::Marker::kTick, x, kY, kBlack);
    svg.text(x + 8, kY + 4, "recorded");
    x += 75;
  }
  for (const Style& style : kStyles) {
    svg.marker(style.marker, x, kY, style.colour);
    svg.text(x + 8, kY + 4, amaix::level_name(style.level));
    x += 75;
  }
}

void vertical_grid(Svg& svg, const Axis& axis, double bottom, const std::string& title, double middle,
                   bool with_sign = false) {
  for (const double tick : axis.ticks()) {
    svg.line(axis.at(tick), kTop, axis.at(tick), bottom, kGrid);
    svg.text(axis.at(tick), bottom + 14, tick_text(tick, with_sign), Anchor::kMiddle);
  }
  svg.text(middle, bottom + 30, title, Anchor::kMiddle);
}

std::string row_name(const OperationComparison& operation) {
  return operation.layer + (operation.layer.empty() ? "" : "  ") + chain_name(operation.chain) + " " +
         std::to_string(operation.sequence);
}

}  // namespace

std::string operations_figure(const RecordingComparison& comparison) {
  constexpr double kLabels = 190, kPanel = 300, kGap = 40;
  const double bottom = kTop + kRow * static_cast<double>(comparison.operations.size());
  Svg svg(kLabels + 2 * kPanel + kGap + 30, bottom + kBottom);
  svg.text(10, 16, comparison.recording.name, Anchor::kStart, true);
  legend(svg, kLabels, true);

  double shortest = 1e18, longest = 1;
  for (const OperationComparison& operation : comparison.operations) {
    const auto consider = [&](Cycle cycles) {
      shortest = std::min(shortest, std::max(1.0, static_cast<double>(cycles)));
      longest = std::max(longest, static_cast<double>(cycles));
    };
    consider(operation.recorded);
    for (const auto& [level, modelled] : operation.modelled) consider(modelled.cycles);
  }
  const Axis cycles(Axis::Kind::kLogarithmic, std::pow(10, std::floor(std::log10(shortest))),
                    std::pow(10, std::ceil(std::log10(longest + 1))), kLabels, kLabels + kPanel);
  const double right = kLabels + kPanel + kGap;
  const Axis error(Axis::Kind::kSigned, -100, 100, right, right + kPanel);
  vertical_grid(svg, cycles, bottom, "cycles", kLabels + kPanel / 2);
  vertical_grid(svg, error, bottom, "error, %", right + kPanel / 2, true);
  svg.line(error.at(0), kTop, error.at(0), bottom, kBlack);

  double y = kTop + kRow / 2;
  for (const OperationComparison& operation : comparison.operations) {
    svg.text(kLabels - 10, y + 4, row_name(operation), Anchor::kEnd);
    svg.marker(Svg::Marker::kTick, cycles.at(static_cast<double>(operation.recorded)), y, kBlack);
    for (const Style& style : kStyles) {
      const auto found = operation.modelled.find(style.level);
      if (found == operation.modelled.end()) continue;
      svg.marker(style.marker, cycles.at(std::max(1.0, static_cast<double>(found->second.cycles))), y,
                 style.colour);
      svg.marker(style.marker, error.at(found->second.error), y, style.colour);
    }
    y += kRow;
  }
  return svg.str();
}

std::string distribution_figure(const std::string& title, const ErrorsByLevel& errors) {
  constexpr double kLeft = 60, kWidth = 420, kHeight = 200, kLeast = 0.001;
  const double bottom = kTop + kHeight;
  Svg svg(kLeft + kWidth + 30, bottom + kBottom);
  svg.text(10, 16, title, Anchor::kStart, true);
  legend(svg, kLeft, false);
  const Axis error(Axis::Kind::kLogarithmic, kLeast, 100, kLeft, kLeft + kWidth);
  const Axis share(Axis::Kind::kLinear, 0, 100, bottom, kTop);
  vertical_grid(svg, error, bottom, "absolute error, % (at the left edge: 0.001 and less)",
                kLeft + kWidth / 2);
  for (const double tick : {0.0, 25.0, 50.0, 75.0, 100.0}) {
    svg.line(kLeft, share.at(tick), kLeft + kWidth, share.at(tick), kGrid);
    svg.text(kLeft - 6, share.at(tick) + 4, tick_text(tick) + " %", Anchor::kEnd);
  }
  for (const Style& style : kStyles) {
    const auto found = errors.find(style.level);
    if (found == errors.end() || found->second.empty()) continue;
    std::vector<double> sorted = found->second;
    for (double& value : sorted) value = std::max(kLeast, std::abs(value));
    std::sort(sorted.begin(), sorted.end());
    Svg::Points points{{error.at(kLeast), share.at(0)}};
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      points.emplace_back(error.at(sorted[i]), points.back().second);
      points.emplace_back(error.at(sorted[i]),
                          share.at(100.0 * static_cast<double>(i + 1) / static_cast<double>(sorted.size())));
    }
    points.emplace_back(error.at(100), share.at(100));
    svg.polyline(points, style.colour, 2);
    svg.marker(style.marker, error.at(sorted.back()), share.at(100), style.colour);
  }
  return svg.str();
}

std::string memory_figure(const std::vector<MemoryRatio>& ratios) {
  constexpr double kLabels = 400, kPanel = 380;
  const double bottom = kTop + kRow * static_cast<double>(ratios.size());
  Svg svg(kLabels + kPanel + 30, bottom + kBottom);
  svg.text(10, 16, "Total with one memory over total with another", Anchor::kStart, true);
  legend(svg, kLabels, true);
  double largest = 1.5;
  for (const MemoryRatio& ratio : ratios) {
    largest = std::max(largest, ratio.recorded);
    for (const auto& [level, modelled] : ratio.modelled) largest = std::max(largest, modelled);
  }
  const Axis axis(Axis::Kind::kLinear, 1, std::ceil(2 * largest) / 2, kLabels, kLabels + kPanel);
  vertical_grid(svg, axis, bottom, "ratio", kLabels + kPanel / 2);
  double y = kTop + kRow / 2;
  for (const MemoryRatio& ratio : ratios) {
    svg.text(kLabels - 10, y + 4, ratio.slower->recording.name + " / " + memory_name(ratio.faster->recording),
             Anchor::kEnd);
    svg.marker(Svg::Marker::kTick, axis.at(ratio.recorded), y, kBlack);
    for (const Style& style : kStyles)
      if (const auto found = ratio.modelled.find(style.level); found != ratio.modelled.end())
        svg.marker(style.marker, axis.at(found->second), y, style.colour);
    y += kRow;
  }
  return svg.str();
}

}  // namespace nvdla::validation
