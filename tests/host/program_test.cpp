// SPDX-License-Identifier: Apache-2.0
// A program holds every command of a trace with its line and its words; a bad line is named.
#include "host/program.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace nvdla::host
