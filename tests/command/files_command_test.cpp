// SPDX-License-Identifier: Apache-2.0
// Files as a user meets them: full disks, killed runs, pipes, names that collide, folders to stay in.
#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "host/files/byte_source.h"
#include "tests/support/command_line.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/write_file.h"

namespace nvdla::command {
namespace {

using test::run_command;
using test::run_shell;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kLenet = NVDLA_SOURCE_DIR "/firmware_traces/lenet_nv_full_int8/input.txn.gz";

// Without the last line, which names the input.
std::string content_of_table(const std::string& output) { return output.substr(0, output.find("\n\n")); }

class FilesCommand : public test::TemporaryDirectory {
 protected:
  // What is in the folder of the test, without what the test put there.
  [[nodiscard]] std::set<std::string> left(const std::set<std::string>& known = {}) const {
    std::set<std::string> result;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path(""))) {
      const std::string name = entry.path().filename();
      if (known.count(name) == 0) result.insert(name);
    }
    return result;
  }
  static std::string content(const std::string& name) { return host::read_file(name, 1 << 30); }
};

TEST_F(FilesCommand, OurOwnDmaTraceCanBeReplayed) {
  const std::string trace = path("bursts.csv.gz");
  ASSERT_EQ(run_command("replay " + kLenet + " -q --dma-trace " + trace).status, 0);
  const test::CommandResult result = run_command("dma " + trace);
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("cdmawt"));
}

TEST_F(FilesCommand, AFullDiskEndsWithAnErrorForEveryOutput) {
  for (const char* name : {"full", "full.gz"}) std::filesystem::create_symlink("/dev/full", path(name));
  const std::string trace = file("mem.txn", "write_mem 0x0 1\ndump_mem 0x0 0x00000100 full\n");
  for (const std::string& line :
       {"replay " + kLenet + " -q --json " + path("full"), "replay " + kLenet + " -q --csv " + path("full"),
        "replay " + kLenet + " -q --timeline " + path("full"),
        "replay " + kLenet + " -q --dma-trace " + path("full"),
        "replay " + kLenet + " -q --dma-trace " + path("full.gz"),
        "replay " + kLenet + " -q --json " + path("full.gz"),
        "estimate " + kLenet + " --json " + path("full"),
        "replay " + trace + " --dump-anywhere --output-dir " + path(""),
        "validate --level roofline --brief --json " + path("full") + " " + NVDLA_SOURCE_DIR +
            "/validation/recordings/lenet_nv_full_int8__L50_B64"}) {
    const test::CommandResult result = run_command(line);
    EXPECT_EQ(result.status, 1) << line << result.output;
    EXPECT_THAT(result.output, AllOf(HasSubstr("full"), HasSubstr("No space left on device"))) << line;
  }
  for (const std::string& line :
       {std::string("--help"), "replay " + kLenet, "replay " + kLenet + " -q --json -", "estimate " + kLenet,
        std::string("replay --help")}) {
    const test::CommandResult result = run_shell("nvdla_vp " + line + " </dev/null >/dev/full");
    EXPECT_EQ(result.status, 1) << line << result.output;
    EXPECT_THAT(result.output, HasSubstr("standard output: cannot write")) << line;
  }
}

TEST_F(FilesCommand, AFailedRunLeavesNothing) {
  const std::string trace = file("stuck.txn", "write_reg 0xffff0003 0x00000001\nwait\n");
  const test::CommandResult result =
      run_command("replay " + trace + " --json " + path("a.json") + " --csv " + path("a.csv") +
                  " --timeline " + path("a.trace") + " --dma-trace " + path("a.csv.gz"));
  EXPECT_EQ(result.status, 1) << result.output;
  EXPECT_THAT(left({"stuck.txn"}), IsEmpty());
}

// Killed while it writes: what is there does not look like a result.
TEST_F(FilesCommand, AKilledRunLeavesNothingThatLooksWhole) {
  const std::string network = NVDLA_SOURCE_DIR "/firmware_traces/alexnet_nv_small_int8/input.txn.gz";
  const std::string line = "'" + test::nvdla_vp() + "' replay " + network + " -c nv_small -q --dma-trace " +
                           path("a.csv") + " --json " + path("a.json") + " & pid=$!; while [ ! -s " +
                           path("a.csv") + ".partial-$pid-1 ]; do sleep 0.02; done; kill -9 $pid; wait $pid";
  (void)run_shell(line);
  EXPECT_FALSE(std::filesystem::exists(path("a.csv")));
  EXPECT_FALSE(std::filesystem::exists(path("a.json")));
  for (const std::string& name : left()) EXPECT_THAT(name, HasSubstr(".partial-"));
}

TEST_F(FilesCommand, AnOutputIsNoInputAndNoOtherOutput) {
  const std::string trace = path("a.gz");
  std::filesystem::copy_file(kLenet, trace);
  const std::string before = content(trace);
  for (const std::string& options :
       {"--dma-trace " + trace, "--json " + trace, "--csv " + path("./x/../a.gz"), "--timeline " + trace,
        "--json " + path("b") + " --csv " + path("b"), std::string("--json - --csv -"),
        "--dma-trace " + path("b") + " --timeline " + path("b")}) {
    const test::CommandResult result = run_command("replay " + trace + " " + options);
    EXPECT_EQ(result.status, 2) << options << result.output;
    EXPECT_THAT(result.output, HasSubstr("choose another name"));
  }
  for (const char* line : {"estimate ", "explain --no-what-if ", "explore ", "merge "}) {
    const test::CommandResult result = run_command(line + trace + " --json " + trace);
    EXPECT_EQ(result.status, 2) << line << result.output;
    EXPECT_THAT(result.output, HasSubstr("choose another name")) << line;
  }
  EXPECT_EQ(content(trace), before);
  EXPECT_THAT(left({"a.gz"}), IsEmpty());
}

TEST_F(FilesCommand, JsonOnStandardOutputStandsAlone) {
  const std::string sweep = " --sweep dbb.latency=50,60";
  for (const std::string& line : {"replay " + kLenet, "estimate " + kLenet, "explain --no-what-if " + kLenet,
                                  "explore " + kLenet + sweep}) {
    const test::CommandResult result = run_shell("nvdla_vp " + line + " --json - 2>" + path("errors"));
    EXPECT_EQ(result.status, 0) << line << result.output;
    EXPECT_TRUE(nlohmann::json::accept(result.output)) << line << result.output.substr(0, 200);
  }
}

TEST_F(FilesCommand, DumpsSpareTheOtherFiles) {
  const std::string load = file("in.dat", "{offset:0x0, size:4, payload:0x01 0x02 0x03 0x04}\n");
  const std::string dump = "dump_mem 0x0 0x00000004 ";
  for (const std::string& text :
       {"load_mem 0x0 0x00000004 in.dat\n" + dump + "in.dat\n", dump + "t.txn\n", dump + "out.json\n",
        dump + "d\nwrite_mem 0x0 0x00000001\n" + dump + "d\n"}) {
    const std::string trace = file("t.txn", text);
    const test::CommandResult result =
        run_command("replay " + trace + " --json " + path("out.json") + " --output-dir " + path(""));
    EXPECT_EQ(result.status, 1) << text << result.output;
    EXPECT_THAT(result.output, AllOf(HasSubstr("t.txn:"), HasSubstr("choose another name"))) << text;
    EXPECT_FALSE(std::filesystem::exists(path("out.json")));
    EXPECT_EQ(content(trace), text);
  }
  EXPECT_THAT(content(load), HasSubstr("payload"));
}

TEST_F(FilesCommand, DumpsStayInTheirFolder) {
  std::filesystem::create_directory(path("folder"));
  std::filesystem::create_directory_symlink(path(""), path("folder/link"));
  for (const std::string& name :
       {std::string("../out"), path("out"), std::string("link/out"), std::string("../folder2/out")}) {
    const std::string trace = file("t.txn", "dump_mem 0x0 0x00000004 " + name + "\n");
    const test::CommandResult result = run_command("replay " + trace + " --output-dir " + path("folder"));
    EXPECT_EQ(result.status, 1) << name;
    EXPECT_THAT(result.output, AllOf(HasSubstr("t.txn:1: "), HasSubstr("--dump-anywhere"))) << name;
    EXPECT_FALSE(std::filesystem::exists(path("out")));
  }
  const std::string inside =
      file("t.txn", "dump_mem 0x0 0x00000004 in/../here\ndump_mem 0x0 0x00000004 there\n");
  std::filesystem::create_directory(path("folder/in"));
  EXPECT_EQ(run_command("replay " + inside + " --output-dir " + path("folder")).status, 0);
  EXPECT_EQ(content(path("folder/here")), std::string(4, '\0'));
  EXPECT_TRUE(std::filesystem::exists(path("folder/there")));
  const std::string outside = file("t.txn", "dump_mem 0x0 0x00000004 ../out\n");
  EXPECT_EQ(run_command("replay " + outside + " --dump-anywhere --output-dir " + path("folder")).status, 0);
  EXPECT_TRUE(std::filesystem::exists(path("out")));
}

TEST_F(FilesCommand, PipesAndStandardInputAreInputs) {
  // Away from the file that names its layers, which a pipe has not beside it.
  const std::string alone = path("alone.txn.gz");
  std::filesystem::copy_file(kLenet, alone);
  const std::string expected = content_of_table(run_command("replay " + alone).output);
  for (const std::string& line :
       {"nvdla_vp replay - <" + kLenet, "cat " + kLenet + " | nvdla_vp replay -",
        "zcat " + kLenet + " | nvdla_vp replay -", "zcat " + kLenet + " | nvdla_vp replay /dev/stdin",
        "cat " + kLenet + " | nvdla_vp replay - --systemc"}) {
    const test::CommandResult result = run_shell(line);
    EXPECT_EQ(result.status, 0) << line << result.output;
    EXPECT_EQ(content_of_table(result.output), expected) << line;
  }
  EXPECT_EQ(run_shell("cat " + kLenet + " | nvdla_vp estimate -").status, 0);
  const test::CommandResult bursts =
      run_shell("nvdla_vp replay " + kLenet + " --dma-trace - | nvdla_vp dma -");
  EXPECT_EQ(bursts.status, 0) << bursts.output;
  const test::CommandResult broken = run_shell("echo write_reg 0 | nvdla_vp replay -");
  EXPECT_EQ(broken.status, 1);
  EXPECT_THAT(broken.output, HasSubstr("standard input:1: "));
}

TEST_F(FilesCommand, StandardOutputHoldsNothingBesideAResult) {
  const test::CommandResult result = run_command("replay " + kLenet + " --json -");
  EXPECT_EQ(result.output.front(), '{');
  EXPECT_EQ(result.output.substr(result.output.size() - 2), "}\n");
}

TEST_F(FilesCommand, ATraceWithoutCommandsFails) {
  for (const char* text : {"", "\n\n", "# nothing\n"}) {
    for (const char* command : {"replay ", "estimate "}) {
      const test::CommandResult result = run_command(command + file("t.txn", text));
      EXPECT_EQ(result.status, 1) << result.output;
      EXPECT_THAT(result.output, HasSubstr("t.txn: the trace has no commands"));
    }
  }
  const test::CommandResult result =
      run_command("dma " + file("d.csv", "cycle,port,access,client,address,beats\n"));
  EXPECT_EQ(result.status, 1) << result.output;
  EXPECT_THAT(result.output, HasSubstr("d.csv: the trace has no bursts"));
}

}  // namespace
}  // namespace nvdla::command
