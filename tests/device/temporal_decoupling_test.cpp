// SPDX-License-Identifier: Apache-2.0
// The quantum of the CPU changes nothing that hardware does: every edge of the interrupt, every status that
// the program reads and the end of the program come at the same time with quanta from 1 ns to 10 ms. Memory
// that answers with phases, annotates or waits gives the same times as well.
#include "driver_programs.h"

namespace nvdla::device {
namespace {

using sc_core::sc_time;

struct Observed {
  std::vector<sc_time> edges;
  std::vector<std::uint32_t> statuses;
  sc_time end;
  bool operator==(const Observed& o) const {
    return edges == o.edges && statuses == o.statuses && end == o.end;
  }
};

std::ostream& operator<<(std::ostream& out, const Observed& o) {
  for (const sc_time& edge : o.edges) out << edge << ' ';
  return out << "end " << o.end;
}

const sc_time kQuanta[] = {sc_time(1, sc_core::SC_NS),   sc_time(7, sc_core::SC_NS),
                           sc_time(64, sc_core::SC_NS),  sc_time(1, sc_core::SC_US),
                           sc_time(333, sc_core::SC_US), sc_time(10, sc_core::SC_MS)};

void interrupt_driven(BenchCpu& cpu, Observed& observed) {
  for (std::uint32_t i = 0; i < 4; ++i) {
    program_pdp(cpu, "nv_full", i % 2);
    enable_pdp(cpu, i % 2);
    observed.statuses.push_back(cpu.read(Unit::kPdp, "S_STATUS"));
    program_convolution(cpu, "nv_full", i % 2);  // while the other engine runs
    enable_convolution(cpu, i % 2);
    observed.statuses.push_back(cpu.read(Unit::kCdma, "S_STATUS"));
    cpu.wait_for(interrupt_bit(Interrupt::kPdp, i % 2) | interrupt_bit(Interrupt::kSdp, i % 2));
  }
}

void polling(BenchCpu& cpu, Observed& observed) {
  program_convolution(cpu, "nv_full", 0);
  enable_convolution(cpu, 0);
  const std::uint32_t done = interrupt_bit(Interrupt::kSdp, 0);
  for (;;) {
    observed.statuses.push_back(cpu.read(Unit::kGlb, "S_INTR_STATUS"));
    if ((observed.statuses.back() & done) != 0) break;
    cpu.spend(sc_time(100, sc_core::SC_NS));
  }
  cpu.write(Unit::kGlb, "S_INTR_STATUS", 0xffffffff);
}

class TemporalDecoupling : public FreshKernel {
 protected:
  static Observed observe(const sc_time& quantum, void (*program)(BenchCpu&, Observed&),
                          const BenchOptions& options = {}) {
    const platform::SimulationContext kernel;
    Observed observed;
    {
      tlm::tlm_global_quantum::instance().set(quantum);
      Bench bench(options);
      bench.run([&](BenchCpu& cpu) {
        program(cpu, observed);
        observed.end = cpu.now();
      });
      EXPECT_TRUE(bench.cpu.finished);
      observed.edges = bench.edges;
    }
    tlm::tlm_global_quantum::instance().set(sc_core::SC_ZERO_TIME);
    return observed;
  }
};

TEST_F(TemporalDecoupling, InterruptTimesDoNotDependOnTheQuantum) {
  const Observed reference = observe(sc_core::SC_ZERO_TIME, interrupt_driven);
  ASSERT_GE(reference.edges.size(), 8U);
  for (const sc_time& quantum : kQuanta) EXPECT_EQ(observe(quantum, interrupt_driven), reference) << quantum;
}

TEST_F(TemporalDecoupling, PolledStatusDoesNotDependOnTheQuantum) {
  const Observed reference = observe(sc_core::SC_ZERO_TIME, polling);
  ASSERT_GE(reference.statuses.size(), 5U);
  for (const sc_time& quantum : kQuanta) EXPECT_EQ(observe(quantum, polling), reference) << quantum;
}

TEST_F(TemporalDecoupling, TimesDoNotDependOnTheStyleOfTheMemory) {
  const sc_time quantum(1, sc_core::SC_US);
  const Observed reference = observe(quantum, interrupt_driven);
  for (const Answer answer : {Answer::kFourPhases, Answer::kAnnotate, Answer::kWait}) {
    BenchOptions options;
    options.answer = answer;
    options.parameters.dma_mode = DmaMode::kBlocking;
    EXPECT_EQ(observe(quantum, interrupt_driven, options), reference) << static_cast<int>(answer);
  }
}

// Levels without DMA: what comes is known, but the line must not change before its time.
TEST_F(TemporalDecoupling, ClosedFormLevelsAsWell) {
  BenchOptions options;
  options.parameters.options.level = amaix::Level::kRefined;
  const Observed reference = observe(sc_core::SC_ZERO_TIME, interrupt_driven, options);
  for (const sc_time& quantum : kQuanta) {
    EXPECT_EQ(observe(quantum, interrupt_driven, options), reference) << quantum;
  }
}

}  // namespace
}  // namespace nvdla::device
