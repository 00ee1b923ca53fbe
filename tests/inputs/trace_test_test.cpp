// SPDX-License-Identifier: Apache-2.0
// Trace tests of nvdla/hw: every statement is understood, ids order what waits for them, a wrong statement is
// named with its line.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "host/inputs/choose_configuration.h"
#include "host/inputs/input_kind.h"
#include "host/inputs/read_input.h"
#include "host/inputs/trace_test_program.h"
#include "host/runner.h"
#include "registers/register_map.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

using ::testing::HasSubstr;

class TraceTest : public test::TemporaryDirectory {
 protected:
  Program program(const std::string& text) {
    return trace_test_program(file("test.cfg", text), Generation::kScalable);
  }
  std::string error_of(const std::string& text) {
    return test::thrown_text<InputError>([&] { (void)program(text); });
  }
  // "12 write GLB.S_INTR_MASK" for each command: its line, what it does and to what.
  static std::vector<std::string> outline(const Program& program) {
    const auto& map = registers::RegisterMap::of(Generation::kScalable);
    std::vector<std::string> lines;
    for (const Program::Command& command : program.commands()) {
      std::string what = std::to_string(command.line);
      switch (command.kind) {
        case CommandKind::kWriteReg:
          what += " write " + map[map.at(command.offset)].full_name();
          break;
        case CommandKind::kReadReg:
          what += " poll " + map[map.at(command.offset)].full_name();
          break;
        case CommandKind::kReadCheck:
          what += " read " + map[map.at(command.offset)].full_name();
          break;
        case CommandKind::kUntil:
          what += " until " + map[map.at(command.offset)].full_name();
          break;
        case CommandKind::kFillMem:
          what += " fill";
          break;
        case CommandKind::kLoadSurface:
          what += " load " + std::string(program.file(command));
          break;
        case CommandKind::kCheckCrc:
          what += " crc";
          break;
        case CommandKind::kCheckFile:
          what += " file " + std::string(program.file(command));
          break;
        default:
          what += " other";
      }
      lines.push_back(what);
    }
    return lines;
  }
  static ReplayResult play(const Program& program) {
    ReplayOptions options;
    options.hardware = preset("nv_small");
    options.tensors = true;
    return run(program, options);
  }
};

TEST_F(TraceTest, UnderstandsEveryStatement) {
  const Program all = program(
      "// a comment\n\n"
      "mem_init(pri_mem, 0x80000000, 0x40, ALL_ZERO);\n"
      "mem_load(1, 0x80000000, \"in.dat\"); // with a comment\n"
      "mem_reserve(pri_mem, 0x90000000, 0x1000);\n"
      "  reg_write ( NVDLA_GLB.S_INTR_MASK_0 , 0x3f0000 ) ;\n"
      "reg_read(NVDLA_GLB.S_INTR_MASK_0, ignored);\n"
      "reg_read_check(NVDLA_GLB.S_INTR_MASK_0, 4128768);\n"
      "poll_reg_equal(NVDLA_CDMA.S_CBUF_FLUSH_STATUS_0, 0x1);\n"
      "poll_field_equal(NVDLA_SDP.S_POINTER_0.CONSUMER, 0x1);\n"
      "intr_notify(sdp_1, done);\n"
      "check_crc(done, pri_mem, 0x80000000, 64, 0x758d6336);\n"
      "check_file(done, pri_mem, 0x80000000, 0x40, \"out/b.dat\");\n"
      "check_nothing(done);\n"
      "mem_release(pri_mem, 0x90000000, done);\n");
  EXPECT_THAT(
      outline(all),
      ::testing::ElementsAre("3 fill", "4 load in.dat", "6 write GLB.S_INTR_MASK", "7 read GLB.S_INTR_MASK",
                             "8 read GLB.S_INTR_MASK", "9 poll CDMA.S_CBUF_FLUSH_STATUS",
                             "10 poll SDP.S_POINTER", "11 until GLB.S_INTR_STATUS", "11 read GLB.S_INTR_MASK",
                             "11 write GLB.S_INTR_STATUS", "12 crc", "13 file out/b.dat"));
  EXPECT_EQ(all.commands()[3].mask, 0U) << "a read that is not compared";
  EXPECT_EQ(all.commands()[4].value, 0x3f0000U);
  EXPECT_EQ(all.commands()[6].mask, 1U << 16U);
  EXPECT_EQ(all.commands()[6].value, 1U << 16U);
  EXPECT_EQ(all.commands()[7].value, 2U) << "SDP's second group";
  EXPECT_EQ(all.commands()[10].value, 0x758d6336U);
  EXPECT_EQ(all.text(all.commands()[9]), "intr_notify(sdp_1, done);");
}

// A unit that waits leaves its turn to the others; nothing else leaves the order of the file.
TEST_F(TraceTest, IdsOrderTheUnits) {
  EXPECT_THAT(outline(program("sync_wait(NVDLA_CSC, go);\n"
                              "reg_write(NVDLA_CSC.D_OP_ENABLE_0, 1);\n"
                              "check_crc(end, pri_mem, 0, 4, 0);\n"
                              "mem_init(pri_mem, 0, 4, ONES, end);\n"
                              "reg_write(NVDLA_CACC.D_OP_ENABLE_0, 1);\n"
                              "sync_notify(NVDLA_CACC, go);\n"
                              "sync_wait(NVDLA_SDP, end);\n"
                              "reg_write(NVDLA_SDP.D_OP_ENABLE_0, 1);\n"
                              "reg_write(NVDLA_CACC.D_OP_ENABLE_0, 0);\n"
                              "intr_notify(CACC_0, end);\n")),
              ::testing::ElementsAre("5 write CACC.D_OP_ENABLE", "2 write CSC.D_OP_ENABLE",
                                     "9 write CACC.D_OP_ENABLE", "10 until GLB.S_INTR_STATUS",
                                     "10 read GLB.S_INTR_MASK", "10 write GLB.S_INTR_STATUS", "3 crc",
                                     "4 fill", "8 write SDP.D_OP_ENABLE"));
}

TEST_F(TraceTest, NamesWhatIsWrong) {
  const struct {
    const char* text;
    const char* error;
  } cases[] = {
      {"reg_write(NVDLA_CDMA.NO_SUCH_0, 1);\n", "has no register CDMA.NO_SUCH"},
      {"reg_write(NVDLA_CDMA, 1);\n", "is not NVDLA_UNIT.REGISTER_0"},
      {"reg_write(NVDLA_CDMA.S_POINTER_0, 0x1ffffffff);\n", "is too large"},
      {"reg_write(NVDLA_CDMA.S_POINTER_0, one);\n", "'one' is not a number"},
      {"reg_write(NVDLA_CDMA.S_POINTER_0);\n", "reg_write has 2 arguments, not 1"},
      {"reg_write(NVDLA_CDMA.S_POINTER_0, 1)\n", "not a statement"},
      {"reg_write(NVDLA_CDMA.S_POINTER_0, 1); more\n", "not a statement"},
      {"reg_write(NVDLA_CDMA.S_PO", "ends in the middle of a line"},
      {"poll_field_equal(NVDLA_CDMA.S_POINTER_0.NONE, 1);\n", "has no field NONE"},
      {"poll_field_equal(NVDLA_CDMA.S_POINTER_0.PRODUCER, 2);\n", "has 1 bits"},
      {"intr_notify(SDP_7, a);\n", "is not an interrupt source"},
      {"intr_notify(a);\n", "has 2 arguments"},
      {"mem_init(pri_mem, 0, 4, TARTAN);\n", "unknown pattern 'TARTAN'"},
      {"mem_init(third_mem, 0, 4, ONES);\n", "is not a memory"},
      {"mem_load(pri_mem, 0, in.dat);\n", "is not a file name in quotes"},
      {"mem_init(pri_mem, 0, \"none.dat\", ONES);\n", "none.dat: No such file"},
      {"check_crc(never, pri_mem, 0, 4, 0);\n", "nothing gives the id 'never'"},
      {"sync_wait(NVDLA_CSC, never);\n", "nothing gives the id 'never'"},
      {"dance(1);\n", "unknown statement 'dance'"},
  };
  for (const auto& one : cases) {
    const std::string error = error_of("// first\n" + std::string(one.text));
    EXPECT_THAT(error, HasSubstr("test.cfg:2: ")) << one.text;
    EXPECT_THAT(error, HasSubstr(one.error)) << one.text;
  }
  const std::string other = file("rom.cfg", "reg_read(NVDLA_CFGROM.CFGROM_CACC_DESC_0, x);\n");
  EXPECT_THAT(test::thrown_text<InputError>([&] { (void)trace_test_program(other, Generation::kV1); }),
              HasSubstr("that of nv_small has it: choose with --config"));
}

// "123456789" has the CRC-32 0xcbf43926; the vendor's memories begin as zero and are filled before time runs.
TEST_F(TraceTest, ChecksContents) {
  (void)file("digits.dat",
             "{\n{offset:0x0, size:4, payload:0x31 0x32 0x33 0x34} ,\n"
             "{offset:0x4, size:5, payload:0x35 0x36 0x37 0x38 0x39} ,\n}\n");
  (void)file("wrong.dat", "{offset:0x4, size:5, payload:0x35 0x36 0x37 0x39 0x3a},\n");
  const std::string trigger =
      "reg_write(NVDLA_GLB.S_INTR_SET_0, 0x1);\nintr_notify(SDP_0, done);\n"
      "mem_init(pri_mem, 0x80000000, 0x20, AFIVE);\nmem_load(pri_mem, 0x80000000, \"digits.dat\");\n";
  const Program tests = program(trigger +
                                "check_crc(done, pri_mem, 0x80000000, 9, 0xcbf43926);\n"
                                "check_crc(done, pri_mem, 0x80000000, 9, 0xcbf43927);\n"
                                "check_crc(done, pri_mem, 0x8000001c, 4, 0x00000000);\n"
                                "check_file(done, pri_mem, 0x80000000, 0x9, \"digits.dat\");\n"
                                "check_file(done, pri_mem, 0x80000000, 0x9, \"wrong.dat\");\n"
                                "check_nothing(done);\n");
  const std::vector<ContentCheck> checks = play(tests).checks;
  ASSERT_EQ(checks.size(), 5U);
  EXPECT_EQ(checks[0].result, CheckResult::kEqual) << checks[0].got;
  EXPECT_EQ(checks[0].where, path("test.cfg") + ":5");
  EXPECT_EQ(checks[0].what, "CRC-32 of 9 bytes at 0x80000000");
  EXPECT_EQ(checks[1].result, CheckResult::kDifferent);
  EXPECT_EQ(checks[1].got, "0xcbf43926");
  EXPECT_EQ(checks[2].got, "0xf18eb66b") << "AFIVE is 0xa5 in every byte";
  EXPECT_EQ(checks[3].result, CheckResult::kEqual) << checks[3].got;
  EXPECT_EQ(checks[4].result, CheckResult::kDifferent);
  EXPECT_EQ(checks[4].got,
            "2 bytes differ, the first at 0x80000007: 0x38 instead of 0x39, which no operation has written");

  ReplayOptions without;
  without.hardware = preset("nv_small");
  for (const ContentCheck& check : run(tests, without).checks)
    EXPECT_EQ(check.result, CheckResult::kNotChecked) << check.what;
}

TEST_F(TraceTest, FillsPatterns) {
  std::string text = "reg_write(NVDLA_GLB.S_INTR_SET_0, 0x1);\nintr_notify(SDP_0, done);\n";
  int i = 0;
  for (const char* pattern : {"ALL_ZERO", "ONES", "AFIVE", "FIVEA", "ADDR", "X"}) {
    const std::string at = "0x8000" + std::to_string(i++) + "0fe";
    text += "mem_init(pri_mem, " + at + ", 4, ONES);\nmem_init(pri_mem, " + at + ", 4, " + pattern + ");\n";
    text += "check_file(done, pri_mem, " + at + ", 4, \"" + pattern + ".dat\");\n";
  }
  (void)file("ALL_ZERO.dat", "{offset:0, size:4, payload:0 0 0 0}\n");
  (void)file("X.dat", "{offset:0, size:4, payload:0 0 0 0}\n");
  (void)file("ONES.dat", "{offset:0, size:4, payload:ff ff ff ff}\n");
  (void)file("AFIVE.dat", "{offset:0, size:4, payload:a5 a5 a5 a5}\n");
  (void)file("FIVEA.dat", "{offset:0, size:4, payload:5a 5a 5a 5a}\n");
  (void)file("ADDR.dat", "{offset:0, size:4, payload:fe ff 00 01}\n");
  const std::vector<ContentCheck> checks = play(program(text)).checks;
  ASSERT_EQ(checks.size(), 6U);
  for (const ContentCheck& check : checks) EXPECT_EQ(check.result, CheckResult::kEqual) << check.got;
}

TEST_F(TraceTest, AMaskedInterruptIsAMismatch) {
  const Program masked = program(
      "reg_write(NVDLA_GLB.S_INTR_MASK_0, 0x1);\nreg_write(NVDLA_GLB.S_INTR_SET_0, 0x1);\n"
      "intr_notify(SDP_0, done);\n");
  EXPECT_THAT(test::thrown_text<ReplayError>([&] { (void)play(masked); }),
              HasSubstr("test.cfg:3: register GLB.S_INTR_MASK at 0x1004 is 0x00000001, expected 0x00000000"));
}

TEST_F(TraceTest, TheSecondMemoryMustBeThere) {
  const Program second = program("mem_init(sec_mem, 0x50000000, 0x20, ALL_ZERO);\n");
  EXPECT_THAT(test::thrown_text<ReplayError>([&] { (void)play(second); }),
              HasSubstr("test.cfg:1: the second memory is not there: give --cvsram"));
}

TEST_F(TraceTest, IsToldByItsContent) {
  EXPECT_EQ(read_input(file("any.name", "// nv_small\nreg_write(NVDLA_CDP_RDMA.S_POINTER_0, 0);\n"),
                       Generation::kScalable)
                .commands()
                .size(),
            1U);
  EXPECT_THAT(test::thrown_text<InputError>(
                  [&] { (void)read_input(file("list", "r 80001000\n"), Generation::kScalable); }),
              HasSubstr("is a memory list"));
}

// Units that wait for each other in long chains: no more work than statements.
TEST_F(TraceTest, LongChainsOfIds) {
  std::string text;
  constexpr int kLength = 20000;
  for (int i = kLength; i-- > 0;) {
    const std::string unit = i % 2 == 0 ? "NVDLA_CSC" : "NVDLA_CACC";
    const std::string other = i % 2 == 0 ? "NVDLA_CACC" : "NVDLA_CSC";
    text += "sync_notify(" + unit + ", n" + std::to_string(i) + ");\n";
    text += "sync_wait(" + other + ", n" + std::to_string(i) + ");\n";
    text += "reg_write(" + other + ".S_POINTER_0, 0);\n";
  }
  EXPECT_EQ(program(text).commands().size(), static_cast<std::size_t>(kLength));
}

// A pipe can be read only once: to look at it would take it away, or wait for ever as here.
TEST_F(TraceTest, APipeIsNotLookedAt) {
  const std::string pipe = path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(input_kind(pipe), InputKind::kTrace);
  EXPECT_EQ(input_kind("-"), InputKind::kTrace);
  EXPECT_EQ(choose_configuration(pipe, InputKind::kTrace).name, "nv_full");
}

}  // namespace
}  // namespace nvdla::host
