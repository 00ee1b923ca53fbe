// SPDX-License-Identifier: Apache-2.0
// `nvdla-vp explain` against the recordings: the causes in its JSON add up to its totals, and what it
// predicts for another memory is what the RTL took there.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hardware/types.h"
#include "tests/support/command_line.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_directory.h"
#include "tools/compiler/chain_builder.h"

namespace nvdla::command {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const std::string kRecordings = NVDLA_SOURCE_DIR "/validation/recordings/";

json read(const std::string& path) {
  std::ifstream in(path);
  return json::parse(in);
}

Cycle sum(const json& causes) {
  Cycle total = 0;
  for (const auto& [name, cycles] : causes.items()) total += cycles.get<Cycle>();
  return total;
}

class ExplainCommand : public test::TemporaryDirectory {
 protected:
  json explain(const std::string& arguments) {
    const test::CommandResult result =
        test::run_command("explain " + arguments + " --quiet --json " + path("out.json"));
    EXPECT_EQ(result.status, 0) << result.output;
    return read(path("out.json"));
  }
};

// Every recording, with its own memory.
TEST_F(ExplainCommand, CausesAddUpForEveryRecording) {
  std::size_t recordings = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRecordings)) {
    if (entry.path().extension() != ".json") continue;
    SCOPED_TRACE(entry.path().filename().string());
    const json e = explain(entry.path().string() + " --no-what-if");
    Cycle total = 0;
    for (const json& layer : e["layers"]) {
      EXPECT_EQ(sum(layer["causes"]), layer["to"].get<Cycle>() - layer["from"].get<Cycle>());
      total += sum(layer["causes"]);
    }
    EXPECT_EQ(total, e["total_cycles"].get<Cycle>());
    EXPECT_EQ(sum(e["causes"]), total);
    Cycle added = 0;
    for (const json& level : e["levels"]) {
      EXPECT_EQ(sum(level["causes"]), level["cycles"].get<Cycle>());
      added += sum(level["added"]);
    }
    EXPECT_EQ(added, total);
    EXPECT_TRUE(e["recorded_cycles"].is_number());
    ++recordings;
  }
  EXPECT_GE(recordings, 145U);
}

// From one recording to the memory of another of the same network: within 1 % of what was recorded there.
TEST_F(ExplainCommand, PredictsOtherMemories) {
  const struct {
    const char *from, *to, *dbb;
  } pairs[] = {
      {"alexnet_img_nv_full_int8__L50_B64", "alexnet_img_nv_full_int8__L128_B16", "latency=128,bandwidth=16"},
      {"lenet_img_nv_full_int8__L50_B64", "lenet_img_nv_full_int8__L128_B16", "latency=128,bandwidth=16"},
      {"lenet_nv_full_fp16__L50_B64", "lenet_nv_full_fp16__L128_B16", "latency=128,bandwidth=16"},
      {"lenet_nv_small_int8__L50_B8", "lenet_nv_small_int8__L128_B4", "latency=128,bandwidth=4"}};
  for (const auto& pair : pairs) {
    SCOPED_TRACE(pair.to);
    const auto recorded = read(kRecordings + pair.to + ".json")["last_done"].get<double>();
    for (const char* level : {"refined", "dynamic"}) {
      const json e =
          explain(kRecordings + pair.from + " --no-what-if --dbb " + pair.dbb + " --level " + level);
      EXPECT_NEAR(e["total_cycles"].get<double>(), recorded, 0.01 * recorded) << level;
      EXPECT_TRUE(e["recorded_cycles"].is_null());  // the memory is not that of the recording
    }
  }
}

TEST_F(ExplainCommand, SaysWhatIsWrong) {
  const test::CommandResult nothing =
      test::run_command("explain " + file("empty.txn", "write_reg 0xffff1405 0x10100000\n"));
  EXPECT_EQ(nothing.status, 0);
  EXPECT_THAT(nothing.output, HasSubstr("nothing to explain"));
  EXPECT_EQ(test::run_command("explain /nowhere/input.txn").status, 1);
  EXPECT_EQ(test::run_command("explain").status, 2);
  const test::CommandResult other = test::run_command(
      "explain " NVDLA_SOURCE_DIR "/firmware_traces/lenet_nv_small_int8/input.txn.gz --config nv_full");
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.output, HasSubstr("input.txn.gz:"));
}

TEST_F(ExplainCommand, PrintsLayersAndAdvice) {
  const test::CommandResult result =
      test::run_command("explain " + kRecordings + "lenet_nv_full_int8__L50_B64");
  EXPECT_EQ(result.status, 0);
  for (const char* part :
       {"ip1", "MAC array active", "Divide and conquer", "would save", "against the recording"})
    EXPECT_THAT(result.output, HasSubstr(part));
}

std::string content(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// One file: the numbers of the JSON, nothing from elsewhere.
TEST_F(ExplainCommand, WritesAPageThatNeedsNothingElse) {
  const json e = explain(kRecordings + "lenet_nv_full_int8__L50_B64 --html " + path("r.html"));
  const std::string page = content(path("r.html"));
  const std::string begin = "<script id=\"data\" type=\"application/json\">";
  const std::size_t from = page.find(begin) + begin.size();
  ASSERT_NE(page.find(begin), std::string::npos);
  EXPECT_EQ(json::parse(page.substr(from, page.find("</script>", from) - from)), e);
  for (const char* elsewhere : {" src=", "<link", "@import", "url(http"})
    EXPECT_EQ(page.find(elsewhere), std::string::npos) << elsewhere;
  for (const char* place : {"/*D3*/", "/*DATA*/", "/*REPORT*/"})
    EXPECT_EQ(page.find(place), std::string::npos) << place;
}

// In a browser: it draws without an error on the console, and what it shows are the numbers of the JSON.
TEST_F(ExplainCommand, PageDrawsInABrowser) {
  if (test::shell("command -v chromium >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "chromium is not installed (scripts/install_dependencies.sh --tests)";
  const json e = explain(kRecordings + "lenet_nv_full_int8__L50_B64 --html " + path("r.html"));
  const std::string command =
      "HOME=" + path("") + " timeout 120 chromium --headless --no-sandbox --disable-gpu " +
      "--user-data-dir=" + path("profile") + " --enable-logging=stderr --dump-dom file://" + path("r.html") +
      " >" + path("dom.html") + " 2>" + path("log.txt");
  ASSERT_EQ(test::shell(command), 0);
  const std::string dom = content(path("dom.html"));
  EXPECT_EQ(content(path("log.txt")).find("CONSOLE"), std::string::npos) << content(path("log.txt"));
  EXPECT_THAT(dom, HasSubstr("data-drawn=\"" + std::to_string(e["layers"].size()) + "\""));
  EXPECT_THAT(dom, HasSubstr("30,863"));
  for (const json& layer : e["layers"]) EXPECT_THAT(dom, HasSubstr(layer["name"].get<std::string>()));
  for (const json& each : e["what_if"]) EXPECT_THAT(dom, HasSubstr(each["advice"].get<std::string>()));
}

// A compiled network takes as long as it does when it is run, its causes add up, and what-if finds other
// designs.
TEST_F(ExplainCommand, TakesACompiledNetwork) {
  tools::ChainBuilder chain(preset("nv_small"), Precision::kInt8, 12, 12, 16);
  chain.convolution(16, 3, true, true, false);
  chain.pooling(2, 2, 1);
  chain.convolution(24, 3, true, true, false);
  const std::vector<unsigned char> bytes = chain.finish();
  std::ofstream(path("net.nvdla"), std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  ASSERT_EQ(test::run_command("run " + path("net.nvdla") + " --config nv_small -q --json " + path("run.json"))
                .status,
            0);
  const json ran = read(path("run.json"));
  const json e = explain(path("net.nvdla") + " --config nv_small");
  EXPECT_EQ(e["total_cycles"], ran["total_cycles"]);
  EXPECT_EQ(sum(e["causes"]), ran["total_cycles"].get<Cycle>());
  EXPECT_EQ(e["operations"].size(), ran["operations"].size());
  EXPECT_FALSE(e["what_if"].empty());
  EXPECT_EQ(test::run_command("explain " + path("net.nvdla") + " --config nv_full").status, 1);
}

}  // namespace
}  // namespace nvdla::command
