// SPDX-License-Identifier: Apache-2.0
// Proves that a space of designs is what it says: every combination once, samples that repeat, strata that
// are each used once; and that the front holds exactly what nothing else beats.
#include "analysis/space.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>

#include "analysis/pareto.h"

namespace nvdla::analysis {
namespace {

std::vector<Axis> axes() { return {{"a", {1, 2, 3}}, {"b", {10, 20}}, {"c", {5, 6, 7, 8}}}; }

TEST(Space, AGridHasEveryCombinationOnce) {
  const Space space(axes(), Sampling::kGrid, 0, 1);
  ASSERT_EQ(space.size(), 24U);
  std::set<std::vector<double>> seen;
  for (std::uint64_t i = 0; i < space.size(); ++i) seen.insert(space.point(i));
  EXPECT_EQ(seen.size(), 24U);
  EXPECT_EQ(space.point(0), (std::vector<double>{1, 10, 5}));
  EXPECT_EQ(space.point(1), (std::vector<double>{1, 10, 6}));  // the last axis changes fastest
  EXPECT_EQ(space.point(23), (std::vector<double>{3, 20, 8}));
}

// With as many points as values each value of an axis comes once, in another order on each axis; the seed
// decides the order, and nothing else does.
TEST(Space, ALatinHypercubeUsesEveryStratumOnce) {
  Axis fine{"x", {}}, other{"y", {}};
  for (int i = 0; i < 97; ++i) {
    fine.values.push_back(i);
    other.values.push_back(i);
  }
  const Space space({fine, {"half", {0, 1}}, other}, Sampling::kLatinHypercube, 97, 7);
  std::map<double, int> x, half, y;
  bool shuffled = false;
  for (std::uint64_t i = 0; i < space.size(); ++i) {
    const std::vector<double> point = space.point(i);
    ++x[point[0]];
    ++half[point[1]];
    ++y[point[2]];
    shuffled = shuffled || point[0] != point[2];
  }
  EXPECT_EQ(x.size(), 97U);
  EXPECT_EQ(y.size(), 97U);
  EXPECT_EQ(half[0], 49);
  EXPECT_EQ(half[1], 48);
  EXPECT_TRUE(shuffled);
  const Space same({fine, {"half", {0, 1}}, other}, Sampling::kLatinHypercube, 97, 7);
  const Space another({fine, {"half", {0, 1}}, other}, Sampling::kLatinHypercube, 97, 8);
  bool equal = true;
  for (std::uint64_t i = 0; i < space.size(); ++i) {
    EXPECT_EQ(space.point(i), same.point(i));
    equal = equal && space.point(i) == another.point(i);
  }
  EXPECT_FALSE(equal);
}

TEST(Space, RandomPointsComeFromAllValues) {
  const Space space(axes(), Sampling::kRandom, 3000, 3);
  std::map<double, int> c;
  for (std::uint64_t i = 0; i < space.size(); ++i) ++c[space.point(i)[2]];
  ASSERT_EQ(c.size(), 4U);
  for (const auto& [value, times] : c) EXPECT_NEAR(times, 750, 150) << value;
}

TEST(Space, RefusesWhatIsNone) {
  EXPECT_THROW(Space({{"a", {}}}, Sampling::kGrid, 0, 1), std::invalid_argument);
  EXPECT_THROW(Space({{"a", {1}}, {"a", {2}}}, Sampling::kGrid, 0, 1), std::invalid_argument);
  EXPECT_THROW(Space(axes(), Sampling::kRandom, 0, 1), std::invalid_argument);
  const Axis large{"a", std::vector<double>(1U << 14U, 1)};
  Axis b = large, c = large;
  b.key = "b";
  c.key = "c";
  EXPECT_THROW(Space({large, b, c}, Sampling::kGrid, 0, 1), std::invalid_argument);
}

ExplorationPoint point(std::uint64_t number, double time, double size) {
  ExplorationPoint result;
  result.number = number;
  result.metrics = {{"cycles", time}, {"macs", size}, {"per_second", 1 / time}};
  return result;
}

TEST(Pareto, KeepsWhatNothingBeats) {
  std::vector<ExplorationPoint> points = {point(0, 5, 5), point(1, 4, 6), point(2, 6, 4), point(3, 5, 6),
                                          point(4, 5, 5)};
  points.push_back(point(5, 1, 1));
  points.back().state = ExplorationPoint::State::kExcluded;
  EXPECT_EQ(pareto_front(points, {"cycles", "macs"}), (std::vector<std::uint64_t>{1, 0, 2}));
  EXPECT_EQ(pareto_front(points, {"per_second", "macs"}), (std::vector<std::uint64_t>{1, 0, 2}));
  EXPECT_EQ(pareto_front(points, {"cycles"}), (std::vector<std::uint64_t>{1}));
  EXPECT_THROW((void)pareto_front(points, {"beauty"}), std::invalid_argument);
}

// Against the definition, for any points.
TEST(Pareto, IsTheDefinition) {
  EXPECT_TRUE(rc::check([](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& raw) {
    std::vector<ExplorationPoint> points;
    for (const auto& [a, b] : raw) points.push_back(point(points.size(), 1.0 + a % 8, 1.0 + b % 8));
    const std::vector<std::uint64_t> front = pareto_front(points, {"cycles", "macs"});
    const std::set<std::uint64_t> in(front.begin(), front.end());
    for (const ExplorationPoint& p : points) {
      bool beaten = false;
      for (const ExplorationPoint& q : points) {
        const double a = p.metrics.at("cycles"), b = p.metrics.at("macs");
        const double c = q.metrics.at("cycles"), d = q.metrics.at("macs");
        beaten = beaten || (c <= a && d <= b && (c < a || d < b || q.number < p.number));
      }
      RC_ASSERT(in.count(p.number) == (beaten ? 0U : 1U));
    }
  }));
}

TEST(Sensitivities, NameTheAxisThatMatters) {
  const std::vector<Axis> axes = {{"x", {1, 2}}, {"y", {1, 2}}};
  std::vector<ExplorationPoint> points;
  for (const double x : {1.0, 2.0}) {
    for (const double y : {1.0, 2.0}) {
      points.push_back(point(points.size(), 10 * x + y, 1));
      points.back().values = {x, y};
    }
  }
  const std::vector<Sensitivity> found = sensitivities(points, axes, "cycles");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].axis, "x");
  EXPECT_NEAR(found[0].share, 100.0 / 101, 1e-9);
  EXPECT_NEAR(found[1].share, 1.0 / 101, 1e-9);
  EXPECT_DOUBLE_EQ(found[0].mean.at(2), 21.5);
}

}  // namespace
}  // namespace nvdla::analysis
