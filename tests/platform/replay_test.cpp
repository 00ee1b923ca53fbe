// SPDX-License-Identifier: Apache-2.0
// Whole replays, each by the runner and by the SystemC component, which must say the same: register
// semantics, repeatability in one process, and an error with file, line and register for everything that can
// be wrong.
#include "platform/replay.h"

#include <gtest/gtest.h>

#include <sstream>

#include "command/report.h"
#include "host/dma_trace.h"
#include "host/runner.h"
#include "host/text_source.h"
#include "tests/support/temporary_file.h"
#include "tests/support/write_file.h"

namespace nvdla::platform {
namespace {

struct Request : host::ReplayOptions {
  std::string trace;
};

host::ReplayResult both(const Request& request) {
  const host::Program program(request.trace);
  const host::ReplayResult component = replay(program, request);
  host::ReplayResult runner = host::run(program, request);
  EXPECT_EQ(runner.total_cycles, component.total_cycles);
  EXPECT_EQ(runner.end_of_trace, component.end_of_trace);
  EXPECT_EQ(runner.register_writes, component.register_writes);
  EXPECT_EQ(runner.register_reads, component.register_reads);
  EXPECT_EQ(runner.bursts, component.bursts);
  EXPECT_EQ(runner.dma_errors, component.dma_errors);
  EXPECT_EQ(runner.read_mismatches, component.read_mismatches);
  EXPECT_EQ(runner.warnings, component.warnings);
  return runner;
}

class Replay : public ::testing::Test {
 protected:
  static std::string file(const std::string& text) {
    const std::string path = temporary_file("replay.txn");
    test::write_file(path, text);
    return path;
  }
  static Request options(const std::string& trace, const char* configuration = "nv_full") {
    Request result;
    result.trace = trace;
    result.hardware = preset(configuration);
    result.dbb.bytes_per_cycle = result.hardware.dbb_width_bytes;
    return result;
  }
  static std::string recorded(const std::string& name) {
    return NVDLA_SOURCE_DIR "/firmware_traces/" + name + "/input.txn.gz";
  }
  template <typename Play>
  static std::string error_in(Play play) {
    try {
      play();
    } catch (const host::ReplayError& error) {
      return error.what();
    } catch (const host::InputError& error) {
      return error.what();
    }
    return "no error";
  }
  static std::string error_of(const Request& request) {
    const std::string component =
        error_in([&] { static_cast<void>(replay(host::Program(request.trace), request)); });
    const std::string runner =
        error_in([&] { static_cast<void>(host::run(host::Program(request.trace), request)); });
    EXPECT_EQ(runner, component);
    return runner;
  }
};

#define EXPECT_CONTAINS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST_F(Replay, WritesReadsAndMemory) {
  const host::ReplayResult result =
      both(options(file("write_reg 0xffff0001 0x00000003\nread_reg 0xffff0001 0xffffffff 0x00000003\n"
                        "read_reg 0xffff0001 0x1 0xffffffff\n"  // EXPECT counts under the mask only
                        "write_mem 0x80000000 0x12345678\nread_mem 0x80000000 0xffff 0x5678\n")));
  EXPECT_EQ(result.register_writes, 1U);
  EXPECT_EQ(result.register_reads, 2U);
  // Offered in cycle 1; a read behind a posted write; 19 cycles a read.
  EXPECT_EQ(result.end_of_trace, 2 + 2 * 19);
  EXPECT_EQ(result.total_cycles, 0);
}

// A poll whose value never comes: nothing is pending, so the next read ends it, whoever simulates and however
// much quiet time was skipped. Listed, and the trace goes on at the time of that read.
TEST_F(Replay, APollThatIsNotMetEndsAtTheFirstReadThatCannotHelp) {
  host::TextSource source(recorded("u_pool_max2_nv_small_int8"));
  std::string text;
  for (std::string line; source.next(line);) {
    // Before the driver waits for its interrupt: wait for one that no unit has.
    if (line.rfind("until", 0) == 0) text += "read_reg 0xffff0403 0x00008000 0x00008000\n";
    text += line + "\n";
  }
  Request request = options(file(text), "nv_small");
  request.stop_on_mismatch = false;
  const host::ReplayResult result = both(request);
  ASSERT_EQ(result.read_mismatches.size(), 1U);
  EXPECT_CONTAINS(result.read_mismatches[0], "nothing is pending that could change it");
  EXPECT_GT(result.register_reads, static_cast<std::uint64_t>(result.total_cycles) / 20);
  EXPECT_LT(result.end_of_trace, result.total_cycles + 200);
  request.stop_on_mismatch = true;
  request.poll_limit = 1000;
  EXPECT_CONTAINS(error_of(request), "no change within 1000 cycles");
}

// DMA errors that are to be ignored: counted and warned about alike.
TEST_F(Replay, DmaErrorsThatAreIgnored) {
  Request small = options(recorded("lenet_nv_full_fp16"));
  small.dbb.base = 0x80000000;
  small.dbb.size = 0x1000;
  small.stop_on_dma_error = false;
  const host::ReplayResult result = both(small);
  EXPECT_GT(result.dma_errors, 1000U);
  EXPECT_GE(result.warnings.size(), 3U);
  EXPECT_CONTAINS(result.warnings[0], "DMA read of client");
}

// S_INTR_SET raises a bit: `until` and `wait` see it.
TEST_F(Replay, InterruptsByHand) {
  const host::ReplayResult result = both(options(file(
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
  Request mismatch = options(file(
      "write_reg 0xffff0001 0x00000003\nread_reg 0xffff0001 0xff 0x01\nread_mem 0x80000000 0xff 0x01\n"));
  EXPECT_CONTAINS(error_of(mismatch),
                  "replay.txn:2: register GLB.S_INTR_MASK at 0x0004 is 0x00000003, expected 0x00000001");
  mismatch.stop_on_mismatch = false;
  EXPECT_EQ(both(mismatch).read_mismatches.size(), 2U);
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
  Request small = options(recorded("lenet_nv_full_fp16"));
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
  Request wrong = options(recorded("lenet_nv_small_int8"), "nv_small");
  wrong.cvsram = host::MemoryOptions{};
  const host::Program program(wrong.trace);
  EXPECT_THROW(static_cast<void>(replay(program, wrong)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(host::run(program, wrong)), std::invalid_argument);
}

class RecordedTrace : public Replay, public ::testing::WithParamInterface<amaix::Level> {};

// Both LeNets to their end, all reads met, twice with equal reports, and every burst in the DMA trace
// accounted for.
TEST_P(RecordedTrace, PlaysToItsEndAndIsDeterministic) {
  for (const auto& [trace, configuration] :
       {std::pair{"lenet_nv_full_fp16", "nv_full"}, std::pair{"lenet_nv_small_int8", "nv_small"}}) {
    Request replayed = options(recorded(trace), configuration);
    replayed.level = GetParam();
    std::uint64_t traced_beats = 0;
    replayed.dma_trace = [&](const host::DmaBurst& burst) { traced_beats += burst.beats; };
    std::string reports[2];
    for (std::string& report : reports) {
      traced_beats = 0;
      const host::ReplayResult result = host::run(host::Program(replayed.trace), replayed);
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
      command::write_json(text, replayed.trace, replayed, result);
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
