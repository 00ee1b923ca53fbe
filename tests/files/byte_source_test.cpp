// SPDX-License-Identifier: Apache-2.0
// What is read is what the file holds, plain, packed or out of a pipe, in pieces of any size.
#include "host/files/byte_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <thread>

#include "tests/support/temporary_directory.h"
#include "tests/support/write_file.h"

namespace nvdla::host {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kLimit = 1 << 30;

class ByteSources : public test::TemporaryDirectory {};

std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i * 7919) + "\n";
  return text;
}

TEST_F(ByteSources, ReadsInPiecesOfAnySize) {
  const std::string text = numbers(50000);
  for (const char* name : {"plain", "packed.gz"}) {
    test::write_file(path(name), text);
    for (const std::size_t piece :
         {std::size_t{1}, std::size_t{3}, std::size_t{65536}, std::size_t{1} << 20}) {
      ByteSource source(path(name));
      std::string read, part(piece, '\0');
      while (const std::size_t size = source.read(part.data(), piece)) read.append(part, 0, size);
      EXPECT_EQ(read, text) << name << piece;
      EXPECT_FALSE(source.damaged());
      EXPECT_EQ(source.fraction(), 1.0);
    }
  }
}

TEST_F(ByteSources, MembersFollowEachOther) {
  test::write_file(path("a.gz"), numbers(10000));
  const std::string packed = read_file(path("a.gz"), kLimit);
  const std::string two = file("two.gz", packed + packed);
  EXPECT_EQ(read_file(two, kLimit, Unpack::kGzip), numbers(10000) + numbers(10000));
}

TEST_F(ByteSources, DamagedDataAreAnError) {
  test::write_file(path("a.gz"), numbers(10000));
  const std::string packed = read_file(path("a.gz"), kLimit);
  std::string flipped = packed;
  flipped[packed.size() / 2] = static_cast<char>(flipped[packed.size() / 2] ^ 0x10);
  std::string checksum = packed;
  checksum[packed.size() - 6] = static_cast<char>(checksum[packed.size() - 6] ^ 1);
  for (const std::string& bytes : {packed.substr(0, packed.size() / 2), packed.substr(0, packed.size() - 1),
                                   packed.substr(0, 3), flipped, checksum, packed + "x"}) {
    const std::string name = file("bad.gz", bytes);
    const std::string error =
        test::thrown_text<InputError>([&] { (void)read_file(name, kLimit, Unpack::kGzip); });
    EXPECT_THAT(error, HasSubstr("bad.gz: damaged or truncated gzip data")) << bytes.size();
  }
}

// A pipe cannot be sought: its first two bytes must not be lost.
TEST_F(ByteSources, APipeLosesNothing) {
  test::write_file(path("a.gz"), numbers(50000));
  for (const std::string& bytes :
       {std::string(), std::string("x"), numbers(50000), read_file(path("a.gz"), kLimit)}) {
    ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
    std::thread writer([&] { std::ofstream(path("pipe"), std::ios::binary) << bytes; });
    const std::string read = read_file(path("pipe"), kLimit, Unpack::kGzip);
    writer.join();
    EXPECT_EQ(read, bytes.size() > 1 ? numbers(50000) : bytes);
    std::filesystem::remove(path("pipe"));
  }
}

TEST_F(ByteSources, WhatCannotBeReadIsAnError) {
  EXPECT_THAT(test::thrown_text<InputError>([&] { ByteSource source(path("none")); }), HasSubstr("none: "));
  EXPECT_THAT(test::thrown_text<InputError>([&] { ByteSource source(path("")); }),
              HasSubstr("is a directory"));
  const std::string name = file("large", std::string(11, 'x'));
  EXPECT_EQ(read_file(name, 11).size(), 11U);
  EXPECT_THROW((void)read_file(name, 10), InputError);
  EXPECT_THROW((void)read_file("/dev/zero", 1 << 20), InputError);
}

}  // namespace
}  // namespace nvdla::host
