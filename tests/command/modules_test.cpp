// SPDX-License-Identifier: Apache-2.0
// The libraries that the program loads when a run comes to them: what does without them runs without them,
// and what needs one says which file is missing.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/support/command_line.h"
#include "tests/support/onnx_builder.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::command {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Modules : public test::TemporaryDirectory {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(path("bin"));
    std::filesystem::copy_file(test::nvdla_vp(), path("bin/nvdla-vp"));
  }
  // The program without its libraries.
  [[nodiscard]] test::CommandResult alone(const std::string& arguments) const {
    return test::run_shell("'" + path("bin/nvdla-vp") + "' " + arguments + " </dev/null");
  }
};

const std::string kLenet = std::string(NVDLA_SOURCE_DIR) + "/firmware_traces/lenet_nv_full_int8/input.txn.gz";

TEST_F(Modules, MostRunsDoWithoutThem) {
  const test::CommandResult replay = alone("replay " + kLenet);
  EXPECT_EQ(replay.status, 0) << replay.output;
  EXPECT_THAT(replay.output, HasSubstr("30863 cycles"));
}

TEST_F(Modules, TheMissingFileIsNamed) {
  const std::string model = file("lenet.onnx", test::onnx_lenet());
  for (const auto& [arguments, library] : {std::pair{"replay --systemc " + kLenet, "nvdla-systemc.so"},
                                           {"estimate " + model, "nvdla-onnx.so"}}) {
    const test::CommandResult run = alone(arguments);
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.output,
                AllOf(HasSubstr(library), HasSubstr("build and install it together with the program")));
  }
}

}  // namespace
}  // namespace nvdla::command
