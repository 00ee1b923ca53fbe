// SPDX-License-Identifier: Apache-2.0
// Several inputs of replay: what they cost each other, when they start, and what is refused.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::command {
namespace {

using nlohmann::json;
using test::run_command;
using ::testing::HasSubstr;

const std::string kTraces = std::string(NVDLA_SOURCE_DIR) + "/firmware_traces/";
const std::string kPool = kTraces + "u_pool_max2_nv_small_int8/input.txn.gz";
const std::string kConvolution = kTraces + "u_conv00_c16_28x28_k16_r3_s1_nv_small_int8/input.txn.gz";

class TogetherCommand : public test::TemporaryDirectory {
 protected:
  json run(const std::string& arguments) {
    const test::CommandResult result =
        run_command("replay " + arguments + " --quiet --json " + path("r.json"));
    EXPECT_EQ(result.status, 0) << result.output;
    return json::parse(std::ifstream(path("r.json")), nullptr, false);
  }
};

TEST_F(TogetherCommand, TellsWhatTheyCostEachOther) {
  const json alone = run(kPool + " --dbb latency=50,bandwidth=4");
  for (const char* component : {"", " --systemc"}) {
    const json report = run(kPool + " " + kConvolution + " --dbb latency=50,bandwidth=4" + component);
    ASSERT_EQ(report["inputs"].size(), 2U);
    const json& pool = report["inputs"][0];
    EXPECT_EQ(pool["trace"], kPool);
    EXPECT_EQ(pool["alone_cycles"], alone["total_cycles"]);
    EXPECT_GT(pool["cost_cycles"], 0);
    EXPECT_EQ(pool["together_cycles"], pool["alone_cycles"].get<long>() + pool["cost_cycles"].get<long>());
    EXPECT_GE(pool["operations"][0]["cycles"], pool["operations"][0]["alone_cycles"]);
    // One behind the other costs nothing.
    const json behind = run(kPool + " " + kConvolution + " --start 2=400000" + component);
    for (const json& input : behind["inputs"]) EXPECT_EQ(input["cost_cycles"], 0);
    EXPECT_EQ(behind["inputs"][1]["start_cycle"], 400000);
  }
  EXPECT_EQ(run(kPool + " " + kConvolution + " --start " + kConvolution + "=700"),
            run(kPool + " " + kConvolution + " --start 2=700"));
  const test::CommandResult table = run_command("replay " + kPool + " " + kPool);
  EXPECT_THAT(table.output, HasSubstr("Last interrupt of all: cycle "));
}

TEST_F(TogetherCommand, RefusesWhatMakesNoSense) {
  const auto refused = [&](const std::string& arguments) {
    const test::CommandResult result = run_command("replay " + arguments);
    EXPECT_EQ(result.status, 2) << arguments << result.output;
    return result.output;
  };
  EXPECT_THAT(refused(kPool + " " + kPool + " --start " + kPool + "=1"), HasSubstr("several of the inputs"));
  EXPECT_THAT(refused(kPool + " " + kConvolution + " --start 3=1"), HasSubstr("none of the inputs"));
  EXPECT_THAT(refused(kPool + " " + kConvolution + " --start 2"), HasSubstr("expected INPUT=CYCLE"));
  EXPECT_THAT(refused(kPool + " " + kConvolution + " --start 2=x"), HasSubstr("--start"));
  EXPECT_THAT(refused(kPool + " " + kConvolution + " --repeat 2"), HasSubstr("--repeat is for one input"));
  EXPECT_THAT(refused(kPool + " " + kConvolution + " --level refined"), HasSubstr("dynamic"));
  EXPECT_THAT(refused(kPool + " --start 1=1"), HasSubstr("--start is for several inputs"));
  EXPECT_THAT(refused(kPool + " " + kConvolution + " --json " + kPool), HasSubstr("choose another name"));
}

}  // namespace
}  // namespace nvdla::command
