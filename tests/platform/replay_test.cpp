// SPDX-License-Identifier: Apache-2.0
// Whole replays: register semantics, repeatability in one process, and an error with file, line and register
// for everything that can be wrong.
#include "platform/replay.h"

#include <gtest/gtest.h>

#include <sstream>

#include "command/report.h"
#include "host/dma_trace.h"
#include "host/text_source.h"
#include "tests/support/temporary_file.h"

namespace nvdla::platform {
namespace {

class Replay : public ::testing::Test {
 protected:
  static std::string file(const std::string& text) {
    const std::string path = temporary_file("replay.txn");
    *host::open_output(path) << text;
    return path;
  }
  static host::ReplayOptions options(const std::string& trace, const char* configuration = "nv_full") {
    host::ReplayOptions result;
    result.trace = trace;
    result.hardware = preset(configuration);
    result.dbb.bytes_per_cycle = result.hardware.dbb_width_bytes;
    return result;
  }
  static std::string recorded(const std::string& name) {
    return NVDLA_SOURCE_DIR "/firmware_traces/" + name + "/input.txn.gz";
  }
  static std::string error_of(const host::ReplayOptions& options) {
    try {
      static_cast<void>(replay(options));
    } catch (const host::ReplayError& error) {
      return error.what();
    }
    return "no error";
  }
};

#define EXPECT_CONTAINS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST_F(Replay, WritesReadsAndMemory) {
  const host::ReplayResult result =
      replay(options(file("write_reg 0xffff0001 0x00000003\nread_reg 0xffff0001 0xffffffff 0x00000003\n"
                          "read_reg 0xffff0001 0x1 0xffffffff\n"  // EXPECT counts under the mask only
                          "write_mem 0x80000000 0x12345678\nread_mem 0x80000000 0xffff 0x5678\n")));
  EXPECT_EQ(result.register_writes, 1U);
  EXPECT_EQ(result.register_reads, 2U);
  // Offered in cycle 1; a read behind a posted write; 19 cycles a read.
  EXPECT_EQ(result.end_of_trace, 2 + 2 * 19);
  EXPECT_EQ(result.total_cycles, 0);
}

// S_INTR_SET raises a bit: `until` and `wait` see it.
TEST_F(Replay, InterruptsByHand) {
  const host::ReplayResult result = replay(options(file(
      "write_reg 0xffff0002 0x00000001\nwait\nuntil 0xffff0003 0x00000001\nwrite_reg 0xffff0003 0x00000001\n"
      "read_reg 0xffff0003 0xffffffff 0x00000000\n")));
  EXPECT_EQ(result.register_writes, 2U);
}

TEST_F(Replay, APollThatCannotBeMetIsAnError) {
  const std::string error = error_of(options(file("wait_is_not_here\n")));
  EXPECT_CONTAINS(error, "replay.txn:1: unknown command");
  EXPECT_CONTAINS(error_of(options(file("until 0xffff0003 0x00000001\n"))),
                  "replay.txn:1: register GLB.S_INTR_STATUS at 0x000c is 0x00000000");
  EXPECT_CONTAINS(error_of(options(file("\nwait\n"))), "replay.txn:2: no interrupt will come");
}

TEST_F(Replay, AMismatchNamesTheRegister) {
  host::ReplayOptions mismatch = options(file(
      "write_reg 0xffff0001 0x00000003\nread_reg 0xffff0001 0xff 0x01\nread_mem 0x80000000 0xff 0x01\n"));
  EXPECT_CONTAINS(error_of(mismatch),
                  "replay.txn:2: register GLB.S_INTR_MASK at 0x0004 is 0x00000003, expected 0x00000001");
  mismatch.stop_on_mismatch = false;
  EXPECT_EQ(replay(mismatch).read_mismatches.size(), 2U);
}

TEST_F(Replay, WrongConfigurationOrRegister) {
  EXPECT_CONTAINS(error_of(options(recorded("lenet_nv_small_int8"))), "input.txn.gz:12: register ");
  EXPECT_CONTAINS(error_of(options(recorded("lenet_nv_full_fp16"), "nv_small")),
                  "input.txn.gz:25: unknown register 0x6010");
  EXPECT_CONTAINS(error_of(options(file("write_reg 0xfffffffc 0x0\n"))),
                  "replay.txn:1: unknown register 0x3fff0");
  EXPECT_CONTAINS(error_of(options(file("write_reg 0xffff0000 0x0\n"))),
                  "replay.txn:1: register GLB.S_NVDLA_HW_VERSION at 0x0000 is read-only");
  EXPECT_CONTAINS(error_of(options("/does/not/exist.txn")), "/does/not/exist.txn: No such file");
}

// The first DMA access lies outside: named with the register and the line that programmed the address.
TEST_F(Replay, AddressOutsideMemory) {
  host::ReplayOptions small = options(recorded("lenet_nv_full_fp16"));
  small.dbb.base = 0x80000000;
  small.dbb.size = 0x1000;
  const std::string error = error_of(small);
  EXPECT_CONTAINS(error, "input.txn.gz:");
  EXPECT_CONTAINS(error, "no memory answers the DMA read of client sdpb at 0x80201000");
  EXPECT_CONTAINS(error, "register SDP_RDMA.D_BS_BASE_ADDR_LOW");
}

// A recorded trace cut at the end of a line, behind the OP_ENABLE of an SDP that waits for its convolution:
// nothing is malformed, but work is left.
TEST_F(Replay, OperationsLeftRunning) {
  host::TextSource source(recorded("lenet_nv_full_fp16"));
  std::string text;
  for (std::string line; source.line_number() < 195 && source.next(line);) text += line + "\n";
  const std::string error = error_of(options(file(text)));
  EXPECT_CONTAINS(error, "replay.txn:194: the trace ends while operations are not done");
  EXPECT_CONTAINS(error, "still running: SDP");
}

TEST_F(Replay, HardwareWithoutCvsram) {
  host::ReplayOptions wrong = options(recorded("lenet_nv_small_int8"), "nv_small");
  wrong.cvsram = host::MemoryOptions{};
  EXPECT_THROW(static_cast<void>(replay(wrong)), std::invalid_argument);
}

class RecordedTrace : public Replay, public ::testing::WithParamInterface<amaix::Level> {};

// Both LeNets to their end, all reads met, twice with equal reports, and every burst in the DMA trace
// accounted for.
TEST_P(RecordedTrace, PlaysToItsEndAndIsDeterministic) {
  for (const auto& [trace, configuration] :
       {std::pair{"lenet_nv_full_fp16", "nv_full"}, std::pair{"lenet_nv_small_int8", "nv_small"}}) {
    host::ReplayOptions replayed = options(recorded(trace), configuration);
    replayed.level = GetParam();
    std::uint64_t traced_beats = 0;
    replayed.dma_trace = [&](const host::DmaBurst& burst) { traced_beats += burst.beats; };
    std::string reports[2];
    for (std::string& report : reports) {
      traced_beats = 0;
      const host::ReplayResult result = replay(replayed);
      EXPECT_TRUE(result.read_mismatches.empty());
      EXPECT_EQ(result.operations.size(), 10U);
      EXPECT_GT(result.total_cycles, 1000);
      EXPECT_GE(result.end_of_trace, result.total_cycles);
      if (GetParam() == amaix::Level::kDynamic) {
        std::uint64_t bytes = 0;
        for (const engine::OperationRecord& operation : result.operations) bytes += operation.dbb.total();
        EXPECT_EQ(traced_beats * replayed.hardware.dbb_width_bytes, bytes);
      }
      std::ostringstream text;
      command::write_json(text, replayed, result);
      report = text.str();
    }
    EXPECT_EQ(reports[0], reports[1]);
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, RecordedTrace,
                         ::testing::Values(amaix::Level::kRoofline, amaix::Level::kRefined,
                                           amaix::Level::kDynamic));

}  // namespace
}  // namespace nvdla::platform
