// SPDX-License-Identifier: Apache-2.0
// The text forms of memory files in nvdla/hw give the same bytes; a short or damaged file is named.
#include "host/memory_file.h"

#include <gtest/gtest.h>

#include "host/text_source.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

using MemoryFileTest = test::TemporaryDirectory;
const std::vector<unsigned char> kBytes{1, 2, 0xfe, 4};

TEST_F(MemoryFileTest, ReadsEveryTextForm) {
  EXPECT_EQ(
      read_memory_file(file("a.dat", "{offset:0x0, size:4, payload:0x01 0x02 0xfe 0x04},\n"), 4).bytes(4),
      kBytes);
  EXPECT_EQ(
      read_memory_file(file("b.dat", "{'offset':0x0, size:4, value:0x01 0x02 0xfe 0x04},\n"), 4).bytes(4),
      kBytes);
  EXPECT_EQ(read_memory_file(file("c.dat", "Data_size = 0x4\nW = 1\n0x01 0x02 \n0xfe 0x04\n"), 4).bytes(4),
            kBytes);
  EXPECT_EQ(read_memory_file(
                file("e.dat", "memory type:dram\n=====\n\n 0x01 0x02 0xfe\n0x04\n====\ndump done\n"), 4)
                .bytes(4),
            kBytes);
}

TEST_F(MemoryFileTest, ADumpMayBeCalledDat) {
  const std::string raw("\x7f\0\x01\x02", 4);
  EXPECT_EQ(read_memory_file(file("a.dat", raw), 4).bytes(4), (std::vector<unsigned char>{0x7f, 0, 1, 2}));
}

TEST_F(MemoryFileTest, NamesWhatIsWrong) {
  for (const char* text : {"Data_size = 0x4\n0x01 0x02\n", "0x01 0x02 0x03 bad\n", "0x01 0x102 0 0\n"}) {
    const std::string path = file("d.dat", text);
    EXPECT_NE(
        test::thrown_text<InputError>([&] { static_cast<void>(read_memory_file(path, 4)); }).find("d.dat"),
        std::string::npos)
        << text;
  }
}

// A file may name any size and offset; what is read takes as much memory as the file has bytes.
TEST_F(MemoryFileTest, KeepsOnlyTheBytesOfTheFile) {
  const MemoryImage far =
      read_memory_file(file("f.dat",
                            "{offset:0x10, size:2, payload:1 2}\n{offset:0x12, size:1, payload:3}\n"
                            "{offset:0xfffffffffffffff0, size:1, payload:4}\n"),
                       1ULL << 62U);
  ASSERT_EQ(far.segments.size(), 1U) << "the last is beyond the size";
  EXPECT_EQ(far.segments[0].offset, 0x10U);
  EXPECT_EQ(far.segments[0].bytes, (std::vector<unsigned char>{1, 2, 3}));
  EXPECT_THROW((void)read_memory_file(file("g.dat", "{offset:0x0, size:0xffffffffffff, payload:1}\n"), 4),
               InputError);
  EXPECT_THROW(
      (void)read_memory_file(file("h.dat", "{offset:0xfffffffffffffffe, size:4, payload:1 2 3 4}\n"), 4),
      InputError);
}

}  // namespace
}  // namespace nvdla::host
