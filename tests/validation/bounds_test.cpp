// SPDX-License-Identifier: Apache-2.0
// A figure that is worse than its bound is reported, one that is not is silent; bad bounds files are refused.
#include "validation/bounds.h"

#include <gmock/gmock.h>

#include <cmath>

#include "temporary_directory.h"

namespace nvdla::validation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

RecordingComparison comparison(double total, double worst) {
  RecordingComparison result;
  result.recording.name = "lenet__L50";
  LevelComparison level;
  level.level = amaix::Level::kDynamic;
  level.total_error = total;
  level.operations.worst = worst;
  result.levels.push_back(level);
  result.bytes = ByteComparison();
  return result;
}

class BoundsFile : public TemporaryDirectory {
 protected:
  std::vector<Bound> load(const std::string& entry) {
    return load_bounds(file("b.json", R"({"schema":"nvdla-bounds/1","bounds":[)" + entry + "]}"));
  }
};

TEST_F(BoundsFile, FigureAtItsBoundPassesAndBeyondItFails) {
  const auto bounds = load(R"({"recordings":"lenet*","level":"dynamic","total":5,"worst":20})");
  EXPECT_THAT(check_bounds(bounds, comparison(-5, 20)), IsEmpty());
  EXPECT_THAT(check_bounds(bounds, comparison(-5.01, 20)), ElementsAre(HasSubstr("total error 5.01 %")));
  EXPECT_THAT(check_bounds(bounds, comparison(0, 20.5)), ElementsAre(HasSubstr("worst error 20.50 %")));
}

TEST_F(BoundsFile, FigureThatIsNotANumberFails) {
  const auto bounds = load(R"({"recordings":"*","total":5})");
  EXPECT_EQ(check_bounds(bounds, comparison(std::nan(""), 0)).size(), 1u);
}

TEST_F(BoundsFile, OtherRecordingsAreNotBound) {
  const auto bounds = load(R"({"recordings":"alexnet*","total":1})");
  EXPECT_FALSE(is_bounded(bounds, comparison(50, 50)));
  EXPECT_THAT(check_bounds(bounds, comparison(50, 50)), IsEmpty());
}

TEST_F(BoundsFile, DmaMismatchesAreBound) {
  const auto bounds = load(R"({"recordings":"*","dma_mismatches":0})");
  RecordingComparison result = comparison(0, 0);
  EXPECT_THAT(check_bounds(bounds, result), IsEmpty());
  result.bytes->mismatches.emplace_back();
  EXPECT_THAT(check_bounds(bounds, result), ElementsAre(HasSubstr("1 DMA byte counts differ, 0 may")));
}

TEST_F(BoundsFile, BadEntriesAreNamed) {
  EXPECT_THAT(thrown_text<InputError>([&] { (void)load(R"({"recordings":"*","totl":5})"); }),
              HasSubstr("b.json: bound 0: unknown key \"totl\""));
  EXPECT_THAT(thrown_text<InputError>([&] { (void)load(R"({"total":5})"); }),
              HasSubstr("recordings is missing"));
  EXPECT_THAT(thrown_text<InputError>([&] { (void)load(R"({"recordings":"*","level":"exact"})"); }),
              HasSubstr("unknown level \"exact\""));
  EXPECT_THAT(thrown_text<InputError>([&] { (void)load(R"({"recordings":"*","total":"5"})"); }),
              HasSubstr("total is not a percentage"));
  EXPECT_THAT(thrown_text<InputError>([&] { (void)load("{"); }), HasSubstr("line"));
}

TEST(Bounds, FileOfTheRepositoryIsValid) {
  EXPECT_FALSE(load_bounds(std::string(NVDLA_SOURCE_DIR) + "/validation/bounds.json").empty());
}

}  // namespace
}  // namespace nvdla::validation
