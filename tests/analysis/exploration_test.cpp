// SPDX-License-Identifier: Apache-2.0
// Proves that every point of an exploration is the evaluation of its design, whichever threads made it.
#include "analysis/exploration.h"

#include <gtest/gtest.h>

#include <set>

#include "hardware/parameter_table.h"
#include "tests/analysis/traces.h"

namespace nvdla::analysis {
namespace {

ExplorationSpec spec(std::vector<Axis> axes) {
  ExplorationSpec result;
  result.networks.push_back(test::network("lenet_nv_full_int8"));
  result.hardware = result.networks[0].hardware();
  result.memory = test::memory_of(result.hardware);
  result.space = Space(std::move(axes), Sampling::kGrid, 0, 1);
  return result;
}

std::vector<ExplorationPoint> all(const ExplorationSpec& spec, unsigned threads) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 0; i < spec.space.size(); ++i) numbers.push_back(i);
  std::vector<ExplorationPoint> points(numbers.size());
  std::set<std::uint64_t> seen;
  explore(spec, numbers, threads, [&](const std::vector<ExplorationPoint>& some) {
    for (const ExplorationPoint& point : some) {
      EXPECT_TRUE(seen.insert(point.number).second);
      points.at(point.number) = point;
    }
  });
  EXPECT_EQ(seen.size(), numbers.size());
  return points;
}

TEST(Exploration, EveryPointIsTheEvaluationOfItsDesign) {
  const ExplorationSpec s = spec({{"atomic_k_int8", {16, 32}},
                                  {"pdp_throughput", {4, 8}},
                                  {"clock_mhz", {500, 1000}},
                                  {"dbb.bandwidth", {16, 64}},
                                  {"dbb.latency", {50, 128}}});
  const std::vector<ExplorationPoint> one = all(s, 1), four = all(s, 4);
  for (std::size_t i = 0; i < one.size(); ++i) {
    SCOPED_TRACE(i);
    ASSERT_EQ(one[i].state, ExplorationPoint::State::kEvaluated) << one[i].reason;
    EXPECT_EQ(one[i].metrics, four[i].metrics);
    const std::vector<double>& v = one[i].values;
    const HardwareParameters hardware =
        derived(s.hardware, {{"atomic_k_int8", v[0]}, {"pdp_throughput", v[1]}, {"clock_mhz", v[2]}});
    memory::MemorySystem memory = s.memory;
    memory.dbb.bytes_per_cycle = v[3];
    memory.dbb.latency = static_cast<std::uint32_t>(v[4]);
    const Evaluation e = evaluate(s.networks[0], hardware, memory, amaix::Level::kRefined);
    EXPECT_EQ(one[i].metrics.at("cycles"), static_cast<double>(e.cycles));
    EXPECT_DOUBLE_EQ(one[i].metrics.at("milliseconds"), static_cast<double>(e.cycles) / (v[2] * 1e3));
    EXPECT_EQ(one[i].metrics.at("macs"), 64 * v[0]);
    EXPECT_DOUBLE_EQ(one[i].metrics.at("peak_gbytes"), v[3] * v[2] * 1e-3);
  }
}

// Axes change the design of the specification, which need not be that of the trace.
TEST(Exploration, BeginsWithTheDesignOfTheSpecification) {
  ExplorationSpec s = spec({{"dbb.latency", {50}}});
  s.hardware = derived(s.hardware, {{"atomic_k_int8", 16}});
  const ExplorationPoint point = all(s, 1)[0];
  EXPECT_EQ(point.metrics.at("macs"), 64 * 16);
  EXPECT_EQ(point.metrics.at("cycles"),
            static_cast<double>(evaluate(s.networks[0], s.hardware, s.memory, s.level).cycles));
}

TEST(Exploration, SaysWhyAPointIsNotThere) {
  ExplorationSpec s = spec({{"atomic_c", {64, 48}}, {"dbb.bandwidth", {16, 64}}});
  s.constraints = {parse_constraint("cycles <= 40000"), parse_constraint("macs>=1")};
  const std::vector<ExplorationPoint> points = all(s, 2);
  EXPECT_EQ(points[0].state, ExplorationPoint::State::kExcluded);  // slow memory
  EXPECT_NE(points[0].reason.find("cycles"), std::string::npos);
  EXPECT_EQ(points[1].state, ExplorationPoint::State::kEvaluated);
  EXPECT_EQ(points[2].state, ExplorationPoint::State::kInfeasible);  // not a power of two
  EXPECT_NE(points[2].reason.find("atomic_c"), std::string::npos);
}

TEST(Exploration, RefusesWhatItDoesNotKnow) {
  EXPECT_THROW(check(spec({{"atomic_d", {1}}})), std::invalid_argument);
  EXPECT_THROW(check(spec({{"dbb.colour", {1}}})), std::invalid_argument);
  EXPECT_THROW(check(spec({{"network", {1}}})), std::invalid_argument);
  ExplorationSpec s = spec({{"atomic_c", {64}}});
  s.constraints = {parse_constraint("beauty <= 1")};
  EXPECT_THROW(check(s), std::invalid_argument);
  for (const char* text : {"cycles", "cycles < 3", "<= 3", "cycles <= many", "cycles <="})
    EXPECT_THROW((void)parse_constraint(text), std::invalid_argument) << text;
}

class KnownWork : public testing::TestWithParam<std::string> {};

// What evaluations remember of a network changes no result: a network that has been evaluated on other
// designs and memories, and one that has not, give the same cycles.
TEST_P(KnownWork, ChangesNoResult) {
  const Network shared = test::network(GetParam());
  const HardwareParameters& own = shared.hardware();
  std::vector<HardwareParameters> designs = {
      own, derived(own, {{"pdp_throughput", 2.0 * own.pdp_throughput}}),
      derived(own, {{"cdp_throughput", 2.0 * own.cdp_throughput}}),
      derived(own, {{"dbb_width_bytes", 2.0 * own.dbb_width_bytes}}), own};
  for (const amaix::Level level : {amaix::Level::kRefined, amaix::Level::kRoofline}) {
    for (const HardwareParameters& design : designs) {
      for (const double bandwidth : {4.0, 8.0, 64.0}) {
        memory::MemorySystem memory;
        memory.dbb.bytes_per_cycle = std::min<double>(bandwidth, design.dbb_width_bytes);
        const Evaluation known = evaluate(shared, design, memory, level);
        const Evaluation fresh = evaluate(test::network(GetParam()), design, memory, level);
        EXPECT_EQ(known.cycles, fresh.cycles);
        EXPECT_EQ(known.dbb.total(), fresh.dbb.total());
      }
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Networks, KnownWork,
                         testing::Values("alexnet_nv_full_int8", "alexnet_img_nv_full_fp16",
                                         "lenet_nv_small_int8", "alexnet_nv_small_int8"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace nvdla::analysis
