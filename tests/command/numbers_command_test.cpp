// SPDX-License-Identifier: Apache-2.0
// Options and inputs whose numbers, sizes or lengths are beyond all measure end soon, and say why.
#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "tests/support/command_line.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::command {
namespace {

using test::run_command;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kLenet = NVDLA_SOURCE_DIR "/firmware_traces/lenet_nv_full_int8/input.txn.gz";

class NumbersCommand : public test::TemporaryDirectory {
 protected:
  // A limit on address space: what asks for more than it ends the command as on a machine without memory.
  static test::CommandResult limited(const std::string& arguments, const char* kilobytes = "2000000") {
    return test::run_shell(std::string("ulimit -v ") + kilobytes + "; timeout 20 '" + test::nvdla_vp() +
                           "' " + arguments + " </dev/null");
  }
};

TEST_F(NumbersCommand, OptionsHaveOneReading) {
  for (const char* option : {"--dbb latency=010",
                             "--dbb latency=+1",
                             "--dbb 'latency= 1'",
                             "--dbb latency=1,latency=2",
                             "--dbb bandwidth=1e999",
                             "--dbb bandwidth=nan",
                             "--dbb bandwidth=0",
                             "--dbb latency=18446744073709551616",
                             "--poll-limit 0",
                             "--poll-limit -1",
                             "--poll-limit +1",
                             "--poll-limit 010",
                             "--poll-limit ' 1'",
                             "--poll-limit 9223372036854775807",
                             "--settled-reset 1e15",
                             "--settled-reset 9223372036854775807",
                             "--repeat 0",
                             "--repeat -1",
                             "--repeat 99999999999",
                             "--reset-between"}) {
    const test::CommandResult result = run_command("replay " + kLenet + " " + option);
    EXPECT_EQ(result.status, 2) << option << result.output;
    EXPECT_THAT(result.output, Not(HasSubstr("internal error"))) << option;
  }
}

TEST_F(NumbersCommand, CyclesFarOutEnd) {
  const std::string header = "cycle,port,access,client,address,beats\n0,DBB,R,sdp,80,1\n";
  for (const char* cycle : {"1125899906842625", "9223372036854775807", "18446744073709551616"}) {
    const std::string trace = file("d.csv", header + cycle + ",DBB,R,sdp,80,1\n");
    const test::CommandResult result = limited("dma " + trace);
    EXPECT_EQ(result.status, 1) << cycle << result.output;
    EXPECT_THAT(result.output, HasSubstr("d.csv:3: ")) << cycle;
  }
  const test::CommandResult result =
      limited("dma " + file("d.csv", header + "1125899906842624,DBB,R,sdp,80,1\n"));
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("1125899906842674 cycles"));
  EXPECT_EQ(limited("replay " + kLenet + " --settled-reset 1125899906842624").status, 0);
}

TEST_F(NumbersCommand, MemoryBeyondAllMeasureIsRefused) {
  std::ofstream(path("sparse.bin")).close();
  std::filesystem::resize_file(path("sparse.bin"), std::uint64_t{60} << 30);
  for (const char* line :
       {"load_mem 0x0 0x0000000f00000000 sparse.bin\n", "dump_mem 0x0 0x0000ffffffffffff out\n",
        "dump_mem 0x0 0xffffffffffffffff out\n", "load_mem 0x0 0x0000000100000000 sparse.bin\n"}) {
    const test::CommandResult result = limited("replay " + file("t.txn", line) + " --output-dir " + path(""));
    EXPECT_EQ(result.status, 1) << line << result.output;
    EXPECT_THAT(result.output, AllOf(HasSubstr("t.txn:1: "), Not(HasSubstr("internal error")))) << line;
    EXPECT_FALSE(std::filesystem::exists(path("out")));
  }
}

// Each write of 4 bytes takes a page; 600 MB of them are more than the process may have here.
TEST_F(NumbersCommand, PagesBeyondTheMachineAreSaidWithTheirLine) {
  std::string text;
  for (std::uint64_t i = 0; i < 150000; ++i)
    text += "write_mem " + std::to_string(i * 4096) + " 0x00000001\n";
  const test::CommandResult result = limited("replay " + file("t.txn", text), "400000");
  EXPECT_EQ(result.status, 1) << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("t.txn:"), HasSubstr("not enough memory")));
}

TEST_F(NumbersCommand, AnEndlessLineEndsSoonAndIsNotEchoed) {
  const auto begin = std::chrono::steady_clock::now();
  const test::CommandResult result = test::run_shell(
      "head -c 1500000000 /dev/zero | tr '\\0' x | timeout 20 '" + test::nvdla_vp() + "' replay -");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.output, HasSubstr("standard input:1: the line is longer than"));
  EXPECT_LT(result.output.size(), 1000U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  const test::CommandResult shown = run_command("replay " + file("t.txn", std::string(1000000, 'y') + "\n"));
  EXPECT_EQ(shown.status, 1);
  EXPECT_THAT(shown.output, AllOf(HasSubstr("t.txn:1: unknown command"), HasSubstr("characters more")));
  EXPECT_LT(shown.output.size(), 1000U);
}

}  // namespace
}  // namespace nvdla::command
