// SPDX-License-Identifier: Apache-2.0
// What the component's transactions carry, by copies of BDMA: what memory holds when a read is answered, and
// nothing beside the bytes that a line has; also when a read fails, when somebody changes memory meanwhile,
// when a target takes no byte enables, and when reset comes in between.
#include "driver_programs.h"

namespace nvdla::device {
namespace {

constexpr std::uint64_t kFrom = 0x80000000, kTo = 0x90000000;

unsigned char pattern(std::uint64_t i) { return static_cast<unsigned char>(i * 37 + i / 251 + 1); }

class Values : public FreshKernel, public testing::WithParamInterface<Answer> {
 protected:
  Values() {
    for (std::uint64_t i = 0; i < 65536; ++i) {
      const unsigned char byte = pattern(i);
      memory_.write(kFrom + i, &byte, 1);
      const unsigned char other = 0x55;
      memory_.write(kTo + i, &other, 1);
    }
  }
  static BenchOptions options() {
    BenchOptions result;
    result.answer = GetParam();
    result.parameters.dma_mode =
        GetParam() == Answer::kFourPhases ? DmaMode::kNonBlocking : DmaMode::kBlocking;
    return result;
  }
  [[nodiscard]] unsigned at(std::uint64_t address) const {
    unsigned char byte = 0;
    memory_.read(address, &byte, 1);
    return byte;
  }
  // `lines` of `units` times 32 bytes, 256 bytes apart on both sides, from an offset within a beat.
  static void copy(BenchCpu& cpu, std::uint32_t units, std::uint32_t lines, std::uint32_t offset) {
    const auto write = [&](const char* name, std::uint32_t value) { cpu.write(Unit::kBdma, name, value); };
    write("CFG_SRC_ADDR_LOW", static_cast<std::uint32_t>(kFrom) + offset);
    write("CFG_DST_ADDR_LOW", static_cast<std::uint32_t>(kTo) + offset);
    write("CFG_CMD", 3);
    write("CFG_LINE", units - 1);
    write("CFG_LINE_REPEAT", lines - 1);
    write("CFG_SURF_REPEAT", 0);
    write("CFG_SRC_LINE", 256);
    write("CFG_DST_LINE", 256);
    write("CFG_OP", 1);
    write("CFG_LAUNCH0", 1);
  }
  // After copy(cpu, 3, 8, 32): the lines are copied, what lies beside them is as it was.
  void expect_lines_of_96_from_32() const {
    for (std::uint64_t i = 0; i < 2048; ++i) {
      const bool inside = i % 256 >= 32 && i % 256 < 128;
      ASSERT_EQ(at(kTo + i), inside ? pattern(i) : 0x55U) << i;
    }
  }
  static constexpr std::uint32_t kDone = interrupt_bit(Interrupt::kBdma, 0);
  memory::SparseStore memory_;
};
INSTANTIATE_TEST_SUITE_P(Answers, Values,
                         testing::Values(Answer::kFourPhases, Answer::kAnnotate, Answer::kWait));

// Lines of 96 bytes from byte 32 on: the first and the last beat of 64 bytes are half of a line.
TEST_P(Values, ALineChangesItsOwnBytesOnly) {
  Bench bench(options());
  bench.dbb.contents = &memory_;
  bench.run([](BenchCpu& cpu) {
    copy(cpu, 3, 8, 32);
    cpu.wait_for(kDone);
  });
  EXPECT_EQ(bench.device.dma_errors(), 0U);
  expect_lines_of_96_from_32();
}

TEST_P(Values, WithoutByteEnablesWhatLiesBesideIsWrittenBack) {
  BenchOptions bench_options = options();
  bench_options.parameters.mask_writes = false;
  Bench bench(bench_options);
  bench.dbb.contents = &memory_;
  bench.dbb.no_enables = true;
  bench.run([](BenchCpu& cpu) {
    copy(cpu, 3, 8, 32);
    cpu.wait_for(kDone);
  });
  EXPECT_EQ(bench.device.dma_errors(), 0U);
  expect_lines_of_96_from_32();
}

TEST_P(Values, AFailedReadBringsWhatItsPayloadHolds) {
  Bench bench(options());
  bench.dbb.contents = &memory_;
  bench.dbb.fail_from = kFrom + 1024;
  bench.dbb.fail_end = kTo;
  bench.run([](BenchCpu& cpu) {
    copy(cpu, 8, 8, 0);
    cpu.wait_for(kDone);  // the operation ends as hardware's does
  });
  EXPECT_GT(bench.device.dma_errors(), 0U);
  for (std::uint64_t i = 0; i < 2048; ++i) ASSERT_EQ(at(kTo + i), i < 1024 ? pattern(i) : 0xeeU) << i;
}

TEST_P(Values, ReadsSeeWhatMemoryHoldsWhenItAnswers) {
  Bench bench(options());
  bench.dbb.contents = &memory_;
  bench.run([&](BenchCpu& cpu) {
    copy(cpu, 8, 200, 0);
    cpu.spend(sc_core::sc_time(400, sc_core::SC_NS));
    cpu.read(Unit::kBdma, "STATUS");
    const unsigned char late = 0xaa;
    for (std::uint64_t i = 0; i < 51200; ++i) memory_.write(kFrom + i, &late, 1);
    cpu.wait_for(kDone);
  });
  // Some lines were read before, in order, and the rest after the change.
  std::uint64_t changed = 0;
  while (changed < 51200 && at(kTo + changed) == pattern(changed)) ++changed;
  EXPECT_GT(changed, 0U);
  EXPECT_LT(changed, 51200U);
  for (std::uint64_t i = changed; i < 51200; ++i) ASSERT_EQ(at(kTo + i), 0xaaU) << i;
}

TEST_P(Values, AfterResetNothingIsWritten) {
  Bench bench(options());
  bench.dbb.contents = &memory_;
  std::uint64_t written = 0;
  const auto count = [&] {
    std::uint64_t result = 0;
    for (std::uint64_t i = 0; i < 51200; ++i)
      result += at(kTo + i) == pattern(i) && pattern(i) != 0x55 ? 1 : 0;
    return result;
  };
  bench.run([&](BenchCpu& cpu) {
    copy(cpu, 8, 200, 0);
    cpu.spend(sc_core::sc_time(600, sc_core::SC_NS));
    cpu.read(Unit::kBdma, "STATUS");
    bench.reset_n = false;
    cpu.spend(sc_core::sc_time(200, sc_core::SC_NS));  // what is under way at the target ends there
    cpu.settle();
    written = count();
    bench.reset_n = true;
    cpu.spend(sc_core::sc_time(5000, sc_core::SC_NS));
    cpu.settle();
  });
  EXPECT_GT(written, 0U);
  EXPECT_LT(written, 50000U);
  EXPECT_EQ(count(), written);
}

}  // namespace
}  // namespace nvdla::device
