// SPDX-License-Identifier: Apache-2.0
// An output takes its name when it is whole; everything else leaves nothing behind and is said.
#include "host/files/output_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "host/files/byte_source.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OutputFiles : public test::TemporaryDirectory {
 protected:
  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> result;
    for (const auto& entry : std::filesystem::directory_iterator(path("")))
      result.insert(entry.path().filename());
    return result;
  }
  static std::string content(const std::string& name) { return read_file(name, 1 << 30); }
};

TEST_F(OutputFiles, TakesItsNameWhenItIsWhole) {
  OutputFile output(path("a.json"));
  output.stream() << "text";
  EXPECT_FALSE(std::filesystem::exists(path("a.json")));
  output.commit();
  EXPECT_THAT(names(), ElementsAre("a.json"));
  EXPECT_EQ(content(path("a.json")), "text");
}

TEST_F(OutputFiles, WithoutCommitTheOldFileStays) {
  const std::string old = file("a.json", "old");
  {
    OutputFile output(old);
    output.stream() << "new" << std::flush;
  }
  EXPECT_THAT(names(), ElementsAre("a.json"));
  EXPECT_EQ(content(old), "old");
}

TEST_F(OutputFiles, CompressesByName) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += std::to_string(i * 7) + "\n";
  OutputFile output(path("a.gz"));
  output.stream() << text;
  output.commit();
  EXPECT_LT(std::filesystem::file_size(path("a.gz")), text.size() / 2);
  EXPECT_EQ(read_file(path("a.gz"), 1 << 30, Unpack::kGzip), text);
}

// /dev/full takes nothing, as a full disk.
TEST_F(OutputFiles, AFullDiskIsAnError) {
  for (const bool large : {false, true}) {
    std::filesystem::create_symlink("/dev/full", path("full"));
    std::filesystem::create_symlink("/dev/full", path("full.gz"));
    for (const char* name : {"full", "full.gz"}) {
      OutputFile output(path(name));
      for (int i = 0; i < (large ? 1000000 : 1); ++i) output.stream() << i * 7919U << '\n';
      EXPECT_EQ(output.failed(), large) << name;
      const std::string error = test::thrown_text<OutputError>([&] { output.commit(); });
      EXPECT_THAT(error, HasSubstr(std::string(name) + ": cannot write: No space left on device"));
    }
    std::filesystem::remove(path("full"));
    std::filesystem::remove(path("full.gz"));
  }
}

TEST_F(OutputFiles, WhatCannotBeMadeIsAnErrorAtOnce) {
  EXPECT_THROW(OutputFile(path("no/such/folder")), InputError);
  EXPECT_THROW(OutputFile output(path("")), InputError);
}

TEST_F(OutputFiles, KeepsPermissionsAndFollowsLinks) {
  const std::string target = file("target", "old");
  ASSERT_EQ(chmod(target.c_str(), 0640), 0);
  std::filesystem::create_symlink(target, path("link"));
  OutputFile output(path("link"));
  output.stream() << "new";
  output.commit();
  EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
  EXPECT_EQ(content(target), "new");
  struct stat status {};
  ASSERT_EQ(stat(target.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
}

TEST_F(OutputFiles, TwoWritersOfOneNameDoNotMix) {
  OutputFile first(path("a")), second(path("a"));
  first.stream() << "first";
  second.stream() << "second";
  first.commit();
  second.commit();
  EXPECT_EQ(content(path("a")), "second");
  EXPECT_THAT(names(), ElementsAre("a"));
}

}  // namespace
}  // namespace nvdla::host
