// SPDX-License-Identifier: Apache-2.0
// A space of designs: axes with the values that each may take, and which of their combinations are looked at.
// A point has a number; what it stands for follows from the number and the space alone, so that any part of a
// space can be evaluated anywhere, in any order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nvdla::analysis {

struct Axis {
  std::string key;
  std::vector<double> values;
};

enum class Sampling : std::uint8_t {
  kGrid,            // every combination; the last axis changes fastest
  kRandom,          // each value of each axis equally likely
  kLatinHypercube,  // each axis is cut into as many strata as there are points, each used once
};

class Space {
 public:
  // `points` and `seed` count for samples only. Throws std::invalid_argument: an axis without values, twice
  // the same key, a sample without points, a grid of more than 2^40 points.
  Space(std::vector<Axis> axes, Sampling sampling, std::uint64_t points, std::uint64_t seed);

  [[nodiscard]] const std::vector<Axis>& axes() const { return axes_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  // The value of each axis, in their order. Precondition: point < size().
  [[nodiscard]] std::vector<double> point(std::uint64_t point) const;

 private:
  [[nodiscard]] std::uint64_t stratum(std::size_t axis, std::uint64_t point) const;

  std::vector<Axis> axes_;
  Sampling sampling_;
  std::uint64_t size_ = 1;
  std::uint64_t seed_;
};

}  // namespace nvdla::analysis
