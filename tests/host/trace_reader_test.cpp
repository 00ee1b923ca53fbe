// SPDX-License-Identifier: Apache-2.0
// Every command of a trace is read, plain and compressed; every malformed line is an error naming file and
// line.
#include "host/trace_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "host/dma_trace.h"
#include "host/memory_file.h"
#include "host/memory_options.h"
#include "tests/support/temporary_file.h"
#include "tests/support/write_file.h"

namespace nvdla::host {
namespace {

class TraceFiles : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const std::string path = temporary_file(name);
    test::write_file(path, text);
    return path;
  }
  std::string error_of(const std::string& text) {
    TraceReader reader(file("bad.txn", text));
    TraceCommand command;
    try {
      while (reader.next(command)) {
      }
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(TraceFiles, ReadsEveryCommandPlainAndCompressed) {
  const std::string text =
      "# comment\n\nwrite_reg 0xffff2403 0x00002000 # why\n"
      "read_reg 0xffff0001 0xffffffff 0x00000012\r\nuntil 0xffff0003 0x3\nwait\n"
      "load_mem 0x80000000 0x20 input.dat\ndump_mem 0x100000000 16 out.bin\n"
      "write_mem 0x80000004 7\nread_mem 0x80000004 0xff 0x07\n";
  for (const char* name : {"all.txn", "all.txn.gz"}) {
    TraceReader reader(file(name, text));
    std::vector<TraceCommand> commands;
    for (TraceCommand command; reader.next(command);) commands.push_back(command);
    ASSERT_EQ(commands.size(), 8U) << name;
    EXPECT_EQ(commands[0].kind, CommandKind::kWriteReg);
    EXPECT_EQ(commands[0].offset, 0x900cU);
    EXPECT_EQ(commands[0].value, 0x2000U);
    EXPECT_EQ(commands[0].line, 3U);
    EXPECT_EQ(commands[1].mask, 0xffffffffU);
    EXPECT_EQ(commands[1].value, 0x12U);
    EXPECT_EQ(commands[2].kind, CommandKind::kUntil);
    EXPECT_EQ(commands[3].kind, CommandKind::kWait);
    EXPECT_EQ(commands[4].file, "input.dat");
    EXPECT_EQ(commands[5].address, 0x100000000U);
    EXPECT_EQ(commands[5].size, 16U);
    EXPECT_EQ(commands[6].value, 7U);
    EXPECT_EQ(commands[7].line, 10U);
  }
}

TEST_F(TraceFiles, NamesFileLineAndText) {
  const std::string error = error_of("write_reg 0xffff2403 0x1\nwrite_reg 0xffff2403 zero\n");
  EXPECT_NE(error.find("bad.txn:2: 'zero' is not a number: write_reg 0xffff2403 zero"), std::string::npos)
      << error;
}

TEST_F(TraceFiles, TakesByteOffsetsAsAddresses) {
  EXPECT_EQ(error_of("write_reg 0x1000 0x00000000\nread_reg 0x1fffc 0x0 0x00000000\n"), "");
}

TEST_F(TraceFiles, RejectsMalformedLines) {
  for (const char* text :
       {"write_reg 0xffff2403\n", "write_reg 0xffff2403 1 2\n", "poke 1 2\n", "wait 5\n",
        "write_reg 0x1002 0x0\n", "write_reg 0x20000 0x0\n", "write_reg 0xffff2403 0x100000000\n",
        "write_reg 0xffff2403 -1\n", "write_reg 0xffff2403 0x\n", "read_reg 0xffff0000 0x1\n",
        "until 0xffff0003 1.5\n", "load_mem 0x0 99999999999999999999999 a\n"}) {
    EXPECT_NE(error_of(text).find(":1: "), std::string::npos) << text << error_of(text);
  }
}

TEST_F(TraceFiles, ATraceCutInALineIsAnError) {
  for (const char* text : {"wait\nwrite_r", "wait\nwrite_reg 0xffff24", "wait\nwrite_reg 0xffff2403 0x00"}) {
    EXPECT_NE(error_of(text).find(":2: the trace ends in the middle of a line"), std::string::npos) << text;
  }
  EXPECT_EQ(error_of("write_reg 0xffff2403 0x00002000"), "");  // complete, only the newline is missing
}

TEST_F(TraceFiles, DamagedInputIsAnError) {
  EXPECT_THROW(TraceReader("/does/not/exist"), InputError);
  EXPECT_THROW(TraceReader reader(::testing::TempDir()), InputError);
  EXPECT_NE(error_of(std::string("wait\n\0\1\2\n", 9)).find("binary"), std::string::npos);

  std::string text;
  for (int i = 0; i < 5000; ++i) text += "write_reg 0xffff2403 0x0000" + std::to_string(1000 + i) + "\n";
  const std::string whole = file("cut.txn.gz", text);
  std::filesystem::resize_file(whole, std::filesystem::file_size(whole) / 2);
  TraceReader reader(whole);
  TraceCommand command;
  EXPECT_THROW(
      {
        while (reader.next(command)) {
        }
      },
      InputError);
}

TEST_F(TraceFiles, MemoryFilesRawAndText) {
  EXPECT_EQ(read_memory_file(file("raw.bin", "abcd"), 3), (std::vector<unsigned char>{'a', 'b', 'c'}));
  EXPECT_THROW((void)read_memory_file(file("raw.bin", "abcd"), 5), InputError);
  EXPECT_EQ(read_memory_file(file("text.dat", "{offset:0x1, size:2, payload:0x0a 0xff}\n"), 4),
            (std::vector<unsigned char>{0, 0x0a, 0xff, 0}));
  EXPECT_THROW((void)read_memory_file(file("text.dat", "{offset:0x1, size:3, payload:0x0a 0xff}\n"), 4),
               InputError);
}

TEST_F(TraceFiles, DmaTraceRoundTrip) {
  const std::string path = temporary_file("trace.csv.gz");
  DmaTraceWriter writer(path);
  DmaBurst burst;
  burst.cycle = 747;
  burst.client = Client::kSdpB;
  burst.address = 0x80201000;
  burst.beats = 3;
  writer.write(burst);
  burst.write = true;
  burst.port = MemorySpace::kCvsram;
  writer.write(burst);
  writer.close();
  DmaTraceReader reader(path);
  DmaBurst read;
  ASSERT_TRUE(reader.next(read));
  EXPECT_EQ(read.cycle, 747);
  EXPECT_EQ(read.client, Client::kSdpB);
  EXPECT_EQ(read.address, 0x80201000U);
  EXPECT_EQ(read.beats, 3U);
  EXPECT_FALSE(read.write);
  ASSERT_TRUE(reader.next(read));
  EXPECT_TRUE(read.write);
  EXPECT_EQ(read.port, MemorySpace::kCvsram);
  EXPECT_FALSE(reader.next(read));
}

TEST_F(TraceFiles, DmaTraceErrorsNameTheLine) {
  const std::string header = "cycle,port,access,client,address,beats\n";
  for (const char* row :
       {"x,DBB,R,sdp,80,1", "1,DDR,R,sdp,80,1", "1,DBB,X,sdp,80,1", "1,DBB,R,cpu,80,1", "1,DBB,R,sdp,8g,1",
        "1,DBB,R,sdp,80,0", "1,DBB,R,sdp,80", "1,DBB,R,sdp,80,1,1", "0,DBB,R,sdp,80,1",
        "1125899906842625,DBB,R,sdp,80,1", "+1,DBB,R,sdp,80,1", " 1,DBB,R,sdp,80,1"}) {
    DmaTraceReader reader(file("rows.csv", header + "1,DBB,R,sdp,80,1\n" + row + "\n"));
    DmaBurst burst;
    ASSERT_TRUE(reader.next(burst));
    try {
      reader.next(burst);
      ADD_FAILURE() << row;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find("rows.csv:3: "), std::string::npos) << error.what();
    }
  }
  EXPECT_THROW(DmaTraceReader(file("none.csv", "a,b\n")), InputError);
}

// The last row of a copy that was cut reads as a whole one: ...,1 of ...,16.
TEST_F(TraceFiles, ADmaTraceCutInItsLastRowIsAnError) {
  const std::string header = "cycle,port,access,client,address,beats\n";
  DmaTraceReader reader(file("cut.csv", header + "1,DBB,R,sdp,80,1\n2,DBB,R,sdp,80,1"));
  DmaBurst burst;
  ASSERT_TRUE(reader.next(burst));
  EXPECT_THROW((void)reader.next(burst), InputError);
  DmaTraceReader empty(file("empty.csv", header));
  EXPECT_THROW((void)empty.next(burst), InputError);
}

TEST(MemoryOptions, ParsesAndNamesTheOption) {
  const MemoryOptions options = parse_memory_options("--dbb", "latency=128,bandwidth=12.5,size=0x1000", {});
  EXPECT_EQ(options.latency, 128U);
  EXPECT_EQ(options.bytes_per_cycle, 12.5);
  EXPECT_EQ(options.max_outstanding, 256U);
  EXPECT_EQ(options.size, 0x1000U);
  EXPECT_EQ(parse_memory_options("--dbb", "latency=0", {}).latency, 0U);
  for (const char* text : {"",
                           "latency",
                           "latency=",
                           "latency=1000001",
                           "latency=-1",
                           "bandwidth=0",
                           "bandwidth=nan",
                           "bandwidth=1e9",
                           "max_outstanding=0",
                           "size=0",
                           "speed=1",
                           "latency=1,",
                           "latency=010",
                           "latency=+1",
                           "latency= 1",
                           "latency=1 ",
                           "latency=0x",
                           "latency=1,latency=1",
                           "bandwidth=1e999",
                           "bandwidth=inf",
                           "bandwidth=+1",
                           "bandwidth= 1",
                           "bandwidth=0x10",
                           "bandwidth=-1",
                           "bandwidth=010",
                           "base=18446744073709551616"}) {
    try {
      static_cast<void>(parse_memory_options("--dbb", text, {}));
      ADD_FAILURE() << text;
    } catch (const std::invalid_argument& error) {
      EXPECT_EQ(std::string(error.what()).rfind("--dbb: ", 0), 0U) << error.what();
    }
  }
}

}  // namespace
}  // namespace nvdla::host
