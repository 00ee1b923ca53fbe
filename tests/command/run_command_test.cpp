// SPDX-License-Identifier: Apache-2.0
// `nvdla-vp run` from a compiled network to its table, and to an error with an exit status.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/chain_builder.h"
#include "tests/support/command_line.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::command {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class RunCommand : public test::TemporaryDirectory {
 protected:
  std::string network() {
    test::ChainBuilder chain(preset("nv_small"), Precision::kInt8, 12, 12, 16);
    chain.convolution(16, 3, true, true, false);
    chain.pooling(2, 2, 1);
    const std::vector<unsigned char> bytes = chain.finish();
    std::ofstream file(path("net.nvdla"), std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path("net.nvdla");
  }
};

TEST_F(RunCommand, PrintsEveryOperation) {
  const test::CommandResult result = test::run_command("run " + network() + " --config nv_small");
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("CONV"), HasSubstr("SDP"), HasSubstr("PDP"), HasSubstr("net.nvdla")));
}

TEST_F(RunCommand, WrongConfigurationFails) {
  const test::CommandResult result = test::run_command("run " + network() + " --config nv_full");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.output, HasSubstr("choose with --config"));
}

// What is for the dump_mem of a trace is not taken and left undone.
TEST_F(RunCommand, OptionsOfTracesAreRefused) {
  for (const char* option :
       {" --golden .", " --output-dir .", " --dump-anywhere", " --memory-pattern bytes:1"}) {
    const test::CommandResult result = test::run_command("run " + network() + " --config nv_small" + option);
    EXPECT_EQ(result.status, 2) << option << result.output;
  }
}

TEST_F(RunCommand, WhatIsNoNetworkFails) {
  std::ofstream(path("text.nvdla")) << "not a network";
  const test::CommandResult result = test::run_command("run " + path("text.nvdla"));
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.output, HasSubstr("text.nvdla"));
}

}  // namespace
}  // namespace nvdla::command
