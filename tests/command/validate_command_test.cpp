// SPDX-License-Identifier: Apache-2.0
// `nvdla-vp validate` from a recording to its report, JSON and exit status.
#include <gmock/gmock.h>

#include <cstdint>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "command/validate.h"
#include "tests/support/command_line.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::command {
namespace {

using ::testing::HasSubstr;

const std::string kLenet =
    std::string(NVDLA_SOURCE_DIR) + "/validation/recordings/lenet_img_nv_full_int8__L50_B64";

class ValidateCommand : public test::TemporaryDirectory {
 protected:
  int run(const std::vector<std::string>& arguments) {
    std::ostringstream out, err;
    const int status = run_validate(arguments, out, err);
    out_ = out.str();
    err_ = err.str();
    return status;
  }
  std::string out_, err_;
};

TEST_F(ValidateCommand, ReportsEveryOperationOfLenetAtEveryLevel) {
  const std::string json_path = path("report.json");
  ASSERT_EQ(run({kLenet + ".json", "--json", json_path}), 0) << err_;
  for (const char* text : {"conv1", "pool2", "ip2", "CONV+SDP 3", "PDP 1", "roofline", "refined", "dynamic"})
    EXPECT_THAT(out_, HasSubstr(text));

  std::ifstream file(json_path);
  const nlohmann::json report = nlohmann::json::parse(file);
  EXPECT_EQ(report.at("schema"), "nvdla-validation/1");
  const nlohmann::json& recording = report.at("recordings").at(0);
  EXPECT_EQ(recording.at("recording"), "lenet_img_nv_full_int8__L50_B64");
  EXPECT_EQ(recording.at("levels").size(), 3u);
  EXPECT_EQ(recording.at("operations").size(), 6u);
  EXPECT_TRUE(recording.at("failures").empty());
  for (const nlohmann::json& operation : recording.at("operations")) {
    EXPECT_GT(operation.at("recorded_cycles"), 0);
    for (const char* level : {"roofline", "refined", "dynamic"})
      EXPECT_GT(operation.at("modelled").at(level).at("cycles"), 0);
  }
  for (const nlohmann::json& level : recording.at("levels"))
    for (const char* key : {"total_error_percent", "mean_error_percent", "median_error_percent",
                            "p95_error_percent", "worst_error_percent"})
      EXPECT_TRUE(level.at(key).is_number()) << key;
}

TEST_F(ValidateCommand, SameInputGivesTheSameReport) {
  ASSERT_EQ(run({kLenet, "--json", "-"}), 0) << err_;
  const std::string first = out_;
  ASSERT_EQ(run({kLenet, "--json", "-"}), 0) << err_;
  EXPECT_EQ(first, out_);
}

TEST_F(ValidateCommand, OneLevelIsReplayedIfAskedFor) {
  ASSERT_EQ(run({kLenet, "--level", "refined"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("refined"));
  EXPECT_THAT(out_, ::testing::Not(HasSubstr("dynamic")));
}

TEST_F(ValidateCommand, BrokenBoundFails) {
  const std::string impossible =
      file("b.json",
           R"({"schema":"nvdla-bounds/1","bounds":[{"recordings":"lenet_*","level":"roofline","total":0}]})");
  EXPECT_EQ(run({kLenet, "--level", "roofline", "--bounds", impossible}), 1);
  EXPECT_THAT(err_, HasSubstr("roofline: total error"));
}

TEST_F(ValidateCommand, BoundsThatSpeakOfNoRecordingAreAnError) {
  const std::string other =
      file("b.json", R"({"schema":"nvdla-bounds/1","bounds":[{"recordings":"resnet_*","total":5}]})");
  EXPECT_EQ(run({kLenet, "--level", "roofline", "--bounds", other}), 2);
  EXPECT_THAT(err_, HasSubstr("no bound applies"));
}

// Three levels are three models: to the cycle, none repeats another over a whole network.
TEST_F(ValidateCommand, LevelsDiffer) {
  ASSERT_EQ(run({kLenet, "--json", "-"}), 0) << err_;
  std::map<std::string, std::vector<std::int64_t>> cycles;
  const nlohmann::json report = nlohmann::json::parse(out_);
  for (const nlohmann::json& operation : report.at("recordings").at(0).at("operations"))
    for (const auto& [level, figures] : operation.at("modelled").items())
      cycles[level].push_back(figures.at("cycles").get<std::int64_t>());
  EXPECT_NE(cycles.at("roofline"), cycles.at("dynamic"));
  EXPECT_NE(cycles.at("refined"), cycles.at("dynamic"));
  EXPECT_NE(cycles.at("roofline"), cycles.at("refined"));
}

// The accuracy that the project holds itself to, over every recording.
TEST(Accuracy, RecordingsAreWithinTheirBounds) {
  const std::string root = NVDLA_SOURCE_DIR;
  const test::CommandResult result =
      test::run_command("validate --brief --no-dma-trace --bounds " + root + "/validation/bounds.json " +
                        root + "/validation/recordings " + root + "/tests/golden");
  EXPECT_EQ(result.status, 0) << result.output;
}

// Addresses and order of every beat, where a DMA trace was recorded.
TEST_F(ValidateCommand, DmaTraceOfLenetIsReproduced) {
  ASSERT_EQ(run({kLenet, "--level", "dynamic", "--json", "-"}), 0) << err_;
  const nlohmann::json report = nlohmann::json::parse(out_);
  const nlohmann::json& streams = report.at("recordings").at(0).at("dma_trace");
  EXPECT_EQ(streams.size(), 6u);
  for (const nlohmann::json& stream : streams) {
    EXPECT_EQ(stream.at("equal_in_order"), stream.at("recorded_beats")) << stream.at("stream");
    EXPECT_EQ(stream.at("modelled_beats"), stream.at("recorded_beats")) << stream.at("stream");
  }
}

}  // namespace
}  // namespace nvdla::command
