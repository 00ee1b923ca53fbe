// SPDX-License-Identifier: Apache-2.0
// What a driver can do wrong has a defined outcome: an illegal descriptor is a fault that names register and
// rule, its unit does not start and keeps the group until reset; a write that hardware drops is a warning; an
// operation whose partner is missing waits, as hardware does, and is listed by unfinished(). Nothing crashes,
// and the simulation ends.
#include "driver_programs.h"

namespace nvdla::device {
namespace {

using registers::test::mentions;

class Misuse : public FreshKernel {};

// Runs `program` and expects one fault that mentions `parts`.
void expect_fault(const char* configuration, const BenchCpu::Program& program,
                  std::initializer_list<const char*> parts) {
  BenchOptions options;
  options.configuration = configuration;
  Bench bench(options);
  bench.run(program);
  EXPECT_TRUE(bench.cpu.finished);
  ASSERT_EQ(bench.listener.faults.size(), 1U);
  EXPECT_TRUE(mentions(bench.listener.faults[0], parts));
  EXPECT_TRUE(bench.device.quiescent());
}

TEST_F(Misuse, EnableOfABusyGroupIsDropped) {
  Bench bench;
  bench.run([](BenchCpu& cpu) {
    program_pdp(cpu, "nv_full", 0);
    enable_pdp(cpu, 0);
    cpu.write(Unit::kPdp, "D_OP_ENABLE", 1);
    cpu.write(Unit::kPdp, "D_DATA_CUBE_IN_WIDTH", 3);
    EXPECT_EQ(cpu.read(Unit::kPdp, "D_DATA_CUBE_IN_WIDTH"), 19U) << "an enabled group keeps its registers";
    cpu.wait_for(interrupt_bit(Interrupt::kPdp, 0));
  });
  EXPECT_TRUE(bench.cpu.finished);
  EXPECT_EQ(bench.listener.done.size(), 1U);
  ASSERT_EQ(bench.listener.warnings.size(), 2U);
  EXPECT_TRUE(mentions(bench.listener.warnings[0], {"PDP.D_OP_ENABLE", "dropped"}));
  EXPECT_TRUE(mentions(bench.listener.warnings[1], {"PDP.D_DATA_CUBE_IN_WIDTH", "dropped"}));
}

TEST_F(Misuse, NoWeights) {
  expect_fault("nv_full",
               [](BenchCpu& cpu) {
                 program_convolution(cpu, "nv_full", 0);
                 cpu.write(Unit::kCdma, "D_WEIGHT_BYTES", 0);
                 enable_convolution(cpu, 0);
               },
               {"CDMA.D_WEIGHT_BYTES", "group 0"});
}

TEST_F(Misuse, OvercommittedBuffer) {
  expect_fault("nv_small",
               [](BenchCpu& cpu) {
                 program_convolution(cpu, "nv_small", 0);
                 cpu.write(Unit::kCdma, "D_BANK", 0);  // one bank each
                 enable_convolution(cpu, 0);
               },
               {"CDMA.D_BANK", "DATA_BANK", "its banks hold"});
}

TEST_F(Misuse, UnitsOfAConvolutionDisagree) {
  expect_fault("nv_full",
               [](BenchCpu& cpu) {
                 program_convolution(cpu, "nv_full", 1);
                 cpu.write(Unit::kCsc, "S_POINTER", 1);
                 cpu.write(Unit::kCsc, "D_BANK", 4U | 3U << 16);
                 enable_convolution(cpu, 1);
               },
               {"CSC.D_BANK", "group 1", "differs from CDMA"});
}

TEST_F(Misuse, StrideSmallerThanALine) {
  expect_fault("nv_full",
               [](BenchCpu& cpu) {
                 program_pdp(cpu, "nv_full", 0);
                 cpu.write(Unit::kPdpRdma, "D_SRC_LINE_STRIDE", 32);
                 enable_pdp(cpu, 0);
               },
               {"PDP_RDMA.D_SRC_LINE_STRIDE", "smaller than a line"});
}

TEST_F(Misuse, UnalignedAddress) {
  expect_fault("nv_small",
               [](BenchCpu& cpu) {
                 program_cdp(cpu, "nv_small", 0);
                 cpu.write(Unit::kCdp, "D_DST_BASE_ADDR_LOW", 0x80000004);
                 enable_cdp(cpu, 0);
               },
               {"CDP.D_DST_BASE_ADDR_LOW", "multiple of the memory atom"});
}

// nv_full does not store the low bits of an address: the operation runs on the atom below.
TEST_F(Misuse, UnalignedAddressWhereHardwareHasNoBitsForIt) {
  Bench bench;
  bench.run([](BenchCpu& cpu) {
    program_cdp(cpu, "nv_full", 0);
    cpu.write(Unit::kCdp, "D_DST_BASE_ADDR_LOW", 0x80000004);
    EXPECT_EQ(cpu.read(Unit::kCdp, "D_DST_BASE_ADDR_LOW"), 0x80000000U);
    enable_cdp(cpu, 0);
    cpu.wait_for(interrupt_bit(Interrupt::kCdp, 0));
  });
  EXPECT_TRUE(bench.cpu.finished);
  ASSERT_EQ(bench.listener.warnings.size(), 1U);
  EXPECT_TRUE(mentions(bench.listener.warnings[0], {"CDP.D_DST_BASE_ADDR_LOW", "bits 0x4", "not store"}));
}

// Sizes are stored minus 1, so that no register holds a size of 0. A driver that subtracts writes all ones,
// which is the largest size: said at the write, and refused by stride, buffer or the other unit.
TEST_F(Misuse, ZeroDimensionsAreTheLargestOnes) {
  struct Case {
    void (*program)(BenchCpu&, const char*, std::uint32_t);
    void (*enable)(BenchCpu&, std::uint32_t);
    Unit unit;
    const char* reg;
    const char* rule;
  };
  const Case cases[] = {
      {program_convolution, enable_convolution, Unit::kCdma, "D_DATAIN_SIZE_0",
       "smaller than a line of 262144"},
      {program_sdp, enable_sdp, Unit::kSdp, "D_DATA_CUBE_WIDTH", "smaller than a line of 262144"},
      {program_pdp, enable_pdp, Unit::kPdp, "D_DATA_CUBE_IN_WIDTH", "CUBE_IN_WIDTH = 0x13: differs from PDP"},
      {program_cdp, enable_cdp, Unit::kCdpRdma, "D_DATA_CUBE_WIDTH", "smaller than a line of 262144"},
      {program_rubik, enable_rubik, Unit::kRubik, "D_DATAIN_SIZE_0", "smaller than a line of"},
  };
  for (const Case& c : cases) {
    const platform::SimulationContext kernel;
    Bench bench;
    bench.run([&](BenchCpu& cpu) {
      c.program(cpu, "nv_full", 0);
      cpu.write(c.unit, c.reg, 0U - 1U);
      c.enable(cpu, 0);
    });
    EXPECT_TRUE(bench.cpu.finished) << c.reg;
    ASSERT_EQ(bench.listener.faults.size(), 1U) << c.reg;
    EXPECT_TRUE(mentions(bench.listener.faults[0], {c.rule}));
    ASSERT_GE(bench.listener.warnings.size(), 1U) << c.reg;
    EXPECT_TRUE(mentions(bench.listener.warnings[0], {c.reg, "not store"}));
  }
}

TEST_F(Misuse, PrecisionThatIsNotBuilt) {
  expect_fault("nv_small",
               [](BenchCpu& cpu) {
                 program_sdp(cpu, "nv_small", 0);
                 cpu.write(Unit::kSdp, "D_DATA_FORMAT", 2U | 2U << 2);
                 enable_sdp(cpu, 0);
               },
               {"SDP.D_DATA_FORMAT", "nv_small does not compute"});
}

TEST_F(Misuse, MemoryPortThatIsNotThere) {
  expect_fault("nv_small",
               [](BenchCpu& cpu) {
                 program_sdp(cpu, "nv_small", 0);
                 cpu.write(Unit::kSdp, "D_DST_DMA_CFG", 0);
                 enable_sdp(cpu, 0);
               },
               {"SDP.D_DST_DMA_CFG", "no CVSRAM"});
}

TEST_F(Misuse, BdmaStrideAndRubikStride) {
  Bench bench;
  bench.run([](BenchCpu& cpu) {
    cpu.write(Unit::kBdma, "CFG_LINE_REPEAT", 9);
    cpu.write(Unit::kBdma, "CFG_LINE", 3);
    cpu.write(Unit::kBdma, "CFG_OP", 1);
    EXPECT_EQ(cpu.read(Unit::kBdma, "STATUS") & 0xffU, 20U) << "an illegal transfer takes no slot";
    program_rubik(cpu, "nv_full", 0);
    cpu.write(Unit::kRubik, "D_DAOUT_LINE_STRIDE", 32);
    enable_rubik(cpu, 0);
  });
  ASSERT_EQ(bench.listener.faults.size(), 2U);
  EXPECT_TRUE(mentions(bench.listener.faults[0], {"BDMA.CFG_SRC_LINE", "smaller than a line"}));
  EXPECT_TRUE(mentions(bench.listener.faults[1], {"D_DAOUT_LINE_STRIDE", "smaller than a line"}));
}

TEST_F(Misuse, UnitThatIsNotThereIsUnmapped) {
  Bench::Options options;
  options.configuration = "nv_small";
  Bench bench(options);
  bench.run([&](BenchCpu& cpu) {
    std::uint32_t value = 0;
    EXPECT_EQ(cpu.transfer(true, 0x10000, value), tlm::TLM_ADDRESS_ERROR_RESPONSE) << "BDMA";
    EXPECT_EQ(cpu.transfer(false, 0x1ff00, value), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(cpu.transfer(false, 0x1002, value), tlm::TLM_COMMAND_ERROR_RESPONSE) << "misaligned";
  });
  EXPECT_TRUE(bench.cpu.finished);
}

// A group that cannot be executed stays enabled; the other one is not disturbed; reset brings the unit back.
TEST_F(Misuse, FaultBehindARunningGroup) {
  Bench bench;
  bench.run([&](BenchCpu& cpu) {
    program_pdp(cpu, "nv_full", 0);
    program_pdp(cpu, "nv_full", 1);
    cpu.write(Unit::kPdpRdma, "D_SRC_LINE_STRIDE", 32);  // of group 1
    enable_pdp(cpu, 0);
    enable_pdp(cpu, 1);
    cpu.wait_for(interrupt_bit(Interrupt::kPdp, 0));
    cpu.spend(sc_core::sc_time(100, sc_core::SC_US));
    EXPECT_EQ(cpu.read(Unit::kPdp, "S_STATUS") >> 16, 1U);
    bench.device.reset();
    EXPECT_EQ(cpu.read(Unit::kPdp, "S_STATUS"), 0U);
    program_pdp(cpu, "nv_full", 0);
    enable_pdp(cpu, 0);
    cpu.wait_for(interrupt_bit(Interrupt::kPdp, 0));
  });
  EXPECT_TRUE(bench.cpu.finished);
  EXPECT_EQ(bench.listener.faults.size(), 1U);
  EXPECT_EQ(bench.listener.done.size(), 2U);
}

// -- partners that are missing: hardware waits

void expect_waiting(const BenchCpu::Program& program, std::initializer_list<const char*> units) {
  Bench bench;
  bench.run(program);
  EXPECT_TRUE(bench.cpu.finished);
  EXPECT_TRUE(bench.listener.done.empty());
  EXPECT_TRUE(bench.listener.faults.empty());
  const std::vector<std::string> waiting = bench.device.unfinished();
  ASSERT_EQ(waiting.size(), units.size());
  std::size_t i = 0;
  for (const char* unit : units) EXPECT_TRUE(mentions(waiting[i++], {unit, "group 0", "enabled in cycle"}));
}

TEST_F(Misuse, SdpOnTheFlyWithoutAConvolution) {
  expect_waiting(
      [](BenchCpu& cpu) {
        program_convolution(cpu, "nv_full", 0);
        cpu.enable({Unit::kSdp}, 0);
        cpu.spend(sc_core::sc_time(1, sc_core::SC_MS));
        EXPECT_EQ(cpu.read(Unit::kSdp, "S_STATUS"), 1U);
      },
      {"SDP"});
}

TEST_F(Misuse, ConvolutionWithoutSdp) {
  expect_waiting(
      [](BenchCpu& cpu) {
        program_convolution(cpu, "nv_full", 0);
        cpu.enable(kConvolutionUnits, 0);
        cpu.spend(sc_core::sc_time(1, sc_core::SC_MS));
        EXPECT_EQ(cpu.read(Unit::kCacc, "S_STATUS"), 1U);
      },
      {"CONV"});
}

TEST_F(Misuse, PdpOnTheFlyWithoutSdp) {
  expect_waiting(
      [](BenchCpu& cpu) {
        program_pdp(cpu, "nv_full", 0);
        cpu.write(Unit::kPdp, "D_OPERATION_MODE_CFG", 1);  // maximum, on the fly
        cpu.enable({Unit::kPdp}, 0);
        cpu.spend(sc_core::sc_time(1, sc_core::SC_MS));
        EXPECT_EQ(cpu.read(Unit::kPdp, "S_STATUS"), 1U);
      },
      {"PDP"});
}

TEST_F(Misuse, SdpWithoutItsReadDmaWaitsForIt) {
  Bench bench;
  bench.run([&](BenchCpu& cpu) {
    program_sdp(cpu, "nv_full", 0);
    cpu.enable({Unit::kSdp}, 0);
    cpu.spend(sc_core::sc_time(1, sc_core::SC_MS));
    EXPECT_EQ(cpu.read(Unit::kSdp, "S_STATUS"), 1U);
    EXPECT_TRUE(bench.listener.done.empty());
    cpu.enable({Unit::kSdpRdma}, 0);
    cpu.wait_for(interrupt_bit(Interrupt::kSdp, 0));
  });
  EXPECT_TRUE(bench.cpu.finished);
  ASSERT_EQ(bench.listener.warnings.size(), 1U);
  EXPECT_TRUE(mentions(bench.listener.warnings[0], {"SDP: group 0", "waits for SDP_RDMA"}));
}

// The read DMAs of PDP and CDP alone, long before the unit that they feed.
TEST_F(Misuse, ReadDmaAloneWaitsForItsUnit) {
  Bench bench;
  bench.run([&](BenchCpu& cpu) {
    program_pdp(cpu, "nv_full", 0);
    program_cdp(cpu, "nv_full", 0);
    cpu.enable({Unit::kPdpRdma, Unit::kCdpRdma}, 0);
    cpu.spend(sc_core::sc_time(100, sc_core::SC_US));
    cpu.enable({Unit::kPdp, Unit::kCdp}, 0);
    cpu.wait_for(interrupt_bit(Interrupt::kPdp, 0) | interrupt_bit(Interrupt::kCdp, 0));
  });
  EXPECT_TRUE(bench.cpu.finished);
  EXPECT_EQ(bench.device.unfinished(), std::vector<std::string>{});
}

TEST_F(Misuse, BdmaLaunchWithoutTransfersAndTooMany) {
  Bench bench;
  bench.run([](BenchCpu& cpu) {
    for (int i = 0; i < 21; ++i) queue_bdma(cpu, "nv_full");
    EXPECT_EQ(cpu.read(Unit::kBdma, "STATUS") & 0xffU, 0U);
    cpu.write(Unit::kBdma, "CFG_LAUNCH0", 1);
    cpu.wait_for(interrupt_bit(Interrupt::kBdma, 0));
    cpu.write(Unit::kBdma, "CFG_LAUNCH1", 1);
    cpu.wait_for(interrupt_bit(Interrupt::kBdma, 1));
  });
  EXPECT_TRUE(bench.cpu.finished);
  ASSERT_EQ(bench.listener.warnings.size(), 2U);
  EXPECT_TRUE(mentions(bench.listener.warnings[0], {"BDMA.CFG_OP", "dropped"}));
  EXPECT_TRUE(mentions(bench.listener.warnings[1], {"BDMA: group 1 launched without a queued transfer"}));
}

}  // namespace
}  // namespace nvdla::device
