// SPDX-License-Identifier: Apache-2.0
// `nvdla-vp explore` and `merge`: what is interrupted goes on, what is divided comes together, nothing is
// lost or counted twice.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "tests/support/command_line.h"
#include "tests/support/shell.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::command {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const std::string kLenet = NVDLA_SOURCE_DIR "/firmware_traces/lenet_nv_full_int8/input.txn.gz";
const std::string kSweep =
    " --sweep atomic_k_int8=16,32 --sweep dbb.bandwidth=8,16,32,64 --sweep dbb.latency=20,50,100";

std::vector<std::string> lines(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::string> result;
  for (std::string line; std::getline(in, line);) result.push_back(line);
  return result;
}

// The points of a file, by number; each once.
std::map<std::uint64_t, json> points(const std::string& path) {
  std::map<std::uint64_t, json> result;
  const std::vector<std::string> all = lines(path);
  for (std::size_t i = 1; i < all.size(); ++i) {
    const json point = json::parse(all[i]);
    EXPECT_TRUE(result.emplace(point["point"].get<std::uint64_t>(), point).second) << all[i];
  }
  return result;
}

class ExploreCommand : public test::TemporaryDirectory {
 protected:
  test::CommandResult run(const std::string& arguments) { return test::run_command(arguments); }
};

TEST_F(ExploreCommand, ShardsComeTogether) {
  ASSERT_EQ(run("explore " + kLenet + kSweep + " -q -o " + path("all.jsonl")).status, 0);
  std::string shards;
  for (const char* shard : {"0/3", "1/3", "2/3"}) {
    const std::string file = path(std::string("s") + shard[0] + ".jsonl");
    ASSERT_EQ(run("explore " + kLenet + kSweep + " -q --shard " + shard + " -o " + file).status, 0);
    EXPECT_EQ(points(file).size(), 8U);
    shards += " " + file;
  }
  const test::CommandResult merged = run("merge" + shards + " -o " + path("m.jsonl") + " --csv " +
                                         path("m.csv") + " --json " + path("m.json"));
  ASSERT_EQ(merged.status, 0) << merged.output;
  EXPECT_EQ(points(path("m.jsonl")), points(path("all.jsonl")));
  EXPECT_EQ(lines(path("m.csv")).size(), 25U);
  std::ifstream in(path("m.json"));
  const json front = json::parse(in);
  EXPECT_EQ(front["points"]["evaluated"], 24);
  EXPECT_FALSE(front["front"].empty());
  // The shard of another exploration does not belong to it.
  ASSERT_EQ(run("explore " + kLenet + " --sweep dbb.latency=1,2 -q -o " + path("other.jsonl")).status, 0);
  const test::CommandResult wrong = run("merge" + shards + " " + path("other.jsonl"));
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.output, HasSubstr("other.jsonl"));
}

TEST_F(ExploreCommand, GoesOnBehindWhatItHas) {
  const std::string explore = "explore " + kLenet + kSweep + " -o " + path("p.jsonl");
  ASSERT_EQ(run(explore).status, 0);
  const auto complete = points(path("p.jsonl"));
  // Killed in the middle of a line: half of the points, and a part of the next.
  const std::vector<std::string> all = lines(path("p.jsonl"));
  {
    std::ofstream out(path("p.jsonl"), std::ios::trunc);
    for (std::size_t i = 0; i < 12; ++i) out << all[i] << '\n';
    out << all[12].substr(0, all[12].size() / 2);
  }
  const test::CommandResult resumed = run(explore);
  ASSERT_EQ(resumed.status, 0) << resumed.output;
  EXPECT_THAT(resumed.output, HasSubstr("13 points in"));
  EXPECT_THAT(resumed.output, HasSubstr("11 were known"));
  EXPECT_EQ(points(path("p.jsonl")), complete);
}

// SIGKILL at any moment: what is in the file is whole, and the rest is evaluated the next time, once.
TEST_F(ExploreCommand, SurvivesBeingKilled) {
  const std::string file = path("k.jsonl");
  const std::string latencies = "--sweep=dbb.latency=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20";
  const std::string bandwidths = "--sweep=dbb.bandwidth=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20";
  const std::string program = test::nvdla_vp();
  std::size_t before = 0;
  for (int round = 0; round < 3; ++round) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      execl(program.c_str(), program.c_str(), "explore", kLenet.c_str(), latencies.c_str(),
            bandwidths.c_str(), "-q", "-o", file.c_str(), static_cast<char*>(nullptr));
      _exit(127);
    }
    // Until it has done something, then not for long.
    for (int wait = 0; wait < 2000 && lines(file).size() <= before + 9; ++wait)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    const std::size_t now = lines(file).size();
    EXPECT_GE(now, before);
    before = now;
  }
  EXPECT_GT(before, 8U);
  const test::CommandResult rest =
      run("explore " + kLenet + " " + latencies + " " + bandwidths + " -o " + file);
  ASSERT_EQ(rest.status, 0) << rest.output;
  EXPECT_EQ(points(file).size(), 400U);
}

TEST_F(ExploreCommand, TakesASpecification) {
  (void)file("spec.json", R"({"schema": "nvdla-exploration/1",
    "inputs": [{"file": ")" + kLenet +
                              R"(", "config": "nv_full"}],
    "memory": {"dbb": {"latency": 50, "bandwidth": 64}},
    "axes": {"atomic_k_int8": [16, 32], "dbb.bandwidth": {"from": 8, "to": 64, "steps": 4, "scale": "log"}},
    "constraints": ["macs <= 2048"], "objectives": ["cycles", "macs"]})");
  ASSERT_EQ(run("explore " + path("spec.json") + " -q --csv " + path("s.csv")).status, 0);
  const std::vector<std::string> rows = lines(path("s.csv"));
  ASSERT_EQ(rows.size(), 9U);
  EXPECT_THAT(rows[0], HasSubstr("point,atomic_k_int8,dbb.bandwidth,state,cycles"));
  EXPECT_THAT(rows[2], HasSubstr("1,16,16,evaluated"));
  // The last is the design of the trace: what the replay says.
  EXPECT_THAT(rows[8], HasSubstr("7,32,64,evaluated,30863,"));
}

TEST_F(ExploreCommand, NamesWhatIsWrong) {
  const auto wrong = [&](const std::string& text, const std::string& part) {
    (void)file("w.json", text);
    const test::CommandResult result = run("explore " + path("w.json"));
    EXPECT_EQ(result.status, 2) << result.output;
    EXPECT_THAT(result.output, HasSubstr("w.json"));
    EXPECT_THAT(result.output, HasSubstr(part));
  };
  const std::string begin = R"({"schema": "nvdla-exploration/1", "inputs": [{"file": ")" + kLenet + R"("}])";
  wrong("{", "line 1");
  wrong("{}", "schema");
  wrong(begin + R"(, "colour": 1})", "colour");
  wrong(begin + "}", "axes");
  wrong(begin + R"(, "axes": {"atomic_d": [1]}})", "atomic_d");
  wrong(begin + R"(, "axes": {"atomic_c": ["x"]}})", "axes.atomic_c");
  wrong(begin + R"(, "axes": {"atomic_c": [64]}, "sampling": {"method": "dice"}})", "dice");
  wrong(begin + R"(, "axes": {"atomic_c": [64]}, "memory": {"dbb": {"bandwidth": 0}}})",
        "memory.dbb.bandwidth");
  wrong(begin + R"(, "axes": {"atomic_c": [64]}, "objectives": ["beauty"]})", "beauty");
  wrong(begin + R"(, "axes": {"atomic_c": [64]}, "constraints": ["cycles"]})", "cycles");
  EXPECT_EQ(run("explore " + kLenet + " --sweep atomic_c").status, 2);
  EXPECT_EQ(run("explore " + kLenet + kSweep + " --shard 3/3").status, 2);
  EXPECT_EQ(run("merge /nowhere/x.jsonl").status, 2);
  (void)file("text.jsonl", "not points\n");
  EXPECT_THAT(run("merge " + path("text.jsonl")).output, HasSubstr("text.jsonl:1"));
  ASSERT_EQ(run("explore " + kLenet + " --sweep dbb.latency=1,2 -q -o " + path("a.jsonl")).status, 0);
  const test::CommandResult other =
      run("explore " + kLenet + " --sweep dbb.latency=1,3 -q -o " + path("a.jsonl"));
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.output, HasSubstr("another exploration"));
}

std::string content(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The page has the front of the JSON and every point, needs nothing else, and draws without an error.
TEST_F(ExploreCommand, WritesAPage) {
  ASSERT_EQ(
      run("explore " + kLenet + kSweep + " -q --html " + path("f.html") + " --json " + path("f.json")).status,
      0);
  const std::string page = content(path("f.html"));
  const std::string begin = "<script id=\"data\" type=\"application/json\">";
  ASSERT_NE(page.find(begin), std::string::npos);
  const std::size_t from = page.find(begin) + begin.size();
  json drawn = json::parse(page.substr(from, page.find("</script>", from) - from));
  EXPECT_EQ(drawn["drawn"].size(), 24U);
  const std::size_t front = drawn["front"].size();
  drawn.erase("drawn");
  EXPECT_EQ(drawn, json::parse(content(path("f.json"))));
  for (const char* elsewhere : {" src=", "<link", "@import", "url(http", "/*STYLE*/"})
    EXPECT_EQ(page.find(elsewhere), std::string::npos) << elsewhere;
  if (test::shell("command -v chromium >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "chromium is not installed (scripts/install_dependencies.sh --tests)";
  const std::string command =
      "HOME=" + path("") + " timeout 120 chromium --headless --no-sandbox --disable-gpu " +
      "--user-data-dir=" + path("profile") + " --enable-logging=stderr --dump-dom file://" + path("f.html") +
      " >" + path("dom.html") + " 2>" + path("log.txt");
  ASSERT_EQ(test::shell(command), 0);
  EXPECT_EQ(content(path("log.txt")).find("CONSOLE"), std::string::npos) << content(path("log.txt"));
  EXPECT_THAT(content(path("dom.html")), HasSubstr("data-drawn=\"" + std::to_string(front) + "\""));
}

}  // namespace
}  // namespace nvdla::command
