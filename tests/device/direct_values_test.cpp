// SPDX-License-Identifier: Apache-2.0
// Chunks by DMI move their bytes when they complete, as transactions do: a read sees what is written while it
// is under way, a write is not there before its time; when the memory is taken back they move at once.
#include "driver_programs.h"

namespace nvdla::device {
namespace {

constexpr std::uint32_t kFrom = 0, kTo = 0x8000, kBytes = 0x1000;  // in the memory

class DirectValues : public FreshKernel {
 protected:
  static BenchOptions options() {
    BenchOptions result;
    result.parameters.use_dmi = true;
    return result;
  }
  // Every access takes 5 us, far more than all reads of the copy take to be issued.
  void play(const std::function<void(BenchCpu&)>& meanwhile) {
    bench_.dbb.direct.assign(0x10000, 0x11);
    bench_.dbb.grant_dmi = true;
    bench_.dbb.latency = sc_core::sc_time(5, sc_core::SC_US);
    bench_.run([&](BenchCpu& cpu) {
      copy(cpu, 0xc000, 0);  // brings the grant
      cpu.wait_for(interrupt_bit(Interrupt::kBdma, 0));
      accesses_ = bench_.dbb.accesses;
      copy(cpu, kFrom, 1);
      meanwhile(cpu);
      cpu.wait_for(interrupt_bit(Interrupt::kBdma, 1));
      EXPECT_EQ(bench_.dbb.accesses, accesses_) << "a chunk went as a transaction";
    });
    EXPECT_TRUE(bench_.cpu.finished);
  }
  static void copy(BenchCpu& cpu, std::uint32_t from, std::uint32_t group) {
    const auto write = [&](const char* name, std::uint32_t value) { cpu.write(Unit::kBdma, name, value); };
    const auto base = static_cast<std::uint32_t>(BenchMemory::kDirectBase);
    write("CFG_SRC_ADDR_LOW", base + from);
    write("CFG_DST_ADDR_LOW", base + kTo);
    write("CFG_CMD", 3);
    write("CFG_LINE", kBytes / 32 - 1);
    write("CFG_LINE_REPEAT", 0);
    write("CFG_SURF_REPEAT", 0);
    write("CFG_SRC_LINE", kBytes);
    write("CFG_DST_LINE", kBytes);
    write("CFG_OP", 1);
    write(group == 0 ? "CFG_LAUNCH0" : "CFG_LAUNCH1", 1);
  }
  void fill(std::uint32_t at, unsigned char value) {
    std::fill_n(bench_.dbb.direct.begin() + at, kBytes, value);
  }
  // Bytes of the destination that hold `value`.
  [[nodiscard]] std::ptrdiff_t there(unsigned char value) const {
    return std::count(bench_.dbb.direct.begin() + kTo, bench_.dbb.direct.begin() + kTo + kBytes, value);
  }
  static void pass(BenchCpu& cpu, double microseconds) {
    cpu.spend(sc_core::sc_time(microseconds, sc_core::SC_US));
    cpu.settle();
  }
  Bench bench_{options()};
  std::uint64_t accesses_ = 0;
};

TEST_F(DirectValues, AReadSeesWhatIsWrittenWhileItIsUnderWay) {
  play([&](BenchCpu& cpu) {
    pass(cpu, 3);
    fill(kFrom, 0x22);
  });
  EXPECT_EQ(there(0x22), kBytes);
}

TEST_F(DirectValues, AWriteIsThereWhenItCompletes) {
  play([&](BenchCpu& cpu) {
    fill(kTo, 0x33);
    pass(cpu, 8);  // the reads have come, the writes have left
    EXPECT_EQ(there(0x33), kBytes);
  });
  EXPECT_EQ(there(0x11), kBytes);
}

TEST_F(DirectValues, MemoryThatIsTakenBackIsReadBefore) {
  play([&](BenchCpu& cpu) {
    pass(cpu, 3);
    bench_.dbb.socket->invalidate_direct_mem_ptr(0, UINT64_MAX);
    fill(kFrom, 0x22);
    bench_.dbb.grant_dmi = false;
    pass(cpu, 40);
    accesses_ = bench_.dbb.accesses;  // the writes went as transactions
  });
  EXPECT_EQ(there(0x11), kBytes);
}

}  // namespace
}  // namespace nvdla::device
