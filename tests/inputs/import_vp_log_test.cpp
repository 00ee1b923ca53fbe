// SPDX-License-Identifier: Apache-2.0
// A log becomes a trace that plays, the contents that its reads imply, and its list of accesses.
#include "host/inputs/import_vp_log.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "host/inputs/vp_log.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

class ImportVpLog : public test::TemporaryDirectory {
 protected:
  static std::string contents(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
};

TEST_F(ImportVpLog, TakesALogApart) {
  const std::string ok = " resp=TLM_OK_RESPONSE\n";
  const std::string log =
      file("vp.log", "nvdla.csb_adaptor: GP: iswrite=1 addr=0x4000 len=4 data=0x 80000000" + ok +
                         "nvdla.dbb_adaptor: GP: iswrite=0 addr=0x80000000 len=8 data=0x 04030201 08070605" +
                         ok + "nvdla.dbb_adaptor: GP: iswrite=1 addr=0x80000010 len=4 data=0x ffffffff" + ok +
                         // Read back what was written, and four bytes behind it.
                         "nvdla.dbb_adaptor: GP: iswrite=0 addr=0x80000010 len=8 data=0x ffffffff 0c0b0a09" +
                         ok + "nvdla.dbb_adaptor: GP: iswrite=0 addr=0x90000000 len=4 data=0x 00000011" + ok +
                         "nvdla.sram_adaptor: GP: iswrite=1 addr=0x50000000 len=4 data=0x 3" + ok +
                         "nvdla.csb_adaptor: GP: iswrite=0 addr=0x000c len=4 data=0x 00000040" + ok);
  const std::string output = path("out/deep");
  const ImportedLog result = import_vp_log(log, output);
  EXPECT_EQ(result.register_accesses, 2U);
  EXPECT_EQ(result.memory_accesses, 5U);
  EXPECT_EQ(result.content_bytes, 24U + 4U);
  EXPECT_EQ(contents(output + "/accesses.txt"), "r 80000000\nw 80000010\nr 80000010\nr 90000000\n");
  EXPECT_EQ(contents(output + "/accesses_cvsram.txt"), "w 50000000\n");
  EXPECT_EQ(contents(output + "/memory_80000000.bin"),
            std::string("\1\2\3\4\5\6\7\10\0\0\0\0\0\0\0\0\0\0\0\0\11\12\13\14", 24))
      << "what the accelerator wrote was not there before";
  EXPECT_EQ(contents(output + "/memory_90000000.bin"), std::string("\x11\0\0\0", 4));
  EXPECT_EQ(contents(output + "/input.txn"),
            "# from a log of the virtual platform\n"
            "load_mem 0x80000000 0x18 memory_80000000.bin\nload_mem 0x90000000 0x4 memory_90000000.bin\n"
            "write_reg 0xffff1000 0x80000000\nread_reg 0xffff0003 0xffffffff 0x00000040\n");
  EXPECT_EQ(Program(output + "/input.txn").commands().size(), 4U);
}

TEST_F(ImportVpLog, SaysWhatItCannotWrite) {
  const std::string log = file("vp.log", "");
  EXPECT_THAT(test::thrown_text<InputError>([&] { (void)import_vp_log(log, log + "/below"); }),
              ::testing::HasSubstr("vp.log/below"));
}

}  // namespace
}  // namespace nvdla::host
