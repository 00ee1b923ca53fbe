// SPDX-License-Identifier: Apache-2.0
// Timings as an emulator, an FPGA or a driver gives them: the less they have, the less is compared, and what
// is wrong is named.
#include <gmock/gmock.h>

#include "tests/support/temporary_directory.h"
#include "validation/comparison.h"
#include "validation/kernel_log.h"

namespace nvdla::validation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FieldTiming : public test::TemporaryDirectory {
 protected:
  // A recording of one convolution of the repository's traces, with these keys besides those it needs.
  std::string metadata(const std::string& more) {
    return file(
        "layer.json",
        R"({"schema": "nvdla-recording/1", "trace": "u_conv_nobias_nv_small_int8", "config": "nv_small",
                    "dbb": {"latency": 50, "bytes_per_cycle": 8})" +
            more + "}");
  }
  static RecordingComparison compared(const std::string& path) {
    ComparisonOptions options;
    options.levels = {amaix::Level::kDynamic};
    return compare(path, options);
  }
  std::string error_of(const std::string& path) {
    return test::thrown_text<host::InputError>([&] { (void)compared(path); });
  }
};

TEST_F(FieldTiming, UnitSequenceAndInterruptAreEnough) {
  (void)file("layer.ops.csv", "unit,sequence,interrupt\nCONV,0,466900\nSDP,0,467000\n");
  const RecordingComparison result = compared(metadata(""));
  EXPECT_THAT(result.failures, IsEmpty());
  ASSERT_EQ(result.operations.size(), 1U);
  EXPECT_EQ(result.operations[0].chain, (std::vector<Engine>{Engine::kConv, Engine::kSdp}));
  EXPECT_EQ(result.operations[0].recorded, 467000);
  EXPECT_EQ(result.recording.last_done, 467000);
  EXPECT_EQ(result.recording.bus_bytes, 8U);
  EXPECT_LT(std::abs(result.operations[0].modelled.at(amaix::Level::kDynamic).error), 0.2);
  EXPECT_THAT(result.notes, Contains(HasSubstr("does not tell when operations were enabled")));
  EXPECT_THAT(result.notes, Contains(HasSubstr("does not tell bytes")));
  EXPECT_FALSE(result.bytes);
}

TEST_F(FieldTiming, NanosecondsOfAClock) {
  (void)file("layer.ops.csv", "interrupt,unit,sequence,enable\n233500.25,SDP,0,250\n233450,CONV,0,300.5\n");
  const RecordingComparison result = compared(metadata(R"(, "clock_mhz": 2000)"));
  EXPECT_THAT(result.failures, IsEmpty());
  ASSERT_EQ(result.operations.size(), 1U);
  EXPECT_EQ(result.operations[0].recorded, 467001 - 601);
  EXPECT_EQ(result.recording.last_done, 467001);
}

TEST_F(FieldTiming, KernelLogOfTheDriver) {
  (void)file("dmesg.txt",
             "<6>[   10.000000] opendla: Program Convolution operation index 4 ROI 0 Group[0]\n"
             "[   10.000100] Enable SDP operation index 5 ROI 0\n"
             "[   10.000101] Enable Convolution operation index 4 ROI 0\n"
             "noise [ 1.0] Enter: dla_op_enabled\n"
             "[   10.000567] Completed Convolution operation index 4 ROI 0\n"
             "[   10.000568] Completed SDP operation index 5 ROI 0\n");
  const RecordingComparison result = compared(metadata(R"(, "kernel_log": "dmesg.txt", "clock_mhz": 1000)"));
  EXPECT_THAT(result.failures, IsEmpty());
  ASSERT_EQ(result.operations.size(), 1U);
  EXPECT_EQ(result.operations[0].recorded, 467000);
  EXPECT_EQ(result.recording.last_done, 468000);
}

TEST_F(FieldTiming, OperationsOfALogAreCountedAsTheyAreEnabled) {
  const auto operations = read_kernel_log(file("log",
                                               "[ 1.0] Enable PDP operation index 7 ROI 0\n"
                                               "[ 1.1] Enable PDP operation index 3 ROI 0\n"
                                               "[ 1.2] Completed PDP operation index 3 ROI 0\n"
                                               "[ 1.3] Completed PDP operation index 7 ROI 0\n"));
  ASSERT_EQ(operations.size(), 2U);
  EXPECT_EQ(operations[0].sequence, 0U);
  EXPECT_NEAR(operations[0].completed_ns, 0.3e9, 1);
  EXPECT_NEAR(*operations[1].enable_ns, 0.1e9, 1);
  EXPECT_NEAR(operations[1].completed_ns, 0.2e9, 1);
}

TEST_F(FieldTiming, WhatIsWrongIsNamed) {
  (void)file("layer.ops.csv", "unit,sequence,interrupt\nCONV,0,466900\nSDP,1,467000\n");
  EXPECT_THAT(error_of(metadata("")), HasSubstr("layer.ops.csv:3:5: sequence \"1\": expected 0"));
  (void)file("layer.ops.csv", "unit,sequence,interrupt\nCONV,0,1e99\nSDP,0,467000\n");
  EXPECT_THAT(error_of(metadata("")), HasSubstr("not a number"));
  EXPECT_THAT(error_of(metadata(R"(, "clock_mhz": 1000)")), HasSubstr("number out of range"));
  EXPECT_THAT(error_of(metadata(R"(, "clock_mhz": 0)")), HasSubstr("clock_mhz is out of range"));
  (void)file("layer.ops.csv", "unit,interrupt\nCONV,466900\n");
  EXPECT_THAT(error_of(metadata("")), HasSubstr("column \"sequence\" is missing"));
  EXPECT_THAT(error_of(metadata(R"(, "kernel_log": "none")")), HasSubstr("a kernel log needs clock_mhz"));
  const std::string log = R"(, "clock_mhz": 1000, "kernel_log": "log")";
  EXPECT_THAT(error_of(metadata(log)), HasSubstr("log: No such file"));
  (void)file("log", "[ 1.0] nothing of the driver\n");
  EXPECT_THAT(error_of(metadata(log)), HasSubstr("log: no line"));
  (void)file("log",
             "[ 2.0] Enable SDP operation index 0 ROI 0\n[ 1.0] Completed SDP operation index 0 ROI 0\n");
  EXPECT_THAT(error_of(metadata(log)), HasSubstr("log:2: time runs backwards"));
  (void)file("log",
             "[ 2.0] Enable SDP operation index 0 ROI 0\n[ 3.0] Completed SDP operation index 1 ROI 0\n");
  EXPECT_THAT(error_of(metadata(log)), HasSubstr("log:2: completed without being enabled"));
  (void)file("log", "[ 2.0] Enable SDP operation index 0 ROI 0\n");
  EXPECT_THAT(error_of(metadata(log)), HasSubstr("never completed"));
}

// Operations that the model ran and the recording does not have, or the reverse, are failures, not silence.
TEST_F(FieldTiming, OperationsThatOneSideLacks) {
  (void)file("layer.ops.csv", "unit,sequence,interrupt\nCONV,0,466900\nSDP,0,467000\nPDP,0,467500\n");
  EXPECT_THAT(compared(metadata("")).failures,
              ElementsAre("PDP 0 is recorded, but the model did not run it"));
}

}  // namespace
}  // namespace nvdla::validation
