// SPDX-License-Identifier: Apache-2.0
// A figure that is worse than its bound is reported, one that is not is silent; bad bounds files are refused.
#include "validation/bounds.h"

#include <fnmatch.h>
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "comparisons.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::validation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// 10000 cycles recorded; total and the only operation are off by these percentages.
RecordingComparison comparison(double total, double worst) {
  return made_comparison("lenet__L50", 10000, static_cast<Cycle>(std::lround(100 * (100 + total))),
                         {{10000, static_cast<Cycle>(std::lround(100 * (100 + worst)))}});
}

class BoundsFile : public test::TemporaryDirectory {
 protected:
  std::vector<Bound> load(const std::string& entry) {
    return load_bounds(file("b.json", R"({"schema":"nvdla-bounds/1","bounds":[)" + entry + "]}"));
  }
  std::string load_error(const std::string& entry) {
    return test::thrown_text<host::InputError>([&] { (void)load(entry); });
  }
};

TEST_F(BoundsFile, FigureAtItsBoundPassesAndBeyondItFails) {
  const auto bounds = load(R"({"recordings":"lenet*","level":"dynamic","total":5,"worst":20})");
  EXPECT_THAT(check_bounds(bounds, {comparison(-5, 20)}), IsEmpty());
  EXPECT_THAT(check_bounds(bounds, {comparison(-5.01, 20)}), ElementsAre(HasSubstr("total error 5.01 %")));
  EXPECT_THAT(check_bounds(bounds, {comparison(0, 20.5)}), ElementsAre(HasSubstr("worst error 20.50 %")));
}

TEST_F(BoundsFile, FigureThatIsNotANumberFails) {
  const auto bounds = load(R"({"recordings":"*","total":5})");
  RecordingComparison result = comparison(0, 0);
  result.levels.front().total_error = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(check_bounds(bounds, {result}).size(), 1u);
}

TEST_F(BoundsFile, OtherRecordingsAndLevelsAreNotBound) {
  const auto other = load(R"({"recordings":"alexnet*","total":1})");
  EXPECT_FALSE(is_bounded(other, comparison(50, 50)));
  EXPECT_THAT(check_bounds(other, {comparison(50, 50)}), IsEmpty());
  EXPECT_THAT(check_bounds(load(R"({"recordings":"*","level":"refined","total":1})"), {comparison(50, 50)}),
              IsEmpty());
}

TEST_F(BoundsFile, DmaMismatchesAreBound) {
  const auto bounds = load(R"({"recordings":"*","dma_mismatches":0})");
  RecordingComparison result = comparison(0, 0);
  EXPECT_THAT(check_bounds(bounds, {result}), IsEmpty());
  result.bytes->mismatches.emplace_back();
  EXPECT_THAT(check_bounds(bounds, {result}), ElementsAre(HasSubstr("1 DMA byte counts differ, 0 may")));
}

TEST_F(BoundsFile, PooledFiguresAreOfAllMatchingRecordingsTogether) {
  // Errors 0 and 4 percent: 2 on average, while the second recording alone has 4.
  const std::vector<RecordingComparison> both{made_comparison("u_a__L50", 1000, 1000, {{1000, 1000}}),
                                              made_comparison("u_b__L50", 1000, 1040, {{1000, 1040}})};
  EXPECT_THAT(check_bounds(load(R"({"recordings":"u_*","pooled":true,"mean":2})"), both), IsEmpty());
  EXPECT_THAT(check_bounds(load(R"({"recordings":"u_*","pooled":true,"mean":1.9})"), both),
              ElementsAre(HasSubstr("u_*, dynamic: mean error 2.00 %")));
  EXPECT_THAT(check_bounds(load(R"({"recordings":"u_*","mean":2})"), both),
              ElementsAre(HasSubstr("u_b__L50, dynamic: mean error 4.00 %")));
  EXPECT_THAT(check_bounds(load(R"({"recordings":"u_*","pooled":true,"p95":3.8})"), both), IsEmpty());
  EXPECT_THAT(check_bounds(load(R"({"recordings":"u_*","pooled":true,"p95":3.7})"), both),
              ElementsAre(HasSubstr("95th percentile error 3.80 %")));
}

TEST_F(BoundsFile, ShortOperationsAreJudgedInCycles) {
  const auto bounds = load(R"({"recordings":"*","worst":5,"short_operations":{"below":500,"within":25}})");
  const auto broken = [&](MadeOperation operation) {
    return check_bounds(bounds, {made_comparison("u_a", 1000, 1000, {operation})});
  };
  EXPECT_THAT(broken({499, 524}), IsEmpty());  // 5.01 %, 25 cycles
  EXPECT_THAT(broken({499, 473}), ElementsAre(HasSubstr("CONV 0 is off by 26 cycles")));
  EXPECT_THAT(broken({500, 525}), IsEmpty());
  EXPECT_THAT(broken({500, 526}), ElementsAre(HasSubstr("worst error 5.20 %")));
}

TEST_F(BoundsFile, MemoryRatioIsComparedBetweenRecordingsOfOneTrace) {
  const auto bounds = load(R"({"recordings":"*","memory_ratio":2})");
  const RecordingComparison fast = made_comparison("a__L50_B64", 1000, 1000, {});
  EXPECT_THAT(check_bounds(bounds, {fast, made_comparison("a__L50_B8", 2000, 2039, {})}), IsEmpty());
  EXPECT_THAT(
      check_bounds(bounds, {fast, made_comparison("a__L50_B8", 2000, 1950, {})}),
      ElementsAre(HasSubstr("a__L50_B8, dynamic: ratio of its total to that of a__L50_B64, error 2.50 %")));
  EXPECT_THAT(check_bounds(bounds, {fast, made_comparison("b__L50_B8", 2000, 4000, {})}), IsEmpty());
}

TEST_F(BoundsFile, BadEntriesAreNamed) {
  EXPECT_THAT(load_error(R"({"recordings":"*","totl":5})"),
              HasSubstr("b.json: bound 0: unknown key \"totl\""));
  EXPECT_THAT(load_error(R"({"total":5})"), HasSubstr("recordings is missing"));
  EXPECT_THAT(load_error(R"({"recordings":"*","level":"exact"})"), HasSubstr("unknown level \"exact\""));
  EXPECT_THAT(load_error(R"({"recordings":"*","total":"5"})"), HasSubstr("total is not a percentage"));
  EXPECT_THAT(load_error(R"({"recordings":"*","pooled":1})"), HasSubstr("neither true nor false"));
  EXPECT_THAT(load_error(R"({"recordings":"*","pooled":true,"total":1})"), HasSubstr("of single recordings"));
  EXPECT_THAT(load_error(R"({"recordings":"*","short_operations":{"below":5}})"),
              HasSubstr("short_operations.within is missing"));
  EXPECT_THAT(load_error(R"({"recordings":"*","short_operations":{"below":5,"within":1,"x":1}})"),
              HasSubstr("unknown key \"x\""));
  EXPECT_THAT(load_error("{"), HasSubstr("line"));
  EXPECT_THAT(load_error(R"({"recordings":"*","total":1e999})"), HasSubstr("b.json: "));
  EXPECT_THAT(load_error(R"({"recordings":"*","total":1,"total":9})"), HasSubstr("\"total\" is given twice"));
}

// -- the bounds of the repository --------------------------------------------------------------------

const std::string kRoot = NVDLA_SOURCE_DIR;

std::vector<Bound> bounds_of_the_repository() { return load_bounds(kRoot + "/validation/bounds.json"); }

TEST(Bounds, OfTheRepositorySpeakOfEveryRecordingAndOfNoneThatIsMissing) {
  std::vector<std::string> names;
  for (const char* folder : {"/validation/recordings", "/tests/golden"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kRoot + folder))
      if (entry.path().extension() == ".json" && entry.path().filename() != "layers.json")
        names.push_back(entry.path().stem());
  const std::vector<Bound> bounds = bounds_of_the_repository();
  std::vector<bool> used(bounds.size());
  for (const std::string& name : names) {
    bool total = false, dma = false;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      if (fnmatch(bounds[i].recordings.c_str(), name.c_str(), FNM_EXTMATCH) != 0) continue;
      used[i] = true;
      total = total || (bounds[i].level == amaix::Level::kDynamic && bounds[i].total);
      dma = dma || bounds[i].dma_mismatches;
    }
    EXPECT_TRUE(total && dma) << name;
  }
  for (std::size_t i = 0; i < bounds.size(); ++i) EXPECT_TRUE(used[i]) << bounds[i].recordings;
}

// What the bounds are for: a model that is a little worse than today's does not pass.
class WorseModel : public ::testing::Test {
 protected:
  static std::vector<RecordingComparison> today() {
    std::vector<RecordingComparison> result;
    for (const char* name : {"lenet_img_nv_full_int8__L50_B64", "lenet_img_nv_full_int8__L128_B16",
                             "u_conv01_c32_28x28_k32_r3_s1_nv_full_int8__L50_B64"})
      result.push_back(compare(kRoot + "/validation/recordings/" + name, ComparisonOptions()));
    return result;
  }
  // Makes operation 0 of recording 0 take `percent` longer.
  static std::vector<std::string> broken_by(amaix::Level level, double percent_longer, double total_longer) {
    std::vector<RecordingComparison> comparisons = today();
    RecordingComparison& victim = comparisons.front();
    for (OperationComparison& operation : victim.operations)
      operation.modelled[level].error += percent_longer;
    for (LevelComparison& figures : victim.levels)
      if (figures.level == level) figures.total_error += total_longer;
    return check_bounds(bounds_of_the_repository(), comparisons);
  }
};

TEST_F(WorseModel, TodaysPasses) {
  EXPECT_THAT(check_bounds(bounds_of_the_repository(), today()), IsEmpty());
}

TEST_F(WorseModel, OperationsFail) {
  EXPECT_FALSE(broken_by(amaix::Level::kDynamic, 0.5, 0).empty());
  EXPECT_FALSE(broken_by(amaix::Level::kRefined, 2, 0).empty());
}

TEST_F(WorseModel, TotalFails) {
  EXPECT_FALSE(broken_by(amaix::Level::kDynamic, 0, 0.2).empty());
  EXPECT_FALSE(broken_by(amaix::Level::kRefined, 0, -0.5).empty());
}

TEST_F(WorseModel, MemoryRatioFails) {
  std::vector<RecordingComparison> comparisons = today();
  for (LevelComparison& figures : comparisons.at(1).levels)
    figures.total_cycles += figures.total_cycles / 200;
  EXPECT_THAT(check_bounds(bounds_of_the_repository(), comparisons),
              ::testing::Contains(HasSubstr("ratio of its total")));
}

TEST_F(WorseModel, DmaFails) {
  std::vector<RecordingComparison> comparisons = today();
  comparisons.back().bytes->mismatches.emplace_back();
  EXPECT_THAT(check_bounds(bounds_of_the_repository(), comparisons),
              ::testing::Contains(HasSubstr("DMA byte counts differ")));
}

}  // namespace
}  // namespace nvdla::validation
