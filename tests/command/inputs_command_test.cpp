// SPDX-License-Identifier: Apache-2.0
// What a user has and tries: traces for another configuration or from right behind reset, trace tests, logs
// and lists of memory accesses, on the command line.
#include <gmock/gmock.h>

#include "tests/support/command_line.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::command {
namespace {

using test::run_command;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kTrace = std::string(NVDLA_SOURCE_DIR) + "/firmware_traces/";

class InputsCommand : public test::TemporaryDirectory {};

TEST_F(InputsCommand, TheConfigurationIsThatOfTheTrace) {
  const std::string trace = kTrace + "u_pool_max2_nv_small_int8/input.txn.gz";
  const test::CommandResult chosen = run_command("replay " + trace);
  EXPECT_EQ(chosen.status, 0) << chosen.output;
  EXPECT_THAT(chosen.output, AllOf(HasSubstr("note: "), HasSubstr("(nv_small, level dynamic")));
  const test::CommandResult named = run_command("replay " + trace + " --config nv_full");
  EXPECT_EQ(named.status, 1);
  EXPECT_THAT(named.output, HasSubstr("those of the register map nv_small: use --config nv_small"));
  const test::CommandResult estimated = run_command("estimate " + trace + " --config nv_small");
  EXPECT_EQ(estimated.status, 0) << estimated.output;
  EXPECT_THAT(estimated.output, Not(HasSubstr("note: ")));
}

TEST_F(InputsCommand, ATraceFromRightBehindReset) {
  const std::string trace = file("flush.txn", "read_reg 0xffff1403 0x1 0x0\n");
  const test::CommandResult result = run_command("replay " + trace + " --strict");
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("begins right behind reset"));
  EXPECT_THAT(run_command("replay " + trace + " --settled-reset 4096 --json -").output,
              HasSubstr("\"untimely_reads\": 1"));
  EXPECT_EQ(run_command("replay " + trace + " --strict --settled-reset 4096").status, 1);
}

TEST_F(InputsCommand, ATraceTest) {
  const std::string trace = file("any.cfg",
                                 "// written by hand\nmem_init(pri_mem, 0x80000000, 0x40, ALL_ZERO);\n"
                                 "reg_write(NVDLA_GLB.S_INTR_SET_0, 0x1);\nintr_notify(SDP_0, done);\n"
                                 "check_crc(done, pri_mem, 0x80000000, 64, 0x758d6336);\n");
  const test::CommandResult checked = run_command("replay " + trace);
  EXPECT_EQ(checked.status, 0) << checked.output;
  EXPECT_THAT(checked.output, AllOf(HasSubstr("1 of 1 checks of contents equal"), HasSubstr("(nv_small,")));
  const test::CommandResult result = run_command("replay " + trace + " --tensors off");
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, HasSubstr("1 checks of contents not done: no tensors are computed"));
  EXPECT_THAT(run_command("replay " + trace + " --tensors off --json -").output,
              HasSubstr("\"result\": \"not checked\""));
}

// SDP of 1 x 1 x 8 from memory to memory, as a trace test says it.
TEST_F(InputsCommand, ATraceTestIsExplained) {
  std::string text = "mem_init(pri_mem, 0x80000000, 0x1000, ALL_ZERO);\n";
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"SDP_RDMA.D_DATA_CUBE_CHANNEL", "0x7"},
           {"SDP_RDMA.D_SRC_BASE_ADDR_LOW", "0x80000000"},
           {"SDP_RDMA.D_SRC_LINE_STRIDE", "0x8"},
           {"SDP_RDMA.D_SRC_SURFACE_STRIDE", "0x8"},
           {"SDP_RDMA.D_FEATURE_MODE_CFG", "0x0"},
           {"SDP.D_FEATURE_MODE_CFG", "0x0"},
           {"SDP.D_DATA_FORMAT", "0x0"},
           {"SDP_RDMA.D_SRC_DMA_CFG", "0x1"},
           {"SDP_RDMA.D_BRDMA_CFG", "0x1"},
           {"SDP_RDMA.D_NRDMA_CFG", "0x1"},
           {"SDP_RDMA.D_ERDMA_CFG", "0x1"},
           {"SDP.D_DATA_CUBE_CHANNEL", "0x7"},
           {"SDP.D_DST_BASE_ADDR_LOW", "0x80000100"},
           {"SDP.D_DST_LINE_STRIDE", "0x8"},
           {"SDP.D_DST_SURFACE_STRIDE", "0x8"},
           {"SDP.D_DP_BS_CFG", "0x53"},
           {"SDP.D_DP_BN_CFG", "0x53"},
           {"SDP.D_DP_EW_CFG", "0x53"},
           {"SDP.D_DST_DMA_CFG", "0x1"},
           {"SDP.D_CVT_SCALE", "0x1"},
           {"SDP_RDMA.D_OP_ENABLE", "0x1"},
           {"SDP.D_OP_ENABLE", "0x1"}})
    text += std::string("reg_write(NVDLA_") + name + "_0, " + value + ");\n";
  text += "intr_notify(SDP_0, done);\n";
  const std::string path = file("sdp.cfg", text);
  EXPECT_EQ(run_command("replay " + path).status, 0);
  const test::CommandResult result = run_command("explain " + path + " --no-what-if");
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("configuration nv_small"), HasSubstr("SDP 0")));
}

TEST_F(InputsCommand, EstimateGoesOnToo) {
  const std::string trace = file("a.txn", "read_reg 0xffff0001 0xff 0x1\n") + " --config nv_full";
  const test::CommandResult stopped = run_command("estimate " + trace);
  EXPECT_EQ(stopped.status, 1);
  EXPECT_THAT(stopped.output, HasSubstr("--keep-going"));
  const test::CommandResult result = run_command("estimate --keep-going " + trace);
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.output, AllOf(HasSubstr("Whole trace"), HasSubstr("a.txn:1: register GLB.S_INTR_MASK")));
}

// A copy of 128 bytes of nv_full, as the virtual platform logs it.
TEST_F(InputsCommand, ALogIsReplayedImportedAndCompared) {
  std::string log = "boot\n";
  const auto line = [&](const char* port, const char* text) {
    log += std::string("1 ns: Info: nvdla.") + port + "_adaptor: GP: " + text + " resp=TLM_OK_RESPONSE\n";
  };
  line("csb", "iswrite=1 addr=0x4000 len=4 data=0x 80000000");
  line("csb", "iswrite=1 addr=0x4008 len=4 data=0x 90000000");
  line("csb", "iswrite=1 addr=0x4010 len=4 data=0x 00000003");
  line("csb", "iswrite=1 addr=0x4014 len=4 data=0x 00000003");
  line("csb", "iswrite=1 addr=0x4030 len=4 data=0x 00000001");
  line("csb", "iswrite=1 addr=0x4034 len=4 data=0x 00000001");
  std::string words = "0x";
  for (int i = 0; i < 16; ++i) words += " 0000000" + std::to_string(i % 8);
  line("dbb", ("iswrite=0 addr=0x80000000 len=64 data=" + words).c_str());
  line("dbb", ("iswrite=0 addr=0x80000040 len=64 data=" + words).c_str());
  line("dbb", ("iswrite=1 addr=0x90000000 len=64 data=" + words).c_str());
  line("dbb", ("iswrite=1 addr=0x90000040 len=64 data=" + words).c_str());
  line("csb", "iswrite=0 addr=0x000c len=4 data=0x 00000040");
  const std::string path = file("vp.log", log);
  const test::CommandResult replayed = run_command("replay " + path + " --traffic " + path);
  EXPECT_EQ(replayed.status, 0) << replayed.output;
  EXPECT_THAT(replayed.output, AllOf(HasSubstr("BDMA"), HasSubstr("reads: 2 of 64 bytes, listed 2, equal"),
                                     HasSubstr("writes: 2 of 64 bytes, listed 2, equal")));

  const test::CommandResult explained = run_command("explain " + path + " --no-what-if");
  EXPECT_EQ(explained.status, 0) << explained.output;
  EXPECT_THAT(explained.output, HasSubstr("BDMA 0"));

  const std::string output = this->path("imported");
  const test::CommandResult imported = run_command("import " + path + " --output " + output);
  EXPECT_EQ(imported.status, 0) << imported.output;
  EXPECT_THAT(imported.output, HasSubstr("7 register accesses, 4 memory accesses, 128 bytes of contents"));
  const test::CommandResult again =
      run_command("replay " + output + "/input.txn --traffic " + output + "/accesses.txt");
  EXPECT_EQ(again.status, 0) << again.output;

  const std::string other = file("list", "r 80000000\nr 80000080\nw 90000000\nw 90000040\n");
  const test::CommandResult different = run_command("replay " + path + " --traffic " + other);
  EXPECT_EQ(different.status, 1);
  EXPECT_THAT(different.output,
              HasSubstr("1 missing, 1 not listed, the lowest address that differs 0x80000040"));

  const test::CommandResult played = run_command("dma " + other + " --config nv_full");
  EXPECT_EQ(played.status, 0) << played.output;
  EXPECT_THAT(played.output, AllOf(HasSubstr("any"), HasSubstr("as fast as the memory allows")));
}

TEST_F(InputsCommand, WhatIsSomethingElseIsNamed) {
  const std::string list = file("list", "r 80001000\n");
  EXPECT_THAT(run_command("replay " + list).output, HasSubstr("is a memory list, not register accesses"));
  EXPECT_THAT(run_command("import " + list + " -o " + path("o")).output,
              HasSubstr("is a memory list, neither a log of the virtual platform nor a waveform"));
  EXPECT_THAT(run_command("import").output, HasSubstr("exactly one file is needed"));
}

}  // namespace
}  // namespace nvdla::command
