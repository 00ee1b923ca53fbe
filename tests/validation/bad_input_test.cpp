// SPDX-License-Identifier: Apache-2.0
// Bad input ends the command with a non-zero status and a text that names what is wrong and where.
#include <gmock/gmock.h>

#include <algorithm>

#include "host/text_source.h"
#include "tests/support/command_line.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::validation {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const std::string kRoot = NVDLA_SOURCE_DIR;
const std::string kLenet = kRoot + "/firmware_traces/lenet_img_nv_full_int8/input.txn.gz";
const std::string kNvFull = " --config nv_full --dbb latency=50,bandwidth=64";

std::string unpack(const std::string& path) {
  host::TextSource source(path);
  std::string text;
  for (std::string line; source.next(line);) text += line + "\n";
  return text;
}

class BadInput : public test::TemporaryDirectory {
 protected:
  // An error, not a crash: a small status, and a text that the program wrote.
  static void expect_error(const test::CommandResult& result) {
    EXPECT_GT(result.status, 0) << result.output;
    EXPECT_LT(result.status, 64) << result.output;
    EXPECT_THAT(result.output, HasSubstr("nvdla-vp: "));
  }
};

TEST_F(BadInput, IntactTraceReplays) {
  const test::CommandResult result = test::run_command("replay " + kLenet + kNvFull);
  EXPECT_EQ(result.status, 0) << result.output;
}

TEST_F(BadInput, TruncatedInTheMiddleOfALine) {
  const std::string text = unpack(kLenet);
  ASSERT_GT(text.size(), 4000u);
  const std::size_t line = text.find("write_reg", 3000);
  const std::string trace = file("cut.txn", text.substr(0, line + 15));
  const test::CommandResult result = test::run_command("replay " + trace + kNvFull);
  expect_error(result);
  const auto number = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(line), '\n') + 1;
  EXPECT_THAT(result.output, HasSubstr(trace + ":" + std::to_string(number)));
}

TEST_F(BadInput, TruncatedWhileOperationsRun) {
  // Cut before the first wait for an interrupt: operations are enabled and nobody waits for them.
  const std::string text = unpack(kLenet);
  const std::size_t first = text.find("\nuntil");
  const std::size_t second = text.find("\nuntil", first + 1);
  ASSERT_NE(second, std::string::npos);
  const std::string trace = file("cut.txn", text.substr(0, second + 1));
  const test::CommandResult result = test::run_command("replay " + trace + kNvFull);
  expect_error(result);
  EXPECT_THAT(result.output, HasSubstr(trace));
}

TEST_F(BadInput, TruncatedGzip) {
  std::ifstream packed(kLenet, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(packed)), std::istreambuf_iterator<char>());
  const std::string trace = file("cut.txn.gz", text.substr(0, text.size() / 2));
  const test::CommandResult result = test::run_command("replay " + trace + kNvFull);
  expect_error(result);
  EXPECT_THAT(result.output, HasSubstr(trace + ":"));
}

// Dropped, as by hardware, and said.
TEST_F(BadInput, UnknownRegister) {
  const std::string trace = file("a.txn", "# comment\nwrite_reg 0xffff7fff 0x1\n");
  const test::CommandResult result = test::run_command("replay " + trace + kNvFull);
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output,
              HasSubstr("warning: " + trace + ":2: cycle 1: write to 0x1fffc dropped: no register"));
}

TEST_F(BadInput, WriteOfAReadOnlyRegister) {
  const std::string trace = file("a.txn", "write_reg 0xffff2400 0x1\n");  // CACC S_STATUS
  const test::CommandResult result = test::run_command("replay " + trace + kNvFull);
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output,
              HasSubstr("warning: " + trace + ":1: cycle 1: write to CACC.S_STATUS at 0x9000 dropped"));
}

TEST_F(BadInput, ReadThatDoesNotMatchNamesTheRegister) {
  const std::string trace = file("a.txn", "read_reg 0xffff2401 0xffffffff 0x00000001\n");  // CACC S_POINTER
  const test::CommandResult result = test::run_command("replay " + trace + kNvFull);
  expect_error(result);
  EXPECT_THAT(result.output, AllOf(HasSubstr(trace + ":1"), HasSubstr("S_POINTER")));
}

TEST_F(BadInput, PollThatIsNeverMetNamesTheRegister) {
  const std::string trace = file("a.txn", "until 0xffff0003 0x00000001\n");  // GLB S_INTR_STATUS
  const test::CommandResult result = test::run_command("replay " + trace + kNvFull);
  expect_error(result);
  EXPECT_THAT(result.output, AllOf(HasSubstr(trace + ":1"), HasSubstr("S_INTR_STATUS")));
}

TEST_F(BadInput, UnknownCommandAndBadNumber) {
  const std::string command = file("a.txn", "write_rge 0xffff2400 0x1\n");
  test::CommandResult result = test::run_command("replay " + command + kNvFull);
  expect_error(result);
  EXPECT_THAT(result.output, AllOf(HasSubstr(command + ":1"), HasSubstr("write_rge")));

  const std::string number = file("b.txn", "write_reg 0xffff2401 0x1g\n");
  result = test::run_command("replay " + number + kNvFull);
  expect_error(result);
  EXPECT_THAT(result.output, AllOf(HasSubstr(number + ":1"), HasSubstr("0x1g")));
}

TEST_F(BadInput, MissingTrace) {
  const test::CommandResult result = test::run_command("replay " + path("none.txn") + kNvFull);
  expect_error(result);
  EXPECT_THAT(result.output, HasSubstr(path("none.txn")));
}

TEST_F(BadInput, MissingMemoryFileNamesTheLine) {
  const std::string trace = file("a.txn", "load_mem 0x80000000 0x40 none.dat\n");
  const test::CommandResult result = test::run_command("replay " + trace + kNvFull);
  expect_error(result);
  EXPECT_THAT(result.output, AllOf(HasSubstr(trace + ":1"), HasSubstr("none.dat")));
}

TEST_F(BadInput, DmaOutsideMemoryNamesAddressAndRegister) {
  const std::string trace = kRoot + "/firmware_traces/u_conv00_c16_28x28_k16_r3_s1_nv_full_int8/input.txn.gz";
  const test::CommandResult result = test::run_command(
      "replay " + trace + " --config nv_full --dbb latency=50,bandwidth=64,base=0x80000000,size=0x1000");
  expect_error(result);
  EXPECT_THAT(result.output, AllOf(HasSubstr(trace + ":"), HasSubstr("0x80003000"), HasSubstr("BASE_ADDR")));
}

TEST_F(BadInput, MemoryAccessOfTheTraceOutsideMemoryNamesTheLine) {
  const std::string trace = file("a.txn", "# memory\nwrite_mem 0x90000000 0x1\n");
  const test::CommandResult result = test::run_command(
      "replay " + trace + " --config nv_full --dbb latency=50,bandwidth=64,base=0x80000000,size=0x1000");
  expect_error(result);
  EXPECT_THAT(result.output, AllOf(HasSubstr(trace + ":2"), HasSubstr("0x90000000")));
}

TEST_F(BadInput, WrongConfigurationForTheTrace) {
  const std::string small = kRoot + "/firmware_traces/lenet_nv_small_int8/input.txn.gz";
  test::CommandResult result = test::run_command("replay " + small + kNvFull);
  expect_error(result);
  EXPECT_THAT(result.output, HasSubstr(small + ":"));
  result = test::run_command("replay " + kLenet + " --config nv_small --dbb latency=50,bandwidth=8");
  expect_error(result);
  EXPECT_THAT(result.output, HasSubstr(kLenet + ":"));
}

TEST_F(BadInput, BadOptionsAreNamed) {
  test::CommandResult result =
      test::run_command("replay " + kLenet + " --config nv_huge --dbb latency=50,bandwidth=64");
  expect_error(result);
  EXPECT_THAT(result.output, AllOf(HasSubstr("nv_huge"), HasSubstr("nv_full")));
  result = test::run_command("replay " + kLenet + " --config nv_full --dbb latency=50,bandwith=64");
  expect_error(result);
  EXPECT_THAT(result.output, AllOf(HasSubstr("--dbb"), HasSubstr("bandwith")));
  result = test::run_command("replay " + kLenet + kNvFull + " --level exact");
  expect_error(result);
  EXPECT_THAT(result.output, HasSubstr("exact"));
  result = test::run_command("replay");
  expect_error(result);
  result = test::run_command("replya " + kLenet);
  expect_error(result);
  EXPECT_THAT(result.output, HasSubstr("replya"));
}

TEST_F(BadInput, ValidateWithoutRecordings) {
  test::CommandResult result = test::run_command("validate");
  expect_error(result);
  result = test::run_command("validate " + path("none.json"));
  expect_error(result);
  EXPECT_THAT(result.output, HasSubstr("none.json"));
  result = test::run_command("validate " + path(""));
  expect_error(result);
  EXPECT_THAT(result.output, HasSubstr("no recording"));
}

TEST_F(BadInput, ValidateWithoutItsTrace) {
  const std::string lenet = kRoot + "/validation/recordings/lenet_img_nv_full_int8__L50_B64";
  const test::CommandResult result = test::run_command("validate " + lenet + " --traces " + path(""));
  expect_error(result);
  EXPECT_THAT(result.output, HasSubstr("trace \"lenet_img_nv_full_int8\" not found"));
}

}  // namespace
}  // namespace nvdla::validation
