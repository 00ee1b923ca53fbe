// SPDX-License-Identifier: Apache-2.0
// Traces that were made without time, or with another: interrupts in another order, status that has changed
// by then, registers that cannot be written. They play alike with and without SystemC; --strict refuses them.
#include <gmock/gmock.h>

#include "host/runner.h"
#include "platform/replay.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class UntimelyTrace : public test::TemporaryDirectory {
 protected:
  struct Request : host::ReplayOptions {
    std::string trace;
  };
  Request request(const std::string& text, const char* configuration = "nv_full") {
    Request result;
    result.trace = file("replay.txn", text);
    result.hardware = preset(configuration);
    result.dbb.bytes_per_cycle = result.hardware.dbb_width_bytes;
    return result;
  }
  // A recorded trace with the lines that begin with `line` replaced.
  std::string edited(const char* trace, const std::string& line, const std::string& replacement) {
    host::TextSource source(std::string(NVDLA_SOURCE_DIR "/firmware_traces/") + trace + "/input.txn.gz");
    std::string text;
    int found = 0;
    for (std::string one; source.next(one);) {
      const bool replaced = one.rfind(line, 0) == 0;
      found += replaced ? 1 : 0;
      text += (replaced ? replacement : one) + "\n";
    }
    EXPECT_GT(found, 0);
    return text;
  }
  static host::ReplayResult both(const Request& request) {
    const host::Program program(request.trace);
    host::ReplayResult component = replay(program, request);
    const host::ReplayResult runner = host::run(program, request);
    EXPECT_EQ(runner.total_cycles, component.total_cycles);
    EXPECT_EQ(runner.end_of_trace, component.end_of_trace);
    EXPECT_EQ(runner.register_reads, component.register_reads);
    EXPECT_EQ(runner.untimely_reads, component.untimely_reads);
    EXPECT_EQ(runner.warnings, component.warnings);
    EXPECT_EQ(runner.read_mismatches, component.read_mismatches);
    return component;
  }
  static std::string error_of(const Request& request) {
    const host::Program program(request.trace);
    const std::string component =
        test::thrown_text<host::ReplayError>([&] { (void)replay(program, request); });
    EXPECT_EQ(test::thrown_text<host::ReplayError>([&] { (void)host::run(program, request); }), component);
    return component;
  }
};

// One BDMA line of nv_full, as in all tests here that need an operation.
const std::string kCopy =
    "write_reg 0xffff1000 0x80000000\nwrite_reg 0xffff1002 0x90000000\nwrite_reg 0xffff1004 0x7f\n"
    "write_reg 0xffff1005 0x3\nwrite_reg 0xffff100c 0x1\nwrite_reg 0xffff100d 0x1\n";

// The interrupt of SDP is cleared with that of CDMA, before the trace waits for it.
TEST_F(UntimelyTrace, InterruptsOneByOne) {
  const std::string one_by_one =
      "until 0xffff0403 0x00040000\nwrite_reg 0xffff0403 0xffffffff\n"
      "read_reg 0xffff0403 0xffffffff 0x00000000\nuntil 0xffff0403 0x00010000\n"
      "write_reg 0xffff0403 0xffffffff\nread_reg 0xffff0403 0xffffffff 0x00000000\n"
      "until 0xffff0403 0x00100001\nwrite_reg 0xffff0403 0xffffffff";
  const Cycle recorded =
      both(request(edited("u_conv_nobias_nv_small_int8", "#", "#"), "nv_small")).total_cycles;
  Request trace =
      request(edited("u_conv_nobias_nv_small_int8", "until 0xffff0403 0x00150001", one_by_one), "nv_small");
  for (const amaix::Level level : {amaix::Level::kDynamic, amaix::Level::kRefined, amaix::Level::kRoofline}) {
    trace.level = level;
    trace.strict = false;
    const host::ReplayResult result = both(trace);
    EXPECT_EQ(result.operations.size(), 2U);
    trace.strict = true;
    if (level == amaix::Level::kRoofline) {
      EXPECT_THAT(error_of(trace), HasSubstr("GLB.S_INTR_STATUS")) << "all come at the layer's end";
    } else {
      EXPECT_NEAR(result.total_cycles, recorded, 100);
      EXPECT_NO_THROW((void)both(trace));
    }
  }
}

// `wait` twice for two interrupts that come together.
TEST_F(UntimelyTrace, AWaitForAnInterruptThatIsCleared) {
  const std::string text =
      "write_reg 0xffff0002 0x3\nwait\nwrite_reg 0xffff0003 0xffffffff\nwait\n"
      "write_reg 0xffff0003 0xffffffff\n";
  EXPECT_THAT(error_of(request(text)), HasSubstr("replay.txn:4: no interrupt will come"))
      << "set by hand, nothing was raised";
  const std::string copies = kCopy + "wait\nwrite_reg 0xffff0003 0xffffffff\nwait\n";
  EXPECT_THAT(error_of(request(copies)), HasSubstr("replay.txn:9: no interrupt will come"))
      << "one interrupt, two waits: the first has used it up";
}

TEST_F(UntimelyTrace, StatusOfAnotherTimeIsNotCompared) {
  // Recorded: the consumer of CDMA at group 1, the unit running; here it has not begun.
  const std::string text =
      "read_reg 0xffff1401 0xffffffff 0x00010000\nread_reg 0xffff1400 0xffffffff 0x00010000\n"
      "read_reg 0xffff1401 0x1 0x0\n";
  const host::ReplayResult result = both(request(text));
  EXPECT_EQ(result.untimely_reads, 2U);
  EXPECT_EQ(result.register_reads, 3U);
  Request strict = request(text);
  strict.strict = true;
  EXPECT_THAT(error_of(strict), HasSubstr("replay.txn:1: register CDMA.S_POINTER"));
  // The producer is software's own: compared in any case.
  EXPECT_THAT(error_of(request("read_reg 0xffff1401 0xffffffff 0x00000001\n")),
              HasSubstr("replay.txn:1: register CDMA.S_POINTER"));
}

// PDP runs group 0: software that is about to program that group waits for it, for group 1 it need not.
TEST_F(UntimelyTrace, OnlyTheGroupThatIsProgrammedNextMustBeIdle) {
  const char* const trace = "u_pool_max2_nv_small_int8";
  const std::string status = "read_reg 0xffff2c00 0xffffffff 0x00000000\n";
  host::TextSource source(std::string(NVDLA_SOURCE_DIR "/firmware_traces/") + trace + "/input.txn.gz");
  std::string until;
  for (std::string line; until.rfind("until", 0) != 0 && source.next(line);) until = line;
  const auto with = [&](const std::string& before) {
    return both(request(edited(trace, "until", before + status + until), "nv_small"));
  };
  EXPECT_EQ(with("").untimely_reads, 0U) << "polled until it was idle";
  EXPECT_EQ(with("write_reg 0xffff2c01 0x1\n").untimely_reads, 1U) << "read once";
}

// The unit is busy with the copy when the trace wants to see it idle.
TEST_F(UntimelyTrace, WaitsUntilAUnitIsIdle) {
  const host::ReplayResult result = both(request(kCopy + "read_reg 0xffff1010 0xffffffff 0x00000114\n"));
  EXPECT_GT(result.register_reads, 5U);
  EXPECT_GT(result.end_of_trace, 150);
}

TEST_F(UntimelyTrace, WritesThatHardwareDrops) {
  const host::ReplayResult result =
      both(request("write_reg 0xffff2c33 0x0\nwrite_reg 0xffff2c33 0x1\nwrite_reg 0xffff7fff 0x0\n"
                   "read_reg 0xffff7fff 0xffffffff 0x0\n"));
  EXPECT_THAT(result.warnings,
              ElementsAre("cycle 1: write to SDP.D_STATUS at 0xb0cc dropped: register is read-only",
                          HasSubstr("write to 0x1fffc dropped: no register at this offset"),
                          HasSubstr("read of 0x1fffc brings 0: no register at this offset")));
  EXPECT_THAT(result.warning_places,
              ElementsAre(EndsWith(".txn:1: "), EndsWith(".txn:3: "), EndsWith(".txn:4: ")));
}

TEST_F(UntimelyTrace, AUnitThatIsNotThere) {
  const host::ReplayResult result = both(request("write_reg 0xffff4000 0x80000000\n", "nv_small"));
  EXPECT_THAT(result.warnings, ElementsAre(HasSubstr("configuration nv_small has no BDMA")));
  EXPECT_THAT(error_of(request("write_reg 0xffff400d 0x1\n", "nv_small")),
              HasSubstr("replay.txn:1: configuration nv_small has no BDMA"));
}

TEST_F(UntimelyTrace, AMaskedInterruptIsTold) {
  EXPECT_THAT(
      error_of(request("write_reg 0xffff0001 0x3ff\n" + kCopy + "wait\n")),
      HasSubstr("GLB.S_INTR_STATUS has 0x00000040 set, and GLB.S_INTR_MASK masks it: BDMA_DONE_STATUS0"));
}

// A group enabled out of turn.
TEST_F(UntimelyTrace, AGroupThatIsNotTakenIsTold) {
  const host::ReplayResult recorded =
      both(request(edited("u_pool_max2_nv_small_int8", "#", "#"), "nv_small"));
  EXPECT_EQ(recorded.operations.size(), 1U);
  const std::string other_group =
      edited("u_pool_max2_nv_small_int8", "write_reg 0xffff2c01 0x00000000", "write_reg 0xffff2c01 0x1");
  EXPECT_THAT(
      error_of(request(other_group, "nv_small")),
      HasSubstr("PDP does not start: its group 1 is enabled, and S_POINTER.CONSUMER stands at group 0"));
}

TEST_F(UntimelyTrace, AnotherMapIsRecognised) {
  EXPECT_THAT(error_of(request("read_reg 0xffff0c00 0xffffffff 0x00000000\n")),
              HasSubstr("those of the register map nv_small: use --config nv_small"));
  EXPECT_THAT(error_of(request(edited("lenet_nv_full_fp16", "#", "#"), "nv_small")),
              HasSubstr("those of the register map nv_full: use --config nv_full"));
}

TEST_F(UntimelyTrace, TheFirstMismatchSaysHowToGoOn) {
  EXPECT_THAT(error_of(request("read_reg 0xffff0001 0xff 0x1\n")), HasSubstr("--keep-going"));
}

}  // namespace
}  // namespace nvdla::platform
