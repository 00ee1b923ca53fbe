// SPDX-License-Identifier: Apache-2.0
#include "validation/svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace nvdla::validation {
namespace {

constexpr double kMarkerRadius = 4;

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  const std::string result = text.data();
  return result == "-0.0" ? "0.0" : result;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else
      result += c;
  }
  return result;
}

std::string attribute(const char* name, std::string_view value) {
  return std::string(" ") + name + "=\"" + std::string(value) + "\"";
}

}  // namespace

void Svg::line(double x1, double y1, double x2, double y2, std::string_view colour, double thickness) {
  body_ += "<line" + attribute("x1", number(x1)) + attribute("y1", number(y1)) + attribute("x2", number(x2)) +
           attribute("y2", number(y2)) + attribute("stroke", colour) +
           attribute("stroke-width", number(thickness)) + "/>\n";
}

void Svg::polyline(const Points& points, std::string_view colour, double thickness) {
  std::string list;
  for (const auto& [x, y] : points) list += (list.empty() ? "" : " ") + number(x) + "," + number(y);
  body_ += "<polyline fill=\"none\"" + attribute("points", list) + attribute("stroke", colour) +
           attribute("stroke-width", number(thickness)) + "/>\n";
}

void Svg::marker(Marker marker, double x, double y, std::string_view colour) {
  const double r = kMarkerRadius;
  switch (marker) {
    case Marker::kTick:
      line(x, y - 2 * r, x, y + 2 * r, colour, 2);
      return;
    case Marker::kSquare:
      body_ += "<rect" + attribute("x", number(x - r)) + attribute("y", number(y - r)) +
               attribute("width", number(2 * r)) + attribute("height", number(2 * r));
      break;
    case Marker::kDiamond:
      body_ += "<polygon points=\"" + number(x) + "," + number(y - r - 1) + " " + number(x + r + 1) + "," +
               number(y) + " " + number(x) + "," + number(y + r + 1) + " " + number(x - r - 1) + "," +
               number(y) + "\"";
      break;
    case Marker::kCircle:
      body_ +=
          "<circle" + attribute("cx", number(x)) + attribute("cy", number(y)) + attribute("r", number(r - 1));
      break;
  }
  body_ += attribute("fill", colour) + " fill-opacity=\"0.8\"/>\n";
}

void Svg::text(double x, double y, std::string_view text, Anchor anchor, bool bold) {
  const char* name = anchor == Anchor::kStart ? "start" : anchor == Anchor::kMiddle ? "middle" : "end";
  body_ += "<text" + attribute("x", number(x)) + attribute("y", number(y)) + attribute("text-anchor", name) +
           (bold ? " font-weight=\"bold\"" : "") + ">" + escaped(text) + "</text>\n";
}

std::string Svg::str() const {
  const std::string width = number(width_), height = number(height_);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
         "\" viewBox=\"0 0 " + width + " " + height +
         "\" font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" "
         "fill=\"white\"/>\n" +
         body_ + "</svg>\n";
}

Axis::Axis(Kind kind, double from, double to, double pixel_from, double pixel_to)
    : kind_(kind), from_(from), to_(to), pixel_from_(pixel_from), pixel_to_(pixel_to) {}

double Axis::scaled(double value) const {
  switch (kind_) {
    case Kind::kLogarithmic:
      return std::log10(value);
    case Kind::kSigned:
      return std::copysign(std::log10(1 + std::abs(value) / 0.01), value);
    default:
      return value;
  }
}

double Axis::at(double value) const {
  const double inside = std::clamp(value, from_, to_);
  return pixel_from_ +
         (scaled(inside) - scaled(from_)) / (scaled(to_) - scaled(from_)) * (pixel_to_ - pixel_from_);
}

std::vector<double> Axis::ticks() const {
  std::vector<double> result;
  switch (kind_) {
    case Kind::kLinear: {
      const double step = std::pow(10, std::floor(std::log10(to_ - from_))) / 2;
      for (double i = std::ceil(from_ / step); i * step <= to_ + step / 1000; ++i) result.push_back(i * step);
      break;
    }
    case Kind::kLogarithmic:
      for (double i = std::ceil(std::log10(from_) - 1e-9); i <= std::log10(to_) + 1e-9; ++i)
        result.push_back(std::pow(10, i));
      break;
    case Kind::kSigned:
      for (const double tick : {-100.0, -10.0, -1.0, -0.1, 0.0, 0.1, 1.0, 10.0, 100.0})
        if (tick >= from_ && tick <= to_) result.push_back(tick);
      break;
  }
  return result;
}

std::string tick_text(double value, bool with_sign) {
  std::array<char, 32> text{};
  const char* unit = "";
  if (std::abs(value) >= 1e6) {
    value /= 1e6;
    unit = "M";
  } else if (std::abs(value) >= 1e3) {
    value /= 1e3;
    unit = "k";
  }
  std::snprintf(text.data(), text.size(), with_sign && value > 0 ? "+%.6g%s" : "%.6g%s", value, unit);
  return text.data();
}

}  // namespace nvdla::validation
