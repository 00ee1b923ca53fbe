// SPDX-License-Identifier: Apache-2.0
// Logs of the virtual platform: its lines are found among others, become the register accesses that they
// tell of, and a damaged one is named.
#include "host/inputs/vp_log.h"

#include <gmock/gmock.h>

#include "host/inputs/memory_accesses.h"
#include "host/inputs/read_input.h"
#include "host/runner.h"
#include "host/traffic_comparison.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

using ::testing::HasSubstr;

const std::string kNoise =
    "SystemC 2.3.0\n[    1.5] Enter: dla_read_config\nInfo: nvdla.csb_adaptor: something else\n\n";
const std::string kOk = " resp=TLM_OK_RESPONSE\n";

class VpLog : public test::TemporaryDirectory {
 protected:
  std::string error_of(const std::string& text) {
    return test::thrown_text<InputError>([&] { (void)read_input(file("vp.log", text), Generation::kV1); });
  }
};

TEST_F(VpLog, RegisterAccessesAmongOtherLines) {
  const Program program = read_input(
      file("vp.log", kNoise +
                         "100 ms: Info: nvdla.csb_adaptor: GP: iswrite=1 addr=0x9020 len=4 "
                         "data=0x 00000300" +
                         kOk + kNoise +
                         "Info: nvdla.csb_adaptor: GP: iswrite=0 addr=0x000c len=4 data=0x 00040000" + kOk +
                         "Info: nvdla.csb_adaptor: GP: iswrite=0 addr=0x0004 len=8 "
                         "data=0x 00000001 00000002 resp=TLM_ADDRESS_ERROR_RESPONSE\n"),
      Generation::kV1);
  ASSERT_EQ(program.commands().size(), 4U);
  EXPECT_EQ(program.commands()[0].kind, CommandKind::kWriteReg);
  EXPECT_EQ(program.commands()[0].offset, 0x9020U);
  EXPECT_EQ(program.commands()[0].value, 0x300U);
  EXPECT_EQ(program.commands()[0].line, 5U);
  EXPECT_EQ(program.commands()[1].kind, CommandKind::kReadReg);
  EXPECT_EQ(program.commands()[1].value, 0x40000U);
  EXPECT_EQ(program.commands()[1].mask, 0xffffffffU);
  EXPECT_EQ(program.commands()[3].offset, 8U);
  EXPECT_EQ(program.commands()[3].mask, 0U) << "a refused read brings nothing to compare";
}

// csb_master tells the same accesses once more; alone it is enough, but does not tell what reads brought.
TEST_F(VpLog, AccessesAreTakenOnce) {
  const std::string master =
      "Info: NV_NVDLA_csb_master.cpp: 122:Addr: 0x7004\n\nInfo: NV_NVDLA_csb_master.cpp: 123:Data: 0x5\n"
      "Info: NV_NVDLA_csb_master.cpp: 124:Is write: 0x1\nInfo: NV_NVDLA_csb_master.cpp: 125:nposted: 0x0\n"
      "Info: NV_NVDLA_csb_master.cpp: 122:Addr: 0x7000\nInfo: NV_NVDLA_csb_master.cpp: 123:Data: 0x7\n"
      "Info: NV_NVDLA_csb_master.cpp: 124:Is write: 0x0\n";
  const std::string adaptor = "nvdla.csb_adaptor: GP: iswrite=1 addr=0x7004 len=4 data=0x 00000006" + kOk;
  const Program alone = read_input(file("a.log", master), Generation::kV1);
  ASSERT_EQ(alone.commands().size(), 2U);
  EXPECT_EQ(alone.commands()[0].offset, 0x7004U);
  EXPECT_EQ(alone.commands()[0].value, 5U);
  EXPECT_EQ(alone.commands()[1].kind, CommandKind::kReadReg);
  EXPECT_EQ(alone.commands()[1].mask, 0U);
  const Program both = read_input(file("b.log", master + adaptor), Generation::kV1);
  ASSERT_EQ(both.commands().size(), 1U);
  EXPECT_EQ(both.commands()[0].value, 6U);
}

TEST_F(VpLog, DamagedLinesAreNamed) {
  const std::string begin = "csb_adaptor: GP: ";
  EXPECT_THAT(error_of(kNoise + begin + "iswrite=1 len=4 data=0x 1\n"), HasSubstr("vp.log:5: no iswrite="));
  EXPECT_THAT(error_of(begin + "iswrite=1 addr=0x4 len=8 data=0x 00000001 resp=\n"),
              HasSubstr("vp.log:1: fewer data"));
  EXPECT_THAT(error_of(begin + "iswrite=1 addr=0x4 le"), HasSubstr("ends in the middle"));
  EXPECT_THAT(error_of(begin + "iswrite=1 addr=0x20000 len=4 data=0x 0" + kOk),
              HasSubstr("not an access of whole registers"));
  EXPECT_THAT(error_of(begin + "iswrite=1 addr=0x4 len=0 data=0x 0" + kOk), HasSubstr("a length of 0"));
  EXPECT_THAT(error_of(begin + "iswrite=1 addr=0x4 len=4000000000 data=0x 0" + kOk),
              HasSubstr("a length of 4000000000"));
  // A line of 60 characters is not 100,000 accesses.
  EXPECT_THAT(error_of(begin + "iswrite=0 addr=0x4 len=400300" + kOk), HasSubstr("64 bytes at most"));
  EXPECT_THAT(error_of(begin + "iswrite=1 addr=0x4 len=4" + kOk), HasSubstr("a write without data"));
}

TEST_F(VpLog, MemoryAccessesOfALogAndOfAList) {
  std::vector<MemoryAccess> accesses;
  const auto read = [&](const std::string& path) {
    MemoryAccessReader reader(path);
    for (MemoryAccess access; reader.next(access);) accesses.push_back(access);
  };
  read(file("m.log", kNoise + "nvdla.dbb_adaptor: GP: iswrite=0 addr=0xc0001000 len=8 data=0x 1 2" + kOk +
                         "nvdla.sram_adaptor: GP: iswrite=1 addr=0x50000000 len=4 data=0x 3" + kOk));
  read(file("list", "# a list\nr 80001000\n\nw 0x80002000 # with a comment\n"));
  ASSERT_EQ(accesses.size(), 4U);
  EXPECT_EQ(accesses[0].address, 0xc0001000U);
  EXPECT_EQ(accesses[0].length, 8U);
  EXPECT_EQ(accesses[1].space, MemorySpace::kCvsram);
  EXPECT_TRUE(accesses[1].write);
  EXPECT_EQ(accesses[2].address, 0x80001000U);
  EXPECT_TRUE(accesses[3].write);
  EXPECT_EQ(accesses[3].length, 0U);
  for (const char* line : {"x 80\n", "r\n", "r8000\n", "w 80g\n", "r 1 2\n", "r 1ffffffffffffffff\n"}) {
    EXPECT_THAT(test::thrown_text<InputError>([&] { read(file("bad", "r 1\n" + std::string(line))); }),
                HasSubstr("bad:2: not 'r ADDRESS'"))
        << line;
  }
}

// A copy of 256 bytes by BDMA: 4 beats of 64 bytes read, 4 written.
TEST_F(VpLog, TrafficIsCompared) {
  const Program program(file("copy.txn",
                             "write_reg 0xffff1000 0x80000000\nwrite_reg 0xffff1002 0x90000000\n"
                             "write_reg 0xffff1004 0x7\nwrite_reg 0xffff1005 0x3\n"
                             "write_reg 0xffff100c 0x1\nwrite_reg 0xffff100d 0x1\nwait\n"));
  const auto compare = [&](std::uint64_t last_read, std::uint64_t write_length) {
    TrafficComparison traffic(64);
    for (std::uint64_t at = 0x80000000; at <= last_read; at += 64) traffic.expect(false, at, 0);
    traffic.expect(true, 0x90000000, write_length);
    ReplayOptions options;
    options.hardware = preset("nv_full");
    options.listeners.push_back(&traffic);
    (void)run(program, options);
    return traffic;
  };
  EXPECT_TRUE(compare(0x800000c0, 256).equal());
  const TrafficComparison wrong = compare(0x80000140, 192);
  EXPECT_FALSE(wrong.equal());
  EXPECT_EQ(wrong.direction(false).missing, 2U);
  EXPECT_EQ(wrong.direction(false).first_address, 0x80000100U);
  EXPECT_EQ(wrong.direction(true).surplus, 1U);
  EXPECT_THAT(wrong.text(), HasSubstr("writes: 4 of 64 bytes, listed 3: 0 missing, 1 not listed"));
}

}  // namespace
}  // namespace nvdla::host
