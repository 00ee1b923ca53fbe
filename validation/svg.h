// SPDX-License-Identifier: Apache-2.0
// A small SVG writer: what the figures of the accuracy report need, no more. Coordinates in pixels, rounded
// to a tenth, so that the same numbers give the same file.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nvdla::validation {

class Svg {
 public:
  enum class Anchor { kStart, kMiddle, kEnd };
  enum class Marker { kTick, kSquare, kDiamond, kCircle };
  using Points = std::vector<std::pair<double, double>>;

  Svg(double width, double height) : width_(width), height_(height) {}

  void line(double x1, double y1, double x2, double y2, std::string_view colour, double thickness = 1);
  void polyline(const Points& points, std::string_view colour, double thickness = 1.5);
  void marker(Marker marker, double x, double y, std::string_view colour);
  void text(double x, double y, std::string_view text, Anchor anchor = Anchor::kStart, bool bold = false);

  // The whole file.
  [[nodiscard]] std::string str() const;

 private:
  double width_, height_;
  std::string body_;
};

// An axis: values to pixels, and the labelled values.
class Axis {
 public:
  enum class Kind {
    kLinear,
    kLogarithmic,  // values must be positive
    kSigned        // logarithmic on both sides of 0, linear within 0.01
  };
  Axis(Kind kind, double from, double to, double pixel_from, double pixel_to);

  // Values beyond the ends are drawn at the ends.
  [[nodiscard]] double at(double value) const;
  [[nodiscard]] std::vector<double> ticks() const;

 private:
  [[nodiscard]] double scaled(double value) const;

  Kind kind_;
  double from_, to_, pixel_from_, pixel_to_;
};

// "0.001", "10k": the label of a tick.
[[nodiscard]] std::string tick_text(double value, bool with_sign = false);

}  // namespace nvdla::validation
