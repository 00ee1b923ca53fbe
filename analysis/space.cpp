// SPDX-License-Identifier: Apache-2.0
#include "analysis/space.h"

#include <algorithm>
#include <stdexcept>

namespace nvdla::analysis {

namespace {

constexpr std::uint64_t kLargest = std::uint64_t{1} << 40U;
constexpr std::uint64_t kMostValues = std::uint64_t{1} << 23U;  // times kLargest fits 64 bits

// SplitMix64 (Steele, Lea, Flood 2014): a well-mixed function of its input.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  return mixed(mixed(mixed(a) ^ b) ^ c);
}

// A permutation of [0, size) without a table: a Feistel network over the next power of four, walked until it
// is inside.
std::uint64_t permuted(std::uint64_t value, std::uint64_t size, std::uint64_t seed) {
  unsigned half = 1;
  while ((std::uint64_t{1} << (2 * half)) < size) ++half;
  const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
  do {
    std::uint64_t left = value >> half, right = value & mask;
    for (std::uint64_t round = 0; round < 4; ++round) {
      const std::uint64_t next = left ^ (mixed(seed, round, right) & mask);
      left = right;
      right = next;
    }
    value = left << half | right;
  } while (value >= size);
  return value;
}

}  // namespace

Space::Space(std::vector<Axis> axes, Sampling sampling, std::uint64_t points, std::uint64_t seed)
    : axes_(std::move(axes)), sampling_(sampling), seed_(seed) {
  for (auto axis = axes_.begin(); axis != axes_.end(); ++axis) {
    if (axis->values.empty()) throw std::invalid_argument("\"" + axis->key + "\" has no values");
    if (axis->values.size() > kMostValues)
      throw std::invalid_argument("\"" + axis->key + "\" has more than 2^23 values");
    if (std::any_of(axes_.begin(), axis, [&](const Axis& other) { return other.key == axis->key; }))
      throw std::invalid_argument("\"" + axis->key + "\" is given twice");
    if (sampling_ != Sampling::kGrid) continue;
    if (size_ > kLargest / axis->values.size())
      throw std::invalid_argument("the grid has more than 2^40 points: take a sample");
    size_ *= axis->values.size();
  }
  if (sampling_ == Sampling::kGrid) return;
  if (points == 0 || points > kLargest) throw std::invalid_argument("a sample needs 1 to 2^40 points");
  size_ = points;
}

std::uint64_t Space::stratum(std::size_t axis, std::uint64_t point) const {
  return permuted(point, size_, mixed(seed_, axis, 1));
}

std::vector<double> Space::point(std::uint64_t point) const {
  std::vector<double> values(axes_.size());
  std::uint64_t rest = point;
  for (std::size_t i = axes_.size(); i-- > 0;) {
    const std::vector<double>& of = axes_[i].values;
    std::uint64_t index = 0;
    switch (sampling_) {
      case Sampling::kGrid:
        index = rest % of.size();
        rest /= of.size();
        break;
      case Sampling::kRandom:
        index = mixed(seed_, i, point) % of.size();
        break;
      case Sampling::kLatinHypercube:
        index = stratum(i, point) * of.size() / size_;
        break;
    }
    values[i] = of[index];
  }
  return values;
}

}  // namespace nvdla::analysis
