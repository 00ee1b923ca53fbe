// SPDX-License-Identifier: Apache-2.0
// A program holds every command of a trace with its line and its words; a bad line is named.
#include "host/program.h"

#include <gmock/gmock.h>

#include <sstream>

#include "host/program_text.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

using ProgramTest = test::TemporaryDirectory;

TEST_F(ProgramTest, HoldsEveryCommand) {
  const Program program(file("input.txn",
                             "# a comment\nwrite_reg 0xffff0001 0x3\n\n"
                             "load_mem 0x80000000 0x20 a.dat # not b.dat\nread_reg 0xffff0003 0xf 0x5\n"));
  ASSERT_EQ(program.commands().size(), 3U);
  const Program::Command& load = program.commands()[1];
  EXPECT_EQ(load.kind, CommandKind::kLoadMem);
  EXPECT_EQ(load.line, 4U);
  EXPECT_EQ(load.address, 0x80000000U);
  EXPECT_EQ(load.size, 0x20U);
  EXPECT_EQ(program.file(load), "a.dat");
  EXPECT_EQ(program.text(load), "load_mem 0x80000000 0x20 a.dat # not b.dat");
  EXPECT_EQ(program.commands()[0].offset, 4U);
  EXPECT_EQ(program.text(program.commands()[0]), "write_reg 0xffff0001 0x3");
  EXPECT_EQ(program.commands()[2].mask, 0xfU);
  EXPECT_EQ(program.commands()[2].value, 0x5U);
}

TEST_F(ProgramTest, ABadLineIsNamedBeforeAnythingRuns) {
  const std::string path = file("input.txn", "write_reg 0xffff0001 0x3\nwrite_reg 0xffff0001\n");
  try {
    const Program program(path);
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("input.txn:2: write_reg needs 2 arguments"), std::string::npos)
        << error.what();
  }
}

TEST_F(ProgramTest, ACopyHasOtherValuesAndFurtherWrites) {
  const Program program(file("input.txn", "write_reg 0x1404 0x1\nwrite_reg 0x1408 0x2\nwait\n"));
  const Program changed = program.changed({{1, 7}}, {{0, 0x100, 3}, {2, 0x200, 4}, {2, 0x204, 5}});
  ASSERT_EQ(changed.commands().size(), 6U);
  const std::uint32_t offsets[] = {0x100, 0x1404, 0x1408, 0x200, 0x204};
  const std::uint32_t values[] = {3, 1, 7, 4, 5};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(changed.commands()[i].kind, CommandKind::kWriteReg);
    EXPECT_EQ(changed.commands()[i].offset, offsets[i]);
    EXPECT_EQ(changed.commands()[i].value, values[i]);
  }
  EXPECT_EQ(changed.commands()[5].kind, CommandKind::kWait);
  EXPECT_EQ(changed.commands()[3].line, 3U);  // that of the command it comes before
  EXPECT_EQ(program.commands()[1].value, 2U);
}

// A program that somebody else puts together, with contents of its own, and the trace that it makes.
TEST_F(ProgramTest, IsMadeOfCommandsToo) {
  Program::Command write, poll, load;
  write.kind = CommandKind::kWriteReg;
  write.offset = 0x1404;
  write.value = 0x12;
  poll.kind = CommandKind::kReadReg;
  poll.offset = 0xc;
  poll.mask = 0xff;
  poll.value = 0x1;
  load.kind = CommandKind::kLoadMem;
  load.address = 0x80000000;
  Program program = Program::of("somewhere");
  program.add(load, "load_mem", std::vector<unsigned char>{1, 2, 3});
  for (Program::Command& command : std::vector<Program::Command>{write, poll}) {
    command.line = program.commands().size() + 1;
    program.add(command, command_text(command));
  }
  EXPECT_EQ(program.path(), "somewhere");
  EXPECT_EQ(program.commands()[0].size, 3U);
  EXPECT_THAT(*program.contents(program.commands()[0]), ::testing::ElementsAre(1, 2, 3));
  EXPECT_EQ(program.contents(program.commands()[1]), nullptr);
  EXPECT_EQ(program.text(program.commands()[1]), "write_reg 0xffff0501 0x00000012");
  EXPECT_EQ(program.text(program.commands()[2]), "read_reg 0xffff0003 0x000000ff 0x00000001");
  EXPECT_EQ(program.commands()[2].line, 3U);
  std::ostringstream trace;
  write_program(trace, program, [](const std::vector<unsigned char>&) { return "a.bin"; });
  const Program again(file("again.txn", trace.str()));
  ASSERT_EQ(again.commands().size(), 3U);
  EXPECT_EQ(again.file(again.commands()[0]), "a.bin");
  EXPECT_EQ(again.commands()[0].size, 3U);
  EXPECT_EQ(again.commands()[1].offset, write.offset);
  EXPECT_EQ(again.commands()[2].mask, poll.mask);
}

}  // namespace
}  // namespace nvdla::host
