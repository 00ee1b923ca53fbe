// SPDX-License-Identifier: Apache-2.0
// No output destroys an input or another output, whatever its name looks like.
#include "host/files/run_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "host/files/byte_source.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class RunFilesTest : public test::TemporaryDirectory {
 protected:
  RunFiles files_;
};

TEST_F(RunFilesTest, AnOutputThatIsAnInputIsRefused) {
  const std::string trace = file("a/trace.txn", "wait\n");
  std::filesystem::create_symlink(trace, path("soft"));
  std::filesystem::create_hard_link(trace, path("hard"));
  files_.input(trace, "the trace");
  for (const std::string& name : {trace, path("a/../a/./trace.txn"), path("soft"), path("hard")}) {
    const std::string error = test::thrown_text<InputError>([&] { files_.output(name, "--json"); });
    EXPECT_THAT(error, AllOf(HasSubstr("--json"), HasSubstr("the trace"), HasSubstr(name)));
  }
  files_.output(path("a/other"), "--json");
}

TEST_F(RunFilesTest, TwoOutputsOfOneNameAreRefused) {
  files_.output(path("new"), "--json");
  const std::string error = test::thrown_text<InputError>([&] { files_.output(path("./new"), "--csv"); });
  EXPECT_THAT(error, AllOf(HasSubstr("--json"), HasSubstr("--csv")));
  files_.output("-", "--json");
  EXPECT_THROW(files_.output("-", "--csv"), InputError);
  files_.output("/dev/null", "--json");
  files_.output("/dev/null", "--csv");
}

TEST_F(RunFilesTest, StandardInputIsReadOnceAndIsNotStandardOutput) {
  files_.input("-", "the trace");
  EXPECT_THROW(files_.input("-", "--notes"), InputError);
  files_.output("-", "--json");
}

}  // namespace
}  // namespace nvdla::host
