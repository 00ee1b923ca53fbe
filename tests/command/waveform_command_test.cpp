// SPDX-License-Identifier: Apache-2.0
// A waveform on the command line: imported, then validated as any recording.
#include <gmock/gmock.h>

#include "tests/support/command_line.h"
#include "tests/support/port_waveform.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/write_file.h"

namespace nvdla::command {
namespace {

using test::run_command;
using ::testing::AllOf;
using ::testing::HasSubstr;

class WaveformCommand : public test::TemporaryDirectory {
 protected:
  std::string waveform() {
    host::ReplayOptions options;
    options.hardware = preset("nv_small");
    options.dbb.bytes_per_cycle = 8;
    const host::Program program(std::string(NVDLA_SOURCE_DIR) +
                                "/firmware_traces/u_conv00_c16_28x28_k16_r3_s1_nv_small_int8/input.txn.gz");
    test::write_file(path("wave.vcd"), test::as_vcd(test::play_ports(program, options, true), {}));
    return path("wave.vcd");
  }
};

// The waveform is the model's own, so that the recording made of it must be met exactly.
TEST_F(WaveformCommand, BecomesARecordingThatValidates) {
  const std::string arguments = " --output " + path("out") + " --dbb latency=50,bandwidth=8";
  const test::CommandResult imported = run_command("import " + waveform() + arguments);
  ASSERT_EQ(imported.status, 0) << imported.output;
  EXPECT_THAT(imported.output,
              AllOf(HasSubstr("nv_small in scope bench.dut"), HasSubstr("recording.ops.csv")));
  const std::string bounds = file("bounds.json",
                                  R"({"schema": "nvdla-bounds/1", "bounds": [{"recordings": "*",
 "level": "dynamic", "total": 0, "worst": 0, "dma_mismatches": 0}]})");
  const test::CommandResult validated =
      run_command("validate " + path("out/recording") + " --bounds " + bounds + " --json " + path("v.json"));
  EXPECT_EQ(validated.status, 0) << validated.output;
  const test::CommandResult piped =
      test::run_shell("nvdla_vp import - --output " + path("piped") + " --dbb latency=50,bandwidth=8 < " +
                      path("wave.vcd") + " && cmp " + path("piped/input.txn") + " " + path("out/input.txn"));
  EXPECT_EQ(piped.status, 0) << piped.output;
}

TEST_F(WaveformCommand, RefusesWhatDoesNotFit) {
  const std::string wave = waveform(), output = " --output " + path("out");
  const test::CommandResult config = run_command("import " + wave + output + " --config nv_smal");
  EXPECT_EQ(config.status, 2) << config.output;
  const test::CommandResult memory = run_command("import " + wave + output + " --dbb latency=x");
  EXPECT_EQ(memory.status, 2) << memory.output;
  const test::CommandResult trace = run_command("import " + file("a.txn", "write_reg 0x4 0x0\n") + output);
  EXPECT_EQ(trace.status, 2) << trace.output;
  EXPECT_THAT(trace.output, HasSubstr("neither a log of the virtual platform nor a waveform"));
}

}  // namespace
}  // namespace nvdla::command
