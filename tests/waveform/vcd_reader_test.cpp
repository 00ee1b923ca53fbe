// SPDX-License-Identifier: Apache-2.0
// Value change dumps as simulators write them, and files that are none.
#include "host/waveform/vcd_reader.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>

#include "host/files/byte_source.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

using ::testing::HasSubstr;

// In pieces of `piece` bytes: words then lie across them.
VcdReader reader_of(const std::string& text, std::size_t piece = 7) {
  auto at = std::make_shared<std::size_t>(0);
  return {"a.vcd",
          [text, at, piece](char* data, std::size_t size) {
            const std::size_t count = std::min({piece, size, text.size() - *at});
            std::memcpy(data, text.data() + *at, count);
            *at += count;
            return count;
          },
          [](std::string_view name) { return name != "other"; }};
}

std::string steps(VcdReader& reader) {
  std::string text;
  for (;;) {
    switch (reader.next()) {
      case VcdReader::Event::kTime:
        text += "#" + std::to_string(reader.time()) + " ";
        break;
      case VcdReader::Event::kValue:
        text += std::to_string(reader.net()) + "=" + std::string(reader.bits()) + " ";
        break;
      case VcdReader::Event::kEnd:
        return text;
    }
  }
}

const std::string kHeader =
    "$date now $end $version any $end\n$timescale 1 ps $end\n$scope module top $end\n"
    "$var wire 1 ! clk $end\n$scope begin inner $end\n$var reg 8 \" bus [7:0] $end\n$var reg 4 #% part[11:8] "
    "$end\n"
    "$var wire 1 ! alias $end $var wire 3 ' other $end $var real 64 ( wanted_real $end\n"
    "$var wire 1 ) \\escaped[1] $end\n$upscope $end\n$upscope $end\n$enddefinitions $end\n";

TEST(VcdReader, SignalsAndTheirValues) {
  for (const std::size_t piece : {1U, 2U, 7U, 4096U}) {
    VcdReader reader = reader_of(kHeader +
                                     "$dumpvars 0! bx \" b101 ' r1.5 ( $end\n#0 1!\n"
                                     "$comment #7 1! $end #25\n0! b1010 #% 1) b0 \"\n",
                                 piece);
    ASSERT_EQ(reader.signals().size(), 5U);
    EXPECT_EQ(reader.nets(), 4U);
    const auto& signals = reader.signals();
    EXPECT_EQ(signals[0].scope, "top");
    EXPECT_EQ(signals[1].scope, "top.inner");
    EXPECT_EQ(signals[1].name, "bus");
    EXPECT_EQ(signals[1].width, 8U);
    EXPECT_EQ(signals[2].name, "part");
    EXPECT_EQ(signals[2].lsb, 8U);
    EXPECT_EQ(signals[3].net, signals[0].net) << "one code, one net";
    EXPECT_EQ(signals[4].name, "escaped[1]");
    EXPECT_EQ(steps(reader), "0=0 1=x #0 0=1 #25 0=0 2=1010 3=1 1=0 ");
  }
}

TEST(VcdReader, NamesTheLineOfWhatIsWrong) {
  const auto error = [](const std::string& text) {
    return test::thrown_text<InputError>([&] {
      VcdReader reader = reader_of(text);
      (void)steps(reader);
    });
  };
  EXPECT_THAT(error("hello\n"), HasSubstr("a.vcd:1: not a value change dump"));
  EXPECT_THAT(error(kHeader + "#5\n1!"), HasSubstr("a.vcd:14: the file ends in the middle of a line"));
  EXPECT_THAT(error(kHeader + "#5\n#4\n"), HasSubstr("a.vcd:14: time runs backwards"));
  EXPECT_THAT(error(kHeader + "#x\n"), HasSubstr("not a time"));
  EXPECT_THAT(error(kHeader + "b12 !\n"), HasSubstr("not a value: 'b12'"));
  EXPECT_THAT(error(kHeader + "pH 0 6 !\n"), HasSubstr("not a value change"));
  EXPECT_THAT(error("$scope module a $end\n"), HasSubstr("the file ends where $enddefinitions should stand"));
  EXPECT_THAT(error("$upscope $end\n"), HasSubstr("$upscope without $scope"));
  EXPECT_THAT(error(std::string("$date \0 $end", 13)), HasSubstr("binary data"));
}

}  // namespace
}  // namespace nvdla::host
