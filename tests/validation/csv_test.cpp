// SPDX-License-Identifier: Apache-2.0
// The table reader finds columns by name and places every error at file, line and column.
#include "validation/csv.h"

#include <gmock/gmock.h>

#include "tests/support/temporary_directory.h"

namespace nvdla::validation {
namespace {

using ::testing::HasSubstr;
using Csv = test::TemporaryDirectory;

TEST_F(Csv, FindsColumnsByNameInAnyOrder) {
  CsvReader csv(file("a.csv", "b,a\r\n2,1\r\n\r\n4,3\r\n"));
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.number(csv.column("a")), 1u);
  EXPECT_EQ(csv.number(csv.column("b")), 2u);
  ASSERT_TRUE(csv.next());
  EXPECT_EQ(csv.number(csv.column("a")), 3u);
  EXPECT_FALSE(csv.next());
}

TEST_F(Csv, EmptyCellIsNotANumber) {
  CsvReader csv(file("a.csv", "a,b\n1,\n"));
  ASSERT_TRUE(csv.next());
  EXPECT_TRUE(csv.text(1).empty());
  EXPECT_THROW((void)csv.number(1), host::InputError);
}

TEST_F(Csv, BadNumberIsPlacedAtItsCell) {
  const std::string path = file("a.csv", "a,b\n1,2\n12,3x\n");
  CsvReader csv(path);
  ASSERT_TRUE(csv.next() && csv.next());
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { (void)csv.number(csv.column("b")); }),
              HasSubstr(path + ":3:4: b \"3x\""));
}

TEST_F(Csv, NumberOutOfRangeIsAnError) {
  CsvReader csv(file("a.csv", "a\n18446744073709551616\n"));
  ASSERT_TRUE(csv.next());
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { (void)csv.number(0); }), HasSubstr(":2:1: a"));
}

TEST_F(Csv, ShortRowIsPlacedAtItsEnd) {
  const std::string path = file("a.csv", "a,b,c\n1,2\n");
  CsvReader csv(path);
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { (void)csv.next(); }),
              HasSubstr(path + ":2:4: 2 cells, the header has 3"));
}

TEST_F(Csv, MissingFileHeaderAndColumnAreErrors) {
  EXPECT_THROW(CsvReader(path("none.csv")), host::InputError);
  EXPECT_THROW(CsvReader(file("empty.csv", "")), host::InputError);
  CsvReader csv(file("a.csv", "a\n1\n"));
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { (void)csv.column("cycle"); }),
              HasSubstr("column \"cycle\" is missing"));
}

// A copy that was cut in 1024 can end in 10.
TEST_F(Csv, ATableCutInItsLastRowIsAnError) {
  CsvReader csv(file("a.csv", "a,b\n1,2\n3,10"));
  ASSERT_TRUE(csv.next());
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { (void)csv.next(); }),
              HasSubstr("a.csv:3:5: the last line ends without a newline"));
  EXPECT_THROW(CsvReader(file("a.csv", "a,b")), host::InputError);
}

TEST_F(Csv, AColumnThatIsThereTwiceIsAnError) {
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { CsvReader(file("a.csv", "a,b,a\n")); }),
              HasSubstr("a.csv:1:5: column \"a\" is there twice"));
}

TEST_F(Csv, DamagedGzipIsAnError) {
  EXPECT_THAT(test::thrown_text<host::InputError>([&] { CsvReader(file("a.csv.gz", "\x1f\x8b broken")); }),
              HasSubstr("gzip"));
}

}  // namespace
}  // namespace nvdla::validation
