// SPDX-License-Identifier: Apache-2.0
// What the driver's scheduler does, on every engine: both groups programmed and enabled, the first done
// through the interrupt handler, reprogrammed while the other runs, status checked at each step. On every
// configuration that has the engine, in both DMA modes, under the base-protocol checker.
#include "driver_programs.h"

namespace nvdla::device {
namespace {

struct Driven {
  const char* name;
  void (*program)(BenchCpu&, const char*, std::uint32_t);
  void (*enable)(BenchCpu&, std::uint32_t);
  Unit unit;  // whose status is checked
  Interrupt source;
  Engine reported;
};

constexpr Driven kDriven[] = {
    {"convolution", program_convolution, enable_convolution, Unit::kSdp, Interrupt::kSdp, Engine::kSdp},
    {"sdp", program_sdp, enable_sdp, Unit::kSdp, Interrupt::kSdp, Engine::kSdp},
    {"pdp", program_pdp, enable_pdp, Unit::kPdp, Interrupt::kPdp, Engine::kPdp},
    {"cdp", program_cdp, enable_cdp, Unit::kCdp, Interrupt::kCdp, Engine::kCdp},
    {"rubik", program_rubik, enable_rubik, Unit::kRubik, Interrupt::kRubik, Engine::kRubik},
};

struct Case {
  Driven engine;
  const char* configuration;
  DmaMode mode;
  Answer answer;
};

std::vector<Case> cases() {
  std::vector<Case> result;
  for (const Driven& engine : kDriven) {
    for (const char* configuration : {"nv_full", "nv_small"}) {
      if (engine.unit == Unit::kRubik && std::string(configuration) == "nv_small") continue;
      result.push_back({engine, configuration, DmaMode::kNonBlocking, Answer::kFourPhases});
      result.push_back({engine, configuration, DmaMode::kNonBlocking, Answer::kAnnotate});
      result.push_back({engine, configuration, DmaMode::kBlocking, Answer::kAnnotate});
      result.push_back({engine, configuration, DmaMode::kBlocking, Answer::kWait});
    }
  }
  return result;
}

class Scheduler : public FreshKernel, public testing::WithParamInterface<Case> {};

TEST_P(Scheduler, PingPong) {
  const Case& c = GetParam();
  Bench::Options options;
  options.configuration = c.configuration;
  options.answer = c.answer;
  options.parameters.dma_mode = c.mode;
  Bench bench(options);
  const std::uint32_t done0 = interrupt_bit(c.engine.source, 0), done1 = interrupt_bit(c.engine.source, 1);
  bench.run([&](BenchCpu& cpu) {
    // CBUF must be flushed before the first convolution.
    while ((cpu.read(Unit::kCdma, "S_CBUF_FLUSH_STATUS") & 1U) == 0)
      cpu.spend(sc_core::sc_time(100, sc_core::SC_NS));
    EXPECT_EQ(cpu.read(c.engine.unit, "S_STATUS"), 0U);
    c.engine.program(cpu, c.configuration, 0);
    c.engine.program(cpu, c.configuration, 1);
    c.engine.enable(cpu, 0);
    c.engine.enable(cpu, 1);
    EXPECT_EQ(cpu.read(c.engine.unit, "S_STATUS") >> 16, 2U) << "group 1 is pending";
    cpu.wait_for(done0);
    EXPECT_EQ(cpu.read(c.engine.unit, "S_STATUS") & 3U, 0U) << "group 0 is idle";
    EXPECT_EQ(cpu.read(c.engine.unit, "S_POINTER") >> 16, 1U) << "the consumer has moved on";
    c.engine.program(cpu, c.configuration, 0);  // while group 1 runs, or waits for the memory
    c.engine.enable(cpu, 0);
    cpu.wait_for(done1);
    cpu.wait_for(done0);
    EXPECT_EQ(cpu.read(c.engine.unit, "S_STATUS"), 0U);
    EXPECT_EQ(cpu.read(c.engine.unit, "D_OP_ENABLE"), 0U);
  });
  EXPECT_TRUE(bench.cpu.finished) << "an interrupt has not come";
  EXPECT_EQ(bench.device.unfinished(), std::vector<std::string>{});
  EXPECT_EQ(bench.listener.faults, std::vector<std::string>{});
  EXPECT_EQ(bench.listener.warnings, std::vector<std::string>{});
  std::vector<engine::OperationRecord> operations;
  for (const auto& record : bench.listener.done) {
    if (record.id.engine == c.engine.reported) operations.push_back(record);
  }
  ASSERT_EQ(operations.size(), 3U);
  for (const auto& record : operations) {
    EXPECT_LT(record.enable, record.start);
    EXPECT_LT(record.start, record.done);
  }
  EXPECT_GE(operations[1].done, operations[0].done);
  EXPECT_EQ(bench.dbb_checker.begun, bench.dbb_checker.ended) << "a transaction is open";
  EXPECT_EQ(bench.dbb_checker.begun, bench.dbb.accesses);
  EXPECT_GT(bench.dbb_checker.begun, 0U);
  if (c.answer != Answer::kAnnotate) {
    EXPECT_GT(bench.dbb_checker.most_open, 1U) << "requests are outstanding together";
  }
  EXPECT_TRUE(bench.device.quiescent());
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  static constexpr const char* kAnswers[] = {"four_phases", "annotated", "waiting"};
  return std::string(info.param.engine.name) + "_" + info.param.configuration +
         (info.param.mode == DmaMode::kBlocking ? "_blocking_" : "_") +
         kAnswers[static_cast<std::size_t>(info.param.answer)];
}

INSTANTIATE_TEST_SUITE_P(Engines, Scheduler, testing::ValuesIn(cases()), case_name);

class DriverTest : public FreshKernel {};

// BDMA has no pointers: transfers are queued, then launched as a group.
TEST_F(DriverTest, BdmaLaunchesBothGroups) {
  Bench bench;
  bench.run([](BenchCpu& cpu) {
    EXPECT_EQ(cpu.read(Unit::kBdma, "STATUS") & 0xffU, 20U) << "free slots";
    queue_bdma(cpu, "nv_full");
    start_bdma(cpu, "nv_full", 0);  // two transfers in group 0
    for (int i = 0; i < 7; ++i) queue_bdma(cpu, "nv_full");
    start_bdma(cpu, "nv_full", 1);  // eight in group 1: it is busy for longer than the status read takes
    EXPECT_EQ(cpu.read(Unit::kBdma, "STATUS") >> 9 & 2U, 2U) << "group 1 is busy";
    cpu.wait_for(interrupt_bit(Interrupt::kBdma, 0));
    EXPECT_EQ(cpu.read(Unit::kBdma, "STATUS") >> 9, 2U);
    start_bdma(cpu, "nv_full", 0);
    cpu.wait_for(interrupt_bit(Interrupt::kBdma, 1));
    cpu.wait_for(interrupt_bit(Interrupt::kBdma, 0));
    EXPECT_EQ(cpu.read(Unit::kBdma, "STATUS"), 20U | 1U << 8) << "idle";
  });
  EXPECT_TRUE(bench.cpu.finished);
  ASSERT_EQ(bench.listener.done.size(), 3U);
  // 128 bytes x 10 lines x 2 surfaces a transfer, main memory to CVSRAM.
  const auto bdma = static_cast<std::size_t>(Client::kBdma);
  EXPECT_EQ(bench.listener.done[0].dbb.read[bdma], 2U * 2560U);
  EXPECT_EQ(bench.listener.done[0].cvsram.written[bdma], 2U * 2560U);
}

// Every interrupt of a convolution comes, and the line follows mask and set.
TEST_F(DriverTest, ConvolutionRaisesItsFourInterrupts) {
  Bench bench;
  const std::uint32_t all = interrupt_bit(Interrupt::kCdmaData, 0) |
                            interrupt_bit(Interrupt::kCdmaWeight, 0) | interrupt_bit(Interrupt::kCacc, 0) |
                            interrupt_bit(Interrupt::kSdp, 0);
  bench.run([&](BenchCpu& cpu) {
    program_convolution(cpu, "nv_full", 0);
    enable_convolution(cpu, 0);
    cpu.wait_for(all);
    cpu.write(Unit::kGlb, "S_INTR_MASK", 1);
    cpu.write(Unit::kGlb, "S_INTR_SET", 1);
    EXPECT_EQ(cpu.read(Unit::kGlb, "S_INTR_STATUS"), 1U);
    cpu.spend(sc_core::sc_time(1, sc_core::SC_US));
    EXPECT_FALSE(cpu.interrupt.read()) << "masked";
    cpu.write(Unit::kGlb, "S_INTR_MASK", 0);
    cpu.wait_for(1);
  });
  EXPECT_TRUE(bench.cpu.finished);
  EXPECT_FALSE(bench.irq.read());
}

// Engines that do not depend on each other run at the same time and share the ports.
TEST_F(DriverTest, IndependentEnginesRunTogether) {
  Bench bench;
  const std::uint32_t pdp = interrupt_bit(Interrupt::kPdp, 0), cdp = interrupt_bit(Interrupt::kCdp, 0),
                      bdma = interrupt_bit(Interrupt::kBdma, 0), rubik = interrupt_bit(Interrupt::kRubik, 0);
  bench.run([&](BenchCpu& cpu) {
    program_pdp(cpu, "nv_full", 0);
    enable_pdp(cpu, 0);
    program_cdp(cpu, "nv_full", 0);
    enable_cdp(cpu, 0);
    start_bdma(cpu, "nv_full", 0);
    program_rubik(cpu, "nv_full", 0);
    enable_rubik(cpu, 0);
    program_convolution(cpu, "nv_full", 0);
    enable_convolution(cpu, 0);
    cpu.wait_for(pdp | cdp | bdma | rubik | interrupt_bit(Interrupt::kSdp, 0));
  });
  EXPECT_TRUE(bench.cpu.finished);
  EXPECT_EQ(bench.listener.done.size(), 6U);
}

}  // namespace
}  // namespace nvdla::device
